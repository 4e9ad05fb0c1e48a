"""Stack files: the four environments, the schema that editors use, and files that can't be read."""

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import jsonschema
import pytest
import yaml

from components._base.errors import InvalidInput
from stacks import load_stack
from stacks.__main__ import main
from stacks.files import DIRECTORY, read_stack_file, stack_names
from stacks.schema import PATH, render, stack_file_schema
from tests.config.bad_configs import GOOD

STACKS = ("dev", "local", "prod", "staging")

VALID = """\
config:
  aws:region: eu-west-1
  platform:tags:
    owner: me
    environment: t
  platform:network:
    cidr: 10.0.0.0/16
"""


@functools.cache
def validator() -> jsonschema.Draft202012Validator:
    schema = stack_file_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def fits(content: object) -> None:
    """Let the schema judge what stands in a file, as editors do."""
    validator().validate(content)


def write(folder: Path, text: str | bytes, stack: str = "test") -> Path:
    path = folder / f"Pulumi.{stack}.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def message(folder: Path, text: str | bytes) -> str:
    """Return what is said of a file, without the name of its folder."""
    write(folder, text)
    with pytest.raises(InvalidInput) as caught:
        load_stack("test", folder)
    return str(caught.value).replace(f"{folder.resolve()}/", "")


def test_the_four_environments_exist():
    assert tuple(stack_names()) == STACKS


@pytest.mark.parametrize("stack", STACKS)
def test_every_environment_is_valid(stack: str):
    assert load_stack(stack).tags.environment == stack


@pytest.mark.parametrize("stack", STACKS)
def test_every_environment_fits_the_schema_that_editors_use(stack: str):
    text = (DIRECTORY / f"Pulumi.{stack}.yaml").read_text()
    fits(yaml.safe_load(text))
    assert text.splitlines()[0] == f"# yaml-language-server: $schema={PATH.name}"


def test_environments_differ_by_size_and_not_by_shape():
    optional = {"platform:protect", "platform:alarms", "platform:scans"}
    sections = {stack: sections_of(stack) - optional for stack in STACKS}
    assert set(map(frozenset, sections.values())) == {frozenset(sections["prod"])}
    topics = {frozenset(topics_of(stack)) for stack in STACKS}
    assert topics == {frozenset(topics_of("prod"))}


def sections_of(stack: str) -> set[str]:
    content = read_stack_file(DIRECTORY / f"Pulumi.{stack}.yaml")
    return set(cast("dict[str, object]", content["config"]))


def topics_of(stack: str) -> Sequence[str]:
    kafka = load_stack(stack).kafka
    assert kafka is not None
    assert kafka.topics
    return list(kafka.topics)


def test_production_is_protected_and_shares_nothing_between_three_zones():
    prod = load_stack("prod")
    assert prod.protect
    assert prod.network.zone_count == 3
    assert prod.network.nat == "perZone"
    assert prod.allow_replacement == ()
    assert not any(load_stack(stack).protect for stack in ("dev", "local"))


def test_no_two_environments_share_addresses():
    ranges = [load_stack(stack).network.cidr for stack in STACKS]
    overlaps = [
        (str(one), str(other))
        for index, one in enumerate(ranges)
        for other in ranges[index + 1 :]
        if one and other and one.overlaps(other)
    ]
    assert overlaps == []


def test_the_committed_schema_is_the_generated_one():
    assert PATH.read_text() == render(), "run: make schema"


def test_descriptions_name_keys_as_stack_files_spell_them():
    assert "default: twice `minSize`" in PATH.read_text()
    assert re.findall(r"`[a-z]+(?:_[a-z]+)+`", PATH.read_text()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"config": {**GOOD, "platform:netwrk": {}}},
        {"config": {**GOOD, "platfrm:network": {}}},
        {"config": {**GOOD, "aws:region": "eu-west-1a"}},
        {"config": {**GOOD, "platform:network": {"cird": "x"}}},
        {"config": {**GOOD, "platform:network": {"cidr": "10.0.0.0/16", "nat": "x"}}},
        {"config": {**GOOD, "platform:tags": {"owner": " ", "environment": "x"}}},
        {"config": {"aws:region": "eu-west-1"}},
        {"config": GOOD, "confg": {}},
        {},
    ],
)
def test_the_schema_refuses_what_the_program_refuses(wrong: object):
    with pytest.raises(jsonschema.ValidationError):
        fits(wrong)


def test_what_pulumi_itself_writes_into_a_stack_file_is_fine(tmp_path: Path):
    text = (
        "encryptionsalt: v1:x:y\nsecretsprovider: awskms://alias/x\nencryptedkey: abc\n"
        f"environment:\n  - base\n{VALID}"
        "  aws:secretKey:\n    secure: v1:abc:def\n"
        "  pulumi:disable-default-providers: ['*']\n"
    )
    fits(yaml.safe_load(text))
    write(tmp_path, text)
    assert load_stack("test", tmp_path).region == "eu-west-1"


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (
            "stagin",
            (
                "stack 'stagin': 1 problem\n  there is no such stack; did you mean 'staging'? "
                "(stacks: dev, local, prod, staging)"
            ),
        ),
        (
            "zzz",
            "stack 'zzz': 1 problem\n  there is no such stack; allowed: dev, local, prod, staging",
        ),
        (
            "../stacks/Pulumi.dev",
            (
                "stack '../stacks/Pulumi.dev': 1 problem\n"
                "  there is no such stack; allowed: dev, local, prod, staging"
            ),
        ),
    ],
)
def test_an_unknown_stack_names_the_known_ones(stack: str, expected: str):
    with pytest.raises(InvalidInput) as caught:
        load_stack(stack)
    assert str(caught.value) == expected


def test_a_folder_without_stacks_says_so(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"there is no such stack; no Pulumi\.NAME\.yaml in "):
        load_stack("dev", tmp_path)


def test_every_problem_of_a_file_has_its_line(tmp_path: Path):
    text = (
        f"confg: 1\n{VALID}"
        "    zoneCount: 7\n"
        "    flowLogs: {retentionDay: 7}\n"
        "    interfaceEndpoints:\n      - sts\n      - sqs\n      - s4\n"
        "  platfrm:network: {}\n"
        "  platform:cluster:\n    access:\n      ci.robot: {principal: nobody}\n"
    )
    lines = message(tmp_path, text).splitlines()
    assert [": ".join(line.split(": ")[:2]) for line in lines[1:]] == [
        "  Pulumi.test.yaml:1: confg",
        "  Pulumi.test.yaml:15: platfrm:network",
        "  Pulumi.test.yaml:9: platform:network.zoneCount",
        "  Pulumi.test.yaml:14: platform:network.interfaceEndpoints[2]",
        "  Pulumi.test.yaml:10: platform:network.flowLogs.retentionDay",
        "  Pulumi.test.yaml:18: platform:cluster.access.ci.robot.principal",
    ]
    assert lines[0] == "stack 'test': 6 problems"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "config:\n  a: [1\n",
            "Pulumi.test.yaml:3: is not valid YAML: expected ',' or ']', but got '<stream end>'",
        ),
        (
            "config:\n\taws:region: x\n",
            (
                "Pulumi.test.yaml:2: is not valid YAML: "
                "found character '\\t' that cannot start any token"
            ),
        ),
        (
            f"{VALID}    cidr: 10.1.0.0/16\n",
            "Pulumi.test.yaml:8: is not valid YAML: cidr is given twice, first on line 7",
        ),
        (
            f"{VALID}  aws:reviewed: 2026-11-25\n",
            "Pulumi.test.yaml:8: is not valid YAML: 2026-11-25 is read as a date; put it in quotes",
        ),
        (
            f"{VALID}  aws:x: !!bool perhaps\n",
            "Pulumi.test.yaml:8: is not valid YAML: no valid bool",
        ),
        (
            f"{VALID}  aws:x: 0x{'f' * 5000}\n",
            "Pulumi.test.yaml:8: is not valid YAML: too large a number",
        ),
        (
            f"{VALID}  aws:x: !x y\n",
            (
                "Pulumi.test.yaml:8: is not valid YAML: "
                "could not determine a constructor for the tag '!x'"
            ),
        ),
        (
            f"{VALID}  aws:x: &a [*a]\n",
            "Pulumi.test.yaml: is nested too deep, or refers to itself",
        ),
        (
            f"{VALID}  aws:x: {'[' * 500}\n",
            "Pulumi.test.yaml: is nested too deep, or refers to itself",
        ),
        (b"config: \xff\n", "Pulumi.test.yaml: is not UTF-8 text"),
        (
            "config: \x07\n",
            "Pulumi.test.yaml: is not valid YAML: special characters are not allowed",
        ),
        ("- a\n", "Pulumi.test.yaml:1: must be a mapping with the key 'config'"),
        (
            "config: 5\n",
            "Pulumi.test.yaml: config: must be a mapping of keys such as 'platform:network'",
        ),
    ],
)
def test_a_file_that_is_no_stack_file_is_refused(tmp_path: Path, text: str, expected: str):
    assert message(tmp_path, text) == f"Pulumi.test.yaml: 1 problem\n  {expected}"


@pytest.mark.parametrize("text", ["", "Null", "config:\n", "config: {}\n"])
def test_an_empty_file_says_what_is_required(tmp_path: Path, text: str):
    assert message(tmp_path, text) == (
        "stack 'test': 3 problems\n"
        "  Pulumi.test.yaml: aws:region: is required\n"
        "  Pulumi.test.yaml: platform:tags: is required\n"
        "  Pulumi.test.yaml: platform:network: is required"
    )


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path):
    (tmp_path / "Pulumi.test.yaml").mkdir()
    with pytest.raises(InvalidInput, match="can't be read: Is a directory"):
        load_stack("test", tmp_path)


def test_check_prints_each_stack(capsys: pytest.CaptureFixture[str]):
    assert main(["check"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{stack}: ok" for stack in STACKS]


def test_check_exits_with_one_when_a_stack_is_wrong(capsys: pytest.CaptureFixture[str]):
    assert main(["check", "prod", "prd"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "prod: ok\n"
    assert "there is no such stack; did you mean 'prod'?" in printed.err


def test_schema_writes_the_committed_file(capsys: pytest.CaptureFixture[str]):
    before = PATH.read_text()
    assert main(["schema"]) == 0
    assert PATH.read_text() == before
    assert capsys.readouterr().out == f"wrote {PATH}\n"


@pytest.mark.parametrize("command", [["--help"], ["check", "--help"], ["schema", "--help"]])
def test_every_command_has_help(command: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 0
    assert "usage: python -m stacks" in capsys.readouterr().out
