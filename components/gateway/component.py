"""The gateway: Kong, between the load balancer and the services."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional, cast

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside, split_options
from components._base.namespaces import Namespace, NamespacePlan, make_namespace
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components.charts.catalog import KONG
from components.charts.release import release
from components.gateway import names
from components.gateway.access import Networks, make_network_policies
from components.gateway.args import GatewayArgs
from components.gateway.certificates import make_certificates
from components.gateway.counters import counters_of, make_counters_secret
from components.gateway.defaults import default_plugins, make_plugin, make_token_keys
from components.gateway.gateway_api import make_binding, make_gateway
from components.gateway.plan import GatewayPlan, plan_gateway
from components.gateway.values import chart_values

READINESS_GATES = {"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}
"""A new pod counts as ready once the load balancer sends to it: no old one goes before."""


class Gateway(pulumi.ComponentResource):
    """Kong and its ingress controller, without a database; what holds for every route.

    Give it the cluster's provider, and as `deleted_with` the cluster itself. It comes after
    cert-manager, the AWS Load Balancer Controller, and the mesh, which brings the definitions of
    the Gateway API: see `requires`.

    Example: `Gateway("gateway", {"vpc_cidr": network.cidr_block, "target_group_arn":
    edge.target_group_arn, "requires": [addons.cert_manager_namespace,
    addons.target_group_bindings, mesh.gateway_api, mesh.trust_domain]}, in_cluster(cluster,
    provider))`.
    """

    namespace: pulumi.Output[str]
    """Namespace of the gateway's pods, and of the `Gateway` that routes name as parent."""
    gateway_name: pulumi.Output[str]
    """Name of the `Gateway`, once it takes routes."""
    service_account: pulumi.Output[str]
    """Service account of the gateway's pods: as which the mesh knows the caller."""
    service: pulumi.Output[str]
    """Service in front of the gateway's pods, HTTPS on 443, within the cluster."""

    @all_given
    def __init__(
        self, name: str, args: GatewayArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_gateway(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:Gateway", name, dict(args), own)
        for warning in plan.warnings:
            pulumi.log.warn(warning, self)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.spec.protect)
        inside = Inside(scope, control_plane)

        counters = args.get("counters")
        networks = Networks(args["vpc_cidr"], _trusted(args))
        namespace = _make_namespace(inside, plan, args.get("requires") or [])
        kong = _make_kong(inside, plan, namespace, networks, args.get("trust_version"))

        gateway = make_gateway(inside, namespace, after=[kong])
        late: list[pulumi.Resource] = [gateway]
        ready: list[pulumi.Resource] = [kong]
        shared = None
        if counters is not None:
            ready.append(make_counters_secret(inside, namespace, counters))
            shared = counters_of(counters)
        defaults = default_plugins(plan, shared, args.get("otlp_endpoint"))
        late += [make_plugin(inside, namespace, plugin, after=ready) for plugin in defaults]
        late += make_token_keys(inside, namespace, plan.spec.jwt.keys, after=[kong])
        target_group_arn = args.get("target_group_arn")
        if target_group_arn is not None:
            # No request comes before everything is in place that is to stop it.
            make_binding(inside, namespace, args, target_group_arn, after=late)

        # Whoever uses one of these comes after the gateway, and goes before it.
        self.namespace = after(namespace.name, late)
        self.gateway_name = after(pulumi.Output.from_input(names.GATEWAY), late)
        self.service_account = after(pulumi.Output.from_input(names.PROXY), late)
        self.service = after(pulumi.Output.from_input(names.PROXY_SERVICE), late)
        self.register_outputs(
            {
                "namespace": self.namespace,
                "gatewayName": self.gateway_name,
                "serviceAccount": self.service_account,
                "service": self.service,
            }
        )


def _make_namespace(
    inside: Inside, plan: GatewayPlan, requires: Sequence[pulumi.Input[str]]
) -> Namespace:
    """Create the namespace; what is put into it waits for whatever is required, too."""
    labels = READINESS_GATES if plan.public else {}
    made = make_namespace(inside, NamespacePlan(names.NAMESPACE, meshed=True, labels=labels))
    name = pulumi.Output.all(made.name, *requires).apply(lambda values: str(values[0]))
    return replace(made, name=name)


def _make_kong(
    inside: Inside,
    plan: GatewayPlan,
    namespace: Namespace,
    networks: Networks,
    trust_version: pulumi.Input[str] | None,
) -> kubernetes.helm.v3.Release:
    """Install gateway and controller.

    With the controller go all routes, so it is protected.
    """
    return release(
        inside,
        KONG,
        name=names.RELEASE,
        namespace=namespace.name,
        values=chart_values(plan, networks.trusted, trust_version),
        mirror=plan.mirror,
        depends_on=[
            *namespace.closed,
            *make_network_policies(inside, plan, namespace, networks),
            *make_certificates(inside, namespace),
        ],
        protect=inside.scope.protect,
    )


def _trusted(args: GatewayArgs) -> pulumi.Output[Sequence[str]]:
    given = args.get("trusted_cidrs")
    found = pulumi.Output.from_input([args["vpc_cidr"]] if given is None else given)
    return found.apply(lambda cidrs: sorted(cast("Sequence[str]", cidrs)))
