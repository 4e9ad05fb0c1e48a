"""What Kubernetes objects say of each other: namespaces, selectors, backends of routes."""

from collections.abc import Iterator

from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, same, some
from policies.subject import Subject, entries, item, items

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
SERVICE = "kubernetes:core/v1:Service"
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"

SERVING = (DEPLOYMENT, STATEFUL_SET)
"""What serves requests behind a service."""


def name(resource: Subject) -> object:
    """Return the name of a Kubernetes object."""
    return resource.get("metadata.name")


def namespace(resource: Subject) -> object:
    """Return the namespace of a Kubernetes object."""
    return resource.get("metadata.namespace")


def neighbours(one: Subject, other: Subject) -> Answer:
    """Tell whether two objects are in the same namespace."""
    return same(namespace(one), namespace(other))


def labels(workload: Subject) -> object:
    """Return the labels of a workload's pods."""
    return workload.get("spec.template.metadata.labels")


def selects(selector: object, labelled: object) -> Answer:
    """Tell whether a selector (matchLabels, matchExpressions) takes what has some labels."""
    expressions = items(item(selector, "matchExpressions"))
    wanted = has(item(selector, "matchLabels"), labelled)
    return every((wanted, *(_holds(each, labelled) for each in expressions)))


def has(wanted: object, labelled: object) -> Answer:
    """Tell whether all wanted labels are there."""
    if isinstance(wanted, UnknownValueError):
        return wanted
    return every(_is(item(labelled, key), value) for key, value in entries(wanted))


def _is(label: object, wanted: object) -> Answer:
    return False if label is None else same(label, wanted)


def _holds(expression: object, labelled: object) -> Answer:
    key, operator = item(expression, "key"), item(expression, "operator")
    for part in (key, operator):
        if isinstance(part, UnknownValueError):
            return part
    label = item(labelled, str(key))
    there = opposite(same(label, None))
    listed = some(_is(label, each) for each in items(item(expression, "values")))
    match operator:
        case "In":
            return listed
        case "NotIn":
            return opposite(listed)
        case "Exists":
            return there
        case _:
            return opposite(there)


def of_the_mesh(route: Subject) -> Answer:
    """Tell whether a route is of calls between services, which never pass the gateway."""
    parents = list(items(route.get("spec.parentRefs")))
    kinds = [item(parent, "kind") for parent in parents]
    return every((bool(kinds), *(among(kind, ("Service", "Server")) for kind in kinds)))


def backends(route: Subject) -> Iterator[tuple[object, object]]:
    """Give the namespace and the name of each service behind a route."""
    for rule in items(route.get("spec.rules")):
        for backend in items(item(rule, "backendRefs")):
            kind = item(backend, "kind")
            if isinstance(kind, UnknownValueError):
                yield kind, kind
            elif kind in (None, "Service"):
                yield item(backend, "namespace") or namespace(route), item(backend, "name")
