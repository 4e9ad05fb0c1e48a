"""`python -m local.bench`: what the runtime costs, and how long a Lambda function takes to start.

The catalog's read path is measured with wrk (Debian) against a bare FastAPI application that has
the same routes and clients, on the same machine in the same run: one process each, one after the
other, in several rounds; medians are shown.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx2

from local.elasticsearch import start_elasticsearch
from local.function import CALL, event
from local.issuer import AUDIENCE
from local.process import ROOT, Process, free_port, listens, start
from local.redis import start_redis
from local.tables import CREDENTIALS, TABLE, start_tables

ROUNDS, SECONDS, CONNECTIONS, PRODUCTS = 5, 4, 32, 4000

VARIANTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "bare FastAPI": ("local.bare", {}),
    "catalog": ("catalog", {}),
    "catalog, no access log": ("catalog", {"LOG_ACCESS": "false"}),
    "catalog, 10 % traced": ("catalog", {"OTEL_TRACES_SAMPLER_ARG": "0.1"}),
    "catalog, all traced": ("catalog", {"OTEL_TRACES_SAMPLER_ARG": "1"}),
}

AS_DEPLOYED = "catalog, 10 % traced"
"""The gateway's default is to trace a tenth of the requests (components/gateway/spec.py)."""
MOST = 0.35
"""Of the throughput, what the runtime may cost."""

COLD = """
local n = 0
request = function() n = n + 1; return wrk.format("GET", "/catalog/products/p" .. (n % {count})) end
"""


class Figures(NamedTuple):
    """One run of wrk."""

    requests: float
    cpu: float
    p50: float
    p99: float


def wrk(url: str, server: Process, script: Path | None = None) -> Figures:
    """Load a URL for some seconds; count the processor time of the server, too.

    The latter says what a request costs even while others use the machine.
    """
    before = _cpu_seconds(server)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "20s", "--latency"]
    command += ["-s", str(script)] if script else []
    text = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    used = _cpu_seconds(server) - before
    done, rate = (re.search(p, text) for p in (r"(\d+) requests in", r"Requests/sec:\s+([\d.]+)"))
    if done is None or rate is None:
        raise RuntimeError(text)
    cpu = used / int(done[1]) * 1e6
    return Figures(float(rate[1]), cpu, _latency(text, 50), _latency(text, 99))


def _cpu_seconds(process: Process) -> float:
    fields = Path(f"/proc/{process.popen.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _latency(text: str, percent: int) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", text)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]] if found else 0


def measure(directory: Path, environment: Mapping[str, str], redis: int, collector: str) -> None:
    """Measure all variants, hot and cold; print the tables."""
    script = directory / "cold.lua"
    script.write_text(COLD.format(count=PRODUCTS))
    hot: dict[str, list[Figures]] = {name: [] for name in VARIANTS}
    cold: dict[str, list[Figures]] = {name: [] for name in list(VARIANTS)[:2]}
    for number in range(ROUNDS):
        names = sorted(VARIANTS, key=list(VARIANTS).index, reverse=bool(number % 2))
        for name in names:
            module, extra = VARIANTS[name]
            endpoint = collector if "traced" in name else ""
            variables = {**environment, **extra, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
            process, url = serve(directory / f"{name}-{number}", module, variables)
            try:
                page = f"{url}/catalog/products/p1"
                httpx2.get(page).raise_for_status()
                hot[name].append(wrk(page, process))
                if name in cold:
                    subprocess.run(
                        ["redis-cli", "-p", str(redis), "flushall"], check=True, capture_output=True
                    )
                    cold[name].append(wrk(url, process, script))
            finally:
                process.stop()
    show("Hot: one product, in the cache", hot)
    show("Cold: each product for the first time, from Elasticsearch", cold)


def serve(directory: Path, module: str, variables: Mapping[str, str]) -> tuple[Process, str]:
    """Start one server."""
    port = free_port()
    command = [sys.executable, "-m", module]
    environment = {**variables, "HTTP_PORT": str(port), "PYTHONPATH": str(ROOT)}
    process = start("server", command, directory=directory, environment=environment)
    process.wait_until(listens(port))
    return process, f"http://127.0.0.1:{port}"


def show(title: str, figures: Mapping[str, list[Figures]]) -> None:
    """Print one table."""
    print(f"\n### {title}\n\n| | requests/s | of bare | CPU µs/request | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|")
    medians = {
        name: [_median(runs, column) for column in range(4)] for name, runs in figures.items()
    }
    base = medians["bare FastAPI"][0]
    for name, (requests, cpu, p50, p99) in medians.items():
        share = f"{requests / base:.0%}"
        print(f"| {name} | {requests:.0f} | {share} | {cpu:.0f} | {p50:.1f} | {p99:.1f} |")
    if AS_DEPLOYED in medians:
        cost = 1 - medians[AS_DEPLOYED][0] / base
        verdict = "met" if cost < MOST else "missed"
        print(f"\n{AS_DEPLOYED}: costs {cost:.0%} of the throughput; target {MOST:.0%}: {verdict}")


def _median(runs: Sequence[Sequence[float]], column: int) -> float:
    return statistics.median(run[column] for run in runs)


def measure_lambda(directory: Path) -> None:
    """Measure the Lambda handler's cold start: a new process for each."""
    tables, issuer = free_port(), free_port()
    running = [start_tables(directory, tables), serve_part("issuer", issuer, directory)]
    address = f"http://127.0.0.1:{issuer}"
    query = {"scope": "orders/read", "sub": "ada"}
    token = httpx2.post(f"{address}/token", params=query).json()["access_token"]
    events = [event("/v1/spending/ada", {"authorization": f"Bearer {token}"})] * 51
    environment = {
        "SERVICE_NAME": "spending",
        "AUTH_ISSUER": address,
        "AUTH_AUDIENCE": AUDIENCE,
        "AUTH_JWKS_URL": f"{address}/jwks.json",
        "TABLES_ORDERS": TABLE,
        "TABLES_ENDPOINT_URL": f"http://127.0.0.1:{tables}",
        **CREDENTIALS,
    }
    runs: list[tuple[float, float, float]] = []
    try:
        for _ in range(5):
            done = subprocess.run(
                [sys.executable, "-c", CALL],
                input=json.dumps(events),
                check=True,
                text=True,
                capture_output=True,
                env={**os.environ, **environment},
            )
            found = json.loads(done.stderr.splitlines()[-1])
            if {answer["statusCode"] for answer in found["answers"]} != {200}:
                raise RuntimeError(found["answers"][0])
            began, ready, first, *_, last = found["times"]
            runs.append((ready - began, first - ready, (last - first) / (len(events) - 1)))
    finally:
        for process in reversed(running):
            process.stop()
    imported, first, warm = (_median(runs, column) * 1000 for column in range(3))
    print(
        f"\n### Lambda handler (spending)\n\nImport and start {imported:.0f} ms, first request "
        f"{first:.0f} ms, then {warm:.1f} ms each (median of {len(runs)} processes)."
    )


def main() -> int:
    """Measure, and print Markdown."""
    if not (shutil.which("wrk") and shutil.which("redis-server")):
        print("wrk and redis-server are needed (Debian packages)", file=sys.stderr)
        return 2
    load = os.getloadavg()[0]
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python "
        f"{sys.version.split()[0]}, load {load:.1f} before; {CONNECTIONS} connections, "
        f"{ROUNDS} rounds of {SECONDS} s; server, wrk and Redis share the machine."
    )
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        measure_catalog(directory)
        measure_lambda(directory)
    return 0


def measure_catalog(directory: Path) -> None:
    """Start what the catalog needs, with some thousands of products, and measure it."""
    ports = {part: free_port() for part in ("redis", "search", "collector")}
    running = [start_redis(directory, ports["redis"])]
    try:
        running.append(start_elasticsearch(directory, ports["search"]))
        running.append(serve_part("collector", ports["collector"], directory))
        search = f"http://127.0.0.1:{ports['search']}"
        seed(search)
        environment = {
            "SERVICE_NAME": "catalog",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_DRAIN_SECONDS": "0",
            "CACHE_URL": f"redis://127.0.0.1:{ports['redis']}",
            "SEARCH_URL": search,
        }
        collector = f"http://127.0.0.1:{ports['collector']}"
        measure(directory, environment, ports["redis"], collector)
    finally:
        for process in reversed(running):
            process.stop()


def serve_part(name: str, port: int, directory: Path) -> Process:
    """Start a stand-in."""
    command = [sys.executable, "-m", f"local.{name}", str(port)]
    process = start(name, command, directory=directory, environment={"PYTHONPATH": str(ROOT)})
    process.wait_until(listens(port))
    return process


def seed(search: str) -> None:
    """Put the products into search."""
    lines: list[str] = []
    for number in range(PRODUCTS):
        product = {"id": f"p{number}", "name": f"Product {number}", "price_cents": number}
        lines.append(json.dumps({"index": {"_id": product["id"]}}))
        lines.append(json.dumps({**product, "description": "x" * 200}))
    headers = {"content-type": "application/x-ndjson"}
    content = "\n".join([*lines, ""])
    bulk = f"{search}/products/_bulk?refresh=true"
    httpx2.post(bulk, content=content, headers=headers, timeout=120).raise_for_status()


if __name__ == "__main__":
    sys.exit(main())
