"""Just enough of Kubernetes' API for a collector that asks which pods there are."""

import json
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlparse

Json = Mapping[str, object]

POD: Json = {
    "metadata": {
        "name": "orders-5d9c7b6f4d-abcde",
        "namespace": "services",
        "uid": "0b2f0f1e-1c2d-4e3f-8a9b-000000000001",
        "resourceVersion": "1",
        "ownerReferences": [
            {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "name": "orders-5d9c7b6f4d",
                "uid": "0b2f0f1e-1c2d-4e3f-8a9b-000000000002",
                "controller": True,
            }
        ],
        "labels": {"pod-template-hash": "5d9c7b6f4d"},
    },
    "spec": {"nodeName": "ip-10-0-1-2", "containers": []},
    "status": {"podIP": "10.0.1.23", "startTime": "2026-11-25T00:00:00Z"},
}


class _Api(BaseHTTPRequestHandler):
    items: ClassVar[Mapping[str, Sequence[Json]]] = {"pods": [POD]}
    stopped: ClassVar[threading.Event]

    def do_GET(self) -> None:
        """List what there is; a watch never has any news."""
        url = urlparse(self.path)
        kind, query = url.path.rsplit("/", 1)[-1], parse_qs(url.query)
        if "sendInitialEvents" in query:  # lists as streams: not of every server
            self._answer(422, {"kind": "Status", "status": "Failure", "reason": "Invalid"})
        elif "watch" in query:
            self.send_response(200)
            self.end_headers()
            self.stopped.wait()
        else:
            name = "PodList" if kind == "pods" else "List"
            listed = {"metadata": {"resourceVersion": "1"}, "items": self.items.get(kind, [])}
            self._answer(200, {"kind": name, "apiVersion": "v1", **listed})

    def _answer(self, status: int, body: Json) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        """Say nothing."""


class FakeKubernetes:
    """The API, until `stop`."""

    def __init__(self, folder: Path) -> None:
        self._stopped = threading.Event()
        api = type("Api", (_Api,), {"stopped": self._stopped})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), api)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.kubeconfig = folder / "kubeconfig"
        """File by which it is found."""
        address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.kubeconfig.write_text(
            json.dumps(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "clusters": [{"name": "c", "cluster": {"server": address}}],
                    "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
                    "current-context": "c",
                    "users": [{"name": "c", "user": {}}],
                }
            )
        )

    def stop(self) -> None:
        """Stop it, and end all watches."""
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
