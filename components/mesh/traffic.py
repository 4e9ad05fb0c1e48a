"""Retries, timeouts and circuit breaking of calls to a service, done by its callers' proxies.

Annotations on the service, and routes where its requests differ:
https://linkerd.io/2-edge/reference/retries/, https://linkerd.io/2-edge/reference/timeouts/,
https://linkerd.io/2-edge/reference/circuit-breaking/ (2026-08). A ServiceProfile of the service
would switch all of it off. Everything here is pure; `make_routes` creates what it is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components._base.inside import Inside
from components._base.names import short_name
from components.mesh.resources import Body, Resource, make

LONGEST_NAME = 63

IDEMPOTENT = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")
"""Methods that do no more the second time: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2."""

BACKEND_ERRORS = "gateway-error"
"""Statuses 502 to 504: the request did not get to the service, or no answer came back."""


@dataclass(frozen=True)
class Retries:
    """What is tried again. Bodies above 64 KiB are never: proxies do not keep them."""

    limit: int = 2
    """Further tries."""
    on: str = BACKEND_ERRORS
    """Statuses, e.g. `503,504`, `500-504`, `5xx`."""
    try_ms: int | None = None
    """Milliseconds after which one try is given up; None: none is."""
    methods: tuple[str, ...] = IDEMPOTENT
    """Of these only. One that is not idempotent, such as POST, may take effect twice."""


@dataclass(frozen=True)
class Timeouts:
    """When a request is given up, without another try; milliseconds, None: never."""

    request_ms: int | None = 10_000
    """From its first to its answer's last byte, all tries together."""
    response_ms: int | None = None
    """From its last byte on."""
    idle_ms: int | None = None
    """Without a byte either way."""


@dataclass(frozen=True)
class CircuitBreaker:
    """When a pod of the service gets no more requests from a caller, and for how long.

    Defaults: Linkerd's own. Statuses from 500 on are failures.
    """

    failures: int = 7
    """In a row."""
    shortest_ms: int = 1_000
    """Milliseconds until it gets one request to prove itself."""
    longest_ms: int = 60_000
    """Milliseconds that this grows to, each time that it fails."""
    jitter: float = 0.5
    """Largest random part of that, so that not all callers try at once."""


@dataclass(frozen=True)
class RouteTraffic:
    """Requests of a service that are treated in their own way."""

    name: str
    path: str
    """All paths that begin with it, in whole segments."""
    methods: tuple[str, ...] = ()
    """None: all."""
    retries: Retries | None = None
    timeouts: Timeouts | None = None


@dataclass(frozen=True)
class Backend:
    """A Service that gets a share of another one's requests."""

    service: str
    """In the same namespace, with the same port."""
    weight: int
    """Its share, in proportion to the other weights; 0: nothing."""


@dataclass(frozen=True)
class ServiceTraffic:
    """How a service is called."""

    service: str
    """Name of the Kubernetes service."""
    port: int
    """The service's port."""
    retries: Retries | None = Retries()
    timeouts: Timeouts | None = Timeouts()
    breaker: CircuitBreaker | None = CircuitBreaker()
    routes: tuple[RouteTraffic, ...] = ()
    """The most specific path wins, whatever the order."""
    backends: tuple[Backend, ...] = ()
    """Who answers. Default: the service itself, all of it."""


def risky_methods(retries: Retries | None) -> list[str]:
    """Return the methods that would be tried again although they are not idempotent."""
    return sorted(set(retries.methods) - set(IDEMPOTENT)) if retries else []


def service_annotations(traffic: ServiceTraffic) -> dict[str, str]:
    """Return the annotations of the service itself: circuit breaking, and timeouts.

    No retries: they would be for all methods.
    """
    return {**breaker_annotations(traffic.breaker), **timeout_annotations(traffic.timeouts)}


def breaker_annotations(breaker: CircuitBreaker | None) -> dict[str, str]:
    """Return the annotations that break circuits; they have a meaning on a service only."""
    if not breaker:
        return {}
    accrual = "balancer.linkerd.io/failure-accrual"
    return {
        accrual: "consecutive",
        f"{accrual}-consecutive-max-failures": str(breaker.failures),
        f"{accrual}-consecutive-min-penalty": duration(breaker.shortest_ms),
        f"{accrual}-consecutive-max-penalty": duration(breaker.longest_ms),
        f"{accrual}-consecutive-jitter-ratio": str(breaker.jitter),
    }


def timeout_annotations(timeouts: Timeouts | None) -> dict[str, str]:
    """Return the annotations that limit a request's time, on a service or a route."""
    if not timeouts:
        return {}
    limits = {
        "request": timeouts.request_ms,
        "response": timeouts.response_ms,
        "idle": timeouts.idle_ms,
    }
    return {
        f"timeout.linkerd.io/{what}": duration(limit) for what, limit in limits.items() if limit
    }


def retry_annotations(retries: Retries | None) -> dict[str, str]:
    """Return the annotations that retry, for a route that only takes what may be retried."""
    if not retries or not retries.limit:
        return {}
    each = {"retry.linkerd.io/timeout": duration(retries.try_ms)} if retries.try_ms else {}
    return {
        "retry.linkerd.io/http": retries.on,
        "retry.linkerd.io/limit": str(retries.limit),
        **each,
    }


def service_routes(traffic: ServiceTraffic) -> list[Resource]:
    """Return the routes of a service, for its own namespace; none when all requests are alike.

    Once there is a route, a request that matches none is answered with 404, so the last one takes
    what is left.
    """
    if not (traffic.routes or traffic.backends or retry_annotations(traffic.retries)):
        return []
    rest = RouteTraffic("rest", "/", (), traffic.retries, traffic.timeouts)
    return [
        made
        for route in (*traffic.routes, rest)
        for made in (_retried(traffic, route), _tried_once(traffic, route))
        if made
    ]


def make_routes(
    inside: Inside,
    routes: Sequence[Resource],
    *,
    namespace: pulumi.Input[str],
    depends_on: Sequence[pulumi.Resource] = (),
) -> list[pulumi.Resource]:
    """Create routes.

    :param depends_on: the service, and the mesh unless `namespace` is one of its outputs.
    """
    return [make(inside, route, namespace=namespace, depends_on=depends_on) for route in routes]


def duration(milliseconds: int) -> str:
    """Return a duration for Linkerd: `1500` gives `1500ms`, `2000` gives `2s`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{milliseconds}ms" if rest or not seconds else f"{seconds}s"


def _retried(traffic: ServiceTraffic, route: RouteTraffic) -> Resource | None:
    annotations = retry_annotations(route.retries)
    wanted = route.retries.methods if route.retries else ()
    methods = [method for method in wanted if not route.methods or method in route.methods]
    if not annotations or not methods:
        return None
    return _route(traffic, route, "retried", methods, annotations)


def _tried_once(traffic: ServiceTraffic, route: RouteTraffic) -> Resource | None:
    retried = route.retries.methods if retry_annotations(route.retries) and route.retries else ()
    methods = [method for method in route.methods if method not in retried]
    if route.methods and not methods:
        return None
    return _route(traffic, route, "", methods, {})


def _backends(traffic: ServiceTraffic) -> list[Body]:
    if not traffic.backends:
        return [{"name": traffic.service, "port": traffic.port}]
    return [
        {"name": backend.service, "port": traffic.port, "weight": backend.weight}
        for backend in traffic.backends
    ]


def _route(
    traffic: ServiceTraffic,
    route: RouteTraffic,
    suffix: str,
    methods: Sequence[str],
    annotations: Mapping[str, str],
) -> Resource:
    path = {"type": "PathPrefix", "value": route.path}
    matches: list[Body] = [{"path": path, "method": method} for method in methods]
    parent = {"group": "core", "kind": "Service", "name": traffic.service, "port": traffic.port}
    spec = {
        "parentRefs": [parent],
        "rules": [
            {
                "matches": matches or [{"path": path}],
                "backendRefs": _backends(traffic),
            }
        ],
    }
    parts = [part for part in (traffic.service, route.name, suffix) if part]
    # What a route says of timeouts replaces all that the service says.
    timeouts = timeout_annotations(route.timeouts or traffic.timeouts)
    name = short_name("-".join(parts), LONGEST_NAME)
    return Resource("HTTPRoute", name, spec, {**timeouts, **annotations})
