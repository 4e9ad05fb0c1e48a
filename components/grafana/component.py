"""Grafana, and what it shows."""

from typing import Optional

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside, split_options
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components.charts.catalog import GRAFANA
from components.charts.release import release
from components.grafana.access import make_certificate, make_network_policy, make_route
from components.grafana.args import GrafanaArgs, GrafanaTraces
from components.grafana.names import ACCOUNT
from components.grafana.plan import GrafanaPlan, Shelf, plan_grafana
from components.grafana.secrets import make_role, make_secrets
from components.grafana.values import chart_values


class Grafana(pulumi.ComponentResource):
    """Grafana with everything provisioned: what people change in it lasts until its pod ends.

    Give it the cluster's provider, and as `deleted_with` the cluster itself.

    Example: `Grafana("grafana", {"namespace": observability.namespace, "parts": ["kong", "cost"],
    "workloads": {"orders": {"uses": {"cache": True}}}}, in_cluster(cluster, provider))`.
    """

    url: pulumi.Output[str]
    """Where it is, once it runs; without a host, behind `kubectl port-forward`."""
    service: pulumi.Output[str]
    """Its Service, once it runs."""

    @all_given
    def __init__(
        self, name: str, args: GrafanaArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_grafana(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:Grafana", name, _registered(args), own)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=False)
        inside = Inside(scope, control_plane)
        earlier = pulumi.Output.all(args["namespace"], *(args.get("requires") or ()))
        namespace = earlier.apply(lambda values: str(values[0]))

        needed = [
            *make_secrets(inside, plan, args, namespace),
            *make_network_policy(inside, plan, args, namespace),
            *make_role(inside, plan, args, namespace),
            *(_shelf(inside, shelf, namespace) for shelf in plan.shelves),
        ]
        host = plan.spec.host
        if host:
            needed += make_certificate(inside, namespace)
        grafana = release(
            inside,
            GRAFANA,
            namespace=namespace,
            values=chart_values(plan, args, _region(self, plan)),
            mirror=plan.mirror,
            depends_on=needed,
        )
        late = [grafana]
        if host:
            late += make_route(inside, host, namespace, after=[grafana])
        self.url = after(pulumi.Output.from_input(plan.url), late)
        self.service = after(pulumi.Output.from_input(ACCOUNT), late)
        self.register_outputs({"url": self.url, "service": self.service})


def _registered(args: GrafanaArgs) -> dict[str, object]:
    """Return the inputs under which it registers: not all workloads, which would make it long."""
    return {**args, "workloads": sorted(args.get("workloads") or {})}


def _region(component: pulumi.Resource, plan: GrafanaPlan) -> pulumi.Input[str]:
    """Return the region of CloudWatch and X-Ray; it is asked for only if one of them is read."""
    if not plan.spec.cloudwatch and plan.spec.traces is not GrafanaTraces.XRAY:
        return ""
    return aws.get_region_output(opts=pulumi.InvokeOptions(parent=component)).region


def _shelf(
    inside: Inside, shelf: Shelf, namespace: pulumi.Input[str]
) -> kubernetes.core.v1.ConfigMap:
    options = inside.own
    # To the provider other data is another object, and the name is taken. What Grafana has mounted
    # stays until there is the new one.
    options.delete_before_replace = True
    return kubernetes.core.v1.ConfigMap(
        f"{inside.scope.name}-{shelf.name}",
        metadata={"name": shelf.name, "namespace": namespace},
        data=shelf.files,
        opts=options,
    )
