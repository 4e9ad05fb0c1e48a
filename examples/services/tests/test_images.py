"""What the images are made of, as far as it shows without a container engine."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import cast

import pytest

from local.members import members, module
from local.openapi import stale
from local.process import ROOT

UV = Path(sys.executable).with_name("uv")
DOCKERFILES = ("Dockerfile", "Dockerfile.lambda")

Package = dict[str, object]


def lock() -> list[Package]:
    return cast("list[Package]", tomllib.loads((ROOT / "uv.lock").read_text())["package"])


def test_openapi_is_up_to_date():
    assert stale() == [], "run: make -C examples/services generate"


def extras(service: str) -> str:
    """Return what of the library a service names: `kafka,tables`."""
    project = tomllib.loads((ROOT / service / "pyproject.toml").read_text())["project"]
    (library,) = [each for each in project["dependencies"] if each.startswith("platform-runtime")]
    return library.removeprefix("platform-runtime").strip("[]")


@pytest.mark.parametrize("service", members())
def test_each_service_has_all_that_it_imports_and_no_more(service: str, tmp_path: Path):
    command = [str(UV), "sync", "--frozen", "--no-dev", "--no-editable", "--package", service]
    environment = {
        "UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv"),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(Path.home()),
        "UV_PYTHON": sys.executable,
    }
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    folder = ROOT / service / "src" / module(service)
    modules = [f"{module(service)}.{path.stem}" for path in sorted(folder.glob("[a-z]*.py"))]
    # a handler makes its application when it is imported, from what only a function is told
    imported = [name for name in modules if not name.endswith(".handler")]
    if imported != modules:
        imported.append("mangum")
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-c", f"import {', '.join(imported)}"], check=True, cwd=tmp_path)
    listed = subprocess.run(
        [str(UV), "pip", "list", "--format=json", "--python", str(python)],
        check=True,
        capture_output=True,
    )
    names = {row["name"] for row in cast("list[dict[str, str]]", json.loads(listed.stdout))}
    foreign = {"pytest", "moto", "schemathesis", "ruff"}
    assert not names & foreign
    assert ("elasticsearch" in names) == ("search" in extras(service))
    assert ("celery" in names) == ("tasks" in extras(service))


@pytest.mark.parametrize("name", DOCKERFILES)
def test_images_are_made_by_the_uv_that_made_the_lock(name: str):
    version = next(p["version"] for p in lock() if p["name"] == "uv")
    assert re.findall(r"UV_VERSION=(\S+)", (ROOT / name).read_text()) == [version]


def test_services_do_not_run_as_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 65532:65532"]


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_nothing_is_compiled_on_either_architecture(machine: str):
    """Every package of the images has a wheel for the image's Python."""
    fits = re.compile(
        rf"-(cp311-cp311|cp3\d+-abi3|py3-none)-manylinux.*_{machine}\.whl$|-none-any\.whl$"
    )
    export = [str(UV), "export", "--frozen", "--no-dev", "--all-packages", "--no-hashes", "-q"]
    text = subprocess.run(export, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    shipped = {
        line.split("==")[0] for line in text.splitlines() if "==" in line and "win32" not in line
    }
    assert "fastapi" in shipped
    lacking = [
        package["name"]
        for package in lock()
        if package["name"] in shipped
        if not any(
            fits.search(str(wheel["url"]))
            for wheel in cast("list[Package]", package.get("wheels", []))
        )
    ]
    assert lacking == []
