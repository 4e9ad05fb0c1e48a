"""What a `ScheduledJob` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.errors import InvalidInput
from components._base.names import check_name
from components._base.spec import read_spec
from components.service.job_args import ScheduledJobArgs
from components.service.job_spec import ScheduledJobSpec
from components.service.objects import Json, Object
from components.service.plan import WorkloadPlan, refuse_volumes, workload_problems
from components.service.pod import Pod, labels, pod_template

DAY_SECONDS = 86_400

IGNORE_DISRUPTIONS: Json = {
    "action": "Ignore",
    "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
}
"""A pod that has to go with its node (Karpenter, spot, a drain) has not failed: it comes again,
and that counts as no try.

https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy (2026-11)
"""

DO_NOT_DISRUPT = {"karpenter.sh/do-not-disrupt": "true"}
"""https://karpenter.sh/docs/concepts/disruption/#pod-level-controls (2026-11)"""


@dataclass(frozen=True)
class ScheduledJobPlan(WorkloadPlan[ScheduledJobSpec, ScheduledJobArgs]):
    """One job."""


def plan_scheduled_job(args: ScheduledJobArgs, name: str) -> ScheduledJobPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component, and the job's own.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"ScheduledJob {name!r}"
    check_name(name, owner)
    refuse_volumes(args, owner)
    plan = ScheduledJobPlan(name, read_spec(ScheduledJobSpec, ScheduledJobArgs, args, owner), args)
    problems = list(workload_problems(plan.workload))
    if problems:
        raise InvalidInput(owner, problems)
    return plan


def cron_job(plan: ScheduledJobPlan, pod: Pod) -> Object:
    """Return the CronJob: each run is a Job, each try of a run a pod."""
    spec = plan.spec
    job: Json = {
        "backoffLimit": spec.retries,
        "activeDeadlineSeconds": spec.timeout_seconds,
        "ttlSecondsAfterFinished": spec.keep_days * DAY_SECONDS,
        "podFailurePolicy": {"rules": [IGNORE_DISRUPTIONS]},
        # the next try begins when the last one's pod is gone, not while it goes
        "podReplacementPolicy": "Failed",
        "template": pod_template(plan.workload, pod),
    }
    fields = {
        "schedule": spec.schedule,
        "timeZone": spec.timezone,
        "concurrencyPolicy": spec.concurrency.value.capitalize(),
        "startingDeadlineSeconds": spec.start_within_seconds,
        "successfulJobsHistoryLimit": spec.keep_runs,
        "failedJobsHistoryLimit": spec.keep_runs,
        "suspend": spec.suspend,
        "jobTemplate": {"metadata": {"labels": labels(pod.name)}, "spec": job},
    }
    return Object("batch/v1", "CronJob", pod.name, {"spec": fields}, labels=labels(pod.name))
