"""The Lambda handler, started as Lambda starts it: in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import cast

import httpx2
import pytest

from local.bench import EVENT
from local.process import ROOT, free_port, listens, start
from local.redis import available, start_redis

CODE = """
import json, sys
from catalog_lambda.handler import handler
events = json.load(sys.stdin)
print(json.dumps([handler(event, None) for event in events]), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, str]]:
    directory, ports = tmp_path_factory.mktemp("lambda"), (free_port(), free_port())
    running = [start_redis(directory, ports[0])]
    command = [sys.executable, "-m", "local.search", str(ports[1])]
    running.append(
        start("search", command, directory=directory, environment={"PYTHONPATH": str(ROOT)})
    )
    running[1].wait_until(listens(ports[1]), seconds=60)
    search = f"http://127.0.0.1:{ports[1]}"
    product = {"id": "p1", "name": "Tea", "description": "", "price_cents": 450}
    httpx2.put(f"{search}/products/_doc/p1", json=product).raise_for_status()
    yield {
        "SERVICE_NAME": "catalog",
        "CACHE_URL": f"redis://127.0.0.1:{ports[0]}",
        "SEARCH_URL": search,
    }
    for process in running:
        process.stop()


@pytest.mark.skipif(not available(), reason="no redis-server (Debian: redis-server)")
def test_it_answers_many_requests_of_one_environment(environment: dict[str, str], tmp_path: Path):
    http = {"method": "GET", "path": "/v1/products/none", "sourceIp": "192.0.2.1"}
    none = {**EVENT, "rawPath": http["path"], "requestContext": {"http": http, "stage": "x"}}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        input=json.dumps([EVENT, EVENT, none, EVENT]),
        env={**os.environ, **environment},
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=True,
    )
    answers = cast("list[dict[str, object]]", json.loads(done.stderr.splitlines()[-1]))
    assert [answer["statusCode"] for answer in answers] == [200, 200, 404, 200]
    assert json.loads(str(answers[0]["body"]))["price_cents"] == 450
    headers = cast("dict[str, str]", answers[2]["headers"])
    assert headers["content-type"] == "application/problem+json"
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(line["event"] == "request" for line in lines) == 4
