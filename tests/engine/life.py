"""The whole life of a deployment: preview, up, up, refresh, change, destroy."""

from typing import cast

from simulator.session import POLICY_PACK, Session
from simulator.timeline import timeline
from tests.engine.conftest import Bench

LEAF = "aws:cloudwatch/eventTarget:EventTarget"
"""Nothing depends on it."""
CLUSTER = "aws:eks/cluster:Cluster"


def inventory(session: Session) -> dict[str, str]:
    return {record.urn: record.id for record in session.cloud.inventory.alive()}


def created(session: Session) -> list[str]:
    resources = cast("list[dict[str, object]]", session.state()["resources"])
    return [str(resource["type"]) for resource in resources]


def live(mine: Bench) -> None:
    """Take a stack through everything that happens to one, and check what is done each time."""
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
    # In production, a policy holds whoever would take the protection off.
    policies = () if mine.stack == "prod" else (POLICY_PACK,)
    with mine.open(policies=policies) as session:
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
