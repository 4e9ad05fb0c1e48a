"""Installs a chart of the catalog."""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.charts.catalog import Chart, Crds

Values = Mapping[str, object]
"""A chart's values, as in its values.yaml; any of them may be an output."""

TIMEOUT_SECONDS = 600
"""Time for images to be pulled and pods to be ready, also on nodes that Karpenter only starts
then: twice Helm's own default."""

HISTORY = 5
"""Revisions that Helm keeps to roll back to; each is a Secret in the cluster. Helm keeps ten."""

MANAGED_BY: Mapping[str, str] = {"app.kubernetes.io/part-of": "fastapi-platform"}
"""The labels of everything that is installed, where the chart takes any."""


def release(
    inside: Inside,
    chart: Chart,
    *,
    namespace: pulumi.Input[str],
    values: Values,
    name: str = "",
    mirror: str = "",
    depends_on: Sequence[pulumi.Resource] = (),
    stateful: bool = False,
    protect: bool = False,
) -> kubernetes.helm.v3.Release:
    """Install `chart` as the release `name`, and wait until it runs.

    A failed installation or upgrade is undone (`atomic`), so the next run starts from what worked.

    :param name: of the release and, after the component's name, of the resource; the chart's name
        unless told otherwise. Fixed, for charts derive their objects' names from it.
    :param mirror: a registry with all charts under `charts/` and all images under their original
        registry's name, e.g. `123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror`; see
        `docs/private-registry.md`.
    :param depends_on: what must be there before, and goes after it on a destroy.
    :param stateful: it has to be gone before the cluster is: its controller holds something in AWS,
        or has to clean up after its custom resources.
    :param protect: refuse to delete it, as data would go with its custom resource definitions.
    """
    release_name = name or chart.name
    options = inside.stateful if stateful else inside.own
    options.depends_on = list(depends_on)
    options.protect = options.protect or protect
    return kubernetes.helm.v3.Release(
        f"{inside.scope.name}-{release_name}",
        name=release_name,
        chart=f"oci://{mirror}/charts/{chart.name}" if mirror else _address(chart),
        version=chart.version,
        repository_opts=None if mirror or _is_oci(chart) else {"repo": chart.repository},
        namespace=namespace,
        values=cast("Mapping[str, pulumi.Input[object]]", _complete(chart, values, mirror)),
        atomic=True,
        cleanup_on_fail=True,
        # Two owners of the same definitions would undo each other's upgrades.
        skip_crds=chart.crds is Crds.OWN_CHART,
        timeout=TIMEOUT_SECONDS,
        max_history=HISTORY,
        opts=options,
    )


def _is_oci(chart: Chart) -> bool:
    return chart.repository.startswith("oci://")


def _address(chart: Chart) -> str:
    return f"{chart.repository}/{chart.name}" if _is_oci(chart) else chart.name


def _complete(chart: Chart, values: Values, mirror: str) -> dict[str, object]:
    """Return `values` with the labels of everything, and images of the mirror."""
    complete = merged(values, nested(chart.labels, dict(MANAGED_BY)) if chart.labels else {})
    if mirror:
        for path, image in chart.images.items():
            complete = merged(complete, nested(path, f"{mirror}/{image}"))
    return complete


def nested(path: str, value: object) -> dict[str, object]:
    """Return `value` at a dotted path: `a.b` gives `{"a": {"b": value}}`."""
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def merged(values: Values, more: Values) -> dict[str, object]:
    """Return `values` with `more` in it, which wins; mappings are merged as deep as they go."""
    result = dict(values)
    for key, value in more.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = merged(cast("Values", old), cast("Values", value))
        else:
            result[key] = value
    return result
