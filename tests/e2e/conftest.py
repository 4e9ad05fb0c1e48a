"""One cluster and one deployed stack for all tests, which change it one after another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pulumi.automation.events import EngineEvent

from simulator.record import RunRecord
from stacks.loading import DIRECTORY
from tests.e2e.aws_token import AwsToken
from tests.e2e.charts import make_charts
from tests.e2e.cluster.control import ControlPlane, start
from tests.e2e.operators import Operators
from tests.e2e.platform import Platform, environment
from tests.engine.conftest import Bench, pulumi_cli

__all__ = ["pulumi_cli"]

IN_ORDER = ("test_up", "test_changes", "test_refusals", "test_killed", "test_destroy")
"""Each builds on what the ones before have left."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the stack's life in their order, behind all others."""
    items.sort(key=lambda item: IN_ORDER.index(s) if (s := item.path.stem) in IN_ORDER else -1)


@dataclass
class Order:
    """When each resource of a run was begun, and when it was done."""

    _begun: dict[str, int] = field(default_factory=dict[str, int])
    _done: dict[str, int] = field(default_factory=dict[str, int])

    def __call__(self, event: EngineEvent) -> None:
        """Note an event of the engine."""
        if event.resource_pre_event:
            self._begun.setdefault(event.resource_pre_event.metadata.urn, event.sequence)
        elif event.res_outputs_event:
            self._done.setdefault(event.res_outputs_event.metadata.urn, event.sequence)

    def begun(self, urn: str) -> int:
        """Return the place in the run at which a resource was begun."""
        return self._begun[urn]

    def done(self, urn: str) -> int:
        """Return the place at which it was there."""
        return self._done[urn]


@dataclass(frozen=True)
class Deployed:
    """What the first preview and the first up of the stack did, and left."""

    previewed: RunRecord
    up: RunRecord
    order: Order
    state: Mapping[str, object]
    outputs: Mapping[str, object]


@pytest.fixture(scope="session")
def control(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    with start(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="session")
def operators(control: ControlPlane) -> Iterator[Operators]:
    made = Operators(control.client)
    with made.working():
        yield made


@pytest.fixture(scope="session")
def platform(
    control: ControlPlane, tmp_path_factory: pytest.TempPathFactory, pulumi_cli: Path
) -> Platform:
    folder = tmp_path_factory.mktemp("platform")
    bench = Bench(folder, pulumi_cli, "local")
    bench.file.write_text((DIRECTORY / bench.file.name).read_text())
    bench.edit(protect=False)
    make_charts(folder / "charts")
    token = AwsToken(folder / "aws", control.admin_token)
    return Platform(bench, folder / "charts", control, token, environment(folder, token))


@pytest.fixture(scope="session")
def deployed(platform: Platform, operators: Operators) -> Deployed:
    assert operators.problems == []
    order = Order()
    with platform.open() as session:
        previewed = session.preview()
        record = session.up(order)
        return Deployed(previewed, record, order, session.state(), session.outputs())
