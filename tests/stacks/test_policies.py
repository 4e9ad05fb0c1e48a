"""Exemptions and remediation on the real engine, with the pack as the embedded cloud runs it."""

from datetime import timedelta

import pulumi_aws as aws
import pytest

from policies.check import check
from policies.environments import Configuration, configuration, exempted
from policies.exemptions import today
from policies.pack import NAME, POLICIES
from policies.states import read_resources
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
    exemptions = [EXEMPTION, {**EXEMPTION, "resource": f"{GROUP}::other"}]
    local.edit(exemptions=exemptions)
    with local.open(program) as session:
        record = session.up()
        state = session.workspace.state.read_text()
    assert not record.mandatory_violations()
    (note,) = record.exempted()
    assert "Exempted until" in note.message
    assert "by legal: kept for ever by law" in note.message
    (unused,) = [event for event in record.advisories() if event not in record.exempted()]
    assert unused.policy_name == "justified-exemptions"
    assert f"{GROUP}::other from log-retention covers nothing" in unused.message
    configured = exempted(configuration("local"), exemptions)
    offline = check(NAME, POLICIES, read_resources("state", state), configured)
    assert [finding.policy.name for finding in offline.findings] == [
        event.policy_name for event in record.policies
    ], "a check of the state says what the engine said"


def test_what_violates_is_corrected_before_it_is_made(
    local: Bench, monkeypatch: pytest.MonkeyPatch
):
    def remediating(_stack: str) -> Configuration:
        return {"log-retention": "remediate"}

    monkeypatch.setattr(running, "configuration", remediating)
    with local.open(program) as session:
        record = session.up()
        (group,) = session.cloud.inventory.alive()
    assert not record.mandatory_violations()
    assert group.inputs["retentionInDays"] == 3653
    assert group.inputs["tags"] == TAGS


def networks() -> None:
    """Make two networks, of which one has a log, and a rule for a network of others."""
    one = aws.ec2.Vpc("one", cidr_block="10.0.0.0/16", tags={**TAGS, "Name": "one"})
    two = aws.ec2.Vpc("two", cidr_block="10.1.0.0/16", tags={**TAGS, "Name": "two"})
    for name, network in {"one": one, "two": two}.items():
        aws.ec2.DefaultSecurityGroup(f"{name}-default", vpc_id=network.id, tags=TAGS)
    for log in ("a", "b"):
        aws.ec2.FlowLog(
            f"log-{log}",
            vpc_id=one.id,
            traffic_type="ALL",
            log_destination_type="s3",
            log_destination="arn:aws:s3:::logs",
            tags=TAGS,
        )
    group = aws.ec2.SecurityGroup("group", vpc_id=two.id, description="Of two", tags=TAGS)
    aws.vpc.SecurityGroupIngressRule(
        "rule",
        security_group_id=group.id,
        ip_protocol="tcp",
        from_port=9000,
        to_port=9000,
        cidr_ipv4="192.0.2.0/24",
        tags=TAGS,
    )


def test_settings_hold_and_what_is_of_which_network_is_known_before_there_is_any(
    local: Bench, monkeypatch: pytest.MonkeyPatch
):
    def listed(_stack: str) -> Configuration:
        return {"allowed-networks": {"cidrs": ["10.0.0.0/8"]}}

    monkeypatch.setattr(running, "configuration", listed)
    with local.open(networks) as session, pytest.raises(SimulatorError) as refused:
        session.preview()
    told = str(refused.value)
    assert "allowed-networks" in told
    assert "lets in 192.0.2.0/24" in told
    assert "vpc-flow-logs: aws:ec2/vpc:Vpc 'two' keeps no log" in told
    assert "Vpc 'one' keeps no log" not in told
    assert "default-security-group-closed" not in told


def test_the_engine_refuses_what_is_no_network(local: Bench, monkeypatch: pytest.MonkeyPatch):
    def wrong(_stack: str) -> Configuration:
        return {"allowed-networks": {"cidrs": ["the office"]}}

    monkeypatch.setattr(running, "configuration", wrong)
    with local.open(program) as session, pytest.raises(SimulatorError, match="allowed-networks"):
        session.preview()
