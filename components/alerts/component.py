"""Alerts and recordings of a stack, for Prometheus."""

from typing import Optional

import pulumi

from components._base.inside import Inside, split_options
from components._base.objects import CustomObject
from components._base.order import after, registered
from components._base.required import all_given
from components._base.scope import Scope
from components.alerts.args import AlertsArgs
from components.alerts.plan import plan_alerts

API_VERSION = "monitoring.coreos.com/v1"


class Alerts(pulumi.ComponentResource):
    """PrometheusRules: one of each service, one of all workers, one of the platform.

    Give it the cluster's provider, and as `deleted_with` the cluster itself.

    Example: `Alerts("alerts", {"namespace": observability.namespace, "requires":
    [observability.ready], "parts": ["workloads", "gateway"], "services": {"orders": {}}},
    in_cluster(cluster, provider))`.
    """

    names: pulumi.Output[list[str]]
    """Names of the PrometheusRules, once they are there."""

    @all_given
    def __init__(
        self, name: str, args: AlertsArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_alerts(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:Alerts", name, dict(args), own)
        inside = Inside(Scope(name, parent=self, tags={}, protect=False), control_plane)
        earlier = pulumi.Output.all(args["namespace"], *(args.get("requires") or ()))
        namespace = registered(earlier.apply(lambda values: str(values[0])))
        made = [
            CustomObject(
                f"{name}-{key}",
                api_version=API_VERSION,
                kind="PrometheusRule",
                metadata={"name": key, "namespace": namespace},
                fields={"spec": {"groups": plan.bodies(key)}},
                opts=inside.own,
            )
            for key in plan.objects
        ]
        self.names = after(pulumi.Output.from_input(list(plan.objects)), made)
        self.register_outputs({"names": self.names})
