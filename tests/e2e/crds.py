"""The custom resource definitions that each chart brings."""

import json
from collections.abc import Iterator, Mapping
from typing import cast

from tests.crds import CRDS
from tests.given import deployed

Json = Mapping[str, object]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "aws-load-balancer-controller": ("elbv2.k8s.aws",),
    "cert-manager": ("cert-manager.io", "acme.cert-manager.io"),
    "eck-operator": ("k8s.elastic.co",),
    "external-secrets": ("external-secrets.io", "generators.external-secrets.io"),
    "gateway-api-crds": ("gateway.networking.k8s.io",),
    "ingress": ("configuration.konghq.com",),
    "karpenter-crd": ("karpenter.sh", "karpenter.k8s.aws"),
    "keda": ("keda.sh", "eventing.keda.sh"),
    "linkerd-crds": ("linkerd.io", "policy.linkerd.io", "workload.linkerd.io"),
    "opentelemetry-operator": ("opentelemetry.io",),
    "prometheus-operator-crds": ("monitoring.coreos.com",),
    "trust-manager": ("trust.cert-manager.io", "trust-manager.io"),
}
"""The API groups that each chart of the catalog defines; ECK has one for each of its kinds, below
the one that is named here."""

APPROVED = "api-approved.kubernetes.io"
"""Kubernetes' own groups need this annotation: https://github.com/kubernetes/enhancements/pull/1111
"""


def chart_of(group: str) -> str | None:
    """Return the chart that defines an API group; None if none of the catalog does."""
    for chart, groups in GROUPS.items():
        if group in groups or (chart == "eck-operator" and group.endswith(groups)):
            return chart
    return None


def definitions() -> dict[str, list[Json]]:
    """Return the definitions by chart, of the kinds that the local stack has.

    They are the charts' own where these are at hand, else loose ones, which take any field. Others
    would only cost time: with each definition an API server makes the schema of all anew.
    """
    used = {_name(each): each for each in loose()}
    found = [each for each in _given() if _name(each) in used] if CRDS.is_dir() else used.values()
    by_chart: dict[str, list[Json]] = {chart: [] for chart in GROUPS}
    for each in found:
        chart = chart_of(str(cast("Json", each["spec"])["group"]))
        if chart:
            by_chart[chart].append(each)
    return by_chart


def _given() -> Iterator[Json]:
    for path in sorted(CRDS.glob("*.*.json")):
        yield cast("Json", json.loads(path.read_text()))


def _name(definition: Json) -> str:
    return str(cast("Json", definition["metadata"])["name"])


def loose() -> Iterator[Json]:
    """Give a definition of each custom kind of the local stack."""
    seen: dict[tuple[str, str], tuple[set[str], bool]] = {}
    for each in deployed("local").resources:
        package, api_version, kind = each.type.split(":")
        group, _, version = api_version.rpartition("/")
        if package == "kubernetes" and chart_of(group):
            metadata = cast("Json", each.inputs["metadata"])
            versions, _ = seen.get((group, kind), (set[str](), False))
            seen[group, kind] = (versions | {version}, "namespace" in metadata)
    for (group, kind), (versions, namespaced) in sorted(seen.items()):
        yield _loose(group, kind, sorted(versions), namespaced=namespaced)


def _loose(group: str, kind: str, versions: list[str], *, namespaced: bool) -> Json:
    plural = _plural(kind.lower())
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            "annotations": {APPROVED: "unapproved, for a test"},
        },
        "spec": {
            "group": group,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "scope": "Namespaced" if namespaced else "Cluster",
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": version == versions[-1],
                    "schema": {"openAPIV3Schema": schema},
                    "subresources": {"status": dict[str, str]()},
                }
                for version in versions
            ],
        },
    }


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "ch", "sh")) else f"{word}s"
