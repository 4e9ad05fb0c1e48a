"""Finding by names and labels: what is the same as asking each object, and what that costs."""

import pytest
from pulumi_policy.proxy import UnknownValueError

from policies.lookup import ByLabels, ByName
from policies.workloads import selects
from tests.policies.verdict import UNKNOWN

OPEN = UnknownValueError(UNKNOWN, ["it"])


def test_a_name_is_found_and_what_may_have_it() -> None:
    things = ByName([("a", "x", 1), ("a", "y", 2), ("b", "x", 3), (OPEN, "x", 4), ("a", OPEN, 5)])
    assert list(things.find("a", "x")) == [(1, True), (4, OPEN), (5, OPEN)]
    assert list(things.find("b", "y")) == []
    assert [thing for thing, _ in things.find(OPEN, "x")] == [1, 3, 4, 5]


LABELLED: list[tuple[object, str]] = [
    ({"app": "orders", "team": "a"}, "orders"),
    ({"app": "catalog", "team": "a"}, "catalog"),
    ({"app": OPEN, "team": "a"}, "some app"),
    (OPEN, "anything"),
    (None, "bare"),
]


@pytest.mark.parametrize(
    "selector",
    [
        {"matchLabels": {"app": "orders"}},
        {"matchLabels": {"app": "orders", "team": "b"}},
        {"matchLabels": {"app": OPEN}},
        {"matchLabels": OPEN},
        {"matchExpressions": [{"key": "app", "operator": "Exists"}]},
        {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["orders"]}]},
        {"matchLabels": {"team": "a"}, "matchExpressions": OPEN},
        {},
        OPEN,
    ],
    ids=str,
)
def test_labels_are_found_as_if_each_were_asked(selector: object) -> None:
    asked = {thing: selects(selector, labels) for labels, thing in LABELLED}
    wanted = {thing: answer for thing, answer in asked.items() if answer is not False}
    found = list(ByLabels(LABELLED).selected(selector))
    assert dict(found) == wanted
    assert len(found) == len(wanted)


class Counted(dict[str, object]):
    """Labels that count how often they are read."""

    read = 0

    def __getitem__(self, key: str) -> object:
        Counted.read += 1
        return super().__getitem__(key)


def test_only_what_may_match_is_asked() -> None:
    labelled = [(Counted(app=f"app-{n}", team="a"), n) for n in range(200)]
    pods = ByLabels(labelled)
    Counted.read = 0
    for n in range(200):
        ((found, _),) = pods.selected({"matchLabels": {"team": "a", "app": f"app-{n}"}})
        assert found == n
    assert Counted.read <= 200 * 4
