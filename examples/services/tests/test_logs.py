"""Secrets stay out of logs, wherever they are."""

import pytest

from platform_runtime.logs import HIDDEN, redact

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


def redacted(**fields: object) -> str:
    return str(redact(None, "info", dict(fields)))


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "hunter2"},
        {"headers": {"Authorization": "hunter2"}},
        {"headers": {"Set-Cookie": "hunter2", "x-api-key": "hunter2"}},
        {"list": [{"client_secret": "hunter2"}]},
        {"event": "calling with Bearer hunter2hunter2"},
        {"event": "redis://user:hunter2@host:6379"},
        {"url": "amqps://:hunter2@host"},
        {"deep": {"a": {"b": {"c": {"d": {"e": {"f": {"g": "hunter2"}}}}}}}},
        {"bytes": b"Authorization: Basic hunter2hunter2"},
    ],
    ids=str,
)
def test_a_secret_is_hidden(fields: dict[str, object]):
    text = redacted(**fields)
    assert "hunter2" not in text
    assert HIDDEN in text


def test_tokens_and_keys_are_hidden():
    text = redacted(a=f"token {JWT}", b="AKIAIOSFODNN7EXAMPLE")
    assert JWT.split(".")[1] not in text
    assert "AKIAIOSFODNN7EXAMPLE" not in text


def test_what_is_no_secret_is_kept():
    fields = {"event": "order placed", "order_id": "o-1", "url": "https://a.example.com:443/x"}
    assert redact(None, "info", dict(fields)) == fields
