"""`python -m local.openapi`: write the services' OpenAPI documents, or `--check` them."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI

from local.members import application, members, settings_of
from local.process import ROOT

DIRECTORY = ROOT / "openapi"
ISSUER = "https://auth.example.com"

VALUES: Mapping[str, Mapping[str, str]] = {
    "auth": {"issuer": ISSUER, "audience": "platform", "jwks_url": f"{ISSUER}/jwks.json"},
    "cache": {"url": "redis://cache.example.com:6379"},
    "kafka": {"bootstrap_servers": "kafka.example.com:9098"},
    "peer": {"catalog_url": "http://catalog.example.com:8000"},
    "rabbitmq": {"url": "amqps://rabbitmq.example.com:5671"},
    "search": {"url": "https://search.example.com:9200"},
    "tables": {"orders": "orders"},
}
"""What an application needs to be made, by section; its document has the issuer of it only."""


def documented(name: str) -> FastAPI:
    """Return a service's application as it is documented."""
    settings = settings_of(name)
    values = {key: value for key, value in VALUES.items() if key in settings.model_fields}
    service = {"name": name, "version": "1.0.0"}
    return application(name, settings.model_validate({**values, "service": service}))


def documents() -> dict[Path, str]:
    """Return the files and what must be in them; a service without an API has none."""
    found = {name: documented(name).openapi() for name in members()}
    return {
        DIRECTORY / f"{name}.json": json.dumps(document, indent=2, sort_keys=True) + "\n"
        for name, document in found.items()
        if document["paths"]
    }


def stale() -> list[str]:
    """Return the documents that the code has left behind, and those of no service."""
    wanted = documents()
    wrong = [p.name for p, text in wanted.items() if not p.exists() or p.read_text() != text]
    return wrong + sorted(p.name for p in set(DIRECTORY.glob("*.json")) - wanted.keys())


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        return int(bool(stale()))
    for path, text in documents().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
