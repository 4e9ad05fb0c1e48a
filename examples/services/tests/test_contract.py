"""The contract: each workload starts with what its Deployment gives it, and becomes ready.

Every variable is one of the simulated stack's Deployment and its Secret. A value is another one
only where an address, a password or a path must be: `HERE`. What AWS itself has there, DynamoDB and
IAM, is stood in for by variables that the contract calls local.
"""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import cast

import deployed
import httpx2
import pytest
from deployed import environment, filled_in, stack_file
from test_stack import until

from local.members import module
from local.process import Process, answers, free_port, start
from local.stack import Stack, missing
from local.tables import CREDENTIALS, make_table
from local.tls import Front

LACKS = deployed.MISSING or ", ".join(missing())
pytestmark = pytest.mark.skipif(bool(LACKS), reason=f"this machine lacks {LACKS}")

SERVICES = tuple(cast("Mapping[str, object]", stack_file(deployed.STACK)["services"]))
USER, PASSWORD = "app-user", "of this machine only"

LOCAL: Mapping[str, Mapping[str, str]] = {
    "KAFKA_BOOTSTRAP_SERVERS": {"KAFKA_AUTH": "none"},
    "TABLES_REGION": CREDENTIALS,
}
"""What stands in for IAM, by the variable that says that it would be needed."""


class Deployed:
    """The workloads of the stack, started here."""

    def __init__(self, directory: Path, stores: Stack) -> None:
        self.directory = directory
        self.stores = stores
        self.ports = {name: free_port() for name in (*SERVICES, "search")}
        self.front = Front(directory / "tls", self.ports["search"], stores.ports["search"])
        self.running: dict[str, Process] = {}
        tables = str(environment(deployed.STACK, "orders")["TABLES_ORDERS"])
        make_table(stores.url("tables"), tables)
        login = ["ACL", "SETUSER", USER, "on", f">{PASSWORD}", "~*", "&*", "+@all"]
        port = str(stores.ports["redis"])
        subprocess.run(["redis-cli", "-p", port, *login], check=True, capture_output=True)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def here(self, name: str) -> dict[str, str]:
        """Return the values that differ on this machine."""
        issuer, ports = self.stores.url("issuer"), self.stores.ports
        return {
            "POD_UID": "5f0c1f6e-0000-4000-8000-000000000000",
            "HTTP_PORT": str(self.ports.get(name, 0)),
            "AUTH_ISSUER": issuer,
            "AUTH_JWKS_URL": f"{issuer}/jwks.json",
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.stores.url("collector"),
            "CACHE_URL": f"redis://127.0.0.1:{ports['redis']}",
            "CACHE_USERNAME": USER,
            "CACHE_PASSWORD": PASSWORD,
            "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{ports['kafka']}",
            "SEARCH_URL": f"https://127.0.0.1:{self.ports['search']}",
            "SEARCH_CA_FILE": str(self.front.authority),
            "SEARCH_USERNAME": USER,
            "SEARCH_PASSWORD": PASSWORD,
            "RABBITMQ_URL": f"amqp://guest:guest@127.0.0.1:{ports['rabbitmq']}",
            "PEER_CATALOG_URL": self.url("catalog"),
            "WORKER_HEARTBEAT_FILE": str(self.directory / "heartbeat"),
        }

    def variables(self, name: str) -> dict[str, str]:
        """Return all that a workload is started with."""
        given = environment(deployed.STACK, name)
        local = {**LOCAL, "TABLES_ORDERS": {"TABLES_ENDPOINT_URL": self.stores.url("tables")}}
        found = filled_in(given, self.here(name))
        for variable in given:
            found |= local.get(variable, {})
        return found

    def start(self, name: str, command: list[str]) -> Process:
        process = start(
            name,
            [sys.executable, *command],
            directory=self.directory / name,
            environment=self.variables(name),
            inherit=False,
        )
        self.running[name] = process
        return process

    def token(self, *scopes: str) -> Mapping[str, str]:
        audience = str(environment(deployed.STACK, "orders")["AUTH_AUDIENCE"]).split(",")
        query = {"scope": " ".join(scopes), "sub": "ada", "client_id": audience[0]}
        answer = httpx2.post(f"{self.stores.url('issuer')}/token", params=query)
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Deployed]:
    directory = tmp_path_factory.mktemp("contract")
    with Stack(directory, services=()) as stores:
        made = Deployed(directory, stores)
        try:
            for name in SERVICES:
                made.start(name, ["-m", module(name)])
            command = cast("list[str]", deployed.workloads(deployed.STACK)["mailer"]["command"])
            made.start("mailer", command[1:])
            for name in SERVICES:
                process = made.running[name]
                process.wait_until(answers(f"{made.url(name)}/health/ready"), seconds=90)
            yield made
        finally:
            for process in reversed(made.running.values()):
                process.stop()
            made.front.stop()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_ready_with_what_its_deployment_gives_it(running: Deployed, name: str):
    process, url = running.running[name], f"{running.url(name)}/health/ready"
    # What is optional may come a little later: until then it is degraded.
    process.wait_until(lambda: httpx2.get(url).json()["status"] != "degraded")
    assert httpx2.get(url).json()["status"] == "ready"
    assert "password" not in process.log.read_text().lower()


def test_an_order_goes_all_the_way(running: Deployed):
    body = {"name": "A tea", "price_cents": 450}
    url, headers = f"{running.url('catalog')}/catalog/products/tea", running.token("catalog/write")
    # the first document makes the index, which may take longer than the service waits
    until(lambda: httpx2.put(url, json=body, headers=headers, timeout=10).is_success)
    answer = httpx2.post(
        f"{running.url('orders')}/orders",
        json={"lines": [{"product_id": "tea", "quantity": 2}]},
        headers={**running.token("orders/write"), "Idempotency-Key": "contract-1"},
        timeout=10,
    )
    assert answer.status_code == 201, answer.text
    log = running.running["mailer"].log

    def sent() -> bool:
        lines = [json.loads(each) for each in log.read_text().splitlines() if each[:1] == "{"]
        found = [each for each in lines if each["event"] == "notification sent"]
        return [each["order_id"] for each in found] == [answer.json()["id"]]

    until(sent)
    assert (running.directory / "heartbeat").exists()


def test_the_nightly_job_ends_well(running: Deployed):
    command = cast("list[str]", deployed.workloads(deployed.STACK)["orders-backlog"]["command"])
    assert running.start("orders-backlog", command[1:]).popen.wait(60) == 0
