"""`python -m local`: start the services and what they need, until Ctrl-C."""

import signal
import sys
import threading
import time
from types import FrameType

from local.process import STATE
from local.stack import SERVICES, Stack, missing

KNOWN = {"catalog": 8001, "orders": 8002, "notifications": 8003, "issuer": 8010, "collector": 8011}
NEW = [name for name in SERVICES if name not in KNOWN]
PORTS = {**KNOWN, **{name: 8020 + number for number, name in enumerate(NEW)}}

HINT = """
Try it:
  TOKEN=$(curl -s -X POST '{issuer}/token?scope=catalog/write+orders/write+orders/read' \\
    | sed 's/.*access_token":"\\([^"]*\\).*/\\1/')
  curl -X PUT {catalog}/catalog/products/tea -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -d '{{"name": "Tea", "price_cents": 450}}'
  curl {catalog}/catalog/products/tea
  curl {orders}/orders -H "Authorization: Bearer $TOKEN" -H 'Idempotency-Key: my-first-1' \\
    -H 'Content-Type: application/json' -d '{{"lines": [{{"product_id": "tea", "quantity": 2}}]}}'
  grep 'notification sent' {log}

Logs are in {directory}. Ctrl-C ends all of it.
"""


def main() -> int:
    """Start all, say where it is, wait."""
    if lacking := missing():
        print("This machine lacks:", *lacking, sep="\n  ", file=sys.stderr)
        return 2
    stop = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    directory = STATE / "local" / time.strftime("%Y%m%d-%H%M%S")
    print("Starting Redis, Kafka, DynamoDB Local, RabbitMQ, then the services …", flush=True)
    with Stack(directory, ports=dict(PORTS)) as stack:
        for name, port in stack.ports.items():
            print(f"  {name:14} 127.0.0.1:{port}")
        urls = {name: stack.url(name) for name in KNOWN}
        log = directory / "worker" / "worker.log"
        print(HINT.format(**urls, log=log, directory=directory), flush=True)
        stop.wait()
        print("Stopping …", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
