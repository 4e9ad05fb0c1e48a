"""Spending: the handler, started as Lambda starts it, with what the stack's function is given."""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import boto3
import deployed
import httpx2
import pytest
from fuzz import fuzz

from local.function import CALL, event
from local.java import why_not
from local.process import ROOT, answers, free_port, listens, start
from local.tables import CREDENTIALS, REGION, start_tables
from orders.models import new_id
from spending.store import Month

Answer = dict[str, object]


def test_a_month_is_a_range_of_ids():
    first, end = Month.of("2025-12").ids()
    assert end == Month.of("2026-01").ids()[0]
    assert len(first) == len(end) == 12
    now = Month.at(datetime.now(UTC))
    assert now.ids()[0] < new_id() < now.ids()[1]
    assert str(now) == f"{datetime.now(UTC):%Y-%m}"


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, str]]:
    """Give the function's environment, with addresses of this machine in it."""
    if deployed.MISSING:
        pytest.skip(deployed.MISSING)
    if reason := why_not("tables"):
        pytest.skip(reason)
    directory, tables, issuer = tmp_path_factory.mktemp("function"), free_port(), free_port()
    given = deployed.environment(deployed.STACK, "spending")
    running = [start_tables(directory, tables, str(given["TABLES_ORDERS"]))]
    command = [sys.executable, "-m", "local.issuer", str(issuer)]
    running.append(
        start("issuer", command, directory=directory, environment={"PYTHONPATH": str(ROOT)})
    )
    running[1].wait_until(listens(issuer), seconds=60)
    address = f"http://127.0.0.1:{issuer}"
    here = {"AUTH_ISSUER": address, "AUTH_JWKS_URL": f"{address}/jwks.json"}
    # what is AWS's there: where DynamoDB is, and who calls
    aws = {"TABLES_ENDPOINT_URL": f"http://127.0.0.1:{tables}", **CREDENTIALS}
    variables = {**deployed.filled_in(given, here), **aws}
    place_orders(variables)
    yield variables
    for process in running:
        process.stop()


def place_orders(variables: Mapping[str, str]) -> None:
    client = boto3.client(
        "dynamodb",
        endpoint_url=variables["TABLES_ENDPOINT_URL"],
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    ids = [new_id(), new_id(), f"{0x19000000000:012x}{'0' * 16}"]  # the last one: 2024-06
    for number, order in enumerate(ids):
        text = json.dumps({"id": order, "total_cents": 100 + number, "new": "field"})
        row = {"customer_id": "customer#ada", "order_id": f"order#{order}", "order": text}
        client.put_item(
            TableName=variables["TABLES_ORDERS"], Item={k: {"S": v} for k, v in row.items()}
        )


def token(variables: Mapping[str, str], subject: str, scope: str) -> Mapping[str, str]:
    query = {"scope": scope, "sub": subject, "client_id": variables["AUTH_AUDIENCE"].split(",")[0]}
    answer = httpx2.post(f"{variables['AUTH_ISSUER']}/token", params=query)
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


def test_no_request_that_the_document_allows_breaks_it(function: dict[str, str], tmp_path: Path):
    port = free_port()
    variables = {**function, "HTTP_PORT": str(port), "HTTP_DRAIN_SECONDS": "0"}
    command = [sys.executable, "-m", "spending"]
    process = start("spending", command, directory=tmp_path, environment=variables)
    try:
        process.wait_until(answers(f"http://127.0.0.1:{port}/health/ready"), seconds=60)
        machine = function["AUTH_AUDIENCE"].split(",")[0]
        bearer = token(function, machine, "orders/read")["authorization"].removeprefix("Bearer ")
        assert fuzz("spending", f"http://127.0.0.1:{port}", bearer, tmp_path) == ""
    finally:
        process.stop()


def call(variables: Mapping[str, str], events: list[dict[str, object]], cwd: Path) -> list[Answer]:
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        input=json.dumps(events),
        env=dict(variables),
        cwd=cwd,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(line["event"] == "request" for line in lines) == len(events) - 1  # one is of health
    last = json.loads(done.stderr.splitlines()[-1])
    return cast("list[Answer]", last["answers"])


def test_the_function_says_what_a_customer_has_spent(function: dict[str, str], tmp_path: Path):
    machine = function["AUTH_AUDIENCE"].split(",")[0]
    path, scope = "/v1/spending/ada", "orders/read"
    events = [
        event("/health/live"),
        event(path, token(function, "ada", scope)),
        event(path, token(function, "ada", scope), "month=2024-06"),
        event(path, token(function, machine, scope)),
        event("/v1/spending/nobody", token(function, machine, scope)),
        event(path, token(function, "bob", scope)),
        event(path, token(function, "ada", "orders/write")),
        event(path),
        event(path, token(function, "ada", scope), "month=2024-13"),
    ]
    replies = call(function, events, tmp_path)
    assert [answer["statusCode"] for answer in replies] == [
        *(200, 200, 200, 200, 200, 404, 403, 401, 422)
    ]
    found = [json.loads(str(answer["body"])) for answer in replies[1:5]]
    assert [(each["orders"], each["total_cents"]) for each in found] == [
        *((2, 201), (1, 102), (2, 201), (0, 0))
    ]
    headers = cast("dict[str, str]", replies[5]["headers"])
    assert headers["content-type"] == "application/problem+json"
