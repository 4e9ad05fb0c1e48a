"""Finding what goes with what among many Kubernetes objects, without asking each about each.

What is not known yet of an object may match: it is looked at every time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, every, same
from policies.subject import entries, item
from policies.workloads import has, selects

T = TypeVar("T")


class ByName(Generic[T]):
    """Things by a namespace and a name."""

    def __init__(self, things: Iterable[tuple[object, object, T]]) -> None:
        self._all = list(things)
        self._known: dict[tuple[object, object], list[T]] = defaultdict(list)
        self._open: list[tuple[object, object, T]] = []
        for where, which, thing in self._all:
            if isinstance(where, UnknownValueError) or isinstance(which, UnknownValueError):
                self._open.append((where, which, thing))
            else:
                self._known[where, which].append(thing)

    def find(self, where: object, which: object) -> Iterator[tuple[T, Answer]]:
        """Give what may be there under a name, and whether it is."""
        looked_at = self._open
        if isinstance(where, UnknownValueError) or isinstance(which, UnknownValueError):
            looked_at = self._all
        else:
            yield from ((thing, True) for thing in self._known.get((where, which), ()))
        for there, named, thing in looked_at:
            answer = every((same(there, where), same(named, which)))
            if answer is not False:
                yield thing, answer


class ByLabels(Generic[T]):
    """Things by their labels."""

    def __init__(self, things: Iterable[tuple[object, T]]) -> None:
        self._all = list(things)
        self._known: dict[tuple[str, object], list[tuple[object, T]]] = defaultdict(list)
        self._open: list[tuple[object, T]] = []
        for labels, thing in self._all:
            if isinstance(labels, UnknownValueError):
                self._open.append((labels, thing))
                continue
            pairs = list(entries(labels))
            for key, value in pairs:
                if not isinstance(value, UnknownValueError):
                    self._known[key, value].append((labels, thing))
            if any(isinstance(value, UnknownValueError) for _, value in pairs):
                self._open.append((labels, thing))

    def selected(self, selector: object) -> Iterator[tuple[T, Answer]]:
        """Give what a selector (matchLabels, matchExpressions) may take, and whether it does."""
        for labels, thing in self._candidates(item(selector, "matchLabels")):
            answer = selects(selector, labels)
            if answer is not False:
                yield thing, answer

    def having(self, wanted: object) -> Iterator[tuple[T, Answer]]:
        """Give what may have all of some labels, and whether it does."""
        for labels, thing in self._candidates(wanted):
            answer = has(wanted, labels)
            if answer is not False:
                yield thing, answer

    def _candidates(self, wanted: object) -> Iterable[tuple[object, T]]:
        """Return what has the rarest of some labels, and what may have it."""
        if isinstance(wanted, UnknownValueError):
            return self._all
        pairs = [pair for pair in entries(wanted) if not isinstance(pair[1], UnknownValueError)]
        if not pairs:
            return self._all
        rarest = min((self._known.get(pair, []) for pair in pairs), key=len)
        seen = {id(thing) for _, thing in rarest}
        return [*rarest, *(each for each in self._open if id(each[1]) not in seen)]
