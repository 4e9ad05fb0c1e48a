"""`python -m simulator.project`: a Pulumi project of anybody's, on the embedded cloud.

The engine runs a copy of the project, with a state and a simulated cloud of its own below
`.simulator/projects/NAME`. The folder itself is only read.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml
from pulumi.automation import CommandResult
from pulumi.automation.errors import CommandError

from simulator.cloud.core import Cloud
from simulator.cloud.inventory import Inventory
from simulator.command import EngineCommand
from simulator.engine import pulumi_command
from simulator.errors import Exit, SimulatorError
from simulator.gobuild import BuildError
from simulator.languages.yaml_host import yaml_host
from simulator.providers import serve
from simulator.workspace import Workspace, default_home

STACK = "simulated"
"""The one stack of each project."""

REGION = "eu-west-1"

LANGUAGES = Path(__file__).parent / "languages" / "bin"
"""Where the engine finds the stand-in for the Python language host."""

UNCOPIED = shutil.ignore_patterns(".venv", "__pycache__", "node_modules", ".pulumi")

EPILOG = """\
exit codes: 0 done; 1 the engine or the project failed; 2 no project; 130 interrupted.

examples:
  python -m simulator.project examples/yaml preview
  python -m simulator.project examples/yaml up --yes
  python -m simulator.project examples/yaml stack output --json
"""


@dataclass(frozen=True)
class Project:
    """An open project. Use `Project.open`."""

    cloud: Cloud
    command: EngineCommand
    folder: Path
    """The copy that the engine works in."""
    env: Mapping[str, str]

    @classmethod
    @contextmanager
    def open(
        cls, source: Path, engine: Path, *, home: Path | None = None, region: str = REGION
    ) -> Generator["Project"]:
        """Copy a project, lock its state, serve its cloud, and open its stack.

        :param source: folder of its Pulumi.yaml.
        :param engine: the Pulumi CLI.
        :param home: where embedded projects live on disk.
        :param region: of the simulated cloud.
        :raises SimulatorError: when there is no project, or another command works on it.
        :raises BuildError: when a language host is needed and can't be built.
        """
        manifest = _read_manifest(source)
        name = str(manifest.get("name") or source.name)
        workspace = Workspace(name, (home or default_home() / "projects").resolve())
        with workspace.locked() as killed:
            if killed:
                workspace.break_stale_lock()
            workspace.lay_out()
            _copy(source, workspace.project, absolute(manifest, source.resolve()))
            cloud = Cloud(region, Inventory(workspace.journal))
            command = EngineCommand(engine)
            with serve(cloud) as attached, command.forwarding_interrupts():
                env = {
                    **workspace.env(),
                    "FASTAPI_PLATFORM_PYTHON": sys.executable,
                    "PATH": os.pathsep.join((*_hosts(manifest), os.environ.get("PATH", ""))),
                    "PULUMI_DEBUG_PROVIDERS": attached,
                    "PULUMI_SKIP_CHECKPOINTS": "false",  # a run that is killed loses nothing
                }
                project = cls(cloud, command, workspace.project, env)
                project.pulumi("stack", "select", "--create", STACK)
                project.pulumi("config", "set", "aws:region", region)
                yield project

    def pulumi(
        self, *arguments: str, on_output: Callable[[str], object] | None = None
    ) -> CommandResult:
        """Run one command of the Pulumi CLI.

        :param on_output: takes each line that it prints, on either stream.
        :raises CommandError: when it fails.
        """
        return self.command.run(
            [*arguments, "--color=never"], str(self.folder), self.env, on_output, on_output
        )


def _read_manifest(source: Path) -> dict[str, object]:
    file = source / "Pulumi.yaml"
    try:
        read = cast("object", yaml.safe_load(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise SimulatorError(f"{file}: {error.strerror}", Exit.BAD_INPUT) from None
    except yaml.YAMLError as error:
        raise SimulatorError(f"{file}: no YAML: {error}", Exit.BAD_INPUT) from None
    if not isinstance(read, dict):
        raise SimulatorError(f"{file}: a mapping is needed", Exit.BAD_INPUT)
    return cast("dict[str, object]", read)


def absolute(manifest: Mapping[str, object], source: Path) -> dict[str, object]:
    """Return `manifest` as it reads in another folder: with paths that are not relative."""
    packages = cast("Mapping[str, object]", manifest.get("packages") or {})
    named = manifest.get("runtime")
    runtime: Mapping[str, object] = {"name": named}
    if isinstance(named, dict):
        runtime = cast("Mapping[str, object]", named)
    options = dict(cast("Mapping[str, object]", runtime.get("options") or {}))
    environment = source / str(options.get("virtualenv") or ".venv")
    if environment.exists():
        options["virtualenv"] = str(environment)
    return {
        **manifest,
        "packages": {name: _located(package, source) for name, package in packages.items()},
        "runtime": {**runtime, "options": options},
    }


def _located(package: object, source: Path) -> object:
    if isinstance(package, str) and package.startswith("."):
        return str((source / package).resolve())
    return package


def _copy(source: Path, target: Path, manifest: Mapping[str, object]) -> None:
    """Replace the copy by a new one, but for the stack's file, which has the state's salt."""
    file = target / f"Pulumi.{STACK}.yaml"
    kept = file.read_bytes() if file.exists() else b""
    shutil.rmtree(target)
    shutil.copytree(source, target, ignore=UNCOPIED)
    if kept:
        file.write_bytes(kept)
    (target / "Pulumi.yaml").write_text(yaml.safe_dump(manifest, sort_keys=False))


def _hosts(manifest: Mapping[str, object]) -> list[str]:
    """Return the folders where the engine finds language hosts."""
    needed = [LANGUAGES]
    if manifest.get("runtime") == "yaml":
        needed.append(yaml_host(lambda text: print(text, file=sys.stderr)).parent)
    return [str(folder) for folder in needed]


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(
        prog="python -m simulator.project",
        description="Run a Pulumi project, in YAML or Python, on the embedded cloud.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("folder", type=Path, help="the folder of its Pulumi.yaml")
    made.add_argument(
        "arguments",
        nargs=argparse.REMAINDER,
        metavar="COMMAND",
        help="of the Pulumi CLI, with its arguments",
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    args = parser().parse_args(arguments)
    command = cast("list[str]", args.arguments) or ["preview"]
    try:
        engine = pulumi_command(lambda text: print(text, file=sys.stderr))
        with Project.open(args.folder, engine) as project:
            project.pulumi(*command, on_output=print)
    except CommandError:
        return Exit.FAILED  # the engine has said why
    except (BuildError, SimulatorError) as error:
        print(f"error: {error}", file=sys.stderr)
        return error.code if isinstance(error, SimulatorError) else Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return Exit.OK


if __name__ == "__main__":
    sys.exit(main())
