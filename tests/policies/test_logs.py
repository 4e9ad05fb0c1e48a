"""Log retention."""

import pytest

from tests.policies.verdict import UNKNOWN, Inputs, verdict

RULE = "log-retention"
GROUP = "aws:cloudwatch/logGroup:LogGroup"


@pytest.mark.parametrize("days", [7, 30.0, 3653])
def test_retention_within_bounds_passes(days: float) -> None:
    assert verdict(RULE, GROUP, {"retentionInDays": days}).passed


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({}, "keeps its logs for ever"),
        ({"retentionInDays": 0}, "keeps its logs for ever"),
        ({"retentionInDays": 5}, "has a retention of 5 days"),
        ({"retentionInDays": 5000}, "has a retention of 5000 days"),
    ],
)
def test_any_other_retention_is_a_violation(inputs: Inputs, problem: str) -> None:
    (message,) = verdict(RULE, GROUP, inputs).violations
    assert message.startswith(f"{RULE}: {GROUP} 'it' {problem}")
    assert message.endswith("; set retentionInDays to between 7 and 3653.")


def test_unknown_is_undecided() -> None:
    assert verdict(RULE, GROUP, {"retentionInDays": UNKNOWN}).undecided
    assert verdict(RULE, GROUP, {"retentionInDays": 1, "logGroupClass": UNKNOWN}).undecided


def test_delivery_groups_have_a_retention_of_their_own() -> None:
    assert verdict(RULE, GROUP, {"logGroupClass": "DELIVERY"}).passed


def test_bounds_are_configurable() -> None:
    bounds = {"minDays": 365.0, "maxDays": 400.0}
    assert verdict(RULE, GROUP, {"retentionInDays": 365}, config=bounds).passed
    assert verdict(RULE, GROUP, {"retentionInDays": 30}, config=bounds).violations
    assert verdict(RULE, GROUP, {"retentionInDays": 731}, config=bounds).violations


def test_other_types_are_left_alone() -> None:
    assert verdict(RULE, "aws:cloudwatch/logStream:LogStream", {}).passed
