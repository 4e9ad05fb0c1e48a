"""Logs on the real engine: what changes in place, and what a change of the set-up makes anew."""

from typing import cast

import pulumi

from components.logging import Logging, LoggingArgs
from simulator.session import Program
from tests.engine.conftest import Bench
from tests.stacks.changes import changes, make_cluster

TAGS = {"owner": "me", "environment": "local", "project": "test", "managed-by": "pulumi"}
SEARCH = {"endpoint": "https://elasticsearch-es-http.search.svc:9200", "ca_secret": "search/ca"}


def logs(**given: object) -> Program:
    def program() -> None:
        cluster, provider = make_cluster()
        args = {
            "cluster_name": cluster.name,
            "agents_namespace": "node-agents",
            "cloudwatch": {},
            "elasticsearch": {},
            "search": SEARCH,
            "monitored": True,
            "tags": TAGS,
            **given,
        }
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        made = Logging("logging", cast("LoggingArgs", args), opts)
        pulumi.export("group", made.log_group_name)

    return program


def test_logs_change_in_place_and_their_set_up_runs_anew(local: Bench):
    with local.open(logs(), policies=()) as session:
        session.up()
        group = session.outputs()["group"]
        assert set(session.preview().changes()) == {"same"}
    changed = logs(
        cloudwatch={"retention_days": 90},
        elasticsearch={"delete_days": 90, "password_version": 2},
        lines_per_second=1000,
    )
    with local.open(changed, policies=()) as session:
        done = changes(session.up())
        assert session.outputs()["group"] == group
        assert done["logging-fluent-bit"] == "update"
        assert done["logging-containers"] == "update"
        anew = {name for name, operation in done.items() if operation != "update"}
        assert anew == {"logging-setup", "logging-writer", "logging-writer-password"}
        assert set(session.preview().changes()) == {"same"}
        session.destroy()
