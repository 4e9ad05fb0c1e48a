"""What a preview changes, as the workflows of CI list it."""

import io
import json

import pytest

from stacks.__main__ import main
from stacks.changes import MOST_SHOWN, as_markdown, changes
from stacks.guard import Step
from stacks.loading import load_stack

VPC = "aws:ec2/vpc:Vpc"
URN = f"urn:pulumi:dev::p::{VPC}::network-vpc"
PREVIEW = {
    "steps": [
        {"op": "same", "urn": URN + "-2", "newState": {"type": VPC}},
        {"op": "refresh", "urn": URN + "-3", "newState": {"type": VPC}},
        {"op": "update", "urn": URN, "newState": {"type": VPC}, "diffReasons": ["tags", "a"]},
        {"op": "update", "urn": URN, "newState": {"type": VPC}, "diffReasons": ["a", "tags"]},
        {"op": "delete", "urn": URN + "-1", "oldState": {"type": VPC}},
    ]
}


def test_what_stays_is_left_out_and_lines_are_in_an_order_of_their_own():
    assert changes(
        [Step("update", VPC, URN, ("b", "a")), Step("same", VPC, URN), Step("create", VPC, URN)]
    ) == [f"create {VPC} network-vpc", f"update {VPC} network-vpc (a, b)"]


def test_a_long_list_is_cut_and_says_so():
    text = as_markdown([f"create a:b:C n{number}" for number in range(MOST_SHOWN + 7)])
    assert text.count("\n") == MOST_SHOWN + 1
    assert text.endswith("- and 7 more\n")
    assert as_markdown([]) == ""


@pytest.mark.parametrize(
    ("flags", "out"),
    [
        ((), f"delete {VPC} network-vpc-1\nupdate {VPC} network-vpc (a, tags)\n"),
        (
            ("--markdown",),
            f"- `delete {VPC} network-vpc-1`\n- `update {VPC} network-vpc (a, tags)`\n",
        ),
    ],
)
def test_the_command_reads_a_preview(
    flags: tuple[str, ...],
    out: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(PREVIEW)))
    assert main(["changes", *flags]) == 0
    assert capsys.readouterr().out == out


def test_the_command_refuses_what_is_no_preview(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.stdin", io.StringIO("{}"))
    assert main(["changes"]) == 2
    assert "no output of `pulumi preview --json`" in capsys.readouterr().err


def test_public_services_are_those_of_the_stack_file(capsys: pytest.CaptureFixture[str]):
    assert main(["public", "prod"]) == 0
    listed = capsys.readouterr().out.split()
    services = load_stack("prod").services
    assert listed == [name for name, spec in services.items() if spec.public]
    assert "notifications" not in listed
