"""Routes: the `HTTPRoute` of a service, and a check that no two services want the same requests."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from components._base.errors import InvalidInput, Problem
from components.gateway.names import GATEWAY, LISTENER, NAMESPACE, PLUGINS

API_VERSION = "gateway.networking.k8s.io/v1"
KIND = "HTTPRoute"

LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(\*\.)?({LABEL}\.)+{LABEL}", re.ASCII)
PATH = re.compile(r"/([A-Za-z0-9._~!$&'()*+,;=:@%-]+(/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*)?")
"""Whole segments, without a slash at the end: the Gateway API compares segment by segment."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ALLOWED = {
    "hosts": "a host such as api.example.com or *.example.com",
    "paths": "a prefix such as /orders, without a slash at its end",
    "methods": f"one of {', '.join(METHODS)}",
}

MOST = 16
"""Of hosts, and of rules: https://gateway-api.sigs.k8s.io/reference/spec/ (2026-11)."""

LONGEST_HOST, LONGEST_TIMEOUT, LAST_PORT = 253, 3600, 65_535


@dataclass(frozen=True)
class Route:
    """What of the outside world goes to one service."""

    service: str
    """Name of the Service, and of the route."""
    namespace: str
    """Of both; it has the label `ROUTES_LABEL`."""
    hosts: tuple[str, ...]
    """Such as `api.example.com` or `*.example.com`."""
    paths: tuple[str, ...] = ("/",)
    """Prefixes of whole segments: `/orders` takes `/orders` and `/orders/7`, not `/orders2`."""
    methods: tuple[str, ...] = ()
    """None: all. With `cors`, `OPTIONS` has to be among them."""
    port: int = 80
    """Of the Service."""
    plugins: tuple[str, ...] = ()
    """Names of `KongPlugin`s in the same namespace."""
    timeout_seconds: int = 30
    """To connect to the service, to send to it, and to wait for its next byte."""
    strip_prefix: bool = False
    """The service sees `/7` for `/orders/7`."""

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.namespace}/{self.service}"


def http_route(route: Route) -> tuple[dict[str, str], dict[str, object]]:
    """Return the annotations and the spec of a route's `HTTPRoute`.

    The timeout is the same for all rules and stands at each, as Kong's controller wants it:
    https://github.com/Kong/kubernetes-ingress-controller/issues/5451.

    :raises InvalidInput: with all that is wrong with the route.
    """
    problems = list(route_problems(route))
    if problems:
        raise InvalidInput(f"Route {route.name}", problems)
    spec: dict[str, object] = {
        "parentRefs": [{"name": GATEWAY, "namespace": NAMESPACE, "sectionName": LISTENER}],
        "hostnames": list(route.hosts),
        "rules": [_rule(route, path) for path in route.paths],
    }
    annotations = {"konghq.com/strip-path": "true" if route.strip_prefix else "false"}
    if route.plugins:
        annotations[PLUGINS] = ",".join(route.plugins)
    return annotations, spec


def route_problems(route: Route) -> Iterator[Problem]:
    """Give what is wrong with one route."""
    wrong = {
        "hosts": [h for h in route.hosts if not HOST.fullmatch(h) or len(h) > LONGEST_HOST],
        "paths": [path for path in route.paths if not PATH.fullmatch(path)],
        "methods": [method for method in route.methods if method not in METHODS],
    }
    for name, values in wrong.items():
        if values:
            yield Problem(name, f"{', '.join(map(repr, values))} not valid: {ALLOWED[name]}")
    yield from _list_problems(route)
    if not 1 <= route.timeout_seconds <= LONGEST_TIMEOUT:
        yield Problem("timeout_seconds", f"{route.timeout_seconds}: 1 to {LONGEST_TIMEOUT} allowed")
    if not 1 <= route.port <= LAST_PORT:
        yield Problem("port", f"{route.port}: 1 to {LAST_PORT} allowed")


def _list_problems(route: Route) -> Iterator[Problem]:
    for name, values in (("hosts", route.hosts), ("paths", route.paths)):
        if not 1 <= len(values) <= MOST:
            yield Problem(name, f"{len(values)} given; 1 to {MOST} allowed")
    lists = {"hosts": route.hosts, "paths": route.paths, "plugins": route.plugins}
    for name, values in lists.items():
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            yield Problem(name, f"{', '.join(twice)}: given twice")


def collisions(routes: Iterable[Route]) -> list[Problem]:
    """Return a problem for each two routes that want the same requests.

    Two do if a host, a path and a method of theirs are the same: the API then decides by the age of
    the routes, so what a caller gets would hang on who was deployed first. A longer path and a
    named host beside a wildcard are no collision: they win, always.
    """
    return [
        Problem(
            f"{one.name} and {other.name}",
            f"both want {host}{path}{f' ({method})' if method else ''}",
        )
        for one, other in combinations(routes, 2)
        for host, path, method in _shared(one, other)
    ]


def _shared(one: Route, other: Route) -> list[tuple[str, str, str]]:
    methods = _shared_methods(one.methods, other.methods)
    return [
        (host, path, method)
        for host in one.hosts
        if host in other.hosts
        for path in one.paths
        if path in other.paths
        for method in methods
    ]


def _shared_methods(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the methods that both take: one and the other, or an empty text for all.

    A route that names its methods wins over one that takes all of them.
    """
    if not one and not other:
        return [""]
    return [method for method in one if method in other]


def _rule(route: Route, path: str) -> dict[str, object]:
    match: dict[str, object] = {"path": {"type": "PathPrefix", "value": path}}
    matches = [{**match, "method": method} for method in route.methods] or [match]
    return {
        "matches": matches,
        "backendRefs": [{"name": route.service, "port": route.port}],
        "timeouts": {"backendRequest": f"{route.timeout_seconds}s"},
    }
