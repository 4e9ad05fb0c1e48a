"""How requests get to a service: its Service, the mesh's routes, the gateway's and its plugins."""

from dataclasses import replace

from components.gateway import names as gateway
from components.gateway.counters import counters_of
from components.gateway.names import SERVICE_ANNOTATIONS, UPSTREAM_POLICY
from components.gateway.plugins import (
    Cors,
    Plugin,
    TokenCheck,
    cors,
    rate_limiting,
    request_size_limit,
    token_check,
)
from components.gateway.plugins.plugin import API_VERSION as PLUGIN_VERSION
from components.gateway.route import API_VERSION as ROUTE_VERSION
from components.gateway.route import KIND as ROUTE
from components.gateway.route import http_route
from components.gateway.upstream import API_VERSION as UPSTREAM_VERSION
from components.gateway.upstream import Upstream, upstream_policy
from components.mesh.traffic import (
    Backend,
    ServiceTraffic,
    Timeouts,
    service_annotations,
    service_routes,
)
from components.service.objects import Object, from_mesh
from components.service.plan import PORT, FastApiServicePlan
from components.service.pod import Track, labels, track_selector
from components.service.spec import PublicSpec

ANONYMOUS = "fastapi-platform/anonymous"
"""Annotation of a route that takes requests without a token, and means to (`policies`)."""

SCOPES = "fastapi-platform/scopes"
"""Annotation of a route: the scopes that its service asks for. The open-source gateway knows none;
the service enforces them."""


def traffic(plan: FastApiServicePlan) -> ServiceTraffic:
    """Return how callers' proxies treat the service: tried again is what is idempotent."""
    # all tries together; a moment more than the service itself takes, so that its answer counts
    limit = Timeouts(request_ms=(plan.spec.timeout_seconds + 1) * 1000)
    return ServiceTraffic(service=plan.name, port=PORT, timeouts=limit, backends=_backends(plan))


def _backends(plan: FastApiServicePlan) -> tuple[Backend, ...]:
    """Return who shares the requests.

    The callers' proxies share them out, the gateway's own among them: its route names the service
    alone, or a canary would get its share twice.
    """
    canary = plan.canary
    if not canary:
        return ()
    return Backend(plan.name, 100 - canary.weight), Backend(canary.name, canary.weight)


def services(plan: FastApiServicePlan) -> list[Object]:
    """Return the Service by which others call it, and that of its canary alone."""
    made = [_service(plan, plan.name, Track.STABLE)]
    if plan.canary:
        made.append(_service(plan, plan.canary.name, Track.CANARY))
    return made


def _service(plan: FastApiServicePlan, name: str, track: Track) -> Object:
    annotations = dict(service_annotations(traffic(plan)))
    if plan.spec.public and track is Track.STABLE:
        annotations |= {**SERVICE_ANNOTATIONS, UPSTREAM_POLICY: plan.name}
    spec = {
        "selector": track_selector(plan.name, track),
        "ports": [{"name": "http", "port": PORT, "targetPort": "http", "protocol": "TCP"}],
    }
    return Object(
        "v1",
        "Service",
        name,
        {"spec": spec},
        annotations={**annotations},
        labels=labels(plan.name),
    )


def mesh_routes(plan: FastApiServicePlan) -> list[Object]:
    """Return the routes for callers' proxies."""
    return [from_mesh(resource) for resource in service_routes(traffic(plan))]


def plugins(plan: FastApiServicePlan) -> list[Object]:
    """Return what the gateway does with the service's requests before they get there."""
    public = plan.spec.public
    if not public:
        return []
    return [
        _limits(plan, public),
        *(
            Object(PLUGIN_VERSION, "KongPlugin", f"{plan.name}-{plugin.name}", plugin.body)
            for plugin in _plugins(plan, public)
        ),
    ]


def _limits(plan: FastApiServicePlan, public: PublicSpec) -> Object:
    """Return the rate limit.

    Counted in a cache it is of the whole cluster, for the cache's password is in the gateway's
    namespace and in no other.
    """
    counters = plan.args.get("counters")
    if counters is None:
        plugin = rate_limiting(public.rate_limit.limits)
        return Object(PLUGIN_VERSION, "KongPlugin", f"{plan.name}-{plugin.name}", plugin.body)
    plugin = rate_limiting(public.rate_limit.limits, counters_of(counters))
    return Object(
        PLUGIN_VERSION,
        "KongClusterPlugin",
        f"{plan.name}-{plan.args['namespace']}-{plugin.name}",
        plugin.cluster_body(gateway.NAMESPACE),
        annotations=gateway.OWN,
        cluster_wide=True,
    )


def _plugins(plan: FastApiServicePlan, public: PublicSpec) -> list[Plugin]:
    made = [request_size_limit(public.max_body_megabytes)]
    if not public.anonymous:
        made.append(token_check(TokenCheck(realm=plan.name)))
    if public.cors:
        made.append(cors(Cors(public.cors.origins, credentials=public.cors.credentials)))
    return made


def upstream(plan: FastApiServicePlan) -> list[Object]:
    """Return the circuit breaker of the service as a whole, if it is public."""
    if not plan.spec.public:
        return []
    spec = upstream_policy(Upstream())
    return [Object(UPSTREAM_VERSION, "KongUpstreamPolicy", plan.name, {"spec": spec})]


def gateway_route(plan: FastApiServicePlan, plugin_names: tuple[str, ...]) -> list[Object]:
    """Return the gateway's route, if the service is public."""
    route, public = plan.route, plan.spec.public
    if not route or not public:
        return []
    annotations, spec = http_route(replace(route, plugins=plugin_names))
    if public.anonymous:
        annotations[ANONYMOUS] = "true"
    if public.scopes:
        annotations[SCOPES] = " ".join(public.scopes)
    name = plan.name
    return [
        Object(
            ROUTE_VERSION,
            ROUTE,
            name,
            {"spec": spec},
            annotations={**annotations},
            labels=labels(name),
        )
    ]
