"""Every Helm chart that the platform installs: from where, in which version, with which images.

A new version goes in here and nowhere else. `docs/upgrades.md` says what else an upgrade needs:
above all the custom resource definitions, which Helm only installs (`crds`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum


class Crds(Enum):
    """How the custom resource definitions of a chart are upgraded."""

    NONE = "none"
    """It has none."""
    TEMPLATES = "templates"
    """They are templates of the chart: upgraded with it."""
    OWN_CHART = "own chart"
    """They are a chart of their own, in the catalog as well: upgraded first."""
    BY_HAND = "by hand"
    """Helm installs them once, from the chart's `crds` folder: before an upgrade, apply the new."""


@dataclass(frozen=True)
class Chart:
    """One release of a Helm chart."""

    name: str
    repository: str
    """An HTTPS Helm repository, or the `oci://` address that the chart's name is appended to."""
    version: str
    app_version: str
    source: str
    """Where version and app version were read, and when."""
    kubernetes: str = "1.31"
    """The oldest Kubernetes that it, or its app, supports."""
    crds: Crds = Crds.NONE
    labels: str = ""
    """The value, as a dotted path, that takes labels for all of the chart's objects."""
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    """Values, as dotted paths, that name an image's registry or repository: what each is by
    default, registry first, e.g. `quay.io/jetstack/cert-manager-controller`."""


ECK_OPERATOR = Chart(
    "eck-operator",
    "https://helm.elastic.co",
    "3.5.0",
    "3.5.0",
    # Runs Elasticsearch 8 and 9 on Kubernetes 1.32 to 1.36.
    "https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/README.md (2026-08)",
    kubernetes="1.32",
    crds=Crds.TEMPLATES,
    images={"image.repository": "docker.elastic.co/eck/eck-operator"},
)

CATALOG: tuple[Chart, ...] = (ECK_OPERATOR,)
"""All of them."""


def unsupported(kubernetes: str, charts: Iterable[Chart] = CATALOG) -> list[Chart]:
    """Return the charts that do not run on this version of Kubernetes, e.g. `1.34`."""
    return [chart for chart in charts if _parts(chart.kubernetes) > _parts(kubernetes)]


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
