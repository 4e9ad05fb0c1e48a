"""What a `Worker` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.names import check_name
from components._base.spec import read_spec
from components.service.plan import WorkloadPlan, refuse_volumes, workload_problems
from components.service.worker_args import WorkerArgs
from components.service.worker_spec import WorkerSpec


@dataclass(frozen=True)
class WorkerPlan(WorkloadPlan[WorkerSpec, WorkerArgs]):
    """One worker."""

    @property
    def scaled(self) -> bool:
        """Tell whether the number of pods is KEDA's."""
        return self.spec.replicas.scaled

    @property
    def beat(self) -> str:
        """Name of the scheduler's Deployment."""
        return f"{self.name}-beat"

    @property
    def disruption_budget(self) -> bool:
        """Tell whether there may be several pods, which are not all to go at once."""
        return self.spec.replicas.several


def plan_worker(args: WorkerArgs, name: str) -> WorkerPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component, and the worker's own.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"Worker {name!r}"
    check_name(name, owner)
    refuse_volumes(args, owner)
    plan = WorkerPlan(name, read_spec(WorkerSpec, WorkerArgs, args, owner), args)
    problems = list(workload_problems(plan.workload))
    if plan.scaled and args.get("scaled_objects") is None:
        reason = "min and max differ, which needs KEDA: scaled_objects is missing"
        problems.append(Problem("replicas", reason))
    if problems:
        raise InvalidInput(owner, problems)
    return plan
