"""How few pods may be left of what serves others."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, every, some
from policies.rule import Verdict, Violation, demanded, stack_policy
from policies.scaling import SCALED_OBJECT, SCALERS, Scalers
from policies.shown import Served, Serving
from policies.subject import Subject
from policies.workloads import SERVICE, SERVING, name

Number = int | UnknownValueError


def _several(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    """Look at each workload together with what serves the same service beside it."""
    scalers, serving = Scalers(stack), Serving(stack)
    least = {each.urn: _least(each, scalers) for each in stack if each.type in SERVING}
    kept: dict[str, list[Answer]] = {}
    serves: dict[str, list[Answer]] = {}
    for service in stack:
        behind = serving.behind(service) if service.type == SERVICE else []
        together = _enough(behind, least, service.number("replicas")) if behind else False
        for workload, answer in behind:
            serves.setdefault(workload.urn, []).append(answer)
            kept.setdefault(workload.urn, []).append(every((answer, together)))
    for workload in stack:
        if workload.urn in serves and not _may_be_few(workload):
            wanted = workload.number("replicas")
            missing = Violation(
                f"serves others and may be fewer than {wanted} pods",
                f"set spec.replicas, or the minimum of its autoscaler, to {wanted} or more",
            )
            answer, demand = some(kept[workload.urn]), some(serves[workload.urn])
            yield from ((workload, each) for each in demanded(answer, missing, of=demand))


def _may_be_few(workload: Subject) -> bool:
    called = name(workload)
    return any(fnmatch.fnmatchcase(str(called), each) for each in workload.texts("fewer"))


def _enough(behind: Sequence[Served], least: Mapping[str, Number], wanted: int) -> Answer:
    """Tell whether workloads are enough pods together, of those that surely serve first."""
    total = 0
    doubt: UnknownValueError | None = None
    for workload, answer in behind:
        number = least[workload.urn]
        if isinstance(number, UnknownValueError):
            doubt = doubt or number
        elif answer is True:
            total += number
        elif isinstance(answer, UnknownValueError):
            doubt = doubt or answer
    return True if total >= wanted else doubt or False


def _least(workload: Subject, scalers: Scalers) -> Number:
    """Return how few pods there may be."""
    found = scalers.of(workload)
    for scaler, answer in found:
        if answer is True:
            return _minimum(scaler)
    doubts = [answer for _, answer in found if isinstance(answer, UnknownValueError)]
    return doubts[0] if doubts else _number(workload.get("spec.replicas"), 1)


def _minimum(scaler: Subject) -> Number:
    if scaler.type != SCALED_OBJECT:
        return _number(scaler.get("spec.minReplicas"), 1)
    least = _number(scaler.get("spec.minReplicaCount"), 0)
    # what is left where there is nothing to do, if that is another number,
    # https://keda.sh/docs/latest/reference/scaledobject-spec/ (2026-11)
    idle = scaler.get("spec.idleReplicaCount")
    return least if idle is None or isinstance(least, UnknownValueError) else _number(idle, 0)


def _number(content: object, default: int) -> Number:
    if isinstance(content, UnknownValueError):
        return content
    return int(content) if isinstance(content, int | float) else default


POLICIES: Sequence[Policy] = (
    stack_policy(
        _several,
        name="minimum-replicas",
        display_name="The loss of a node is not the loss of a service",
        description="What serves behind a Service has a minimum number of pods at all times.",
        types=(SERVICE, *SERVING, *SCALERS),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Let the autoscaler's minimum be two or more, or spec.replicas where there is none: "
            "one pod alone is gone with its node, and with each drain. What takes work from a "
            "queue and has no Service may be none."
        ),
        tags=("kubernetes", "availability", "scaling"),
        url="https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
        settings={
            "replicas": {
                "type": "integer",
                "minimum": 1,
                "default": 2,
                "description": "Fewest pods of what serves behind a Service.",
            },
            "fewer": {
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "default": ["*-canary"],
                "description": (
                    "Names of workloads that may be fewer, as what gets a part of the requests "
                    "only; * stands for any characters."
                ),
            },
        },
    ),
)
