"""Exemptions and remediation on the real engine, with the pack as the embedded cloud runs it."""

from datetime import timedelta

import pulumi_aws as aws
import pytest

from policies.environments import Configuration
from policies.exemptions import today
from simulator import session as running
from simulator.errors import SimulatorError
from tests.engine.conftest import Bench

GROUP = "aws:cloudwatch/logGroup:LogGroup"
TAGS: dict[str, str] = dict.fromkeys(("Name", "environment", "owner", "project"), "x")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
EXEMPTION = {
    "policy": "log-retention",
    "resource": f"{GROUP}::audit-*",
    "reason": "kept for ever by law",
    "owner": "legal",
    "expires": str(today() + timedelta(days=30)),
}


def program() -> None:
    aws.cloudwatch.LogGroup("audit-logs", kms_key_id=KEY, tags=TAGS)


def test_an_exempted_violation_is_a_note_and_one_that_covers_nothing_is_told(local: Bench):
    with local.open(program) as session, pytest.raises(SimulatorError, match="log-retention"):
        session.preview()
    local.edit(exemptions=[EXEMPTION, {**EXEMPTION, "resource": f"{GROUP}::other"}])
    with local.open(program) as session:
        record = session.up()
    assert not record.mandatory_violations()
    (exempted,) = record.exempted()
    assert "Exempted until" in exempted.message
    assert "by legal: kept for ever by law" in exempted.message
    (unused,) = [event for event in record.advisories() if event not in record.exempted()]
    assert unused.policy_name == "justified-exemptions"
    assert f"{GROUP}::other from log-retention covers nothing" in unused.message


def test_what_violates_is_corrected_before_it_is_made(
    local: Bench, monkeypatch: pytest.MonkeyPatch
):
    def configuration(_stack: str) -> Configuration:
        return {"log-retention": "remediate"}

    monkeypatch.setattr(running, "configuration", configuration)
    with local.open(program) as session:
        record = session.up()
        (group,) = session.cloud.inventory.alive()
    assert not record.mandatory_violations()
    assert group.inputs["retentionInDays"] == 3653
    assert group.inputs["tags"] == TAGS
