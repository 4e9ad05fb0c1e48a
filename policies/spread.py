"""Pods of one workload: over several zones, and never all gone at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, every, some
from policies.lookup import ByLabels
from policies.needs import Need, is_set, verdicts
from policies.pods import TEMPLATE
from policies.rule import Verdict, Violation, demanded, resource_policy, stack_policy
from policies.subject import Subject
from policies.workloads import SERVING, labels, neighbours

BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"

SPREAD = Need(
    f"{TEMPLATE}.topologySpreadConstraints",
    is_set,
    "spread the pods by topologyKey topology.kubernetes.io/zone",
    unless=Need(f"{TEMPLATE}.affinity.podAntiAffinity", is_set, ""),
)


def several(resource: Subject) -> Answer:
    """Tell whether there are several pods; without a number, an autoscaler decides."""
    replicas = resource.get("spec.replicas")
    if isinstance(replicas, UnknownValueError):
        return replicas
    return not isinstance(replicas, int | float) or replicas > 1


def _spread(resource: Subject) -> Iterator[Verdict]:
    for verdict in verdicts(resource, SPREAD):
        if isinstance(verdict, Violation):
            yield from demanded(False, verdict, of=several(resource))
        else:
            yield verdict


def _budgets(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    workloads = [each for each in stack if each.type in SERVING]
    pods = ByLabels((labels(each), each) for each in workloads)
    covered: dict[int, list[Answer]] = defaultdict(list)
    for budget in stack:
        selector = budget.get("spec.selector") if budget.type == BUDGET else None
        if selector is not None:  # none takes no pod, an empty one takes all
            for each, selected in pods.selected(selector):
                covered[id(each)].append(every((selected, neighbours(budget, each))))
    missing = Violation(
        "has several pods and no PodDisruptionBudget",
        "add one whose selector matches its pods, with maxUnavailable 1",
    )
    for workload in workloads:
        answer = some(covered.get(id(workload), ()))
        for verdict in demanded(answer, missing, of=several(workload)):
            yield workload, verdict


POLICIES: Sequence[Policy] = (
    resource_policy(
        _spread,
        name="spread-over-zones",
        display_name="The loss of a zone is not the loss of a service",
        description="Workloads of several pods spread them.",
        types=SERVING,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Add topologySpreadConstraints by topology.kubernetes.io/zone and by host: the "
            "scheduler otherwise may put all pods on one node."
        ),
        tags=("kubernetes", "availability"),
        url=(
            "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"
        ),
    ),
    stack_policy(
        _budgets,
        name="disruption-budget",
        display_name="Maintenance takes one pod at a time",
        description="Workloads of several pods have a PodDisruptionBudget.",
        types=(*SERVING, BUDGET),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Add a PodDisruptionBudget with maxUnavailable 1: Karpenter, upgrades and drains then "
            "wait until the pod that they took is replaced."
        ),
        tags=("kubernetes", "availability"),
        url="https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    ),
)
