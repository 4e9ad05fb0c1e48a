"""Stack files: every environment is valid, and every wrong one ends in one clear error."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components._base.errors import InvalidInput
from stacks import load_settings, load_stack
from stacks.__main__ import main
from stacks.loading import DIRECTORY, stack_names
from stacks.schema import PATH, render, stack_file_schema

STACKS = ("dev", "local", "prod", "staging")

GOOD: Mapping[str, object] = {
    "aws:region": "eu-west-1",
    "platform:tags": {"owner": "team", "environment": "test"},
    "platform:network": {"cidr": "10.0.0.0/16", "zoneCount": 3},
}


def write(folder: Path, text: str, stack: str = "test") -> None:
    (folder / f"Pulumi.{stack}.yaml").write_text(text)


def problems(config: Mapping[str, object]) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_settings(config, "test")
    return [str(problem) for problem in caught.value.problems]


def test_the_four_environments_exist():
    assert tuple(stack_names()) == STACKS


@pytest.mark.parametrize("stack", STACKS)
def test_every_environment_is_valid(stack: str):
    assert load_stack(stack).tags.environment == stack


@pytest.mark.parametrize("stack", STACKS)
def test_every_environment_fits_the_schema_that_editors_use(stack: str):
    content = yaml.safe_load((DIRECTORY / f"Pulumi.{stack}.yaml").read_text())
    first = (DIRECTORY / f"Pulumi.{stack}.yaml").read_text().splitlines()[0]
    jsonschema.validate(content, stack_file_schema())
    assert first == f"# yaml-language-server: $schema={PATH.name}"


def test_the_committed_schema_is_the_generated_one():
    assert PATH.read_text() == render(), "run: make schema"


def test_the_schema_refuses_what_the_program_refuses():
    schema = stack_file_schema()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"config": {**GOOD, "platform:netwrk": {}}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"config": {**GOOD, "platform:network": {"cird": "x"}}}, schema)
    jsonschema.validate({"config": GOOD}, schema)
    assert load_settings(GOOD, "test").region == "eu-west-1"


def test_production_is_protected_and_spans_three_zones():
    prod = load_stack("prod")
    assert prod.protect
    assert prod.network.zone_count == 3
    assert not load_stack("dev").protect


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"platform:netwrk": {}},
            "platform:netwrk: unknown key; did you mean 'network'?",
        ),
        (
            {"platfrm:network": {}},
            "platfrm:network: unknown namespace 'platfrm' of 'network'; did you mean 'platform'?",
        ),
        (
            {"platform:network": {"cidr": "10.0.0.0/16", "zoneCnt": 2}},
            "platform:network.zoneCnt: unknown key; did you mean 'zoneCount'?",
        ),
        (
            {"platform:network": {"cidr": "10.0.0.0/16", "flowLogs": {"retentionDay": 7}}},
            "platform:network.flowLogs.retentionDay: unknown key; did you mean 'retentionDays'?",
        ),
        (
            {"platform:network": {"cidr": "10.0.0.0/16", "zone_count": 2}},
            "platform:network.zone_count: unknown key; did you mean 'zoneCount'?",
        ),
        (
            {"platform:network": {"cidr": "10.0.0.0/16", "zoneCount": 5}},
            "platform:network.zoneCount: 5 is not valid: 2 to 3 allowed",
        ),
        (
            {"platform:network": {"cidr": "10.0.0.0/16", "nat": "sharde"}},
            "platform:network.nat: 'sharde' is not valid: allowed: 'none', 'shared' or 'perZone'",
        ),
        (
            {"platform:network": {"cidr": "10.0.0.0/28"}},
            "platform:network.cidr: '10.0.0.0/28' is not valid: too small; /16 to /21 allowed",
        ),
        (
            {"platform:network": {"cidr": "10.0.0.0/16", "podCidr": "10.0.0.0/17"}},
            (
                "platform:network.podCidr: '10.0.0.0/17' is not valid: must lie within "
                "100.64.0.0/10, apart from the VPC's own range"
            ),
        ),
        ({"platform:protect": "maybe"}, "platform:protect: 'maybe' is not valid: a valid boolean"),
        ({"platform:region": "x"}, "platform:region: unknown key; did you mean 'aws:region'?"),
        ({"network": {}}, "network: has no namespace; did you mean 'platform:network'?"),
        (
            {"platform:allowReplacement": ["cluster"]},
            (
                "platform:allowReplacement: 'cluster' names no resource; write TYPE::NAME, "
                "e.g. aws:eks/cluster:Cluster::cluster-eks"
            ),
        ),
        (
            {"aws:secretKey": "AKIAIOSFODNN7EXAMPLE"},
            (
                "aws:secretKey: looks like a secret in plain text; use: "
                "pulumi config set --secret 'aws:secretKey'"
            ),
        ),
        (
            {"platform:tags": {"owner": "team", "environment": "x", "extra": {"token": "hunter2"}}},
            (
                "platform:tags.extra.token: looks like a secret in plain text; use: "
                "pulumi config set --secret --path 'platform:tags.extra.token'"
            ),
        ),
    ],
)
def test_a_wrong_configuration_names_key_value_and_what_is_allowed(
    change: Mapping[str, object], expected: str
):
    found = problems({**GOOD, **change})
    assert any(expected in problem for problem in found), found


def test_all_problems_are_reported_at_once():
    found = problems({"platform:network": {"cidr": 5, "nat": "x"}, "platform:tgs": {}})
    paths = {problem.split(": ")[0] for problem in found}
    assert paths == {
        "aws:region",
        "platform:tags",
        "platform:tgs",
        "platform:network.cidr",
        "platform:network.nat",
    }


def test_an_unknown_stack_names_the_known_ones():
    with pytest.raises(InvalidInput, match=r"there is no such stack; did you mean 'staging'\?"):
        load_stack("stagin")
    with pytest.raises(InvalidInput, match="allowed: dev, local, prod, staging"):
        load_stack("zzz")


def test_a_problem_in_a_file_has_its_line(tmp_path: Path):
    write(
        tmp_path,
        "config:\n  aws:region: eu-west-1\n  platform:tags:\n    owner: me\n    environment: t\n"
        "  platform:network:\n    cidr: 10.0.0.0/16\n    zoneCount: 7\n",
    )
    with pytest.raises(InvalidInput, match=r"line 8: platform:network\.zoneCount: 7 is not valid"):
        load_stack("test", tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("config:\n  a: [1\n", r"line 3: is not valid YAML"),
        ("- a\n", "must be a mapping with the key 'config'"),
        ("config: 5\n", "must be a mapping with the key 'config'"),
        ("confg: {}\n", r"confg: unknown key; did you mean 'config'\?"),
        ("", "must be a mapping with the key 'config'"),
    ],
)
def test_a_file_that_is_no_stack_file_is_refused(tmp_path: Path, text: str, expected: str):
    write(tmp_path, text)
    with pytest.raises(InvalidInput, match=expected):
        load_stack("test", tmp_path)


def test_encrypted_values_are_accepted_and_never_read():
    secure = {"secure": "v1:abc:def"}
    config = {**GOOD, "aws:secretKey": secure, "pulumi:disable-default-providers": ["x"]}
    assert load_settings(config, "test").region == "eu-west-1"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)


def paths_of(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            found += paths_of(item, (*path, key))
    return found


def replaced(value: object, path: tuple[str, ...], new: object) -> object:
    if not path or not isinstance(value, dict):
        return new
    items = cast("dict[str, object]", value)
    return {**items, path[0]: replaced(items.get(path[0]), path[1:], new)}


PROD = json.loads(
    json.dumps(yaml.safe_load((DIRECTORY / "Pulumi.prod.yaml").read_text())["config"])
)


def outcome(config: Mapping[str, object]) -> str:
    """Return the region of a valid configuration, or its error: any other exception fails."""
    try:
        return load_settings(config, "test").region
    except InvalidInput as error:
        return str(error.problems[0])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(paths_of(PROD)), new=JSON)
def test_any_value_in_any_place_is_valid_or_one_clear_error(path: tuple[str, ...], new: object):
    config = cast("dict[str, object]", replaced(PROD, path, new))
    assert outcome(config) != ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=80) | JSON.map(lambda value: yaml.safe_dump({"config": value})))
def test_any_file_is_valid_or_one_clear_error(tmp_path_factory: pytest.TempPathFactory, text: str):
    folder = tmp_path_factory.mktemp("stacks")
    (folder / "Pulumi.test.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(InvalidInput) as caught:
        load_stack("test", folder)
    assert caught.value.problems


def test_check_prints_each_stack(capsys: pytest.CaptureFixture[str]):
    assert main(["check"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{stack}: ok" for stack in STACKS]
