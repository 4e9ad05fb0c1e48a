"""The replacement guard, on steps alone and on `pulumi preview --json`."""

import io
import json
from collections.abc import Sequence

import pytest

from policies import deletion
from stacks.__main__ import main
from stacks.guard import GUARDED, Step, explain, losses, steps_of_preview

CLUSTER = "aws:eks/cluster:Cluster"
URN = "urn:pulumi:dev::p::fastapi-platform:index:Cluster$aws:eks/cluster:Cluster::cluster"


def step(operation: str, type_: str = CLUSTER, properties: Sequence[str] = ()) -> Step:
    return Step(operation, type_, URN.replace(CLUSTER, type_), properties)


@pytest.mark.parametrize("type_", sorted(GUARDED))
def test_every_guarded_type_is_kept_from_replacement_and_deletion(type_: str):
    for operation in ("replace", "create-replacement", "delete-replaced", "delete"):
        assert len(losses([step(operation, type_)])) == 1
    for operation in ("create", "update", "same", "refresh"):
        assert losses([step(operation, type_)]) == []


def test_what_the_policies_keep_from_deletion_is_guarded():
    # A deleted secret can be had back for weeks (policy secrets-recovery), and is written anew.
    kept = {*deletion.GUARDED, *deletion.PROTECTED} - {"aws:secretsmanager/secret:Secret"}
    assert kept <= GUARDED.keys()


def test_other_types_may_come_and_go():
    assert losses([step("delete", "aws:ec2/subnet:Subnet")]) == []


def test_the_refusal_names_resource_and_property_and_how_to_allow_it():
    lost = losses(
        [
            step("create-replacement"),
            step("replace", properties=["roleArn"]),
            step("delete-replaced"),
        ]
    )
    assert explain(lost).splitlines() == [
        f"refused, because this would replace the cluster 'cluster', because of roleArn ({URN})",
        "If that is what you want, allow it for each by name in the stack file:",
        "  platform:allowReplacement:",
        "    - aws:eks/cluster:Cluster::cluster",
    ]


@pytest.mark.parametrize("allowed", [URN, f"{CLUSTER}::cluster"])
def test_one_resource_can_be_allowed_by_name_or_urn(allowed: str):
    other = Step("delete", CLUSTER, URN + "-2")
    assert losses([step("delete"), other], [allowed]) == losses([other])


PREVIEW = {
    "steps": [
        {
            "op": "replace",
            "urn": URN,
            "newState": {"type": CLUSTER},
            "replaceReasons": ["encryptionConfig"],
        },
        {"op": "same", "urn": "urn:pulumi:dev::p::a:b:C::x", "newState": {"type": "a:b:C"}},
    ]
}


def test_the_output_of_pulumi_preview_is_read():
    assert [str(loss) for loss in losses(list(steps_of_preview(PREVIEW)))] == [
        f"would replace the cluster 'cluster', because of encryptionConfig ({URN})"
    ]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (json.dumps(PREVIEW), 1, "would replace the cluster 'cluster'"),
        (json.dumps({"steps": []}), 0, "0 steps, no stateful resource is lost"),
        ("not JSON", 2, "no output of `pulumi preview --json`"),
        ("[]", 2, "no output of `pulumi preview --json`"),
    ],
)
def test_the_command_judges_a_preview_from_standard_input(
    text: str,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert main(["guard", "dev"]) == code
    printed = capsys.readouterr()
    assert said in printed.out + printed.err
