"""scripts/deploy: in which order CI calls Pulumi, and what keeps it from an up."""

import re
from pathlib import Path

import pytest

from tests.workflows.files import ROOT
from tests.workflows.sandbox import OUTSIDE, Sandbox

SHOW = "stack --show-name --stack prod --non-interactive --color never"
JSON = "preview --json --stack prod --non-interactive --color never"
NO_SUCH_STACK = 6


def words(call: str) -> str:
    return re.sub("[^a-zA-Z]", "-", call)


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """Return a folder with the script in it, and a stack with one change."""
    made = Sandbox(tmp_path, fakes=(*OUTSIDE, ".venv/bin/python"))
    script = made.work / "scripts" / "deploy"
    script.parent.mkdir()
    script.write_text((ROOT / "scripts" / "deploy").read_text())
    script.chmod(0o755)
    made.say(words("-m stacks changes"), "update aws:ec2/vpc:Vpc network-vpc (tags)\n")
    made.say(words("-m policies config --stack prod"), "{}")
    return made


def approve(box: Sandbox, text: str = "update aws:ec2/vpc:Vpc network-vpc (tags)\n") -> None:
    (box.work / "out").mkdir(exist_ok=True)
    (box.work / "out" / "changes.txt").write_text(text)


def test_a_preview_is_held_to_policies_and_guard_and_changes_nothing(box: Sandbox):
    ran = box.run("scripts/deploy preview prod out")
    assert ran.code == 0, ran.error
    pulumi = [" ".join(given) for given in ran.of("pulumi")]
    assert pulumi[0] == SHOW
    assert re.match(
        r"preview --policy-pack policies --policy-pack-config \S+/policies.json --stack prod ",
        pulumi[1],
    )
    assert pulumi[2:] == [JSON]
    assert ["-m", "stacks", "guard", "prod"] in ran.of("python")
    assert (box.work / "out" / "changes.txt").read_text().startswith("update aws:ec2/vpc:Vpc")


def test_an_up_makes_the_approved_changes_under_policies(box: Sandbox):
    approve(box)
    ran = box.run("scripts/deploy up prod out")
    assert ran.code == 0, ran.error
    last = " ".join(ran.of("pulumi")[-1])
    assert re.fullmatch(
        r"up --yes --skip-preview --policy-pack policies --policy-pack-config \S+/policies.json"
        r" --stack prod --non-interactive --color never",
        last,
    )


def ups(ran_calls: list[list[str]]) -> list[list[str]]:
    return [call for call in ran_calls if call[0] == "up"]


@pytest.mark.parametrize(
    ("approved", "said"),
    [
        ("delete aws:ec2/vpc:Vpc network-vpc\n", "what would change is not what was approved"),
        (None, "nothing was approved"),
    ],
)
def test_an_up_of_anything_else_is_refused(approved: str | None, said: str, box: Sandbox):
    if approved:
        approve(box, approved)
    ran = box.run("scripts/deploy up prod out")
    assert ran.code == 1
    assert said in ran.error
    assert ups([list(given) for given in ran.of("pulumi")]) == []


def test_what_the_guard_refuses_is_not_done(box: Sandbox):
    approve(box)
    box.say(words("-m stacks guard prod"), "", code=1)
    for action in ("preview", "up"):
        ran = box.run(f"scripts/deploy {action} prod out")
        assert ran.code == 1
        assert ups([list(given) for given in ran.of("pulumi")]) == []


def test_a_preview_that_policies_refuse_fails(box: Sandbox):
    box.say("pulumi", "error: a policy", code=1)
    box.say(words(SHOW), "prod")
    ran = box.run("scripts/deploy preview prod out")
    assert ran.code == 1
    assert not (box.work / "out" / "changes.txt").exists()


def test_a_preview_that_fails_says_why(box: Sandbox):
    box.say(words(JSON), '{"diagnostics": [{"message": "no credentials"}]}', code=4)
    ran = box.run("scripts/deploy preview prod out")
    assert (ran.code, ran.error.strip()) == (4, "no credentials")


def test_the_first_deployment_makes_the_stack_once_it_is_approved(box: Sandbox):
    box.say(words(SHOW), "", code=NO_SUCH_STACK)
    ran = box.run("scripts/deploy preview prod out")
    assert ran.code == 0, ran.error
    assert "has never been deployed" in (box.work / "out" / "changes.txt").read_text()
    assert [given[0] for given in ran.of("pulumi")] == ["stack"]

    refused = box.run("scripts/deploy up prod out")
    assert refused.code == 1
    assert "set PULUMI_SECRETS_PROVIDER" in refused.error

    ran = box.run("scripts/deploy up prod out", {"PULUMI_SECRETS_PROVIDER": "awskms://alias/x"})
    assert ran.code == 0, ran.error
    called = ran.of("pulumi")
    assert called[1][:5] == ["stack", "init", "prod", "--secrets-provider", "awskms://alias/x"]
    assert called[-1][0] == "up"


def test_a_stack_that_is_gone_is_not_made_anew(box: Sandbox):
    approve(box)
    box.say(words(SHOW), "", code=NO_SUCH_STACK)
    ran = box.run("scripts/deploy up prod out", {"PULUMI_SECRETS_PROVIDER": "awskms://alias/x"})
    assert ran.code == 1
    assert "is gone since the preview" in ran.error


def test_a_backend_that_can_not_be_reached_is_no_new_stack(box: Sandbox):
    box.say(words(SHOW), "", code=3)
    assert box.run("scripts/deploy preview prod out").code == 3
    assert not (box.work / "out" / "changes.txt").exists()


def test_drift_compares_with_the_cloud_and_changes_nothing(box: Sandbox):
    box.say(words("-m stacks changes --markdown"), "- `update`\n")
    ran = box.run("scripts/deploy drift prod out")
    assert ran.code == 0, ran.error
    assert [given[:3] for given in ran.of("pulumi")][1:] == [["preview", "--json", "--refresh"]]
    assert (box.work / "out" / "changes.md").read_text() == "- `update`\n"


@pytest.mark.parametrize("call", ["", "preview prod", "destroy prod out"])
def test_a_wrong_call_is_told(call: str, box: Sandbox):
    ran = box.run(f"scripts/deploy {call}")
    assert ran.code == 1
    assert ran.error.startswith("error: ")
