"""The gateway on the real engine: what changes in place, and in which order it goes."""

from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.objects import CustomObject
from components._base.order import after
from components.gateway import Gateway, GatewayArgs, Route, http_route
from components.gateway.jwks import public_keys
from components.gateway.plugins import cors
from components.gateway.plugins.cors import Cors
from components.gateway.plugins.plugin import API_VERSION
from components.gateway.route import API_VERSION as ROUTE_VERSION
from components.gateway.route import KIND
from simulator.session import Program
from tests.engine.conftest import Bench
from tests.stacks.changes import changes, make_cluster
from tests.unit.test_gateway_plugins import JWKS

TARGETS = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/kong/0123456789abcdef"


def platform(**given: object) -> Program:
    """Return a program with what the gateway needs, the gateway, and a service's route."""

    def program() -> None:
        cluster, provider = make_cluster()
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        controller = kubernetes.helm.v3.Release(
            "load-balancer-controller",
            chart="aws-load-balancer-controller",
            namespace="kube-system",
            opts=inside,
        )
        args = {
            "vpc_cidr": "10.0.0.0/16",
            "target_group_arn": TARGETS,
            "requires": [after(pulumi.Output.from_input("elbv2.k8s.aws/v1beta1"), [controller])],
            "counters": {
                "host": "cache.example.com",
                "user_name": "application",
                "secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cache-AbCdEf",
                "secret_store": "aws",
            },
            "jwt": {"keys": public_keys(JWKS)},
            **given,
        }
        gateway = Gateway("gateway", cast("GatewayArgs", args), inside)
        service(pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(depends_on=[gateway])))

    return program


def service(opts: pulumi.ResourceOptions) -> None:
    """Create a route and its plugin, as a service does."""
    plugin = CustomObject(
        "orders-cors",
        api_version=API_VERSION,
        kind="KongPlugin",
        metadata={"name": "cors", "namespace": "default"},
        fields=cors(Cors(("https://app.example.com",))).body,
        opts=opts,
    )
    route = Route("orders", "default", ("api.example.com",), ("/orders",), plugins=("cors",))
    annotations, spec = http_route(route)
    kubernetes.apiextensions.CustomResource(
        "orders-route",
        api_version=ROUTE_VERSION,
        kind=KIND,
        metadata={"name": "orders", "namespace": "default", "annotations": annotations},
        spec=spec,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[plugin])),
    )


def test_the_gateway_changes_in_place_and_goes_in_order(local: Bench):
    """Reports 7 and 15: routes and targets before their controllers; no diff without a change."""
    with local.open(platform(), policies=()) as session:
        session.up()
        assert set(session.preview().changes()) == {"same"}
    changed = platform(
        replicas=4,
        max_replicas=4,
        rate_limit={"per_second": 50, "per_minute": 1500},
        otlp_endpoint="http://collector.observability.svc:4318/v1/traces",
    )
    with local.open(changed, policies=()) as session:
        done = changes(session.preview())
        assert done == {
            "gateway-kong": "update",
            "gateway-opentelemetry": "create",
            "gateway-rate-limiting": "update",
        }
        order = [step.urn.rsplit("::", 1)[-1] for step in session.destroy().steps()]
    for earlier, later in [
        ("orders-route", "orders-cors"),
        ("orders-cors", "gateway-kong"),
        ("gateway-targets", "gateway-listeners"),
        ("gateway-targets", "gateway-rate-limiting"),
        ("gateway-targets", "load-balancer-controller"),
        ("gateway-listeners", "gateway-class"),
        ("gateway-class", "gateway-kong"),
        ("gateway-rate-limiting", "gateway-kong"),
        ("gateway-tokens", "gateway-kong"),
        ("gateway-kong", "gateway-kong-proxy-certificate"),
        ("gateway-kong", "gateway-kong-namespace"),
        ("gateway-kong-namespace", "eks"),
    ]:
        assert order.index(earlier) < order.index(later), (earlier, later)
