"""The real Fluent Bit with the configuration that we give it: what reaches a sink that was away.

Runs where a binary is found: `FLUENT_BIT=/path/to/fluent-bit`, or on the PATH. docs/logging.md says
how one was built, and when this last ran.
"""

import gzip
import json
import os
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from components.logging.pipeline import configuration, script
from components.logging.spec import LoggingSpec

BINARY = os.environ.get("FLUENT_BIT") or shutil.which("fluent-bit") or ""
pytestmark = pytest.mark.skipif(not BINARY, reason="no fluent-bit: set FLUENT_BIT to the binary")

Json = Mapping[str, object]

PORT = 19219
CONTAINER = "0123456789abcdef" * 4
FILE = f"orders-7d9f_services_orders-{CONTAINER}.log"
META = "services_orders-7d9f.meta"
SETTINGS = {"SEARCH_HOST": "localhost", "SEARCH_PORT": str(PORT), "SEARCH_USER": "log-shipper"}
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r"
SECRETS = ("hunter2", JWT, "AKIAIOSFODNN7EXAMPLE", "4111 1111 1111 1111")


class Sink:
    """What answers as Elasticsearch's `_bulk` does, and keeps what it has taken."""

    def __init__(self, folder: Path) -> None:
        self.documents: list[dict[str, object]] = []
        self.paths: set[str] = set()
        self.refuse = 0
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sink.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                pass

        self.server = HTTPServer(("127.0.0.1", PORT), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "ca.crt", folder / "key.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        lines = [json.loads(line) for line in body.splitlines() if line]
        self.paths.add(request.path)
        status, item = 200, 201
        if self.refuse:
            self.refuse -= 1
            # by turns each line for lack of room, and the whole
            status, item = (503, 0) if self.refuse % 2 else (200, 429)
        else:
            assert all("create" in line for line in lines[::2])
            self.documents += lines[1::2]
        items = [{"create": {"status": item}} for _ in lines[::2]]
        answer = json.dumps({"took": 1, "errors": item == 429, "items": items}).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)

    @contextmanager
    def open(self) -> Generator[None]:
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.server.shutdown()
            self.server.server_close()
            thread.join()

    def wait_for(self, count: int, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while len(self.documents) < count and time.monotonic() < until:
            time.sleep(0.2)
        assert len(self.documents) >= count


def local(folder: Path) -> str:
    """Return the configuration, with the node's and the pod's folders under `folder`."""
    text = configuration(LoggingSpec.model_validate({"elasticsearch": {}}))
    moved = {
        "kube.var.log.containers": "kube" + str(folder / "containers").replace("/", "."),
        "/var/log/containers": str(folder / "containers"),
        "/var/fluent-bit": str(folder / "state"),
        "/fluent-bit/scripts": str(folder),
        "/fluent-bit/search-ca": str(folder),
    }
    for old, new in moved.items():
        text = text.replace(old, new)
    body = json.loads(text)
    body["service"] |= {"http_server": "off", "grace": 2}
    body["service"] |= {"scheduler.base": 1, "scheduler.cap": 2}
    kube = next(f for f in body["pipeline"]["filters"] if f["name"] == "kubernetes")
    # no API server here: what it would tell of the pod is in a file
    kube |= {"kube_meta_preload_cache_dir": str(folder), "kube_url": "http://127.0.0.1:1"}
    kube |= {"dns_retries": 1, "dns_wait_time": 1}
    return json.dumps(body)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("containers", "state"):
        (tmp_path / name).mkdir()
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "ca.crt")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    labels = {"app.kubernetes.io/name": "orders", "app": "orders"}
    meta = {"metadata": {"labels": labels, "annotations": {"a": "b"}, "uid": "u"}}
    (tmp_path / META).write_text(json.dumps({**meta, "spec": {"nodeName": "node-1"}}))
    spec = LoggingSpec.model_validate({"elasticsearch": {}})
    (tmp_path / "record.lua").write_text(script(spec))
    (tmp_path / "fluent-bit.yaml").write_text(local(tmp_path))
    return tmp_path


@contextmanager
def agent(folder: Path) -> Generator[subprocess.Popen[bytes]]:
    env = {**os.environ, **SETTINGS, "SEARCH_PASSWORD": "p"}
    with (folder / "agent.txt").open("ab") as output:
        command = [BINARY, "-c", str(folder / "fluent-bit.yaml")]
        process = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def write(folder: Path, *lines: str, stream: str = "stdout") -> None:
    with (folder / "containers" / FILE).open("a") as log:
        for line in lines:
            log.write(f"2026-11-25T10:00:00.123456789Z {stream} F {line}\n")


def numbered(start: int, count: int) -> list[str]:
    ids = {"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"}
    return [
        json.dumps({"event": f"line {n}", "level": "info", "service": "orders", **ids, "order": n})
        for n in range(start, start + count)
    ]


def test_the_configuration_is_one_that_the_binary_takes(folder: Path):
    command = [BINARY, "--dry-run", "-c", str(folder / "fluent-bit.yaml")]
    run = subprocess.run(
        command, check=False, env={**os.environ, **SETTINGS}, capture_output=True, timeout=30
    )
    assert b"configuration test is successful" in run.stdout + run.stderr


def test_no_line_is_lost_while_the_sink_is_away_and_the_agent_is_killed(folder: Path):
    write(folder, *numbered(0, 500))
    with agent(folder) as first:
        time.sleep(4)
        write(folder, *numbered(500, 500))
        time.sleep(3)
        first.kill()  # no time to put anything away
        first.wait()
    write(folder, *numbered(1000, 500))
    sink = Sink(folder)
    sink.refuse = 3
    with agent(folder):
        time.sleep(2)
        with sink.open():
            sink.wait_for(1500)
    assert {str(d["message"]) for d in sink.documents} == {f"line {n}" for n in range(1500)}
    assert all(d["trace_id"] == "0af7651916cd43dd8448eb211c80319c" for d in sink.documents)
    assert sink.paths == {"/_bulk"}


def test_lines_come_in_their_one_form_and_without_secrets(folder: Path):
    write(folder, json.dumps({"event": "login", "level": "INFO", "password": "hunter2"}))
    write(folder, json.dumps({"event": f"with Bearer {JWT}", "status": "200", "level": "info"}))
    write(
        folder,
        "Traceback (most recent call last):",
        '  File "a.py", line 1, in <module>',
        "ValueError: key AKIAIOSFODNN7EXAMPLE, card 4111 1111 1111 1111",
        stream="stderr",
    )
    write(folder, '"GET /health" "kube-probe/1.34"', "plain text")
    sink = Sink(folder)
    with sink.open(), agent(folder):
        sink.wait_for(4)
        time.sleep(1)
    assert not any(secret in json.dumps(sink.documents) for secret in SECRETS)
    login, token, trace, plain = sink.documents
    assert (login["message"], login["level"], login["data"]) == (
        *("login", "info"),
        {"password": "[redacted]"},
    )
    assert (token["message"], token["status"]) == ("with Bearer [redacted]", 200)
    assert str(trace["message"]).count("\n") >= 2
    assert "ValueError" in str(trace["message"])
    assert plain["message"] == "plain text"
    assert str(plain["@timestamp"]).startswith("2026-11-25T10:00:00.123456789")
    pod = plain["kubernetes"]
    assert isinstance(pod, dict)
    assert (pod["namespace_name"], pod["pod_name"]) == ("services", "orders-7d9f")
    assert pod["container_name"] == "orders"
    assert pod["labels"] == {"app.kubernetes.io/name": "orders", "app": "orders"}
    assert "annotations" not in pod
