"""`python -m local.openapi`: write the services' OpenAPI documents, or `--check` them."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI

from catalog.app import CatalogSettings
from catalog.app import make_app as make_catalog
from local.process import ROOT
from orders.app import OrdersSettings
from orders.app import make_app as make_orders
from spending.app import SpendingSettings
from spending.app import make_app as make_spending

DIRECTORY = ROOT / "openapi"
ISSUER = "https://auth.example.com"

COMMON: Mapping[str, object] = {
    "auth": {"issuer": ISSUER, "audience": "platform", "jwks_url": f"{ISSUER}/jwks.json"}
}


def catalog() -> FastAPI:
    """Return the catalog as it is documented."""
    values = {
        **COMMON,
        "service": {"name": "catalog", "version": "1.0.0"},
        "cache": {"url": "redis://cache.example.com:6379"},
        "search": {"url": "https://search.example.com:9200"},
    }
    return make_catalog(CatalogSettings.model_validate(values))


def orders() -> FastAPI:
    """Return orders as they are documented."""
    values = {
        **COMMON,
        "service": {"name": "orders", "version": "1.0.0"},
        "kafka": {"bootstrap_servers": "kafka.example.com:9098"},
        "tables": {"orders": "orders"},
        "peer": {"catalog_url": "http://catalog.example.com:8000"},
    }
    return make_orders(OrdersSettings.model_validate(values))


def spending() -> FastAPI:
    """Return spending as it is documented."""
    values = {
        **COMMON,
        "service": {"name": "spending", "version": "1.0.0"},
        "tables": {"orders": "orders"},
    }
    return make_spending(SpendingSettings.model_validate(values))


def documents() -> dict[Path, str]:
    """Return the files and what must be in them."""
    apps = {"catalog": catalog(), "orders": orders(), "spending": spending()}
    return {
        DIRECTORY / f"{name}.json": json.dumps(app.openapi(), indent=2, sort_keys=True) + "\n"
        for name, app in apps.items()
    }


def stale() -> list[str]:
    """Return the documents that the code has left behind."""
    return [p.name for p, text in documents().items() if not p.exists() or p.read_text() != text]


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
