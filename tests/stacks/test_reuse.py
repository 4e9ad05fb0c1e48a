"""The components as a library: installed from the wheel, in another program, by the real engine."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from pulumi.automation.errors import CommandError

from simulator.project import Project

ROOT = Path(__file__).parents[2]

WHERE = """
import components.tables
pulumi.export("where", components.tables.__file__)
"""
"""Added to the program, to tell which components it has."""


def uv(*arguments: str | Path, cwd: Path) -> None:
    command: Sequence[str | Path] = [sys.executable, "-m", "uv", "--quiet", *arguments]
    inherited = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")}
    subprocess.run(command, cwd=cwd, check=True, env=inherited)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Return the example's folder with an environment of its own, as its README makes it.

    Only the versions are pinned to this project's, which are the tested ones.
    """
    folder = tmp_path / "examples" / "reuse"
    shutil.copytree(ROOT / "examples" / "reuse", folder, ignore=shutil.ignore_patterns(".venv"))
    uv("build", "--wheel", "--offline", "--out-dir", tmp_path / "dist", cwd=ROOT)
    pins = tmp_path / "pins.txt"
    export = ["export", "--frozen", "--no-default-groups", "--no-emit-project", "--no-hashes"]
    uv(*export, "--output-file", pins, cwd=ROOT)
    uv("venv", "--python", sys.executable, cwd=folder)
    # Named, or it would be the environment that runs this test.
    install = ["pip", "install", "--python", folder / ".venv", "--constraints", pins]
    uv(*install, "--requirements", "requirements.txt", cwd=folder)
    return folder


def test_a_program_of_its_own_uses_two_components(example: Path, tmp_path: Path, pulumi_cli: Path):
    installed = next((example / ".venv" / "lib").glob("python3*/site-packages"))
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"components"}
    assert (installed / "components" / "logging" / "record.lua").is_file()
    assert {path.name for path in installed.iterdir()}.isdisjoint(ours)

    with (example / "__main__.py").open("a") as program:
        program.write(WHERE)
    with Project.open(example, pulumi_cli, home=tmp_path / "home") as project:
        project.pulumi("up", "--yes", "--skip-preview")
        found = cast(
            "dict[str, str]", json.loads(project.pulumi("stack", "output", "--json").stdout)
        )
        assert Path(found["where"]).is_relative_to(installed)
        alive = project.cloud.inventory.alive()
        (table,) = [r for r in alive if r.type == "aws:dynamodb/table:Table"]
        assert table.id == found["ordersTable"]
        assert found["ordersTableArn"].endswith(f":table/{table.id}")
        assert found["invoicesBucket"] in {r.id for r in alive if r.type.startswith("aws:s3/")}
        preview = project.pulumi("preview", "--json").stdout
        assert set(json.loads(preview)["changeSummary"]) == {"same"}
        project.pulumi("destroy", "--yes", "--skip-preview")
        assert project.cloud.inventory.alive() == []

    file = example / "__main__.py"
    file.write_text(file.read_text().replace('"expire_days": 3650', '"expire_days": -1'))
    with (
        Project.open(example, pulumi_cli, home=tmp_path / "home") as project,
        pytest.raises(CommandError) as caught,
    ):
        project.pulumi("up", "--yes", "--skip-preview")
    said = str(caught.value)
    assert "Storage 'storage': 1 problem" in said
    assert "buckets.invoices.expire_days: -1 is not valid" in said
    assert "Traceback" not in said
