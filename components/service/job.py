"""What runs to its end by a schedule, on the cluster."""

from typing import Optional

import pulumi

from components._base.inside import Inside, split_options
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components.service.environment import environment
from components.service.job_args import ScheduledJobArgs
from components.service.job_plan import (
    DO_NOT_DISRUPT,
    ScheduledJobPlan,
    cron_job,
    plan_scheduled_job,
)
from components.service.network import workload_policy
from components.service.pod import Pod
from components.service.workload import make_starters, region_of


class ScheduledJob(pulumi.ComponentResource):
    """A job: started by a schedule, tried again when it fails, ended when it takes too long.

    Give it the cluster's provider, and as `deleted_with` the cluster itself.

    Example: `ScheduledJob("cleanup", {"image": "…/orders:1.4.2", "namespace": "services",
    "schedule": "30 2 * * *", "command": ["python", "-m", "orders.cleanup"], …},
    in_cluster(cluster, provider))`.
    """

    service_account: pulumi.Output[str]
    """As which mesh and IAM know its pods, once it is there."""
    role_arn: pulumi.Output[str]
    """Role of its pods; empty when it needs none."""

    @all_given
    def __init__(
        self, name: str, args: ScheduledJobArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_scheduled_job(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:ScheduledJob", name, plan.given, own)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=False)
        workload = plan.workload
        made = make_starters(
            Inside(scope, control_plane),
            workload,
            [(cron_job(plan, _pod(plan, region_of(workload, self))), [])],
            workload_policy(workload),
        )
        self.service_account = after(pulumi.Output.from_input(name), made.deployments)
        self.role_arn = made.role_arn
        self.register_outputs({"serviceAccount": self.service_account, "roleArn": self.role_arn})


def _pod(plan: ScheduledJobPlan, region: pulumi.Input[str]) -> Pod:
    spec = plan.spec
    return Pod(
        name=plan.name,
        env=environment(plan.workload, region, {}),
        grace_seconds=spec.grace_seconds,
        command=spec.command,
        http=False,
        once=True,
        priority=plan.args.get("priority_class"),
        spot=spec.spot,
        annotations=DO_NOT_DISRUPT if spec.undisturbed else {},
    )
