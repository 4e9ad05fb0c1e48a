from pathlib import Path
from typing import Self

import pytest

from simulator.errors import Exit, SimulatorError
from simulator.report import collect as collecting
from simulator.report.collect import collect
from simulator.report.model import Report
from simulator.report.references import References
from simulator.report.values import leaves
from simulator.state import masked
from tests.unit.reports import PASSWORD, SECRET, Deployment, finding, platform


def resource(report: Report, name: str):
    return next(r for r in report.resources if r.name == name)


def test_secrets_are_masked_wherever_they_are():
    report = platform().report()
    assert resource(report, "kafka-password").inputs == {"secretString": "[secret]"}
    assert not any(PASSWORD in text for r in report.resources for text in leaves(r.inputs))
    assert not any(PASSWORD in handle for r in report.resources for handle in r.handles)


def test_a_secret_in_a_list_is_masked():
    hidden = {**SECRET, "ciphertext": "v1:abc"}
    assert masked({"a": [1, hidden, {"b": hidden}]}) == {"a": [1, "[secret]", {"b": "[secret]"}]}


def test_an_id_that_came_along_belongs_to_what_brought_it():
    references = References.of(platform().report())
    brought = references.resource("sg-0c1a55e2")
    assert brought is not None
    assert brought.name == "cluster-eks"


def test_an_id_among_the_inputs_is_another_s():
    made = platform()
    selector = {"spec": {"securityGroupSelectorTerms": [{"id": "sg-0c1a55e2"}]}}
    type_ = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
    made.add(type_, "nodes", inputs=selector, outputs=selector)
    made.resources.insert(1, made.resources.pop())  # even if it comes before the cluster
    found = References.of(made.report()).resource("sg-0c1a55e2")
    assert found is not None
    assert found.name == "cluster-eks"


def test_an_own_id_beats_one_that_others_only_show():
    made = Deployment()
    made.add("aws:ec2/subnet:Subnet", "first", id="subnet-1", outputs={"vpcId": "vpc-12345678"})
    made.add("aws:ec2/vpc:Vpc", "own", id="vpc-12345678")
    found = References.of(made.report()).resource("vpc-12345678")
    assert found is not None
    assert found.name == "own"


def test_a_policy_with_its_target_s_id_is_not_the_target():
    made = Deployment()
    arn = "arn:aws:sns:eu-west-1:123456789012:alarms"
    made.add("aws:sns/topic:Topic", "alarms-topic", id=arn)
    made.add("aws:sns/topicPolicy:TopicPolicy", "alarms-policy", id=arn)
    assert References.of(made.report()).named(arn) == "${alarms-topic}"


def test_ids_in_texts_become_names():
    references = References.of(platform().report())
    text = "from vpc-0a1b2c3d4e5f to subnet-000000001"
    assert references.named(text) == "from ${network-vpc} to ${network-private-1}"
    assert references.readable({"ids": ["subnet-000000002"], "n": 1}) == {
        "ids": ["${network-private-2}"],
        "n": 1,
    }


def test_an_empty_stack_has_no_references():
    assert References.of(Deployment().report()).named("vpc-0a1b2c3d4e5f") == "vpc-0a1b2c3d4e5f"


def test_findings_are_what_the_policies_said_each_once():
    said = finding("multi-az", message="Stores survive. multi-az: <{%reset%}>set\n x")
    waits = finding("multi-az", "advisory", "can't run policy 'multi-az' during preview: unknown")
    report = platform().report(said, said, waits)
    assert [(f.policy, f.level, f.message) for f in report.findings] == [
        ("multi-az", "mandatory", "set x")
    ]


def test_what_counts_is_in_a_cloud():
    report = platform().report()
    kinds = {r.kind for r in report.cloud_resources}
    assert {"Vpc", "Subnet", "SecretVersion"} <= kinds
    assert not kinds & {"Stack", "Network", "Kafka"}


class Refused:
    """Stands for a session whose policies refuse the stack, or whose program fails."""

    def __init__(self, code: Exit) -> None:
        self.code = code
        self.policies: tuple[Path, ...] = (Path("pack"),)
        self.settings = self
        self.region = "eu-west-1"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def up(self, _note: object = None) -> None:
        if self.policies:
            raise SimulatorError("no", self.code)

    def state(self) -> dict[str, object]:
        return {"resources": platform().resources}


def opened_as(session: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object, **__: object) -> Refused:
        return session

    monkeypatch.setattr(collecting.Session, "open", opened)


def test_a_stack_that_policies_refuse_is_deployed_without_them(monkeypatch: pytest.MonkeyPatch):
    opened_as(Refused(Exit.REFUSED), monkeypatch)
    assert len(collect("prod", Path("pulumi")).cloud_resources) == 10


def test_another_failure_is_one(monkeypatch: pytest.MonkeyPatch):
    opened_as(Refused(Exit.FAILED), monkeypatch)
    with pytest.raises(SimulatorError, match="no"):
        collect("prod", Path("pulumi"))
