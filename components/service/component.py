"""A FastAPI service on the cluster, with all that stands around it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

import pulumi

from components._base.inside import Inside, split_options
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components.service.args import FastApiServiceArgs
from components.service.contract import HTTP_PORT
from components.service.environment import environment
from components.service.network import callers_of, mesh_policies, service_monitor, workload_policy
from components.service.objects import make, make_all
from components.service.plan import (
    Canary,
    FastApiServicePlan,
    plan_fastapi_service,
    service_url,
)
from components.service.pod import Pod, Track
from components.service.routes import gateway_route, mesh_routes, plugins, services, upstream
from components.service.scaling import autoscaler, disruption_budget, pod_autoscaler
from components.service.workload import Pods, make_scaler, make_starters, region_of, starter

MIB = 2**20


class FastApiService(pulumi.ComponentResource):
    """A FastAPI service: reachable, allowed and told of what its spec names, and nothing more.

    Give it the cluster's provider, and as `deleted_with` the cluster itself. Its name is the
    service's: callers find it at `http://NAME.NAMESPACE.svc:8000`.

    Example: `FastApiService("orders", {"image": "…/orders:1.4.2", "namespace": "services",
    "public": {"paths": ["/orders"]}, "hosts": ["api.example.com"], …}, in_cluster(cluster,
    provider))`.
    """

    url: pulumi.Output[str]
    """Where callers in the cluster find it, once it serves."""
    service_account: pulumi.Output[str]
    """As which mesh and IAM know its pods."""
    public_urls: pulumi.Output[list[str]]
    """Where the outside world finds it, once its route is there; empty when it is not public."""
    role_arn: pulumi.Output[str]
    """Role of its pods; empty when it needs none."""

    @all_given
    def __init__(
        self, name: str, args: FastApiServiceArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_fastapi_service(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:FastApiService", name, plan.given, own)
        for note in plan.notes:
            pulumi.log.info(note, self)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=False)
        inside, workload = Inside(scope, control_plane), plan.workload
        region = region_of(workload, self)
        canary = plan.canary
        starters = [starter(workload, _pod(plan, region))]
        if canary:
            newer = replace(plan, spec=canary.spec)
            starters.append(starter(newer.workload, _canary_pod(newer, canary, region)))
        pods = make_starters(
            inside,
            workload,
            starters,
            workload_policy(
                workload,
                callers=plan.spec.callers,
                public=plan.spec.public is not None,
                scraped=bool(args.get("monitored")),
                scanner=args.get("scanner_namespace"),
            ),
        )
        scanned = bool(args.get("scanner_namespace"))
        allowed = mesh_policies(workload, callers_of(plan), scanned=scanned)
        policies = make_all(inside, allowed, pods.namespace)
        named = make_all(
            inside,
            services(plan),
            pods.namespace,
            after=make_all(inside, upstream(plan), pods.namespace),
        )
        # A version gets its share when its pods serve, and not before.
        make_all(inside, mesh_routes(plan), pods.namespace, after=[*named, *pods.deployments])
        if plan.disruption_budget:
            make(inside, disruption_budget(name), pods.namespace)
        scaler = autoscaler(plan, region)
        if scaler:
            make_scaler(inside, scaler, pods)
        if canary and canary.bounds.scaled:
            percent = plan.spec.scaling.cpu_percent
            own_scaler = pod_autoscaler(canary.name, canary.bounds, percent)
            make(inside, own_scaler, pods.namespace, after=pods.deployments)
        if args.get("monitored"):
            make(inside, service_monitor(name), pods.namespace)
        # The outside world comes last, and is the first to go.
        shown = make_route(inside, plan, pods, after=[*named, *policies])

        url = pulumi.Output.from_input(service_url(name, args))
        self.url = after(url, [*pods.deployments, *named])
        self.service_account = after(pulumi.Output.from_input(name), pods.deployments)
        self.public_urls = after(pulumi.Output.from_input(_public_urls(plan)), shown)
        self.role_arn = pods.role_arn
        self.register_outputs(
            {
                "url": self.url,
                "serviceAccount": self.service_account,
                "publicUrls": self.public_urls,
                "roleArn": self.role_arn,
            }
        )


def make_route(
    inside: Inside,
    plan: FastApiServicePlan,
    pods: Pods,
    *,
    after: Sequence[pulumi.Resource],
) -> list[pulumi.Resource]:
    """Create the gateway's route and its plugins, without which it would be wide open."""
    chain = plugins(plan)
    made = make_all(inside, chain, pods.namespace)
    route = gateway_route(plan, tuple(plugin.name for plugin in chain))
    return make_all(inside, route, pods.namespace, after=[*pods.deployments, *made, *after])


def _pod(plan: FastApiServicePlan, region: pulumi.Input[str]) -> Pod:
    replicas = plan.spec.replicas
    more = {
        "HTTP_PORT": str(HTTP_PORT),
        "HTTP_REQUEST_TIMEOUT_SECONDS": str(plan.spec.timeout_seconds),
        # the kubelet has waited before it says so (PRE_STOP_SECONDS)
        "HTTP_DRAIN_SECONDS": "0",
        "HTTP_GRACE_SECONDS": str(plan.grace_seconds),
    }
    if plan.spec.public:
        more["HTTP_MAX_BODY_BYTES"] = str(plan.spec.public.max_body_megabytes * MIB)
    return Pod(
        name=plan.name,
        env=environment(plan.workload, region, more),
        grace_seconds=plan.grace_seconds,
        replicas=None if plan.scaled else replicas.min,
        track=Track.STABLE,
    )


def _canary_pod(plan: FastApiServicePlan, canary: Canary, region: pulumi.Input[str]) -> Pod:
    return replace(
        _pod(plan, region),
        name=canary.name,
        replicas=None if canary.bounds.scaled else canary.bounds.min,
        track=Track.CANARY,
    )


def _public_urls(plan: FastApiServicePlan) -> list[str]:
    route = plan.route
    if not route:
        return []
    return [f"https://{host}{path}" for host in route.hosts for path in route.paths]
