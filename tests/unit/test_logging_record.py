"""The Lua that each line goes through, in LuaJIT, as Fluent Bit runs it."""

import functools
import json
from collections.abc import Callable, Mapping
from typing import Protocol, cast

import lupa.luajit21 as lupa
import pytest

from components.logging.documents import mappings
from components.logging.pipeline import script
from components.logging.spec import LoggingSpec

Json = Mapping[str, object]

HIDDEN = "[redacted]"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
DROPPED = -1


class _Table(Protocol):
    def items(self) -> list[tuple[object, object]]: ...


@functools.cache
def engine(**given: object) -> tuple[Callable[..., object], Callable[..., object]]:
    spec = LoggingSpec.model_validate({"cloudwatch": {}, **given})
    lua = lupa.LuaRuntime()
    lua.execute(script(spec))
    shape = cast("Callable[..., object]", lua.eval("shape"))
    return shape, functools.partial(lua.table_from, recursive=True)


def run(record: Json, settings: Json | None = None) -> tuple[int, Json]:
    shape, table = engine(**(settings or {}))
    code, time, made = cast("tuple[int, float, object]", shape("kube.x", 12.5, table(record)))
    assert time == 12.5
    return code, cast("Json", _plain(made))


def shaped(settings: Json | None = None, /, **record: object) -> Json:
    code, made = run(record, settings)
    assert code == 2
    return made


def _plain(value: object) -> object:
    if lupa.lua_type(value) != "table":
        return value
    pairs = dict(cast("_Table", value).items())
    if pairs and all(isinstance(key, int) for key in pairs):
        return [_plain(inner) for inner in pairs.values()]
    return {str(key): _plain(inner) for key, inner in pairs.items()}


def data(made: Json) -> Json:
    return cast("Json", made["data"])


def test_a_line_of_our_services_keeps_its_fields_and_its_ids():
    """The fields of platform_runtime.logs and its access log."""
    made = shaped(
        event="request",
        level="INFO",
        timestamp="2026-11-25T10:00:00.123456Z",
        service="orders",
        version="1.4.2",
        environment="prod",
        trace_id="0af7651916cd43dd8448eb211c80319c",
        span_id="b7ad6b7169203331",
        request_id="a1b2c3d4e5f6",
        method="GET",
        route="/orders/{id}",
        path="/orders/7",
        status=200,
        duration_ms=3.25,
        client="10.0.1.2",
        order=7,
        stream="stdout",
    )
    assert made == {
        "message": "request",
        "level": "info",
        "timestamp": "2026-11-25T10:00:00.123456Z",
        "service": "orders",
        "version": "1.4.2",
        "environment": "prod",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": "b7ad6b7169203331",
        "request_id": "a1b2c3d4e5f6",
        "method": "GET",
        "route": "/orders/{id}",
        "path": "/orders/7",
        "status": 200,
        "duration_ms": 3.25,
        "client": "10.0.1.2",
        "stream": "stdout",
        "data": {"order": 7},
    }


@pytest.mark.parametrize(
    "given",
    [
        {"traceId": "0af7651916cd43dd8448eb211c80319c"},
        {"otelTraceID": "0af7651916cd43dd8448eb211c80319c"},
        {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
    ],
)
def test_the_trace_id_is_found_under_other_names(given: Json):
    assert shaped(**given)["trace_id"] == "0af7651916cd43dd8448eb211c80319c"


def test_ids_of_digits_only_are_no_card_numbers():
    made = shaped(trace_id="4111111111111111" * 2, span_id="4111111111111111", event="x")
    assert (made["trace_id"], made["span_id"]) == ("4111111111111111" * 2, "4111111111111111")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"Authorization: Bearer {JWT}", f"Authorization: {HIDDEN}"),
        ("calling with bearer abc.DEF-123_~+/=", f"calling with bearer {HIDDEN}"),
        ("Basic dXNlcjpwYXNzd29yZA== was sent", f"Basic {HIDDEN} was sent"),
        (f"token was {JWT}, expired", f"token was {HIDDEN}, expired"),
        (f"key {KEY_ID}.", f"key {HIDDEN}."),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG", f"AWS_SECRET_ACCESS_KEY={HIDDEN}"),
        ("connect redis://app:hunter2@cache:6379/0", f"connect redis://{HIDDEN}@cache:6379/0"),
        ("postgres://:p%40ss@db/x", f"postgres://{HIDDEN}@db/x"),
        ("password=hunter2&user=joe", f"password={HIDDEN}&user=joe"),
        ('body {"password": "two words", "a": 1}', f'body {{"password": "{HIDDEN}", "a": 1}}'),
        ("{'api_key': 'abc', 'b': 'c'}", f"{{'api_key': '{HIDDEN}', 'b': 'c'}}"),
        (r"{\"db-passwd\": \"x y\"}", rf"{{\"db-passwd\": \"{HIDDEN}\"}}"),
        ("X-Api-Key: abc123", f"X-Api-Key: {HIDDEN}"),
        ("Cookie: session=1; other=2\nnext", f"Cookie: {HIDDEN}\nnext"),
        ("set-cookie: a=b; Path=/", f"set-cookie: {HIDDEN}"),
        ("card 4111 1111 1111 1111 declined", f"card {HIDDEN} declined"),
        ("card 4111-1111-1111-1111", f"card {HIDDEN}"),
        ("pan=5555555555554444;", f"pan={HIDDEN};"),
        ("amex 3782 822463 10005", f"amex {HIDDEN}"),
        ("2-series 2223003122003222", f"2-series {HIDDEN}"),
        ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", HIDDEN),
        ("xoxb-123456-abcdef", HIDDEN),
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", HIDDEN),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- after",
            f"{HIDDEN} after",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMIIE cut off", HIDDEN),
    ],
)
def test_secrets_are_hidden_by_what_they_look_like(text: str, clean: str):
    assert shaped(log=text)["message"] == clean
    assert data(shaped(event="x", detail={"list": [text]}))["detail"] == {"list": [clean]}


@pytest.mark.parametrize(
    "text",
    [
        "GET /orders/7 200 in 3 ms",
        "basic understanding of bearer",
        "at 1732525200000 ms, 1732525200000000000 ns",
        "card 4111 1111 1111 1112 has no valid check digit",
        "order 4000000000000 of 1234567890123456",
        "https://example.com:8443/a@b",
        "0af7651916cd43dd8448eb211c80319c",
        "compass: north, a = b",
        "",
    ],
)
def test_what_is_no_secret_stays(text: str):
    assert shaped(log=text)["message"] == text


@pytest.mark.parametrize(
    "name",
    [
        *("password", "db_password", "PASSWD", "pass", "db_pass", "dbPass", "pwd"),
        *("client-secret", "accessToken", "Authorization", "set-cookie", "x-api-key"),
        *("private_key", "aws_credentials"),
    ],
)
def test_secrets_are_hidden_by_the_name_of_their_field(name: str):
    made = shaped(event="x", **{name: "short", "request": {"headers": {name: ["a", 1]}}})
    assert data(made) == {name: HIDDEN, "request": {"headers": {name: HIDDEN}}}


def test_more_names_of_secret_fields_can_be_given():
    settings = {"secret_fields": ("iban", "date_of_birth")}
    made = shaped(settings, event="x", IBAN="DE89", dateOfBirth="1970", date="today")
    assert data(made) == {"IBAN": HIDDEN, "dateOfBirth": HIDDEN, "date": "today"}
    assert shaped(settings, log="iban=DE89370400440532013000")["message"] == f"iban={HIDDEN}"


def test_a_card_number_that_is_a_number_is_hidden():
    made = shaped(event="x", pan=4111111111111111, at=1732525200000)
    assert data(made) == {"pan": HIDDEN, "at": 1732525200000}


def test_a_known_field_never_has_another_type():
    """Two services that disagree must not make Elasticsearch refuse a line."""
    made = shaped(event={"a": 1}, level=3, service={"name": "x"}, status="teapot", trace_id=True)
    assert made == {
        "level": "3",
        "trace_id": "true",
        "data": {"event": {"a": 1}, "service": {"name": "x"}, "status": "teapot"},
    }
    assert shaped(event="x", status="404")["status"] == 404


def test_nothing_is_deeper_than_elasticsearch_takes():
    value: object = "leaf"
    for _ in range(40):
        value = {"a": value}
    text = json.dumps(shaped(event="x", deep=value))
    assert text.count('{"a"') == 6
    assert "leaf" not in text


def test_every_field_that_comes_out_is_in_the_index_template():
    properties = cast("Json", cast("Json", mappings()["mappings"])["properties"])
    names = ("timestamp", "level", "logger", "service", "version", "environment", "trace_id")
    more = ("span_id", "request_id", "method", "route", "path", "client", "stream", "log")
    pod = {"namespace_name": "n", "pod_name": "p", "container_name": "c", "host": "h"}
    kubernetes = {**pod, "labels": {"app.kubernetes.io/name": "x"}, "container_image": "i"}
    noise = {"docker_id": "d", "container_hash": "h", "annotations": {"a": "b"}, "pod_ip": "1"}
    made = shaped(
        **dict.fromkeys((*names, *more), "x"),
        status=1,
        duration_ms=1,
        other=1,
        kubernetes={**kubernetes, **noise},
        logtag="F",
        time="2026-11-25T10:00:00Z",
        _p="F",
    )
    assert made["kubernetes"] == kubernetes
    assert made.keys() == properties.keys() - {"@timestamp"}
    fields = cast("Json", cast("Json", properties["kubernetes"])["properties"])
    assert kubernetes.keys() == fields.keys()


@pytest.mark.parametrize(
    "record",
    [
        {"log": '10.0.0.1 - "GET /health HTTP/1.1" 200 "kube-probe/1.34"'},
        {"event": "request", "user_agent": "ELB-HealthChecker/2.0"},
    ],
)
def test_lines_of_health_probes_are_dropped_unless_they_are_wanted(record: Json):
    assert run(record)[0] == DROPPED
    assert run(record, {"drop_probes": False})[0] == 2


def test_names_that_somebody_makes_up_take_no_memory_for_ever():
    shape, table = engine()
    for index in range(0, 6000, 100):
        shape("t", 1, table({f"n{index + each}": 1 for each in range(100)}))
    assert data(shaped(event="x", password="p", n5999=1)) == {"password": HIDDEN, "n5999": 1}
