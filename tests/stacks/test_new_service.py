"""`make new-service` on a copy of the repository: what it makes runs, and passes all policies."""

import difflib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from stacks.loading import DIRECTORY, stack_names
from tests.engine.conftest import Bench

ROOT = DIRECTORY.parent
NAME = "new-api"
UV = ROOT / ".venv" / "bin" / "uv"
OURS = (
    *("pyproject.toml", "uv.lock", "Makefile", "scripts"),
    *("components", "examples", "policies", "stacks"),
)
"""What of the repository is needed for it."""

Files = Mapping[str, str]


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["/usr/bin/git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository in which the service was made."""
    root = tmp_path_factory.mktemp("new-service") / "repository"
    for name in git("ls-files", "--cached", "--others", "--exclude-standard", *OURS).splitlines():
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    (root / ".venv").symlink_to(ROOT / ".venv")
    make = ["/usr/bin/make", "new-service", f"NAME={NAME}"]
    # the environment is there already, whatever the times of files say
    make.append("--assume-old=.venv/.synced")
    # what the make that runs the tests was told is not for this one
    env = {key: value for key, value in os.environ.items() if key not in {"MAKEFLAGS", "FLAGS"}}
    done = subprocess.run(make, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f'make services-test FLAGS="-k {NAME.replace("-", "_")}"' in done.stdout
    return root


@pytest.mark.parametrize("stack", stack_names())
def test_its_preview_passes_all_policies(stack: str, tree: Path, tmp_path: Path, pulumi_cli: Path):
    bench = Bench(tmp_path, pulumi_cli, stack)
    shutil.copy(tree / "stacks" / f"Pulumi.{stack}.yaml", bench.file)
    with bench.open() as session:
        record = session.preview()  # raises for mandatory ones
    created = {
        step.urn.rsplit("::", 1)[-1] for step in record.steps() if step.operation == "create"
    }
    assert {f"{NAME}-deployment", f"{NAME}-httproute", f"registry-{NAME}"} <= created
    # dev and staging protect no repository: what is said of this one is said of all
    told = {policy.message for policy in record.advisories()}
    said = {message.replace(NAME, "orders") for message in told if NAME in message}
    assert {message for message in said if message not in told} == set()
    assert all("ecr/repository" in message for message in said)


@pytest.mark.parametrize("stack", stack_names())
def test_all_else_of_a_stack_file_stays(stack: str, tree: Path):
    name = f"Pulumi.{stack}.yaml"
    before = (DIRECTORY / name).read_text().splitlines()
    after = (tree / "stacks" / name).read_text().splitlines()
    changes = [line for line in difflib.ndiff(before, after) if line[:2] in ("- ", "+ ")]
    removed = [line[2:] for line in changes if line[0] == "-"]
    added = [line[2:] for line in changes if line[0] == "+"]
    assert len(removed) <= 1
    assert all(any(line.startswith(f"{old[:-1]}") for line in added) for old in removed)
    assert sum(NAME in line for line in added) >= 4


def test_only_files_of_the_service_and_lists_of_services_change(tree: Path):
    def files(root: Path) -> Files:
        folder = root / "examples" / "services"
        return {
            str(path.relative_to(folder)): path.read_text()
            for path in folder.rglob("*")
            if path.is_file() and not {".venv", "__pycache__"} & set(path.parts)
            if not any(part.startswith((".ruff", ".pytest")) for part in path.parts)
        }

    before, after = files(ROOT), files(tree)
    assert {name for name in before if before[name] != after.get(name)} == {
        "pyproject.toml",
        "uv.lock",
    }
    new = set(after) - set(before)
    assert {name.split("/")[0] for name in new} == {NAME, "openapi", "tests"}
    lost = [line for line in before["uv.lock"].splitlines() if line not in after["uv.lock"]]
    assert lost == [], "versions of packages are what they were"


def test_its_own_tests_lint_types_and_document_are_fine(tree: Path):
    services = tree / "examples" / "services"

    def run(*command: str | Path) -> str:
        done = subprocess.run(command, cwd=services, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(UV, "sync", "--frozen", "--quiet")
    tools = services / ".venv" / "bin"
    run(tools / "ruff", "check")
    run(tools / "ruff", "format", "--check")
    module = NAME.replace("-", "_")
    run(tools / "basedpyright", f"{NAME}/src", f"tests/test_{module}.py")
    run(tools / "python", "-m", "local.openapi", "--check")
    tested = run(tools / "python", "-m", "pytest", f"tests/test_{module}.py", "-r", "s")
    if "SKIPPED" in tested:
        pytest.skip(tested.rpartition("SKIPPED")[2].strip())
    assert "...." in tested
