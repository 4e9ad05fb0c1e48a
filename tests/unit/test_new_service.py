"""`new-service`: which names will do, what the starter becomes, and that failures leave nothing."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from components._base.errors import InvalidInput
from stacks import new_service as command
from stacks.__main__ import main
from stacks.loading import load_stack
from stacks.new_service import ROOT, new_service
from stacks.starting import Names, files, name_problems

SERVICES = Path("examples", "services")
NEW = "nobody-has-this"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of what a new service changes or is made from."""
    root = tmp_path / "tree"
    listed = subprocess.run(
        ["/usr/bin/git", "ls-files", "pyproject.toml", "stacks/*.yaml", str(SERVICES)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.split():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    return root


def content(root: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in everything(root)}


def everything(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file())


def test_names_are_those_of_the_service():
    names = Names("billing-api")
    assert (names.module, names.kind, names.title) == ("billing_api", "BillingApi", "Billing api")
    assert names.put_into('from starter.app import StarterSettings  # """Starter: x"""') == (
        'from billing_api.app import BillingApiSettings  # """Billing api: x"""'
    )
    assert names.put_into('module-name = "starter"; caller("starter/read")') == (
        'module-name = "billing_api"; caller("billing-api/read")'
    )
    assert Names("kickstarter").put_into("from starter.app; /starter") == (
        "from kickstarter.app; /kickstarter"
    )


def test_nothing_of_the_starter_is_left_in_its_copy():
    made = files(Names("billing-api"))
    assert {path.as_posix() for path in made} >= {
        "billing-api/pyproject.toml",
        "billing-api/src/billing_api/app.py",
        "openapi/billing-api.json",
        "tests/test_billing_api.py",
    }
    for path, text in made.items():
        assert "starter" not in f"{path} {text}".lower(), path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("json", "a name of Python's own"),
        ("class", "a name of Python's own"),
        ("catalog", "there is services/catalog"),
        ("starter", "there is services/starter"),
        ("local", "there is services/local"),
        ("fastapi", "a package that the services use"),
        ("images", "there is services/tests/test_images.py"),
    ],
)
def test_a_name_that_is_taken_by_a_package_will_not_do(name: str, said: str):
    assert [said in problem for problem in name_problems(name)] == [True]
    assert list(name_problems(NEW)) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Billing"], "NAME: 'Billing' is not valid"),
        (["a" * 41], "at most 40"),
        (["a--b"], "single hyphens"),
        ([""], "NAME: '' is not valid"),
        (["mailer"], "mailer is in platform:workers of stack prod"),
        (["orders-backlog"], "orders-backlog is in platform:jobs of stack local"),
        ([NEW, "--stacks", "production"], "there is no stack 'production'"),
    ],
)
def test_what_will_not_do_is_told_and_nothing_is_written(
    arguments: list[str],
    said: str,
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    before = content(tree)
    monkeypatch.setattr(command, "ROOT", tree)
    assert main(["new-service", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert content(tree) == before


def test_a_stack_that_lacks_what_it_uses_is_named(tree: Path):
    path = tree / "stacks" / "Pulumi.dev.yaml"
    text = path.read_text()
    start, end = text.index("  platform:cache:"), text.index("  platform:kafka:")
    path.write_text(re.sub(r"cache: true(, )?", "", text[:start] + text[end:]))
    load_stack("dev", tree / "stacks")
    before = content(tree)
    with pytest.raises(InvalidInput) as error:
        new_service(NEW, ["local", "dev"], tree)
    (problem,) = error.value.problems
    assert re.fullmatch(rf"{path}:\d+: platform:services.{NEW}.uses.cache", problem.path)
    assert problem.reason == "the stack has no section cache"
    assert content(tree) == before


@pytest.mark.parametrize("tool", ["ruff", "uv"])
def test_a_tool_that_fails_leaves_nothing(tool: str, tree: Path, monkeypatch: pytest.MonkeyPatch):
    def run(given: list[str | Path], **_: object) -> subprocess.CompletedProcess[str]:
        failed = Path(given[0]).name == tool
        return subprocess.CompletedProcess([], int(failed), "", "no network" if failed else "")

    monkeypatch.setattr(command.subprocess, "run", run)
    before = content(tree)
    with pytest.raises(InvalidInput, match=f"{tool} .* failed, nothing was changed: no network"):
        new_service(NEW, ["dev"], tree)
    assert content(tree) == before


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_move_that_fails_half_way_is_undone(
    error: BaseException, tree: Path, monkeypatch: pytest.MonkeyPatch
):
    def run(_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 0, "", "")

    moved: list[Path] = []
    replace = Path.replace

    def fail(source: Path, target: Path) -> Path:
        if len(moved) == 9:
            raise error
        moved.append(target)
        return replace(source, target)

    before = content(tree)
    monkeypatch.setattr(command.subprocess, "run", run)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(type(error)):
        new_service(NEW, ["dev"], tree)
    assert len(moved) == 9
    assert content(tree) == before
    assert not (tree / SERVICES / NEW).exists()
    assert not list(tree.glob(".new-service-*"))
