"""The components of a stack and how they depend on each other, from the real resource graph."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.report.layers import layer_of
from simulator.report.model import COMPONENT, PROVIDER, STACK, Report, Resource

LOOSE = "stack"
"""Name of what stands for the resources that are in no component."""


_USUAL = frozenset(
    (
        *("Alias", "Key", "LogGroup", "MetricAlarm", "ParameterGroup", "Policy", "RandomPassword"),
        *("RandomString", "Role", "RolePolicy", "RolePolicyAttachment", "Route", "RouteTable"),
        *("RouteTableAssociation", "SecurityGroup", "SecurityGroupIngressRule", "SubnetGroup"),
        *("EventRule", "EventTarget", "BucketOwnershipControls", "BucketPolicy", "SecretVersion"),
        *("BucketPublicAccessBlock", "BucketServerSideEncryptionConfiguration", "QueuePolicy"),
        *("SecurityGroupEgressRule", "BucketObject", "PolicyAttachment"),
        *("BucketLifecycleConfiguration", "BucketLogging", "BucketVersioning", "TopicPolicy"),
    )
)
"""Kinds that most components have, or that come with another."""


@dataclass(frozen=True)
class Component:
    """A component at the top of the stack, with all that is below it."""

    name: str
    kind: str
    layer: str
    resources: tuple[Resource, ...]

    def kinds(self) -> list[tuple[str, int]]:
        """Return how many resources of each kind, those that tell what it is first."""
        counted = Counter(resource.kind for resource in self.resources)
        return sorted(counted.items(), key=lambda item: (item[0] in _USUAL, -item[1], item[0]))


@dataclass(frozen=True)
class Edge:
    """`source` needs `target`, in `count` places."""

    source: str
    target: str
    count: int


@dataclass(frozen=True)
class Graph:
    components: tuple[Component, ...]
    edges: tuple[Edge, ...]
    owners: Mapping[str, str]
    """From a resource's URN to its component's name."""

    def essential(self) -> frozenset[Edge]:
        """Return the edges that no chain of others implies: enough to draw.

        Kafka needs the network, but also the cluster, which needs the network.
        """
        kept = list(self.edges)
        for edge in self.edges:
            others = [other for other in kept if other != edge]
            if edge.target in _reachable(edge.source, others):
                kept = others
        return frozenset(kept)

    def owner(self, urn: str) -> str:
        """Return the name of the component that a resource is in."""
        return self.owners.get(urn, LOOSE)


def graph_of(report: Report) -> Graph:
    """Group the resources of a report by top component, and find what needs what."""
    by_urn = {resource.urn: resource for resource in report.resources}
    tops = {urn: _top(resource, by_urn) for urn, resource in by_urn.items()}
    names = _names({top for top in tops.values() if top}, by_urn)
    owners = {urn: names[top] for urn, top in tops.items() if top}
    members: dict[str, list[Resource]] = {}
    for resource in report.cloud_resources:
        members.setdefault(tops[resource.urn], []).append(resource)
    components: list[Component] = []
    for top, resources in members.items():
        kind = by_urn[top].kind if top else "Stack"
        layer = layer_of(kind, (resource.type for resource in resources))
        components.append(Component(names.get(top, LOOSE), kind, layer, tuple(resources)))
    return Graph(tuple(components), _edges(report, by_urn, owners), owners)


def _reachable(start: str, edges: Sequence[Edge]) -> set[str]:
    """Return all that `start` needs, directly or not."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        source = waiting.pop()
        ends = {edge.target for edge in edges if edge.source == source} - found
        found |= ends
        waiting += ends
    return found


def _top(resource: Resource, by_urn: Mapping[str, Resource]) -> str:
    """Return the URN of the outermost component around a resource, or empty."""
    top = ""
    current: Resource | None = resource
    while current is not None and current.type != STACK:
        if current.type.startswith(COMPONENT):
            top = current.urn
        current = by_urn.get(current.parent)
    return top


def _names(tops: set[str], by_urn: Mapping[str, Resource]) -> dict[str, str]:
    """Name components by their logical name, and by kind too where two share one."""
    counted = Counter(by_urn[top].name for top in tops)
    return {
        top: by_urn[top].name
        if counted[by_urn[top].name] == 1
        else f"{by_urn[top].name} ({by_urn[top].kind})"
        for top in tops
    }


def _edges(
    report: Report, by_urn: Mapping[str, Resource], owners: Mapping[str, str]
) -> tuple[Edge, ...]:
    counted: Counter[tuple[str, str]] = Counter()
    for resource in report.cloud_resources:
        source = owners.get(resource.urn, LOOSE)
        for urn in resource.dependencies:
            needed = by_urn.get(urn)
            if needed is None:
                continue
            # what a provider needs, its resources need: the Kubernetes one needs the cluster
            through = needed.dependencies if needed.type.startswith(PROVIDER) else (urn,)
            for target in {owners[end] for end in through if end in owners} - {source}:
                counted[source, target] += 1
    return tuple(Edge(*pair, count) for pair, count in sorted(counted.items()))
