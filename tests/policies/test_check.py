"""`python -m policies check`: any file that Pulumi writes, without an engine, and no false pass."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from policies.check import FailOn, Kind, Outcome, check
from policies.command import main
from policies.exemptions import today
from policies.pack import NAME, POLICIES
from policies.states import read_resources

URN = "urn:pulumi:prod::shop::"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
SECRET_KEY = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
TAGS: dict[str, object] = dict.fromkeys(("Name", "environment", "owner", "project"), "x")
GOOD: dict[str, object] = {"kmsKeyId": "arn", "retentionInDays": 30, "tags": TAGS}
BAD: dict[str, object] = {"kmsKeyId": "arn", "tags": TAGS}
HIDDEN: dict[str, object] = {**BAD, "retentionInDays": "[secret]"}
State = dict[str, object]


def group(inputs: Mapping[str, object], **more: object) -> State:
    return {"urn": f"{URN}{GROUP}::logs", "type": GROUP, "custom": True, "inputs": inputs, **more}


def exported(*states: State) -> State:
    return {"version": 3, "deployment": {"manifest": {}, "resources": list(states)}}


def planned(state: State, op: str = "create") -> State:
    return {"steps": [{"op": op, "urn": state["urn"], "newState": state}]}


def judged(content: object, configured: Mapping[str, object] | None = None) -> Outcome:
    resources = read_resources("test", json.dumps(content))
    return check(NAME, POLICIES, resources, configured or {})


def forms(state: State) -> Mapping[str, object]:
    latest: State = {"resources": [state]}
    return {
        "export": exported(state),
        "checkpoint": {"checkpoint": {"latest": latest}},
        "deployment": {**latest, "manifest": {"version": ""}},
        "preview": planned(state),
        "resources": [state],
    }


@pytest.mark.parametrize("form", forms(group(GOOD)))
def test_every_file_that_lists_resources_is_read(form: str) -> None:
    assert judged(forms(group(GOOD))[form]).findings == []
    (finding,) = judged(forms(group(BAD))[form]).findings
    assert finding.kind is Kind.VIOLATION
    assert finding.mandatory
    assert finding.policy.name == "log-retention"
    assert finding.urn == f"{URN}{GROUP}::logs"
    assert finding.message.startswith(
        "log-retention: aws:cloudwatch/logGroup:LogGroup 'logs' keeps"
    )


@pytest.mark.parametrize(
    "value",
    [
        {SECRET_KEY: SECRET, "ciphertext": "v1:abc"},
        {SECRET_KEY: SECRET, "plaintext": "no JSON"},
        "[secret]",
        "[unknown]",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    ],
)
def test_what_the_file_hides_is_undecided_and_never_passes(value: object) -> None:
    (finding,) = judged(exported(group({**GOOD, "retentionInDays": value}))).findings
    assert finding.kind is Kind.UNDECIDED
    assert "retentionInDays is not in the file" in finding.message


@pytest.mark.parametrize(("days", "passes"), [("30", True), ("2", False)])
def test_shown_secrets_are_judged(days: str, passes: bool) -> None:
    shown = {SECRET_KEY: SECRET, "plaintext": days}
    outcome = judged(exported(group({**GOOD, "retentionInDays": shown})))
    assert bool(outcome.failures()) is not passes
    assert not outcome.of(Kind.UNDECIDED)


@pytest.mark.parametrize(
    "content",
    [
        exported(group(BAD, delete=True)),
        exported(group(BAD, external=True)),
        planned(group(BAD), "delete"),
        planned(group(BAD), "read"),
    ],
)
def test_what_is_going_or_not_ours_is_left_alone(content: State) -> None:
    assert judged(content).findings == []


def test_the_tags_of_its_provider_count() -> None:
    urn = f"{URN}pulumi:providers:aws::default"
    provider: State = {
        "urn": urn,
        "type": "pulumi:providers:aws",
        "inputs": {"defaultTags": json.dumps({"tags": TAGS})},
    }
    inputs = {"kmsKeyId": "arn", "retentionInDays": 30}
    assert judged(exported(provider, group(inputs, provider=f"{urn}::id"))).findings == []
    (finding,) = judged(exported(group(inputs))).findings
    assert finding.policy.name == "required-tags"


def test_protection_is_read() -> None:
    table = "aws:dynamodb/table:Table"
    name = "deletion-protection"
    state: State = {"urn": f"{URN}{table}::carts", "type": table, "inputs": {}}
    only = {policy.name: "disabled" for policy in POLICIES if policy.name != name}
    assert judged(exported(state), only).failures()
    kept = {**state, "protect": True, "inputs": {"deletionProtectionEnabled": True}}
    assert not judged(exported(kept), only).findings


def test_exempted_violations_are_told_and_do_not_fail() -> None:
    exemption = {
        "policy": "log-retention",
        "resource": f"{GROUP}::log*",
        "reason": "kept by law",
        "owner": "legal",
    }
    outcomes = {
        end: judged(
            exported(group(BAD)),
            {"justified-exemptions": {"exempt": [{**exemption, "expires": str(end)}]}},
        )
        for end in (today(), today() - timedelta(days=1))
    }
    valid, expired = outcomes.values()
    assert [f.kind for f in valid.findings] == [Kind.EXEMPTED]
    assert not valid.failures({FailOn.ADVISORY})
    assert {f.policy.name for f in expired.failures()} == {"log-retention", "justified-exemptions"}


def test_what_is_undecided_of_an_exempted_resource_is_exempted() -> None:
    exemption = {
        "policy": "log-retention",
        "resource": f"{GROUP}::logs",
        "reason": "its retention is a secret",
        "owner": "legal",
        "expires": str(today()),
    }
    configured = {"justified-exemptions": {"exempt": [exemption]}}
    outcome = judged(exported(group(HIDDEN)), configured)
    assert [f.kind for f in outcome.findings] == [Kind.EXEMPTED]
    assert not outcome.failures(set(FailOn))


def test_what_a_stack_policy_could_not_decide_names_the_resource() -> None:
    deployment = "kubernetes:apps/v1:Deployment"
    metadata = {"name": "orders", "namespace": "apps"}
    state: State = {
        "urn": f"{URN}{deployment}::orders",
        "type": deployment,
        "inputs": {"metadata": metadata, "spec": {"replicas": "[unknown]"}},
    }
    only = {policy.name: "disabled" for policy in POLICIES if policy.name != "disruption-budget"}
    (finding,) = judged(exported(state), only).findings
    assert finding.kind is Kind.UNDECIDED
    assert "kubernetes:apps/v1:Deployment 'orders': " in finding.message


def write(tmp_path: Path, content: object) -> str:
    path = tmp_path / "state.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


@pytest.mark.parametrize(
    ("inputs", "options", "code"),
    [
        (GOOD, [], 0),
        (BAD, [], 1),
        (BAD, ["--stack", "dev"], 1),
        (BAD, ["--config", "lenient"], 0),
        (BAD, ["--config", "lenient", "--fail-on", "advisory"], 1),
        (BAD, ["--config", "lenient", "--fail-on", "undecided"], 0),
        (HIDDEN, [], 0),
        (HIDDEN, ["--fail-on", "advisory"], 0),
        (HIDDEN, ["--fail-on", "undecided"], 1),
        (HIDDEN, ["--config", "lenient", "--fail-on", "undecided"], 0),
        (HIDDEN, ["--config", "lenient", "--fail-on", "undecided", "--fail-on", "advisory"], 1),
        (GOOD, ["--fail-on", "undecided", "--fail-on", "advisory"], 0),
    ],
)
def test_exit_code_tells(
    inputs: State,
    options: list[str],
    code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lenient = tmp_path / "lenient.json"
    lenient.write_text('{"log-retention": "advisory"}')
    options = [str(lenient) if option == "lenient" else option for option in options]
    assert main(["check", write(tmp_path, exported(group(inputs))), *options]) == code
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 resources, ")


def test_an_empty_stack_passes(tmp_path: Path) -> None:
    assert main(["check", write(tmp_path, exported())]) == 0
    assert main(["check", write(tmp_path, '{"deployment": {"manifest": {}}}')]) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is no JSON; the output of `pulumi stack export`"),
        ("config:\n  a: b\n", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ({"steps": 3}, "is no state of a stack"),
        ({"hello": "world"}, "is no state of a stack"),
        ("3", "is no state of a stack"),
        ({"deployment": {"resources": {}}}, "is no state of a stack"),
        ([3], "resource 0: must be a mapping"),
        ([{"urn": "x"}], "resource 0: has no urn or no type"),
    ],
)
def test_wrong_input_is_one_clear_error(
    content: object, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, content)
    assert main(["check", path]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert line.startswith(f"error: {path}: ")
    assert words in line


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "/nowhere/state.json"]) == 2
    assert capsys.readouterr().err == (
        "error: /nowhere/state.json: can't be read: No such file or directory\n"
    )
