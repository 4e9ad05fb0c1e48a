"""What the runbooks tell people to do with the engine does what they say."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import yaml

from simulator.record import RunRecord
from simulator.session import Session
from tests.engine.conftest import Bench

LATER = ("services", "workers", "jobs", "serverless", "scans")
"""Sections that docs/runbooks/first-deployment.md leaves out at first."""


USERS = ("orders", "spending", "tables")
"""Beginnings of the names of what has to do with the table `orders`."""


def changed(record: RunRecord) -> dict[str, str]:
    """Return what was done to each resource, by logical name; nothing of components."""
    return {
        step.urn.rsplit("::", 1)[-1]: step.operation
        for step in record.steps()
        if step.operation != "same" and not step.type.startswith("fastapi-platform:")
    }


def urn_of(session: Session, name: str) -> str:
    resources = cast("list[Mapping[str, str]]", session.state()["resources"])
    return next(r["urn"] for r in resources if r["urn"].endswith(f"::{name}"))


def pulumi(session: Session, *words: str, engine: Path) -> str:
    run = subprocess.run(
        [engine, *words],
        cwd=session.workspace.project,
        env={**os.environ, **session.workspace.env()},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return run.stdout


def test_a_first_deployment_comes_without_services_and_takes_them_later(
    bench: Callable[[str], Bench],
):
    mine = bench("prod")
    whole = mine.file.read_text()
    content = yaml.safe_load(whole)
    for section in LATER:
        del content["config"][f"platform:{section}"]
    for key in ("topics", "lagAlarms"):
        del content["config"]["platform:kafka"][key]
    content["config"]["platform:cluster"]["apiEndpoint"]["publicCidrs"] = ["203.0.113.7/32"]
    mine.file.write_text(yaml.safe_dump(content))
    with mine.open() as session:
        first = session.up()
        assert [p.policy_name for p in first.mandatory_violations()] == []
    mine.file.write_text(whole)
    with mine.open() as session:
        done = changed(session.up())
    updated = {name for name, operation in done.items() if operation == "update"}
    assert {"cluster-eks", "alerts-platform"} <= updated
    assert {name for name, operation in done.items() if operation == "delete"} == set()
    assert {n for n, o in done.items() if "replace" in o} == {"grafana-dashboards-platform"}


def test_an_upgrade_of_kubernetes_is_made_of_updates(local: Bench):
    local.edit(cluster__version="1.35")
    with local.open() as session:
        session.up()
    local.edit(cluster__version="1.36")
    with local.open() as session:
        assert changed(session.preview()) == {
            "cluster-eks": "update",
            "cluster-kube-proxy": "update",
            "cluster-coredns": "update",
            "cluster-system": "update",
        }


def test_another_version_of_a_password_leaves_its_broker_alone(local: Bench):
    with local.open() as session:
        session.up()
    local.edit(rabbitmq__passwordVersion=2)
    with local.open() as session:
        touched = changed(session.up())
    assert set(touched) == {"rabbitmq-user-password", "rabbitmq-user-secret-value"}


def test_a_restored_table_is_taken_over_and_its_users_follow(local: Bench):
    with local.open() as session:
        session.up()
        urn = urn_of(session, "tables-orders")
        table = next(r for r in session.cloud.inventory.alive() if r.urn == urn)
        restored = f"{table.id}-restored"
        exported = pulumi(session, "stack", "export", "-s", local.stack, engine=local.engine)
        record = {"op": "create", "type": table.type, "urn": urn, "id": restored}
        inputs = json.loads(json.dumps(table.inputs).replace(table.id, restored))
        journal = session.workspace.journal
        with journal.open("a") as file:
            file.write(json.dumps({**record, "inputs": inputs}) + "\n")
        adopted = journal.with_name("adopted.json")
        adopted.write_text(adopt(exported, urn, table.id, restored))
        pulumi(
            session,
            *("stack", "import", "-s", local.stack, "--file", str(adopted)),
            engine=local.engine,
        )
    with local.open() as session:
        session.refresh()
        touched = changed(session.up())
        assert set(touched.values()) == {"update"}
        assert {"orders-role-uses", "orders-deployment", "spending-api"} <= set(touched)
        assert not [name for name in touched if not name.startswith(USERS)]


def adopt(exported: str, urn: str, old: str, new: str) -> str:
    """Return a state in which one resource has another name, as the runbook's jq does it."""
    state = json.loads(exported)
    for resource in state["deployment"]["resources"]:
        if resource["urn"] == urn:
            text = json.dumps({key: resource[key] for key in ("id", "inputs", "outputs")})
            resource.update(json.loads(text.replace(old, new)))
    return json.dumps(state)
