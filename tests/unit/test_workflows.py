"""The workflows of CI: what they name exists, what they may do is little, and their scripts run."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest
import yaml

from components.scans import findings
from components.scans.zap import IMAGE, VERSION
from policies import command as policies
from simulator import __main__ as simulator
from stacks import __main__ as stacks
from stacks.loading import stack_names
from tests.workflows.files import (
    ACTIONS,
    COPIED,
    EXPRESSION,
    GITHUB,
    GITLAB,
    PRE_COMMIT,
    ROOT,
    Json,
    Step,
    gitlab_scripts,
    jobs,
    load,
    steps,
    uses,
)
from tests.workflows.sandbox import Ran, Sandbox

OURS = [*GITHUB, *ACTIONS]
DOCUMENT = ROOT / "docs" / "ci.md"
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

WRITES: Mapping[str, Mapping[str, str]] = {
    "checks.yml: comment": {"pull-requests": "write"},
    "checks.yml: alerts": {"contents": "read", "security-events": "write", "actions": "read"},
    "deploy.yml: dev": {"contents": "read", "id-token": "write"},
    "deploy.yml: staging": {"contents": "read", "id-token": "write"},
    "deploy.yml: prod": {"contents": "read", "id-token": "write"},
    "deploy-stack.yml: preview": {"contents": "read", "id-token": "write"},
    "deploy-stack.yml: up": {"contents": "read", "id-token": "write"},
    "drift.yml: detect": {"contents": "read", "id-token": "write"},
    "drift.yml: tell": {"contents": "read", "issues": "write"},
    "zap.yml: inside": {"contents": "read", "id-token": "write"},
    "zap.yml: tell": {"contents": "read", "issues": "write"},
}
"""What jobs may do beyond reading the repository."""

PARSERS: Mapping[str, Callable[[Sequence[str]], object]] = {
    "stacks": lambda given: stacks.parser().parse_args(given),
    "policies": lambda given: policies.parser().parse_args(given),
    "components.scans.findings": lambda given: findings.parser().parse_args(given),
}


def every_job(paths: Sequence[Path] = GITHUB) -> Iterator[tuple[str, Json]]:
    for path in paths:
        for name, job in jobs(path).items():
            yield f"{path.name}: {name}", job


def scripts() -> list[Step]:
    return [step for path in OURS for step in steps(path)]


def filled(text: str) -> str:
    """Return a text with a value for each of GitHub's expressions."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name.endswith("stack"):
            return "prod"
        return {"github.workspace": "."}.get(name, f"https://{name}.example.com")

    return EXPRESSION.sub(value, text)


def test_others_actions_are_pinned_by_commit_with_the_version_beside_it():
    foreign = [
        each for path in [*OURS, *COPIED] for each in uses(path) if not each.startswith("./")
    ]
    wrong = [each for each in foreign if not re.match(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+\b", each)]
    assert foreign
    assert wrong == []


def test_the_page_lists_the_pins_and_no_others():
    pinned = {
        re.sub(r"/[a-z-]+@", "@", each) if each.count("/") == 2 else each
        for path in [*OURS, *COPIED]
        for each in uses(path)
        if "@" in each
    }
    found = {tuple(re.split(r"@| # |, ", each)[:3]) for each in pinned}
    rows = re.findall(
        r"^\| \[([\w./-]+)\]\S+ \| (v\S+) \| `([0-9a-f]{40})` \|",
        DOCUMENT.read_text(),
        re.MULTILINE,
    )
    assert found == {(name, sha, version) for name, version, sha in rows}


def test_a_token_may_read_and_jobs_that_write_are_few():
    for path in GITHUB:
        assert load(path)["permissions"] == {"contents": "read"}, path.name
        # without it GitHub's shell takes a pipe for done when its last command is
        shell = cast("Json", load(path).get("defaults", {"run": {}}))["run"]
        assert shell == {"shell": "bash"} or not list(steps(path)), path.name
    assert {name: job["permissions"] for name, job in every_job() if "permissions" in job} == WRITES


def test_a_role_is_taken_only_in_an_environment():
    for name, job in every_job():
        takes = "id-token" in cast("Json", job.get("permissions", {}))
        if takes and "uses" not in job:
            assert "stack" in str(job["environment"]), name
        configured = "configure-aws-credentials" in str(job.get("steps"))
        assert not configured or takes, name


def test_jobs_end_and_checkouts_keep_no_token():
    for name, job in every_job():
        if "uses" in job:
            continue
        assert isinstance(job["timeout-minutes"], int), name
        for step in cast("Sequence[Json]", job["steps"]):
            if str(step.get("uses", "")).startswith("actions/checkout@"):
                assert cast("Json", step["with"])["persist-credentials"] is False, name


def test_secrets_are_in_no_job_that_runs_a_branch():
    text = (ROOT / ".github" / "workflows" / "checks.yml").read_text()
    assert "secrets." not in text
    assert "pull_request_target" not in "".join(path.read_text() for path in GITHUB)


def test_an_up_waits_for_the_one_before_and_is_never_cut_off():
    up = jobs(ROOT / ".github" / "workflows" / "deploy-stack.yml")["up"]
    assert up["concurrency"] == {"group": "up-${{ inputs.stack }}", "cancel-in-progress": False}
    assert up["environment"] == "${{ inputs.stack }}"
    assert up["needs"] == "preview"
    deployed = jobs(ROOT / ".github" / "workflows" / "deploy.yml")
    assert {name: job.get("needs") for name, job in deployed.items()} == {
        "dev": None,
        "staging": "dev",
        "prod": "staging",
    }
    assert all(cast("Json", job["with"])["stack"] == name for name, job in deployed.items())


def test_stacks_and_files_that_are_named_exist():
    for path in [*OURS, *GITLAB[:1]]:
        text = path.read_text()
        named = {
            word
            for found in re.findall(r"(?:stack|STACK): \[(.+?)\]", text)
            for word in found.split(", ")
        }
        assert named <= set(stack_names()), path.name
        for file in re.findall(r"hashFiles\((.+?)\)", text):
            assert all((ROOT / name).is_file() for name in re.findall(r"'(.+?)'", file)), file
        for files in re.findall(r"files: \[(.+?)\]", text):
            assert all((ROOT / name).is_file() for name in files.split(", ")), files
        for action in re.findall(r"uses: (\./\S+)", text):
            there = ROOT / action
            assert there.is_file() or (there / "action.yml").is_file(), action


def test_programs_are_those_that_the_platform_has():
    engine = re.search(
        r"pulumi/pkg/v3 v(\S+)", (ROOT / "simulator" / "engine" / "go.mod").read_text()
    )
    assert engine
    texts = {path: path.read_text() for path in [*GITHUB, *GITLAB[:1]]}
    versions = {
        version
        for text in texts.values()
        for version in re.findall(r"(?:pulumi-version: |pulumi-python-3.13:)(\S+)", text)
    }
    assert versions == {engine[1]}
    images = {found for text in texts.values() for found in re.findall(rf"{IMAGE}:(\S+)", text)}
    assert images == {VERSION}


@pytest.mark.parametrize("step", scripts(), ids=lambda step: step.place)
def test_a_script_runs_with_commands_and_flags_that_exist(step: Step, tmp_path: Path):
    box = Sandbox(tmp_path)
    box.say("gh", "[]")
    box.say("aws", '{"Contents": []}')
    (box.work / "zap").mkdir()
    (box.work / "zap" / "orders.openapi.json").write_text("{}")
    (box.work / "build").mkdir()
    for name in ("changes.txt", "preview.txt", "changes.md"):
        for place in ("deploy", "drift"):
            (box.work / "build" / place).mkdir(exist_ok=True)
            (box.work / "build" / place / name).write_text("update a:b:C d\n")
    env = {name: filled(value) for name, value in step.env.items()}
    ran = box.run(filled(step.script), {**env, "OUT": f"build/{_folder(step)}"})
    assert ran.code == 0, ran.error
    _check_calls(ran)


def _folder(step: Step) -> str:
    return "drift" if "drift" in step.place else "deploy"


@pytest.mark.parametrize(
    "step",
    [step for path in GITLAB for step in gitlab_scripts(path)],
    ids=lambda step: step.place,
)
def test_a_script_of_gitlab_is_one_and_names_what_exists(step: Step, tmp_path: Path):
    shellcheck = Path(sys.executable).with_name("shellcheck")
    script = tmp_path / "script"
    script.write_text(step.script)
    # GitLab's variables come from nowhere that shellcheck sees
    command = [shellcheck, "--shell", "bash", "--exclude", "SC2154,SC2148,SC2016", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    for line in step.script.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)[1:] if line.startswith("make ") else []
        assert {word for word in words if word.isalpha() or "-check" in word} <= TARGETS
    for module, given in re.findall(r"\.venv/bin/python -m (\S+) (.+?)(?: \||$)", step.script):
        PARSERS[module](shlex.split(given))
    for action in re.findall(r"^scripts/deploy (\w+) ", step.script, re.MULTILINE):
        assert action in ("preview", "up", "drift")


def _check_calls(ran: Ran) -> None:
    """Have each program of ours judge how it was called."""
    for given in ran.of("make"):
        _check_make(given)
    for given in ran.of("python"):
        assert given[0] == "-m"
        PARSERS[given[1]](given[2:])
    for given in ran.of("scripts/deploy"):
        assert given[0] in ("preview", "up", "drift")
        assert given[1] in stack_names()


def _check_make(given: Sequence[str]) -> None:
    variables = dict(word.split("=", 1) for word in given if "=" in word)
    folders = [given[at + 1] for at, word in enumerate(given) if word == "-C"]
    targets = [word for word in given if "=" not in word and word[0] != "-" and word not in folders]
    assert set(targets) <= TARGETS
    assert variables.get("STACK", "prod") in stack_names()
    flags = shlex.split(variables.get("FLAGS", ""))
    if "report" in targets:
        simulator.parser().parse_args(["report", "--stack", "prod", *flags])
    elif "policies-check" in targets:
        policies.parser().parse_args(["check", "-", "--stack", "prod", *flags])
    else:
        assert flags == []


def named(path: str, title: str) -> Step:
    found = [step for step in steps(ROOT / ".github" / path) if step.place.endswith(title)]
    assert len(found) == 1
    return found[0]


def test_there_is_one_comment_which_is_written_anew(tmp_path: Path):
    step = named("workflows/checks.yml", "Write the comment, or write it anew")
    box = Sandbox(tmp_path)
    for stack, length in (("dev", 10), ("staging", 64_995)):
        folder = box.work / "reports" / f"report-{stack}"
        folder.mkdir(parents=True)
        (folder / f"{stack}.md").write_text(f"## Plan of {stack}\n" + "x" * length)
    env = {**step.env, "COMMENTS": "COMMENTS", "COMMENT": "COMMENT", "RUN": "https://run"}
    box.say("gh", "[]")
    ran = box.run(step.script, env)
    assert (ran.code, ran.error) == (0, "")
    assert ran.of("gh")[-1][:4] == ["api", "--silent", "--method", "POST"]
    assert len(box.body) < 65_536
    assert box.body.startswith("<!-- fastapi-platform: report -->\n\n## Plan of dev")
    assert "## staging\n\nThe report is in [the summary](https://run)." in box.body
    assert "## prod\n\nNo report: see [the run](https://run)." in box.body

    others = '{"id": 1, "user": {"type": "User"}, "body": "<!-- fastapi-platform: report -->"}'
    ours = '{"id": 2, "user": {"type": "Bot"}, "body": "<!-- fastapi-platform: report -->"}'
    box.say("gh", f"[{others}, {ours}]")
    again = box.run(step.script, env).of("gh")[-1]
    assert again[:5] == ["api", "--silent", "--method", "PATCH", "COMMENT/2"]


@pytest.mark.parametrize(
    ("text", "open_", "done"),
    [
        ("drift", "[]", "create"),
        ("drift", '[{"number": 7, "title": "Drift in prod"}]', "edit"),
        ("", '[{"number": 7, "title": "Drift in prod"}]', "close"),
        ("", '[{"number": 8, "title": "Drift in production"}]', None),
        (None, "[]", None),
    ],
)
def test_an_issue_is_kept(text: str | None, open_: str, done: str | None, tmp_path: Path):
    (step,) = steps(ROOT / ".github" / "actions" / "issue" / "action.yml")
    box = Sandbox(tmp_path)
    box.say("gh", open_)
    if text is not None:
        (box.work / "issue.md").write_text(text)
    ran = box.run(step.script, {"TITLE": "Drift in prod", "FILE": "issue.md"})
    assert ran.code == 0, ran.error
    assert [given[:2] for given in ran.of("gh")[1:]] == ([["issue", done]] if done else [])
    if done in ("create", "edit"):
        assert box.body == text


def test_a_scan_that_has_stopped_fails(tmp_path: Path):
    step = named("workflows/zap.yml", "Fetch the newest report of each service")
    box = Sandbox(tmp_path)
    box.say("python", "orders\n")
    env = {**step.env, "BUCKET": "scans", "STACK": "prod"}
    box.say(
        "aws", '{"Contents": [{"Key": "reports/orders/1/report.json", "LastModified": "2020"}]}'
    )
    ran = box.run(step.script, env)
    assert ran.code == 1
    assert "There is no report of orders from the last 15 days" in ran.out

    keys = (("1/report.json", "2999-01-01"), ("2/report.json", "2999-01-02"), ("3/x", "2999-01-03"))
    rows = [f'{{"Key": "reports/orders/{key}", "LastModified": "{day}"}}' for key, day in keys]
    box.say("aws", f'{{"Contents": [{", ".join(rows)}]}}')
    ran = box.run(step.script, env)
    assert ran.code == 0, ran.error
    copied = [given[3:] for given in ran.of("aws") if given[:2] == ["s3", "cp"]]
    assert copied == [
        ["s3://scans/reports/orders/2/report.json", "zap/orders.report.json"],
        ["s3://scans/reports/orders/2/report.html", "zap/orders.report.html"],
    ]


def test_hooks_of_pre_commit_are_programs_that_are_there():
    content = cast("Json", yaml.safe_load(PRE_COMMIT.read_text()))
    (local,) = cast("Sequence[Json]", content["repos"])
    assert local["repo"] == "local"
    for hook in cast("Sequence[Mapping[str, str]]", local["hooks"]):
        assert hook["language"] == "system", "nothing is downloaded"
        program, *rest = hook["entry"].split()
        if program == "make":
            _check_make(rest)
        else:
            assert (ROOT / program).is_file(), hook["id"]
        if rest[:2] == ["-m", "stacks"]:
            stacks.parser().parse_args(rest[2:])
