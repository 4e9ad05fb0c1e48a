"""Anybody's project on the embedded cloud: what of it is read, and what is refused before."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from simulator import project
from simulator.cloud.package import package_schema
from simulator.errors import Exit, SimulatorError
from simulator.project import Project


def manifest(folder: Path, text: str) -> Path:
    (folder / "Pulumi.yaml").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("text", "said"), [(None, "No such file"), ("a: [", "no YAML"), ("- a", "a mapping is needed")]
)
def test_a_folder_that_is_no_project_is_refused_before_anything_is_touched(
    tmp_path: Path, text: str | None, said: str
):
    source, home = tmp_path / "source", tmp_path / "home"
    source.mkdir()
    if text:
        manifest(source, text)
    with (
        pytest.raises(SimulatorError, match=said) as caught,
        Project.open(source, Path("/no/engine"), home=home),
    ):
        pass
    assert caught.value.code == Exit.BAD_INPUT
    assert str(source / "Pulumi.yaml") in str(caught.value)
    assert not home.exists()


def test_what_a_manifest_says_of_places_is_true_of_its_copy(tmp_path: Path):
    source = tmp_path / "a" / "b"
    (source / ".venv").mkdir(parents=True)
    packages = {"mine": "../../components", "other": "example", "far": {"source": "far"}}
    read: Mapping[str, object] = {"name": "x", "runtime": "python", "packages": packages}
    assert project.absolute(read, source) == {
        "name": "x",
        "runtime": {"name": "python", "options": {"virtualenv": str(source / ".venv")}},
        "packages": {
            "mine": str(tmp_path / "components"),
            "other": "example",
            "far": {"source": "far"},
        },
    }
    named: Mapping[str, object] = {
        "runtime": {"name": "python", "options": {"virtualenv": "none", "toolchain": "uv"}}
    }
    assert project.absolute(named, source)["runtime"] == named["runtime"]


@pytest.mark.parametrize(
    ("package", "input_", "type_"),
    [
        ("aws", "region", {"type": "string"}),
        ("kubernetes", "kubeconfig", {"type": "string"}),
        ("kubernetes", "enableServerSideApply", {"type": "boolean"}),
        ("kubernetes", "helmReleaseSettings", {"$ref": "pulumi.json#/Any"}),
    ],
)
def test_a_stand_in_tells_how_its_provider_is_configured(
    package: str, input_: str, type_: Mapping[str, str]
):
    schema = cast("Mapping[str, Mapping[str, object]]", json.loads(package_schema(package)))
    inputs = cast("Mapping[str, object]", schema["provider"]["inputProperties"])
    assert schema["name"] == package
    assert inputs[input_] == type_
