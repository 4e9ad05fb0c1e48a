"""`python -m policies`: list, explain, config and package, here and in another repository."""

import json
import shlex
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
import yaml

from policies.command import main, parser
from policies.configuration import configuration_problems
from policies.document import STACKS
from policies.environments import stacks
from policies.exemptions import today
from policies.pack import POLICIES
from tests.policies.test_pack import info

ROOT = Path(__file__).parents[2]
ENDS = (">", "-", "artifacts:")
"""What follows a command in the workflow files."""

EXAMPLES = ROOT / "examples" / "policies-ci"
NAMES = [policy.name for policy in POLICIES]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_list_has_a_line_for_each_policy(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list")
    head, *lines = out.splitlines()
    assert code == 0
    assert head.split()[3:] == [stack.upper() for stack in stacks()]
    assert [line.split()[0] for line in lines] == NAMES


def test_list_as_json_of_one_stack(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "list", "--json", "--stack", "local")
    rows = {str(row["id"]): row for row in cast("list[dict[str, object]]", json.loads(out))}
    assert list(rows) == NAMES
    assert rows["multi-az"]["levels"] == {"local": "disabled"}
    assert rows["log-retention"]["remediates"] is True
    assert rows["multi-az"]["group"] == "resilience"


@pytest.mark.parametrize("name", NAMES)
def test_explain_tells_all_and_its_example_is_valid(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "explain", name)
    policy = next(policy for policy in POLICIES if policy.name == name)
    assert code == 0
    for words in (policy.description, policy.remediation_steps, policy.url, *STACKS):
        assert words
        assert words in out
    example = cast(
        "dict[str, object]", json.loads(out.partition("Example of a configuration\n")[2])
    )
    assert list(configuration_problems(example, POLICIES)) == []


def test_explain_tells_what_each_stack_sets(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "explain", "allowed-instance-families")
    lines = [line.split(maxsplit=1) for line in out.splitlines() if line]
    told = {line[0]: line[1] for line in lines if line[0] in STACKS}
    assert told["prod"] == 'mandatory; families ["c*", "m*", "r*"]'
    assert told["dev"] == "mandatory"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", "log-retentoin"], "there is no such policy; did you mean 'log-retention'?"),
        (["list", "--stack", "prd"], "no configuration of such a stack; did you mean 'prod'?"),
        (["config", "--stack", "prd"], "no configuration of such a stack; did you mean 'prod'?"),
        (["config", "--config", "/nowhere.json"], "can't be read: No such file or directory"),
        (["config", "--stack-file", "/nowhere.yaml"], "can't be read: No such file or directory"),
        (["package", str(ROOT)], "exists; name a folder that does not"),
    ],
)
def test_what_there_is_not_is_one_clear_error(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert words in err


@pytest.mark.parametrize(
    ("configured", "words"),
    [
        ("[]", "must be a mapping of policies"),
        ("{", "is no JSON"),
        ('{"log-retentoin": "advisory"}', "log-retentoin: there is no such policy; did you mean"),
        ('{"log-retention": "strict"}', "'strict' is no level; there are advisory, mandatory"),
        ('{"log-retention": 3}', "log-retention: must be a level"),
        ('{"multi-az": "remediate"}', "multi-az: can't remediate"),
        ('{"log-retention": {"minDay": 3}}', "no such setting; did you mean 'minDays'?"),
        ('{"log-retention": {"minDays": "3"}}', 'minDays: must be of type integer, and is "3"'),
        ('{"log-retention": {"minDays": true}}', "minDays: must be of type integer, and is true"),
        ('{"log-retention": {"minDays": 0}}', "minDays: must be at least 1, and is 0"),
        ('{"imdsv2-required": {"hopLimit": 65}}', "hopLimit: must be at most 64, and is 65"),
        ('{"required-tags": {"required": [3]}}', "required[0]: must be of type string, and is 3"),
        ('{"required-tags": {"values": {"owner": 3}}}', "values.owner: must be of type string"),
        ('{"multi-az": {"zones": 3}}', "multi-az.zones: there is no such setting"),
        ('{"justified-exemptions": {"exempt": [{}]}}', "5 problems"),
    ],
)
def test_a_wrong_configuration_is_one_clear_error(
    configured: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "policies.json"
    path.write_text(configured)
    code, out, err = run(capsys, "config", "--config", str(path))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {path}: ")
    assert words in err


def test_all_problems_of_a_configuration_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "policies.json"
    path.write_text('{"multi-a": "advisory", "log-retention": {"minDays": 0, "maxDays": "x"}}')
    _, _, err = run(capsys, "config", "--config", str(path))
    assert err.splitlines()[0] == f"error: {path}: 3 problems"
    assert len(err.splitlines()) == 4


@pytest.mark.parametrize(
    "content", ['{"multi-az": "advisory"}', '{"version": 2, "policies": {"multi-az": "advisory"}}']
)
def test_config_adds_the_exemptions_of_a_stack_file(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policies.json").write_text(content)
    exemption = {
        "policy": "log-retention",
        "resource": "aws:cloudwatch/logGroup:LogGroup::audit",
        "reason": "kept by law",
        "owner": "legal",
        "expires": str(today() + timedelta(days=9)),
    }
    stack = tmp_path / "Pulumi.prod.yaml"
    stack.write_text(yaml.safe_dump({"config": {"shop:exemptions": [exemption]}}))
    files = ["--config", str(tmp_path / "policies.json"), "--stack-file", str(stack)]
    code, out, _ = run(capsys, "config", *files)
    assert code == 0
    assert json.loads(out) == {
        "multi-az": "advisory",
        "justified-exemptions": {"exempt": [exemption]},
    }
    stack.write_text(yaml.safe_dump({"config": {"shop:exemptions": [{"policy": "x", "why": 1}]}}))
    code, _, err = run(capsys, "config", *files)
    assert code == 2
    assert "exempt[0].resource: is required" in err
    assert "exempt[0].why: there is no such key" in err


@pytest.mark.parametrize("stack", STACKS)
def test_config_of_each_stack_of_the_project(
    stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "config", "--stack", stack)
    assert code == 0
    assert list(configuration_problems(json.loads(out), POLICIES)) == []


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pack as another repository has it, in a folder of its own name."""
    folder = tmp_path_factory.mktemp("elsewhere") / "guardrails"
    assert main(["package", str(folder)]) == 0
    return folder


def test_the_packaged_pack_is_served_to_an_engine(packaged: Path) -> None:
    told = info([sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."], packaged)
    assert [policy.name for policy in told.policies] == NAMES


def test_the_packaged_pack_checks_without_this_project(packaged: Path) -> None:
    state = packaged.parent / "state.json"
    state.write_text('[{"urn": "urn:pulumi:a::b::c:d:E::f", "type": "c:d:E"}]')
    config = ["--config", "guardrails/config/prod.json"]
    done = subprocess.run(
        [sys.executable, "guardrails", "check", "state.json", *config],
        cwd=packaged.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 resources, ")


def test_the_packaged_pack_says_what_it_needs(packaged: Path) -> None:
    project = cast(
        "dict[str, object]", yaml.safe_load((packaged / "PulumiPolicy.yaml").read_text())
    )
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": "venv"}}
    lines = (packaged / "requirements.txt").read_text().splitlines()
    needed = {line for line in lines if not line.startswith("#")}
    declared = cast(
        "dict[str, dict[str, list[str]]]", tomllib.loads((ROOT / "pyproject.toml").read_text())
    )["project"]["dependencies"]
    assert needed == {each for each in declared if each.startswith(("pulumi>", "pulumi-policy>"))}
    for module in packaged.glob("*.py"):
        assert "from components" not in module.read_text()
        assert "from stacks" not in module.read_text()


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_the_jobs_for_ci_call_commands_that_there_are(name: str) -> None:
    text = (EXAMPLES / name).read_text()
    assert isinstance(yaml.safe_load(text), dict)
    words = shlex.split(text.replace("\\\n", " "), comments=True)
    calls = [i for i, word in enumerate(words) if word.endswith("python") and "venv" in word]
    called: list[str] = []
    for start in calls:
        end = next((i for i in range(start, len(words)) if words[i] in ENDS), len(words))
        assert words[start + 1] == "policies"
        called.append(parser().parse_args(words[start + 2 : end]).command)
    assert called == ["config", "check"]
