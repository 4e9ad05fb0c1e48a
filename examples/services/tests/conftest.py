"""What the tests share. No variable of the machine reaches a service under test."""

import os

import pytest

PREFIXES = ("SERVICE_", "HTTP_", "AUTH_", "OTEL_", "CORS_", "LOG_", "CACHE_", "KAFKA_", "SEARCH_")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.startswith(PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SERVICE_NAME", "test")
    return monkeypatch
