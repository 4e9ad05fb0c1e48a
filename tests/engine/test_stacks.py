"""Each environment's stack, as it is, through the whole life of a deployment on the real engine."""

from collections.abc import Callable
from typing import cast

import pytest

from simulator.errors import SimulatorError
from simulator.session import Session
from simulator.timeline import timeline
from tests.engine.conftest import Bench

STACKS = ("local", "dev", "staging", "prod")

LEAF = "aws:cloudwatch/eventTarget:EventTarget"
"""Nothing depends on it."""
CLUSTER = "aws:eks/cluster:Cluster"


def inventory(session: Session) -> dict[str, str]:
    return {record.urn: record.id for record in session.cloud.inventory.alive()}


def created(session: Session) -> list[str]:
    resources = cast("list[dict[str, object]]", session.state()["resources"])
    return [str(resource["type"]) for resource in resources]


@pytest.mark.parametrize("stack", STACKS)
def test_the_whole_life_of_a_stack(stack: str, bench: Callable[[str], Bench]):
    mine = bench(stack)
    with mine.open() as session:
        previewed = session.preview()
        assert set(previewed.changes()) == {"create"}
        assert session.cloud.inventory.alive() == []

        up = session.up()
        assert up.changes() == previewed.changes()
        assert [p.policy_name for p in up.mandatory_violations()] == []
        first = inventory(session)
        assert CLUSTER in created(session)
        assert 600 < timeline(session.state()).seconds < 3600

        assert set(session.up().changes()) == {"same"}

        lost = next(r for r in session.cloud.inventory.alive() if r.type == LEAF)
        session.cloud.inventory.remove(lost.type, lost.id)
        assert session.refresh().changes()["delete"] == 1

    mine.edit(network__flowLogs__retentionDays=545, protect=False)
    with mine.open() as session:
        changed = session.up()
        steps = {(s.operation, s.urn.rsplit("::", 1)[-1]) for s in changed.steps()}
        assert ("create", lost.urn.rsplit("::", 1)[-1]) in steps
        assert ("update", "network-flow-logs") in steps
        assert set(changed.changes()) == {"create", "same", "update"}
        assert changed.changes()["create"] == 1
        kept = {urn: id_ for urn, id_ in first.items() if urn != lost.urn}
        assert kept.items() <= inventory(session).items()

        assert set(session.destroy().changes()) == {"delete"}
        assert session.cloud.inventory.alive() == []


def test_production_can_not_be_destroyed_while_it_is_protected(bench: Callable[[str], Bench]):
    with bench("prod").open() as session:
        session.up()
        before = inventory(session)
        with pytest.raises(SimulatorError, match="protect"):
            session.destroy()
        assert inventory(session) == before
