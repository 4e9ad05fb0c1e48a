"""Search on the real engine: what changes in place, what is refused, and what a destroy leaves."""

from typing import cast

import pulumi
import pytest

from components.search import (
    ElasticsearchArgs,
    ElasticsearchCluster,
    OpenSearchArgs,
    OpenSearchDomain,
)
from simulator.errors import SimulatorError
from simulator.session import Program
from simulator.timeline import timeline
from tests.engine.conftest import Bench
from tests.stacks.changes import changes, make_cluster

TAGS = {"owner": "me", "environment": "local", "project": "test", "managed-by": "pulumi"}
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def opensearch(**given: object) -> Program:
    def program() -> None:
        args = {
            "vpc_id": "vpc-1",
            "subnet_ids": ["subnet-1", "subnet-2", "subnet-3"],
            "clients": {"cluster": "sg-nodes"},
            "version": "3.3",
            "tags": TAGS,
            **given,
        }
        search = OpenSearchDomain("search", cast("OpenSearchArgs", args))
        pulumi.export("endpoint", search.endpoint)

    return program


def elasticsearch(**given: object) -> Program:
    def program() -> None:
        cluster, provider = make_cluster()
        args = {
            "cluster_name": cluster.name,
            "availability_zones": ZONES,
            "version": "9.4.9",
            "tags": TAGS,
            **given,
        }
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        ElasticsearchCluster("search", cast("ElasticsearchArgs", args), opts)

    return program


def nothing() -> None:
    """Everything was taken out of the program."""


def test_a_domain_changes_in_place(local: Bench):
    with local.open(opensearch(), policies=()) as session:
        session.up()
        assert 1200 < timeline(session.state()).seconds < 1800
        endpoint = session.outputs()["endpoint"]
    changed = opensearch(
        version="3.5",
        nodes={"instance_type": "r7g.xlarge.search", "count": 6, "volume_gib": 200},
        masters={"instance_type": "m7g.xlarge.search"},
        log_retention_days=365,
        off_peak_hour=2,
    )
    with local.open(changed, policies=()) as session:
        done = changes(session.up())
        assert set(done.values()) == {"update"}
        assert {name for name in done if not name.startswith("search-search-slow")} == {
            *("search-application", "search-audit", "search-domain", "search-index-slow"),
            *("search-nodes", "search-storage"),  # alarms
        }
        assert session.outputs()["endpoint"] == endpoint
        assert set(session.preview().changes()) == {"same"}
    with local.open(opensearch(auth="password"), policies=()) as session:
        assert changes(session.preview())["search-domain"] == "update"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (opensearch(), nothing, "would lose 2 stateful resources"),
        (elasticsearch(), elasticsearch(namespace="other"), "would replace the search domain"),
    ],
)
def test_what_would_lose_indices_is_refused(
    local: Bench, before: Program, after: Program, message: str
):
    with local.open(before, policies=()) as session:
        session.up()
    with (
        local.open(after, policies=()) as session,
        pytest.raises(SimulatorError, match=message),
    ):
        session.preview()


def test_elasticsearch_changes_in_place_and_its_set_up_runs_anew(local: Bench):
    with local.open(elasticsearch(), policies=()) as session:
        session.up()
    changed = elasticsearch(
        version="9.5.6",
        nodes={"memory_gib": 8, "disk_gib": 200, "per_zone": 2},
        snapshots={"keep_days": 90},
    )
    with local.open(changed, policies=()) as session:
        done = changes(session.up())
        assert done["search-elasticsearch"] == "update"
        assert done["search-kibana"] == "update"
        assert {n for n, operation in done.items() if operation != "update"} == {"search-setup"}
        assert set(session.preview().changes()) == {"same"}
    with local.open(elasticsearch(password_version=2), policies=()) as session:
        done = changes(session.preview())
        assert done["search-elasticsearch"] == "update"


def test_a_destroy_leaves_nothing_in_aws(local: Bench):
    """Volumes go while the cluster can be reached; what it takes with it is left to it."""
    with local.open(elasticsearch(), policies=()) as session:
        session.up()
        order = [step.urn.rsplit("::", 1)[-1] for step in session.destroy().steps()]
        assert order.index("search-elasticsearch") < order.index("search-namespace")
        assert order.index("search-namespace") < order.index("eks")
        assert "search-elasticsearch" in order
