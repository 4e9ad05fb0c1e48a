"""The program with CI's roles, run by the real engine as a person would run it."""

import json
from pathlib import Path
from typing import cast

import pytest
from pulumi.automation.errors import CommandError

from simulator.project import Project
from stacks.changes import changes
from stacks.guard import steps_of_preview

ROOT = Path(__file__).parents[2]
CONFIG = {
    "repository": "acme/platform",
    "environment": "prod",
    "stateBucket": "acme-state",
    "stateKey": "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
    "regions": '["eu-west-1", "eu-central-1"]',
}


def drift(project: Project) -> list[str]:
    """Return what `scripts/deploy drift` would tell."""
    preview = project.pulumi("preview", "--json", "--refresh").stdout
    return changes(steps_of_preview(json.loads(preview)))


def somebody_deletes(project: Project, type_: str, prefix: str) -> None:
    found = [r for r in project.cloud.inventory.alive() if r.type == type_]
    (gone,) = [r for r in found if r.id.startswith(prefix)]
    project.cloud.inventory.remove(gone.type, gone.id)


def test_the_program_of_cis_roles_comes_drifts_and_goes(
    tmp_path: Path, pulumi_cli: Path, monkeypatch: pytest.MonkeyPatch
):
    # the engine runs a copy of the folder, which is not in the repository
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = ROOT / "examples" / "ci_roles"
    with Project.open(folder, pulumi_cli, home=tmp_path) as project:
        for key, value in CONFIG.items():
            project.pulumi("config", "set", key, value)
        project.pulumi("up", "--yes", "--skip-preview")
        outputs = cast(
            "dict[str, str]", json.loads(project.pulumi("stack", "output", "--json").stdout)
        )
        account = "arn:aws:iam::123456789012"
        assert outputs == {
            "boundary": f"{account}:policy/platform-boundary",
            "deployRole": f"{account}:role/platform-deployer",
            "previewRole": f"{account}:role/platform-preview",
        }
        assert drift(project) == []
        somebody_deletes(project, "aws:iam/rolePolicy:RolePolicy", "platform-preview:")
        assert drift(project) == ["create aws:iam/rolePolicy:RolePolicy ci-preview-may"]
        project.pulumi("up", "--yes", "--skip-preview", "--refresh")
        assert drift(project) == []

        project.pulumi("config", "set", "environment", "Prod!")
        with pytest.raises(CommandError) as refused:
            project.pulumi("preview")
        assert "environment: 'Prod!' is not valid" in str(refused.value)
        assert "Traceback" not in str(refused.value)

        project.pulumi("config", "set", "environment", "prod")
        project.pulumi("destroy", "--yes", "--skip-preview")
        assert project.cloud.inventory.alive() == []
