"""Scaling: what can be more than one is scaled by something, within bounds."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, some
from policies.links import Reference, reference, unnamed
from policies.lookup import ByName
from policies.rule import (
    CONTROLS,
    Verdict,
    Violation,
    demanded,
    resource_policy,
    stack_policy,
)
from policies.spread import several
from policies.subject import Subject
from policies.workloads import DEPLOYMENT, name, namespace

HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject"
SCALERS = (HPA, SCALED_OBJECT)
TABLE = "aws:dynamodb/table:Table"
TARGET = "aws:appautoscaling/target:Target"

BY_USE = ("cpu", "memory", "cron")
"""KEDA's triggers that don't look at what waits."""

QUEUES = ("CELERY_QUEUES", "KAFKA_GROUP", "RABBITMQ_QUEUE")
"""Variables that say from where a container takes its work."""


class Scalers:
    """The autoscalers of a stack, by what they scale."""

    def __init__(self, stack: Sequence[Subject]) -> None:
        self._targets = ByName(
            (namespace(each), each.get("spec.scaleTargetRef.name"), each)
            for each in stack
            if each.type in SCALERS
        )

    def of(self, workload: Subject) -> list[tuple[Subject, Answer]]:
        """Return those that may scale a workload, and whether they do."""
        kind = workload.type.rpartition(":")[2]
        # KEDA takes a Deployment where nothing else is said
        kinds = (kind, None) if workload.type == DEPLOYMENT else (kind,)
        found = (
            (each, every((answer, among(each.get("spec.scaleTargetRef.kind"), kinds))))
            for each, answer in self._targets.find(namespace(workload), name(workload))
        )
        return [(each, answer) for each, answer in found if answer is not False]


def _scaled(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    both = Violation(
        "has both replicas and an autoscaler, which undo each other's work",
        "leave spec.replicas out",
    )
    missing = Violation(
        "may have several pods and nothing that scales them",
        "add a HorizontalPodAutoscaler or a ScaledObject, or say replicas 1",
    )
    scalers = Scalers(stack)
    for workload in stack:
        if workload.type != DEPLOYMENT:
            continue
        replicas = workload.get("spec.replicas")
        scaled = some(answer for _, answer in scalers.of(workload))
        if isinstance(replicas, UnknownValueError):
            yield workload, replicas
            continue
        fixed = demanded(opposite(scaled), both, of=replicas is not None)
        followed = demanded(scaled, missing, of=replicas is None or _number(replicas, 0) > 1)
        yield from ((workload, verdict) for verdict in (*fixed, *followed))


def _bounded(scaler: Subject) -> Iterator[Verdict]:
    low, high = "minReplicas", "maxReplicas"
    if scaler.type == SCALED_OBJECT:
        low, high = "minReplicaCount", "maxReplicaCount"
    least, most = scaler.get(f"spec.{low}"), scaler.get(f"spec.{high}")
    for value in (least, most):
        if isinstance(value, UnknownValueError):
            yield value
            return
    limit = scaler.number("mostPods")
    default = 0 if scaler.type == SCALED_OBJECT else 1
    if most is None:
        yield Violation(f"has no {high}", f"set spec.{high} to what the stores behind bear")
    elif _number(most, 0) > limit:
        yield Violation(f"may have more than {limit} pods", f"set spec.{high} to {limit} or less")
    elif _number(least, default) >= _number(most, 0):
        yield Violation("can't scale, as its bounds are the same", f"set spec.{high} above {low}")


def _number(value: object, default: float) -> float:
    return value if isinstance(value, int | float) else default


def _workers(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    missing = Violation(
        "works off a queue and is not scaled by what waits in it",
        "add a ScaledObject with a trigger of that queue",
    )
    scalers = Scalers(stack)
    for workload in stack:
        taking = _takes_from_queue(workload) if workload.type == DEPLOYMENT else False
        if taking is False:
            continue
        by_queue = some(
            every((scales, opposite(among(trigger.content, BY_USE))))
            for scaler, scales in scalers.of(workload)
            for trigger in scaler.each("spec.triggers[].type")
        )
        for verdict in demanded(by_queue, missing, of=taking):
            yield workload, verdict


def _takes_from_queue(workload: Subject) -> Answer:
    """Tell whether a workload is of workers, not one alone such as what starts tasks by the clock.

    Its number of pods decides that only where it is said.
    """
    names = workload.each("spec.template.spec.containers[].env[].name")
    told = some(among(each.content, workload.texts("variables")) for each in names)
    return every((several(workload), told))


def _capacity(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    fixed: list[Subject] = []
    for table in stack:
        if table.type != TABLE:
            continue
        mode = table.get("billingMode")
        if isinstance(mode, UnknownValueError):
            yield table, mode
        elif mode != "PAY_PER_REQUEST":
            fixed.append(table)
    targets = [
        _of_table(reference(each, "resourceId"))
        for each in stack
        if each.type == TARGET and among(each.get("serviceNamespace"), ("dynamodb",)) is not False
    ]
    yield from unnamed(
        fixed,
        ("name",),
        targets,
        Violation(
            "has a capacity that is always the same",
            "set billingMode to PAY_PER_REQUEST, or add an Application Auto Scaling target",
        ),
    )


def _of_table(target: Reference) -> Reference:
    arn = target.value
    known = arn.removeprefix("table/") if isinstance(arn, str) else arn
    return Reference(known, target.urns)


POLICIES: Sequence[Policy] = (
    stack_policy(
        _scaled,
        name="autoscaler-present",
        display_name="Load is followed, not guessed",
        description="A Deployment of several pods has an autoscaler, which alone sets replicas.",
        types=(DEPLOYMENT, *SCALERS),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Add a HorizontalPodAutoscaler or a ScaledObject and leave spec.replicas out: each "
            "deployment would else set the number back, in the middle of the load."
        ),
        tags=("kubernetes", "scaling"),
        url="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    ),
    resource_policy(
        _bounded,
        name="autoscaler-bounds",
        display_name="Scaling has a floor and a ceiling",
        description="Autoscalers have a maximum within reason, above the minimum.",
        types=SCALERS,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set the maximum to what the stores behind and the budget bear; minimum-replicas "
            "holds the minimum of what serves."
        ),
        tags=("kubernetes", "scaling", "cost"),
        url="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/",
        settings={
            "mostPods": {
                "type": "integer",
                "minimum": 2,
                "default": 100,
                "description": "Most pods that an autoscaler may start.",
            },
        },
    ),
    stack_policy(
        _workers,
        name="worker-scaled-by-queue",
        display_name="Work that waits brings workers",
        description="What works off a queue is scaled by KEDA, by what waits in it.",
        types=(DEPLOYMENT, *SCALERS),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Add a ScaledObject with a rabbitmq, kafka or aws-sqs-queue trigger: a worker that "
            "waits for a slow store uses no CPU, however long its queue is."
        ),
        tags=("kubernetes", "scaling"),
        url="https://keda.sh/docs/latest/scalers/",
        settings={
            "variables": {
                "type": "array",
                "items": {"type": "string"},
                "default": list(QUEUES),
                "description": "Variables that only a container has which takes from a queue.",
            }
        },
    ),
    stack_policy(
        _capacity,
        name="table-capacity-scaled",
        display_name="Tables scale with demand",
        description="DynamoDB tables are on demand, or their capacity is scaled.",
        types=(TABLE, TARGET),
        severity=Severity.MEDIUM,
        remediation_steps="Set billingMode to PAY_PER_REQUEST, or scale both capacities.",
        tags=("scaling", "cost"),
        url=f"{CONTROLS}dynamodb-controls.html#dynamodb-1",
    ),
)
