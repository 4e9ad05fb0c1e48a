"""States of earlier releases: what is kept of them, and what an upgrade may replace."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from simulator.state import masked, revealed
from simulator.workspace import ROOT
from stacks.guard import Step
from tests.upgrade.releases import FOLDER, Recorded, compact, recorded
from tests.upgrade.replacements import OPERATIONS, TABLE, Replacement, ended, surprises, told

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
PASSWORD = "random:index/randomPassword:RandomPassword"
LARGEST = 200_000


def secret(value: object) -> Mapping[str, str]:
    return {**SECRET, "plaintext": json.dumps(value)}


@pytest.mark.parametrize("path", recorded(), ids=str)
def test_a_recorded_state_is_small_and_says_whose_it_is_and_holds_no_drawn_secret(path: Path):
    assert (FOLDER / path).stat().st_size < LARGEST
    release = Recorded.read(path)
    assert release.path == path
    assert len(release.commit) == 40
    resources = cast("list[dict[str, Mapping[str, object]]]", release.deployment["resources"])
    drawn = [
        cast("Mapping[str, str]", revealed(each["outputs"]))["result"]
        for each in resources
        if cast("object", each["type"]) == PASSWORD
    ]
    assert drawn
    assert [text for text in drawn if not text.startswith("masked-")] == []


def test_drawn_secrets_are_masked_wherever_they_are_and_given_ones_stay():
    password, given = "p&ss/word of 24 letters!", "given by the stack file"
    quoted = "p%26ss%2Fword%20of%2024%20letters%21"
    deployment = {
        "manifest": {"time": "now"},
        "secrets_providers": {"type": "passphrase"},
        "resources": [
            {
                "type": PASSWORD,
                "inputs": {"length": 24},
                "outputs": {"length": 24, "result": secret(password)},
                "created": "now",
                "sourcePosition": "here",
            },
            {
                "type": "aws:secretsmanager/secretVersion:SecretVersion",
                "inputs": {"secretString": secret(json.dumps({"url": f"amqps://me:{quoted}@b"}))},
                "outputs": {"secretString": secret([password])},
                "dependencies": ["urn"],
            },
            {"type": "x", "inputs": {"token": secret(given)}, "outputs": {"token": secret(given)}},
        ],
    }
    kept = compact(deployment)
    text = json.dumps(kept)
    assert "p&ss" not in text
    assert "p%26" not in text
    assert given in text
    resources = cast("list[dict[str, object]]", revealed(kept["resources"]))
    mask = cast("dict[str, str]", resources[0]["outputs"])["result"]
    assert mask.startswith("masked-")
    assert resources[1]["inputs"] == {"secretString": json.dumps({"url": f"amqps://me:{mask}@b"})}
    assert resources[1]["outputs"] == {"secretString": [mask]}
    assert resources[1]["dependencies"] == ["urn"]
    assert kept["manifest"] == {}
    assert "secrets_providers" not in kept
    assert "created" not in text
    assert "sourcePosition" not in text


def test_an_archive_bears_the_same_mark_and_is_no_secret():
    archive = {**SECRET, next(iter(SECRET)): "0def7320c3a5731c473e5ecbe6d01bc7", "hash": "1"}
    deployment = {"resources": [{"type": "x", "inputs": {"code": archive}}]}
    assert masked(deployment) == revealed(deployment) == deployment
    assert compact(deployment)["resources"] == deployment["resources"]
    assert masked({"a": secret("b")}) == {"a": "[secret]"}


def test_a_state_is_read_as_it_was_written_and_written_the_same(tmp_path: Path):
    release = Recorded("1.2.3", "0" * 40, "2026-11-30", "dev", "config: {}\n", {"resources": []})
    file = release.write(tmp_path)
    assert file == tmp_path / "1.2.3" / "dev.json.xz"
    assert Recorded.read(release.path, tmp_path) == release
    first = file.read_bytes()
    release.write(tmp_path)
    assert file.read_bytes() == first


def step(operation: str, name: str, type_: str = "aws:ec2/subnet:Subnet") -> Step:
    return Step(operation, type_, f"urn:pulumi:dev::p::{type_}::{name}")


REPLACED = [step(each, "a") for each in ("create-replacement", "replace", "delete-replaced")]
SUBNET = "aws:ec2/subnet:Subnet"


def row(resources: str, operation: str = "replace", *stacks: str) -> Replacement:
    return Replacement(resources, operation, "why", stacks)


def test_a_replacement_is_told_once_and_what_stays_is_not():
    steps = [
        *REPLACED,
        step("delete", "b"),
        step("delete", "c", "fastapi-platform:index:Cache"),
        *(step(each, "d") for each in ("same", "update", "create", "refresh", "read")),
    ]
    assert ended(steps) == [f"delete {SUBNET}::b", f"replace {SUBNET}::a"]


@pytest.mark.parametrize(
    ("rows", "surprise"),
    [
        ([row(f"{SUBNET}::*")], []),
        ([row(f"{SUBNET}::a", "replace", "dev")], []),
        ([row(f"{SUBNET}::a"), row(f"{SUBNET}::b", "replace", "prod")], []),
        ([], [f"replace {SUBNET}::a: not in"]),
        ([row(f"{SUBNET}::a", "delete")], ["not in", f"delete {SUBNET}::a: in"]),
        ([row(f"{SUBNET}::a"), row(f"{SUBNET}::b")], [f"replace {SUBNET}::b: in"]),
    ],
)
def test_what_ends_is_what_is_told(rows: list[Replacement], surprise: list[str]):
    found = list(surprises("dev", REPLACED, rows))
    assert len(found) == len(surprise)
    assert all(part in whole for part, whole in zip(surprise, found, strict=True))


def test_users_are_told_of_each_in_the_changelog_and_each_release_has_its_state():
    changelog = " ".join((ROOT / "CHANGELOG.md").read_text().split())
    releases = {path.parts[0] for path in recorded()}
    rows = [row for release in releases for row in told(release)]
    assert rows
    assert [row for row in rows if row.changelog not in changelog] == []
    assert {row.operation for row in rows} <= set(OPERATIONS.values())
    assert TABLE.read_text().count("[[") == len(rows), "rows of a release without states"
