"""What stands before and beside the pods of a stack: routes, services, selectors of labels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_policy.proxy import UnknownValueError

from policies.subject import Subject, entries, item, items

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
SERVICE = "kubernetes:core/v1:Service"
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"

SERVING = (DEPLOYMENT, STATEFUL_SET)
"""What serves requests behind a service."""

Labels = Mapping[str, object]


@dataclass(frozen=True)
class Shown:
    """A service that the gateway shows to the outside, with what serves it."""

    service: Subject
    workloads: Sequence[Subject]


def name(resource: Subject) -> object:
    """Return the name of a Kubernetes object."""
    return resource.get("metadata.name")


def namespace(resource: Subject) -> object:
    """Return the namespace of a Kubernetes object."""
    return resource.get("metadata.namespace")


def same(one: object, other: object) -> bool:
    """Tell whether two names may be the same: one that is not known yet may be any."""
    unknown = isinstance(one, UnknownValueError) or isinstance(other, UnknownValueError)
    return unknown or one == other


def labels(workload: Subject) -> Labels:
    """Return the labels of a workload's pods."""
    return dict(entries(workload.get("spec.template.metadata.labels")))


def selects(selector: object, labelled: Labels) -> bool:
    """Tell whether a selector (matchLabels, matchExpressions) takes what has some labels."""
    wanted = dict(entries(item(selector, "matchLabels")))
    expressions = items(item(selector, "matchExpressions"))
    return has(wanted, labelled) and all(_holds(each, labelled) for each in expressions)


def has(wanted: Labels, labelled: Labels) -> bool:
    """Tell whether all wanted labels are there, those that are not known yet among them."""
    return all(key in labelled and same(value, labelled[key]) for key, value in wanted.items())


def _holds(expression: object, labelled: Labels) -> bool:
    key = item(expression, "key")
    there = key in labelled
    listed = there and any(
        same(each, labelled[str(key)]) for each in items(item(expression, "values"))
    )
    match item(expression, "operator"):
        case "In":
            return listed
        case "NotIn":
            return not listed
        case "Exists":
            return there
        case _:
            return not there


def of_the_mesh(route: Subject) -> bool:
    """Tell whether a route is of calls between services, which never pass the gateway."""
    kinds = [item(parent, "kind") for parent in items(route.get("spec.parentRefs"))]
    return bool(kinds) and all(kind in ("Service", "Server") for kind in kinds)


def backends(route: Subject) -> Iterator[tuple[object, object]]:
    """Give the namespace and the name of each service behind a route."""
    for rule in items(route.get("spec.rules")):
        for backend in items(item(rule, "backendRefs")):
            if item(backend, "kind") in (None, "Service"):
                yield item(backend, "namespace") or namespace(route), item(backend, "name")


def behind(service: Subject, stack: Sequence[Subject]) -> Sequence[Subject]:
    """Return the workloads whose pods a service selects."""
    wanted = dict(entries(service.get("spec.selector")))
    return [
        each
        for each in stack
        if each.type in SERVING
        and wanted
        and same(namespace(each), namespace(service))
        and has(wanted, labels(each))
    ]


def shown(stack: Sequence[Subject]) -> Iterator[Shown]:
    """Give the services of a stack that routes of the gateway lead to, each once."""
    wanted = [
        backend
        for route in stack
        if route.type == ROUTE and not of_the_mesh(route)
        for backend in backends(route)
    ]
    for service in stack:
        if service.type != SERVICE or not any(
            same(where, namespace(service)) and same(which, name(service))
            for where, which in wanted
        ):
            continue
        workloads = behind(service, stack)
        if workloads:
            yield Shown(service, workloads)
