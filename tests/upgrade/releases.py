"""States that earlier releases left behind, as a deployment of each stack would have.

One file for each release and stack: `states/RELEASE/STACK.json.xz`. What is in it was made on the
embedded cloud by the program of the release's own commit. No secret of anybody is in it: stack
files' secrets are placeholders there, and what the simulated cloud drew is masked.
"""

import json
import lzma
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast
from urllib.parse import quote

from pulumi import automation as auto

from simulator.cloud.inventory import Inventory, Record
from simulator.cloud.model import Json
from simulator.command import EngineCommand
from simulator.errors import SimulatorError
from simulator.report.values import leaves
from simulator.session import Session
from simulator.state import is_secret, revealed
from simulator.workspace import ROOT, Workspace
from stacks.files import read_stack_file
from tests.engine.conftest import Bench

FOLDER = Path(__file__).parent / "states"

PASSING = frozenset({"created", "modified", "sourcePosition", "stackTrace"})
"""What a state says of when and where; it is different each time, and nothing depends on it."""

_VERSION = 3
"""Of the deployments that `pulumi stack export` writes."""


@dataclass(frozen=True)
class Recorded:
    """One stack of one release."""

    release: str
    """As the folder is called: a version, or what stands for one."""
    commit: str
    """Whose program made it."""
    date: str
    """Day of the commit."""
    stack: str
    stack_file: str
    """The text of the stack file: who upgrades keeps their own."""
    deployment: Json
    """As exported, with secrets in plain text."""

    @property
    def path(self) -> Path:
        """Its file below `states/`."""
        return Path(self.release, f"{self.stack}.json.xz")

    @classmethod
    def read(cls, path: Path, folder: Path = FOLDER) -> "Recorded":
        """Read one; `path` is below `states/`."""
        return cls(**json.loads(lzma.decompress((folder / path).read_bytes())))

    def write(self, folder: Path = FOLDER) -> Path:
        """Write it, the same for the same content; return the file."""
        file = folder / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), separators=(",", ":"), sort_keys=True)
        file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
        return file

    @contextmanager
    def opened(self, bench: Bench) -> Generator[Session]:
        """Open today's program on a simulated cloud and a state that are as the release left them.

        :param bench: of the stack; its stack file becomes the release's.
        """
        bench.file.write_text(self.stack_file)
        workspace = Workspace.of(self.stack, bench.folder / "simulator", bench.folder)
        workspace.folder.mkdir(parents=True)
        cloud = Inventory(workspace.journal)
        for record in _records(self.deployment):
            cloud.add(record)
        with bench.open(policies=()) as session:
            project = read_stack_file(workspace.project / bench.file.name)
            salt = {"type": "passphrase", "state": {"salt": project["encryptionsalt"]}}
            deployment = {**self.deployment, "secrets_providers": salt}
            session.stack.import_stack(auto.Deployment(_VERSION, deployment))
            yield session


def version() -> str:
    """Return the version that pyproject.toml is at."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def recorded() -> list[Path]:
    """Return all that is recorded, as paths below `states/`."""
    return sorted(file.relative_to(FOLDER) for file in FOLDER.glob("*/*.json.xz"))


def record(release: str, commit: str, stacks: Sequence[str], engine: Path) -> Iterator[Recorded]:
    """Deploy stacks by the program of a commit, each on a cloud that is thrown away.

    :param commit: anything that git can resolve.
    :param stacks: names; default: all that the commit has.
    :raises SimulatorError: when git or the program fails.
    """
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        tree, home = Path(folder, "tree"), Path(folder, "home")
        _git("worktree", "add", "--quiet", "--detach", str(tree), commit)
        try:
            hash_, date = _git("log", "-1", "--format=%H %cs", commit).split()
            files = tree / "stacks"
            found = sorted(f.name.split(".")[1] for f in files.glob("Pulumi.*.yaml"))
            for stack in stacks or found:
                deployment = _deployed(tree, home, stack, engine)
                text = (files / f"Pulumi.{stack}.yaml").read_text()
                yield Recorded(release, hash_, date, stack, text, compact(deployment))
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _deployed(tree: Path, home: Path, stack: str, engine: Path) -> Json:
    places = {"FASTAPI_PLATFORM_SIMULATOR": str(home), "FASTAPI_PLATFORM_PYTHON": sys.executable}
    up = [sys.executable, "-m", "simulator", "up", "--stack", stack, "--json"]
    _run(up, tree, {**os.environ, **places})
    workspace = Workspace.of(stack, home, tree / "stacks")
    export = ["stack", "export", "--show-secrets", "--stack", stack]
    result = EngineCommand(engine).run(export, str(workspace.project), workspace.env())
    return cast("Json", json.loads(result.stdout)["deployment"])


def _git(*arguments: str) -> str:
    return _run(["git", *arguments], ROOT, os.environ)


def _run(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SimulatorError(f"{' '.join(command[:4])} failed in {folder}:\n{done.stderr.strip()}")
    return done.stdout.strip()


def compact(deployment: Json) -> Json:
    """Return a deployment without what is different each time, and without drawn secrets."""
    resources = cast("Sequence[Json]", deployment.get("resources") or [])
    drawn = sorted({text for resource in resources for text in _drawn(resource)}, key=len)
    # Stores ask for passwords of 16 characters or more.
    masks = {text: f"masked-{index:032}" for index, text in enumerate(reversed(drawn))}
    masks |= {quote(text, safe=""): mask for text, mask in masks.items()}
    kept = [{k: v for k, v in each.items() if k not in PASSING} for each in resources]
    return {"manifest": {}, "resources": _masked(kept, masks)}


def _drawn(resource: Json) -> Iterator[str]:
    """Yield the secrets that the cloud drew: those that nobody gave it."""
    given = set(leaves(revealed(resource.get("inputs"))))
    for secret in _secrets(resource.get("outputs")):
        yield from (text for text in leaves(revealed(secret)) if text not in given)


def _secrets(value: object) -> Iterator[object]:
    if is_secret(value):
        yield value
    elif isinstance(value, Mapping):
        for item in cast("Json", value).values():
            yield from _secrets(item)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _secrets(item)


def _masked(value: object, masks: Mapping[str, str]) -> object:
    if is_secret(value):
        content = _masked(revealed(value), masks)
        return {**value, "plaintext": json.dumps(content, separators=(",", ":"))}
    if isinstance(value, Mapping):
        return {key: _masked(item, masks) for key, item in cast("Json", value).items()}
    if isinstance(value, list):
        return [_masked(item, masks) for item in cast("list[object]", value)]
    if isinstance(value, str):
        for text, mask in masks.items():
            value = value.replace(text, mask)
    return value


def _records(deployment: Json) -> Iterator[Record]:
    """Yield what exists in the cloud of a deployment."""
    for resource in cast("Sequence[Json]", deployment["resources"]):
        type_ = str(resource["type"])
        if resource.get("custom") and not type_.startswith("pulumi:"):
            inputs = cast("Json", revealed(resource.get("inputs") or {}))
            yield Record(type_, str(resource["urn"]), str(resource["id"]), inputs)
