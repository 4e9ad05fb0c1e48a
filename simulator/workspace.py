"""Where an embedded stack lives on disk: a throw-away project, its state and its cloud.

    .simulator/<stack>/project/    Pulumi.yaml and a copy of the stack file
    .simulator/<stack>/state/      the engine's DIY backend
    .simulator/<stack>/cloud.jsonl what exists in the simulated cloud
    .simulator/<stack>/settled.json what the state holds, to tell whether an up would store more
    .simulator/<stack>/passphrase  encrypts the secrets in the state; made once, mode 600

The user's own stack files are only read.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from simulator.errors import SimulatorError
from simulator.settled import Settled
from stacks.loading import DIRECTORY, read_stack_file, stack_path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "fastapi-platform"
PLACEHOLDER = "simulated-secret"
"""Stands for every `secure:` value of a stack file, which only its own key can decrypt."""


def default_home() -> Path:
    """Return where embedded stacks live: `.simulator/`, or $FASTAPI_PLATFORM_SIMULATOR."""
    return Path(os.environ.get("FASTAPI_PLATFORM_SIMULATOR", ROOT / ".simulator"))


@dataclass(frozen=True)
class Workspace:
    """The folders of one embedded stack."""

    stack: str
    home: Path
    stack_files: Path = DIRECTORY

    @classmethod
    def of(cls, stack: str, home: Path | None = None, stack_files: Path = DIRECTORY) -> "Workspace":
        """Return the workspace of `stack`, below `.simulator/` or $FASTAPI_PLATFORM_SIMULATOR.

        :raises InvalidInput: when no such stack exists.
        """
        stack_path(stack, stack_files)
        return cls(stack, (home or default_home()).resolve(), stack_files)

    @property
    def folder(self) -> Path:
        """All of this stack."""
        return self.home / self.stack

    @property
    def project(self) -> Path:
        """The engine's working directory."""
        return self.folder / "project"

    @property
    def journal(self) -> Path:
        """The simulated cloud."""
        return self.folder / "cloud.jsonl"

    @property
    def state(self) -> Path:
        """The engine's state file."""
        return self.folder / "state" / ".pulumi" / "stacks" / PROJECT / f"{self.stack}.json"

    @property
    def settled(self) -> Settled:
        """What the last up left behind."""
        return Settled(self.folder / "settled.json", self.state)

    def prepare(self) -> list[str]:
        """Lay out the folders and the project; return the config paths that are secret."""
        self.lay_out()
        project = {"name": PROJECT, "runtime": "python"}
        (self.project / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        return self._copy_stack_file()

    def lay_out(self) -> None:
        """Make the folders, and the passphrase that encrypts the state's secrets."""
        self.project.mkdir(parents=True, exist_ok=True)
        (self.folder / "state").mkdir(exist_ok=True)
        if not self._passphrase_file.exists():
            self._passphrase_file.touch(mode=0o600)
            self._passphrase_file.write_text(secrets.token_urlsafe(32))

    def env(self) -> dict[str, str]:
        """Return the engine's environment: its own home and backend, no network, no account."""
        return {
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": self._passphrase_file.read_text(),
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self.home / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The DIY backend rewrites the whole state at each step, so its cost grows with the
            # square of the stack; a simulated cloud can afford to save once, at the end.
            "PULUMI_SKIP_CHECKPOINTS": "true",
            # Go's collector runs twice as often as by default: with 200 services more, the engine
            # holds 690 MiB instead of 820 (docs/performance.md).
            "GOGC": os.environ.get("GOGC", "50"),
        }

    @contextmanager
    def locked(self) -> Generator[bool]:
        """Hold the stack; yield whether the run before ended without saving its state.

        :raises SimulatorError: when another command holds it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise SimulatorError(
                    f"stack '{self.stack}' is in use by another command (process {lock.read()}); "
                    "wait for it, or end it"
                ) from None
            lock.seek(0)
            killed = bool(lock.read()) or self._unclean.exists()
            self._unclean.unlink(missing_ok=True)
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            try:
                yield killed
            finally:
                lock.truncate(0)

    def check_state(self) -> None:
        """Make sure that the state file can be read.

        :raises SimulatorError: when it was damaged; the last good state is back in place then.
        """
        if not self.state.exists() or _is_json(self.state):
            return
        self._unclean.touch()
        aside = self.state.with_suffix(".json.damaged")
        self.state.rename(aside)
        backup = self.state.with_suffix(".json.bak")
        if backup.exists() and _is_json(backup):
            shutil.copy(backup, self.state)
            outcome = "the state before the last run is back in place"
        else:
            outcome = "there is no backup, so the stack starts empty"
        raise SimulatorError(
            f"the state of stack '{self.stack}' is damaged (not valid JSON); it was set aside as "
            f"{aside}, and {outcome}. Run the command again"
        )

    def deployment(self) -> Mapping[str, object]:
        """Return what the state holds; secrets stay encrypted."""
        if not self.state.exists():
            return {}
        return json.loads(self.state.read_text())["checkpoint"].get("latest") or {}

    def break_stale_lock(self) -> None:
        """Remove the engine's own lock, left by a run that was killed."""
        locks = self.folder / "state" / ".pulumi" / "locks"
        shutil.rmtree(locks, ignore_errors=True)

    @property
    def _unclean(self) -> Path:
        """Marks that the state may know less than the cloud."""
        return self.folder / "unclean"

    @property
    def _passphrase_file(self) -> Path:
        return self.folder / "passphrase"

    def _copy_stack_file(self) -> list[str]:
        original = read_stack_file(stack_path(self.stack, self.stack_files))
        config, hidden = _without_secrets(
            cast("Mapping[str, object]", original.get("config") or {})
        )
        target = self.project / f"Pulumi.{self.stack}.yaml"
        kept: dict[str, object] = {"config": config}
        if target.exists():  # the salt that belongs to this workspace's passphrase
            before = cast("Mapping[str, object] | None", yaml.safe_load(target.read_text())) or {}
            kept |= {k: v for k, v in before.items() if k == "encryptionsalt"}
        target.write_text(yaml.safe_dump(kept))
        return hidden


def _without_secrets(config: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
    """Leave `secure:` values out; return the rest and the paths of what was left out."""
    hidden: list[str] = []

    def visit(value: object, path: str) -> object:
        if isinstance(value, dict):
            items = cast("dict[str, object]", value)
            if set(items) == {"secure"}:
                hidden.append(path)
                return None
            children = {k: visit(v, f"{path}.{k}" if path else k) for k, v in items.items()}
            return {k: v for k, v in children.items() if v is not None}
        if isinstance(value, list):
            items_ = enumerate(cast("list[object]", value))
            return [visit(item, f"{path}[{index}]") for index, item in items_]
        return value

    return cast("dict[str, object]", visit(dict(config), "")), hidden


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except ValueError:
        return False
    return True
