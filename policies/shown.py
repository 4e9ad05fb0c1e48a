"""Services that the gateway shows to the outside, with what serves them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.certainty import Answer, every, opposite, some
from policies.lookup import ByLabels, ByName
from policies.subject import Subject
from policies.workloads import (
    ROUTE,
    SERVICE,
    SERVING,
    backends,
    labels,
    name,
    namespace,
    neighbours,
    of_the_mesh,
)

Served = tuple[Subject, Answer]
"""A workload that may serve a service, and whether it does."""


@dataclass(frozen=True)
class Shown:
    """A service behind the gateway."""

    service: Subject
    workloads: Sequence[Served]
    certain: Answer
    """Whether it is shown, and served, at all: never no."""


class Serving:
    """The workloads of a stack, by what selects their pods."""

    def __init__(self, stack: Sequence[Subject]) -> None:
        self._pods = ByLabels((labels(each), each) for each in stack if each.type in SERVING)

    def behind(self, service: Subject) -> list[Served]:
        """Return the workloads whose pods a service selects."""
        wanted = service.get("spec.selector")
        if wanted is None:
            return []
        found = (
            (each, every((answer, neighbours(each, service))))
            for each, answer in self._pods.having(wanted)
        )
        return [(each, answer) for each, answer in found if answer is not False]


def shown(stack: Sequence[Subject]) -> Iterator[Shown]:
    """Give the services of a stack that routes of the gateway lead to, each once."""
    reached = ByName(
        (where, which, opposite(inside))
        for route in stack
        if route.type == ROUTE and (inside := of_the_mesh(route)) is not True
        for where, which in backends(route)
    )
    serving = Serving(stack)
    for service in stack:
        if service.type != SERVICE:
            continue
        routed = some(
            every((outside, answer))
            for outside, answer in reached.find(namespace(service), name(service))
        )
        if routed is False:
            continue
        workloads = serving.behind(service)
        certain = every((routed, some(answer for _, answer in workloads)))
        if certain is not False:
            yield Shown(service, workloads, certain)
