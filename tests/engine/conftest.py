"""The real engine for tests: the Pulumi CLI, and embedded stacks in a folder of the test's own."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from simulator.cloud.faults import Fault, Faults
from simulator.cloud.real import NOTHING, Real
from simulator.engine import pulumi_command
from simulator.host import Program, platform_program
from simulator.session import POLICY_PACK, Session
from stacks.loading import DIRECTORY


@pytest.fixture(scope="session")
def pulumi_cli() -> Path:
    return pulumi_command(print)


class Bench:
    """One embedded stack of a test: its file, which may be edited, and its sessions."""

    def __init__(self, folder: Path, engine: Path, stack: str) -> None:
        self.folder = folder
        self.engine = engine
        self.stack = stack
        self.file = folder / f"Pulumi.{stack}.yaml"

    def edit(self, **changes: object) -> None:
        """Set `platform:` keys of the stack file; a `.` in a key goes a level deeper (as `__`)."""
        content = yaml.safe_load(self.file.read_text())
        for path, value in changes.items():
            first, *rest = path.split("__")
            target, key = content["config"], f"platform:{first}"
            for part in rest:
                target = target.setdefault(key, {})
                key = part
            target[key] = value
        self.file.write_text(yaml.safe_dump(content))

    @contextmanager
    def open(
        self,
        program: Program = platform_program,
        *,
        faults: tuple[Fault, ...] = (),
        policies: tuple[Path, ...] = (POLICY_PACK,),
        real: Real = NOTHING,
    ) -> Generator[Session]:
        with Session.open(
            self.stack,
            self.engine,
            program=program,
            faults=Faults(faults),
            policies=policies,
            home=self.folder / "simulator",
            stack_files=self.folder,
            real=real,
        ) as session:
            yield session


@pytest.fixture
def bench(tmp_path: Path, pulumi_cli: Path) -> Callable[[str], Bench]:
    """Return a maker of benches: `bench("prod")` works on a copy of prod's stack file."""

    def make(stack: str) -> Bench:
        made = Bench(tmp_path, pulumi_cli, stack)
        made.file.write_text((DIRECTORY / made.file.name).read_text())
        return made

    return make


@pytest.fixture
def local(bench: Callable[[str], Bench]) -> Bench:
    """Return a bench for the smallest stack."""
    return bench("local")
