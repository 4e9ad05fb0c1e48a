"""The gateway: Kong, its ingress controller, and typed builders of plugins and routes."""

from components.gateway.args import GatewayArgs
from components.gateway.component import Gateway
from components.gateway.counters import counters_of
from components.gateway.plan import GatewayPlan, plan_gateway
from components.gateway.route import Route, collisions, http_route
from components.gateway.spec import GatewaySpec
from components.gateway.upstream import Upstream, upstream_policy

__all__ = [
    "Gateway",
    "GatewayArgs",
    "GatewayPlan",
    "GatewaySpec",
    "Route",
    "Upstream",
    "collisions",
    "counters_of",
    "http_route",
    "plan_gateway",
    "upstream_policy",
]
