"""Runs the real collector with our configurations, all of it on this machine."""

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest

from tests.collector.build import binary

Json = dict[str, object]

BINARY = binary()

needs_collector = pytest.mark.skipif(
    not BINARY.is_file(), reason="there is no collector: `make collector` builds it"
)

START_SECONDS = 30


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def validate(config: object, folder: Path) -> str:
    """Return what the collector has against a configuration; nothing: it takes it."""
    path = folder / "validated.json"
    path.write_text(json.dumps(config))
    command = [str(BINARY), "validate", f"--config={path}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    return "" if done.returncode == 0 else done.stdout + done.stderr


class Collector:
    """One running collector."""

    def __init__(self, name: str, config: Json, folder: Path, **environment: str) -> None:
        """Start it with its ports on this machine only, and wait until it is well."""
        self.grpc, self.http = free_port(), free_port()
        self.metrics, self.health = free_port(), free_port()
        self._log = folder / f"{name}.log"
        path = folder / f"{name}.json"
        path.write_text(json.dumps(self._moved(config)))
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [str(BINARY), f"--config={path}"],
                stdout=log,
                stderr=log,
                env={**_environment(), **environment},
            )
        self._wait()

    def _moved(self, config: Json) -> Json:
        text = json.dumps(config)
        for ours, here in (
            ("0.0.0.0:4317", f"127.0.0.1:{self.grpc}"),
            ("0.0.0.0:4318", f"127.0.0.1:{self.http}"),
            ("0.0.0.0:8889", f"127.0.0.1:{free_port()}"),
            ("0.0.0.0:13133", f"127.0.0.1:{self.health}"),
        ):
            text = text.replace(ours, here)
        moved = json.loads(text)
        for reader in moved["service"]["telemetry"]["metrics"].get("readers", []):
            here = {"host": "127.0.0.1", "port": self.metrics}
            reader["pull"]["exporter"]["prometheus"] |= here
        return cast("Json", moved)

    def _wait(self) -> None:
        for _ in range(START_SECONDS * 10):
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.health}/", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the collector did not start:\n{self.log}")

    @property
    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text()

    def complaints(self) -> list[str]:
        """Return its own warnings and errors, without those of libraries on connections."""
        own = [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]
        loud = [line for line in own if line["level"] in {"warn", "error"}]
        return [json.dumps(line) for line in loud if not line.get("grpc_log")]

    @property
    def measured(self) -> str:
        """Its own metrics, as Prometheus reads them."""
        url = f"http://127.0.0.1:{self.metrics}/metrics"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return str(answer.read().decode())

    def stop(self) -> None:
        """Ask it to end, as the kubelet does, and wait for that."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=30)

    def post(self, spans: Json) -> None:
        """Send spans by OTLP over HTTP."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http}/v1/traces",
            json.dumps(spans).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - its own address
            assert answer.status == 200


def backend_config(file: Path) -> Json:
    """Return a collector that writes all it gets to a file, in a backend's place."""
    return {
        "extensions": {"health_check": {"endpoint": "0.0.0.0:13133"}},
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": "0.0.0.0:4317"}}}},
        "exporters": {"file": {"path": str(file), "flush_interval": "200ms"}},
        "service": {
            "extensions": ["health_check"],
            "pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["file"]}},
            "telemetry": {"metrics": {"level": "none"}},
        },
    }


def received(file: Path) -> Iterator[tuple[Json, Json]]:
    """Give each span that a backend got, with its resource's attributes."""
    if not file.is_file():
        return
    for line in file.read_text().splitlines():
        for resource in json.loads(line)["resourceSpans"]:
            about = attributes(resource["resource"])
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    yield about, span


def attributes(of: Mapping[str, object]) -> Json:
    """Return the attributes of a span, an event or a resource, as the protocol's JSON has them."""
    found = cast("list[dict[str, dict[str, object]]]", of.get("attributes") or [])
    return {str(each["key"]): next(iter(each["value"].values())) for each in found}


def _environment() -> dict[str, str]:
    # Of nobody: requests are signed, and go nowhere.
    return {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x", "PATH": ""}
