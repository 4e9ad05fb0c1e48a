"""All of it: the stores, their stand-ins where there is no other way, and the services."""

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx2

from local import rabbitmq, redis
from local.elasticsearch import start_elasticsearch
from local.java import why_not
from local.kafka import start_kafka
from local.members import module, services, settings_of
from local.process import ROOT, Process, answers, free_port, listens, start
from local.rabbitmq import start_rabbitmq
from local.redis import start_redis
from local.tables import CREDENTIALS, REGION, TABLE, start_tables
from notifications.worker import WorkerSettings

SERVICES = services()
JAVA = ("kafka", "tables", "elasticsearch")
PYTHON_PARTS = ("issuer", "collector")
STORES: Mapping[str, Callable[[Path, int], Process]] = {
    "redis": start_redis,
    "kafka": start_kafka,
    "search": start_elasticsearch,
    "tables": start_tables,
    "rabbitmq": start_rabbitmq,
}


def missing() -> list[str]:
    """Return what this machine lacks, and where it comes from."""
    found = {
        "redis-server (Debian: apt-get install redis-server)": redis.available(),
        "rabbitmq-server (Debian: apt-get install rabbitmq-server)": rabbitmq.available(),
    }
    lacking = [name for name, there in found.items() if not there]
    return [*lacking, *filter(None, map(why_not, JAVA))]


@dataclass
class Stack:
    """Everything on free ports of this machine; `with Stack(directory) as stack`."""

    directory: Path
    services: Sequence[str] = SERVICES
    """Which services are started; the worker comes with notifications."""
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables that all services get beside the contract's."""
    ports: dict[str, int] = field(default_factory=dict[str, int])
    processes: dict[str, Process] = field(default_factory=dict[str, Process])

    def __enter__(self) -> Self:
        for name in (*STORES, *PYTHON_PARTS, *self.services):
            self.ports.setdefault(name, free_port())
        try:
            with ThreadPoolExecutor() as pool:
                list(pool.map(self.start, (*STORES, *PYTHON_PARTS)))
            workers = ("worker",) if "notifications" in self.services else ()
            for name in (*self.services, *workers):
                self.start(name)
            for name in self.services:
                self.wait_ready(name)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def heartbeat(self) -> Path:
        """What the worker touches while it takes tasks."""
        return self.directory / "heartbeat"

    def url(self, name: str) -> str:
        """Return where a part listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self, name: str) -> None:
        """Start one part, also one that was killed."""
        directory = self.directory / name
        if name in STORES:
            self.processes[name] = STORES[name](directory, self.ports[name])
        elif name in PYTHON_PARTS:
            command = [sys.executable, "-m", f"local.{name}", str(self.ports[name])]
            process = start(name, command, directory=directory, environment=_PATH)
            process.wait_until(listens(self.ports[name]), seconds=60)
            self.processes[name] = process
        else:
            started = "notifications.worker" if name == "worker" else module(name)
            command = [sys.executable, "-m", started, *(_WORKER if name == "worker" else ())]
            self.processes[name] = start(
                name, command, directory=directory, environment=self.environment(name)
            )

    def kill(self, name: str) -> None:
        """End one part without warning."""
        self.processes[name].popen.kill()
        self.processes[name].popen.wait()

    def wait_ready(self, name: str) -> None:
        """Wait until a service is ready."""
        url = f"{self.url(name)}/health/ready"
        self.processes[name].wait_until(answers(url), seconds=60)

    def stop(self) -> None:
        """End all: the services first."""
        for name in reversed(list(self.processes)):
            self.processes.pop(name).stop()

    def token(self, *scopes: str, subject: str = "customer-1") -> str:
        """Return a token of the local issuer."""
        query = {"scope": " ".join(scopes), "sub": subject}
        answer = httpx2.post(f"{self.url('issuer')}/token", params=query)
        return str(answer.json()["access_token"])

    def environment(self, name: str) -> dict[str, str]:
        """Return the variables of one service: what `docs/runtime-contract.md` says, no others."""
        sections = {
            "cache": self._cache,
            "kafka": self._kafka,
            "peer": self._peers,
            "rabbitmq": self._rabbitmq,
            "search": self._search,
            "tables": self._tables,
        }
        found = {
            "SERVICE_NAME": "notifications-worker" if name == "worker" else name,
            "SERVICE_ENVIRONMENT": "local",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(self.ports.get(name, 0) or 8000),
            "HTTP_DRAIN_SECONDS": "0.5",
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.url("collector"),
            "AUTH_ISSUER": self.url("issuer"),
            "AUTH_AUDIENCE": "platform",
            "AUTH_JWKS_URL": f"{self.url('issuer')}/jwks.json",
        }
        if name == "worker":
            found["WORKER_HEARTBEAT_FILE"] = str(self.heartbeat)
        settings = WorkerSettings if name == "worker" else settings_of(name)
        for section in sections.keys() & settings.model_fields.keys():
            found |= sections[section]()
        return {**found, **self.extra}

    def _cache(self) -> dict[str, str]:
        return {"CACHE_URL": f"redis://127.0.0.1:{self.ports['redis']}"}

    def _search(self) -> dict[str, str]:
        return {"SEARCH_URL": self.url("search")}

    def _kafka(self) -> dict[str, str]:
        brokers = f"127.0.0.1:{self.ports['kafka']}"
        return {"KAFKA_BOOTSTRAP_SERVERS": brokers, "KAFKA_AUTH": "none"}

    def _tables(self) -> dict[str, str]:
        return {
            "TABLES_ORDERS": TABLE,
            "TABLES_REGION": REGION,
            "TABLES_ENDPOINT_URL": self.url("tables"),
            **CREDENTIALS,
        }

    def _rabbitmq(self) -> dict[str, str]:
        return {"RABBITMQ_URL": f"amqp://guest:guest@127.0.0.1:{self.ports['rabbitmq']}"}

    def _peers(self) -> dict[str, str]:
        return {"PEER_CATALOG_URL": self.url("catalog")}


_PATH = {"PYTHONPATH": str(ROOT)}
_WORKER = ("--concurrency", "1", "--pool", "solo")
