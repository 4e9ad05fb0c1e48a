"""A worker on the cluster: Celery, RQ, or a consumer of Kafka."""

from typing import Optional

import pulumi

from components._base.inside import Inside, split_options
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components.service.contract import HTTP_PORT
from components.service.environment import environment
from components.service.network import mesh_policies, pod_monitor, workload_policy
from components.service.objects import make, make_all
from components.service.pod import HEARTBEAT_FILE, Pod
from components.service.scaling import disruption_budget
from components.service.worker_args import QueueKind, WorkerArgs
from components.service.worker_plan import WorkerPlan, plan_worker
from components.service.worker_scaling import worker_scaler
from components.service.workload import make_pods, make_scaler, region_of


class Worker(pulumi.ComponentResource):
    """A worker: as many pods as its queue needs, none if it may; what it has begun, it ends.

    Give it the cluster's provider, and as `deleted_with` the cluster itself.

    Example: `Worker("mailer", {"image": "…/mailer:1.4.2", "namespace": "services", "queue":
    {"name": "mails"}, "uses": {"rabbitmq": True}, …}, in_cluster(cluster, provider))`.
    """

    service_account: pulumi.Output[str]
    """As which mesh and IAM know its pods, once they run."""
    role_arn: pulumi.Output[str]
    """Role of its pods; empty when it needs none."""

    @all_given
    def __init__(
        self, name: str, args: WorkerArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_worker(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:Worker", name, plan.given, own)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=False)
        inside, workload = Inside(scope, control_plane), plan.workload
        region = region_of(workload, self)
        watched = plan.spec.http and bool(args.get("monitored"))
        kinds = [_pod(plan, region), *_beat(plan, region)]
        policy = workload_policy(workload, scraped=watched, pods=[pod.name for pod in kinds])
        pods = make_pods(inside, workload, kinds, policy)
        if plan.spec.http:
            make_all(inside, mesh_policies(workload, []), pods.namespace)
        if watched:
            make(inside, pod_monitor(name), pods.namespace)
        if plan.disruption_budget:
            make(inside, disruption_budget(name), pods.namespace)
        scaler = worker_scaler(plan, region)
        if scaler:
            make_scaler(inside, scaler, pods)

        self.service_account = after(pulumi.Output.from_input(name), pods.deployments)
        self.role_arn = pods.role_arn
        self.register_outputs({"serviceAccount": self.service_account, "roleArn": self.role_arn})


def _pod(plan: WorkerPlan, region: pulumi.Input[str]) -> Pod:
    spec = plan.spec
    more: dict[str, str] = {}
    if spec.queue and spec.queue.kind is QueueKind.CELERY:
        more["RABBITMQ_QUEUE"] = spec.queue.name
    if not spec.http and not spec.probe:
        more["WORKER_HEARTBEAT_FILE"] = HEARTBEAT_FILE
    if spec.http:
        # the kubelet has waited before it says so
        more |= {"HTTP_PORT": str(HTTP_PORT), "HTTP_DRAIN_SECONDS": "0"}
    return Pod(
        name=plan.name,
        env=environment(plan.workload, region, more),
        grace_seconds=spec.task_seconds,
        command=spec.command,
        http=spec.http,
        probe=spec.probe,
        replicas=None if plan.scaled else spec.replicas.min,
        priority=plan.args.get("priority_class"),
        spot=spec.spot,
    )


def _beat(plan: WorkerPlan, region: pulumi.Input[str]) -> list[Pod]:
    """Return the scheduler, if there is one: two would start every task twice."""
    if not plan.spec.beat:
        return []
    worker = _pod(plan, region)
    return [
        Pod(
            name=plan.beat,
            env=worker.env,
            grace_seconds=0,
            command=plan.spec.beat,
            http=False,
            replicas=1,
            singleton=True,
            priority=worker.priority,
        )
    ]
