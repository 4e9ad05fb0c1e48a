"""`python -m stacks new-service NAME`: a service in the stack files, and its code to start from.

All is made and checked in a folder beside: stack files that load, code that is formatted, a lock
file that uv wrote. Then it is moved into its place, or, when anything goes wrong, not.
"""

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from components._base.errors import InvalidInput, Problem
from components.service.values import NAME
from stacks.insertion import inserted
from stacks.loading import load_stack, stack_names
from stacks.settings import Settings
from stacks.starting import Names, files, name_problems

ROOT = Path(__file__).resolve().parents[1]
VERSION = "1.0.0"
"""Of the first image."""

HELP = "add a service to the stack files, and its code to examples/services"
STACKS, SERVICES = Path("stacks"), Path("examples", "services")
SHARED = ("pyproject.toml", "uv.lock")
"""Files of the services' workspace that name each of them; uv writes them."""

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info")

NEXT = """\
Next:
  make services-test FLAGS="-k {module}"  # then write what it is for
  make preview STACK={stack}
  make inventory reference  # what is written from the stack files
Before an up on AWS, push its image (docs/services.md): SERVICE={name}, tag {version}.
Give machine clients that are to call it {name}/read or {name}/write, the scanner {name}/read.
"""


def configure(command: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    command.add_argument("name", metavar="NAME", help="small letters, digits and hyphens")
    command.add_argument(
        "--stacks", nargs="+", metavar="STACK", help="only in these stack files (default: all)"
    )


def run(args: argparse.Namespace) -> int:
    """Make the service and tell what was done.

    :raises InvalidInput: nothing was changed.
    """
    stacks = cast("Sequence[str] | None", args.stacks) or stack_names(ROOT / STACKS)
    written = new_service(args.name, stacks, ROOT)
    for path in written:
        print(f"wrote {path}")  # noqa: T201 - a command's output
    names = Names(args.name)
    told = NEXT.format(name=names.service, module=names.module, stack=stacks[0], version=VERSION)
    print(told, end="")  # noqa: T201
    return 0


def new_service(name: str, stacks: Sequence[str], root: Path) -> list[Path]:
    """Make service `name` in the stack files of `stacks`; return the files, relative to `root`.

    :raises InvalidInput: the name won't do, or a stack file can't take it; nothing was changed.
    """
    settings = {stack: load_stack(stack, root / STACKS) for stack in stack_names(root / STACKS)}
    owner = f"new service '{name}'"
    if problems := list(_problems(name, stacks, settings, root)):
        raise InvalidInput(owner, problems)
    with _beside(root) as stage:
        made = [_stack_file(name, stack, settings[stack], root, stage) for stack in stacks]
        _check(stacks, stage, owner)
        made += _code(Names(name), stage, owner)
        _move(made, stage, root)
    return made


def _problems(
    name: str, stacks: Sequence[str], settings: Mapping[str, Settings], root: Path
) -> Iterator[Problem]:
    for stack in stacks:
        if stack not in settings:
            yield Problem("--stacks", f"there is no stack {stack!r}; {', '.join(settings)}")
    if not NAME.fullmatch(name) or "--" in name:
        allowed = "small letters, digits and single hyphens, at most 40, a letter first"
        yield Problem("NAME", f"{name!r} is not valid: {allowed}")
        return
    yield from (Problem("NAME", found) for found in name_problems(name, root / SERVICES))
    for stack, each in settings.items():
        cognito = each.identity.cognito if each.identity else None
        taken: Mapping[str, Mapping[str, object]] = {
            "services": each.services,
            "workers": each.workers,
            "jobs": each.jobs,
            "serverless": each.serverless,
            "registry.repositories": each.registry.repositories if each.registry else {},
            "identity.cognito.resourceServers": cognito.resource_servers if cognito else {},
        }
        for section, entries in taken.items():
            if name in entries:
                yield Problem("NAME", f"{name} is in platform:{section} of stack {stack}")


def _stack_file(name: str, stack: str, settings: Settings, root: Path, stage: Path) -> Path:
    """Write a stack file with the service into the stage; return its path."""
    path = STACKS / f"Pulumi.{stack}.yaml"
    text = (root / path).read_text(encoding="utf-8")
    for entry in _entries(name, settings):
        text = inserted(text, ("config", *entry.path), name, entry.value, path.name)
    (stage / path).write_text(text, encoding="utf-8")
    return path


def _check(stacks: Sequence[str], stage: Path, owner: str) -> None:
    for stack in stacks:
        try:
            load_stack(stack, stage / STACKS)
        except InvalidInput as error:  # of a line that is to be, in the file that is
            prefix = f"{stage.name}/"
            found = [Problem(p.path.replace(prefix, ""), p.reason) for p in error.problems]
            raise InvalidInput(owner, found) from None


@dataclass(frozen=True)
class Entry:
    """What a service has in one section of a stack file."""

    path: Sequence[str]
    value: object


def _entries(name: str, settings: Settings) -> Iterator[Entry]:
    """Give its repository, its scopes, if we issue the tokens, and the service itself."""
    if settings.registry:
        yield Entry(("platform:registry", "repositories"), {})
    if settings.identity and settings.identity.cognito:
        scopes = {"read": f"Read {name}", "write": f"Change {name}"}
        yield Entry(("platform:identity", "cognito", "resourceServers"), {"scopes": scopes})
    # as small as the smallest of its neighbours
    replicas = [service.replicas for service in settings.services.values()]
    size = {
        key: min((getattr(each, key) for each in replicas), default=default)
        for key, default in (("min", 2), ("max", 10))
    }
    yield Entry(
        ("platform:services",),
        {
            "image": VERSION if settings.registry else f"{name}:{VERSION}",
            "replicas": size,
            "public": {"paths": [f"/{name}"], "scopes": [f"{name}/read", f"{name}/write"]},
            "uses": {"cache": True},
        },
    )


def _code(names: Names, stage: Path, owner: str) -> list[Path]:
    """Write the package into the stage's workspace; return what is new or changed there."""
    services = stage / SERVICES
    new = files(names, services)
    for path, text in new.items():
        (services / path).parent.mkdir(parents=True, exist_ok=True)
        (services / path).write_text(text, encoding="utf-8")
    python = [str(path) for path in new if path.suffix == ".py"]
    tools = Path(sys.executable).parent
    for command in (
        # other names are in another order, and lines of another length
        [tools / "ruff", "check", "--quiet", "--fix-only", "--select", "I", *python],
        [tools / "ruff", "format", "--quiet", *python],
        [tools / "uv", "add", "--quiet", "--no-sync", f"./{names.service}"],
    ):
        done = subprocess.run(  # noqa: S603 - ours
            command, cwd=services, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = " ".join(done.stderr.split())[-500:] or f"exit code {done.returncode}"
            tool = Path(command[0]).name
            problem = f"{tool} {command[1]} failed, nothing was changed: {said}"
            raise InvalidInput(owner, [Problem("", problem)])
    return [SERVICES / path for path in (*new, *map(Path, SHARED))]


@contextlib.contextmanager
def _beside(root: Path) -> Generator[Path]:
    """Give a folder in `root` with copies of what will change, removed in the end."""
    with tempfile.TemporaryDirectory(dir=root, prefix=".new-service-") as folder:
        stage = Path(folder)
        shutil.copy(root / "pyproject.toml", stage)  # ruff's settings
        shutil.copytree(root / SERVICES, stage / SERVICES, ignore=LEFT_OUT, symlinks=True)
        (stage / STACKS).mkdir()
        yield stage


def _move(made: Sequence[Path], stage: Path, root: Path) -> None:
    """Move files from the stage into their places; on any failure all is as it was before."""
    before = {path: (root / path).read_bytes() if (root / path).exists() else None for path in made}
    folders: list[Path] = []
    try:
        for path in made:
            folders += [each for each in (root / path).parents if not each.exists()]
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (stage / path).replace(root / path)
    except BaseException:
        for path, content in before.items():
            if content is None:
                (root / path).unlink(missing_ok=True)
            else:
                (root / path).write_bytes(content)
        for folder in sorted(set(folders), key=lambda each: -len(each.parts)):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
