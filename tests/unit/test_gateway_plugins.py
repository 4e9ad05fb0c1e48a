"""Builders of Kong's plugins: only fields that Kong 3.9 knows, and nothing that it would refuse."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import cast

import pytest

from components._base.errors import InvalidInput
from components.gateway.consumer import consumer, group, machine_key, token_key
from components.gateway.jwks import as_settings, public_keys
from components.gateway.plugins import (
    NAMES,
    Cors,
    Counters,
    HeaderChanges,
    LimitBy,
    Plugin,
    ProxyCache,
    RateLimits,
    SecurityHeaders,
    TokenCheck,
    access_log,
    acl,
    bot_detection,
    correlation_id,
    cors,
    ip_restriction,
    key_auth,
    opentelemetry,
    prometheus,
    proxy_cache,
    rate_limiting,
    request_size_limit,
    request_transformation,
    response_transformation,
    security_headers,
    token_check,
)
from components.gateway.plugins.callers import key_problems as machine_key_problems
from components.gateway.plugins.plugin import cluster_metadata
from components.gateway.plugins.tokens import key_problems
from components.gateway.upstream import ActiveChecks, PassiveChecks, Upstream, upstream_policy
from tests.crds import crd_problems, needs_crds

PLUGIN, CLUSTER_PLUGIN = (
    "kongplugins.configuration.konghq.com",
    "kongclusterplugins.configuration.konghq.com",
)

COUNTERS = Counters("cache.example.com", 6379, "gateway", "kong-counters")

FIELDS: Mapping[str, str] = {
    "acl": "allow deny hide_groups_header always_use_authenticated_groups",
    "bot-detection": "allow deny",
    "correlation-id": "header_name generator echo_downstream",
    "cors": "origins headers exposed_headers methods max_age credentials private_network "
    "preflight_continue",
    "file-log": "path reopen custom_fields_by_lua",
    "ip-restriction": "allow deny status message",
    "jwt": "uri_param_names cookie_names key_claim_name secret_is_base64 claims_to_verify "
    "anonymous run_on_preflight maximum_expiration header_names realm",
    "key-auth": "key_names hide_credentials anonymous key_in_header key_in_query key_in_body "
    "run_on_preflight realm",
    "opentelemetry": "traces_endpoint logs_endpoint headers resource_attributes queue "
    "connect_timeout send_timeout read_timeout http_response_header_for_traceid sampling_rate "
    "propagation",
    "prometheus": "per_consumer status_code_metrics ai_metrics latency_metrics bandwidth_metrics "
    "upstream_health_metrics",
    "proxy-cache": "response_code request_method content_type cache_ttl strategy cache_control "
    "ignore_uri_case storage_ttl memory vary_query_params vary_headers response_headers",
    "rate-limiting": "second minute hour day month year limit_by header_name path policy "
    "fault_tolerant redis hide_client_headers error_code error_message sync_rate",
    "request-size-limiting": "allowed_payload_size size_unit require_content_length",
    "request-transformer": "http_method remove rename replace add append",
    "response-transformer": "remove rename replace add append",
}
"""Of each plugin's settings: https://github.com/Kong/kong/tree/3.9.3/kong/plugins (2026-11)."""

NESTED: Mapping[tuple[str, str], str] = {
    ("rate-limiting", "redis"): "host port timeout username password database ssl ssl_verify "
    "server_name",
    ("opentelemetry", "queue"): "max_batch_size max_coalescing_delay max_entries max_bytes "
    "max_retry_time initial_retry_delay max_retry_delay concurrency_limit",
    ("opentelemetry", "propagation"): "extract clear inject default_format",
    ("proxy-cache", "memory"): "dictionary_name",
}

ALL: Mapping[str, Plugin] = {
    "rate limiting, together": rate_limiting(RateLimits(per_second=5, per_minute=60), COUNTERS),
    "rate limiting, each for itself": rate_limiting(RateLimits(per_hour=100)),
    "rate limiting by header": rate_limiting(
        RateLimits(per_day=9, limit_by=LimitBy.HEADER, header="X-Tenant")
    ),
    "request": request_transformation(
        HeaderChanges(remove=("X-Debug",), rename={"A": "B"}, replace={"C": "d"}, add={"E": "f"})
    ),
    "response": response_transformation(HeaderChanges(add={"X-Team": "orders"})),
    "response and security": response_transformation(
        HeaderChanges(remove=("X-Debug",)), SecurityHeaders()
    ),
    "security": security_headers(SecurityHeaders()),
    "cors": cors(Cors(("https://app.example.com",), headers=("X-A",), credentials=True)),
    "cors for all": cors(Cors(("*",), exposed_headers=("ETag",))),
    "token": token_check(),
    "key": key_auth(),
    "groups": acl("machines", "partners"),
    "networks": ip_restriction(allow=["192.0.2.0/24", "2001:db8::/32"]),
    "bots": bot_detection(deny=["^curl/"]),
    "size": request_size_limit(8),
    "id": correlation_id(),
    "cache": proxy_cache(ProxyCache()),
    "metrics": prometheus(),
    "traces": opentelemetry("http://collector.observability.svc:4318/v1/traces"),
    "log": access_log(),
}


@pytest.mark.parametrize("plugin", ALL.values(), ids=ALL)
def test_kong_knows_every_field(plugin: Plugin) -> None:
    assert plugin.name in NAMES
    assert set(plugin.config) <= set(FIELDS[plugin.name].split())
    for field, value in plugin.config.items():
        known = NESTED.get((plugin.name, field))
        if known:
            assert set(cast("Mapping[str, object]", value)) <= set(known.split())


def test_every_plugin_has_a_builder_or_is_the_controllers_own() -> None:
    assert {plugin.name for plugin in ALL.values()} == set(FIELDS)
    assert set(NAMES) - set(FIELDS) == {"redirect", "request-termination"}


@needs_crds
@pytest.mark.parametrize("plugin", ALL.values(), ids=ALL)
def test_kubernetes_takes_every_body(plugin: Plugin) -> None:
    own = {"apiVersion": "configuration.konghq.com/v1", **plugin.body}
    shared = {"apiVersion": "configuration.konghq.com/v1", **plugin.cluster_body("kong")}
    assert crd_problems(PLUGIN, own) == []
    assert crd_problems(CLUSTER_PLUGIN, shared) == []


def test_a_password_stands_in_a_secret_and_nowhere_else() -> None:
    plugin = ALL["rate limiting, together"]
    redis = cast("Mapping[str, object]", plugin.config["redis"])
    assert "password" not in redis
    assert redis["ssl"] is True
    assert redis["ssl_verify"] is True
    assert redis["server_name"] == redis["host"]
    reference = {"name": "kong-counters", "key": "password"}
    patch = {"path": "/redis/password", "valueFrom": {"secretKeyRef": reference}}
    assert plugin.body["configPatches"] == [patch]
    shared = cast(
        "list[dict[str, dict[str, dict[str, str]]]]", plugin.cluster_body("kong")["configPatches"]
    )
    assert shared[0]["valueFrom"]["secretKeyRef"] == {**reference, "namespace": "kong"}


def test_limits_are_counted_together_only_with_a_cache() -> None:
    assert ALL["rate limiting, together"].config["policy"] == "redis"
    alone = ALL["rate limiting, each for itself"]
    assert alone.config["policy"] == "local"
    assert "configPatches" not in alone.body


def test_security_headers_are_the_last_word() -> None:
    config = cast("Mapping[str, Mapping[str, list[str]]]", ALL["response and security"].config)
    removed = config["remove"]["headers"]
    names = [header.partition(":")[0] for header in config["add"]["headers"]]
    assert set(names) <= set(removed)
    assert {"X-Debug", "Server"} <= set(removed)
    assert "X-Frame-Options:DENY" in config["add"]["headers"]
    assert (
        "Content-Security-Policy:default-src 'none'; frame-ancestors 'none'"
        in config["add"]["headers"]
    )
    assert (
        "Strict-Transport-Security:max-age=31536000; includeSubDomains" in config["add"]["headers"]
    )
    assert len(names) == 6


def test_a_page_may_have_styles_of_its_own() -> None:
    policy = "default-src 'self'; style-src 'self' 'unsafe-inline'"
    assert security_headers(SecurityHeaders(content_security_policy=policy)).config
    after = f"{policy}; script-src 'unsafe-eval'"
    with pytest.raises(InvalidInput, match="'unsafe-eval': injected"):
        security_headers(SecurityHeaders(content_security_policy=after))


def test_a_plugin_of_one_route_may_use_the_gateways_secrets() -> None:
    own = {"kubernetes.io/ingress.class": "kong"}
    assert cluster_metadata("orders-limits") == {"name": "orders-limits", "annotations": own}
    everywhere = cluster_metadata("limits", everywhere=True)
    assert everywhere["labels"] == {"global": "true"}


def test_tokens_and_keys_come_in_headers_only() -> None:
    token, key = ALL["token"].config, ALL["key"].config
    assert token["uri_param_names"] == token["cookie_names"] == []
    assert token["claims_to_verify"] == ["exp"]
    assert token["key_claim_name"] == "kid"
    assert not key["key_in_query"]
    assert not key["key_in_body"]
    assert key["hide_credentials"]


def test_preflight_requests_need_no_credentials() -> None:
    assert ALL["token"].config["run_on_preflight"] is False
    assert ALL["key"].config["run_on_preflight"] is False


def test_the_log_has_no_headers_and_no_query_strings() -> None:
    fields = cast("Mapping[str, str]", ALL["log"].config["custom_fields_by_lua"])
    silent = {name for name, code in fields.items() if code == "return nil"}
    assert silent == {
        *("request.headers", "request.querystring", "request.uri", "request.url"),
        *("response.headers", "upstream_uri"),
    }
    assert "get_path()" in fields["request.path"]


BAD: Mapping[str, tuple[Callable[[], object], str]] = {
    "no limit": (lambda: rate_limiting(RateLimits()), "per_second, per_minute"),
    "no requests": (lambda: rate_limiting(RateLimits(per_second=0)), "per_second: 0"),
    "more a second than a minute": (
        lambda: rate_limiting(RateLimits(per_second=9, per_minute=5)),
        "per_minute: 5 is less than per_second, 9",
    ),
    "header without a name": (
        lambda: rate_limiting(RateLimits(per_second=1, limit_by=LimitBy.HEADER)),
        "header: is needed",
    ),
    "header for nothing": (
        lambda: rate_limiting(RateLimits(per_second=1, header="X-Tenant")),
        "and by no other",
    ),
    "header with a space": (
        lambda: rate_limiting(RateLimits(per_second=1, limit_by=LimitBy.HEADER, header="a b")),
        "no name of a header",
    ),
    "any origin with credentials": (
        lambda: cors(Cors(("*",), credentials=True)),
        "credentials: with any origin",
    ),
    "any origin and another": (lambda: cors(Cors(("*", "https://a.example.com"))), "stands alone"),
    "no origin": (lambda: cors(Cors(())), "origins: one or more"),
    "origin with a path": (lambda: cors(Cors(("https://a.example.com/",))), "no origin"),
    "origin as a pattern": (lambda: cors(Cors((r"https://.*\.example\.com",))), "no origin"),
    "origin without TLS": (lambda: cors(Cors(("http://a.example.com",))), "http is for localhost"),
    "method that pages can't use": (lambda: cors(Cors(("*",), methods=("TRACE",))), "TRACE"),
    "any header with credentials": (
        lambda: cors(Cors(("https://a.example.com",), headers=("*",), credentials=True)),
        "headers: with credentials",
    ),
    "remembered for ever": (lambda: cors(Cors(("*",), max_age_seconds=10**6)), "max_age_seconds"),
    "no change": (lambda: request_transformation(HeaderChanges()), "nothing to change"),
    "no change of a response": (response_transformation, "nothing to change"),
    "no header": (lambda: request_transformation(HeaderChanges(remove=("a b",))), "remove: 'a b'"),
    "two lines": (
        lambda: request_transformation(HeaderChanges(add={"A": "b\r\nC: d"})),
        "add.A: a value on one line",
    ),
    "code": (
        lambda: request_transformation(HeaderChanges(add={"A": "$(os.execute('id'))"})),
        "begins an expression",
    ),
    "security header of its own": (
        lambda: response_transformation(
            HeaderChanges(add={"X-Frame-Options": "SAMEORIGIN"}), SecurityHeaders()
        ),
        "add: X-Frame-Options: set by security",
    ),
    "short HSTS": (lambda: security_headers(SecurityHeaders(hsts_seconds=60)), "hsts_seconds"),
    "frames of others": (
        lambda: security_headers(SecurityHeaders(frame_ancestors="*")),
        "frame_ancestors",
    ),
    "whole URLs to others": (
        lambda: security_headers(SecurityHeaders(referrer_policy="unsafe-url")),
        "referrer_policy",
    ),
    "no default-src": (
        lambda: security_headers(SecurityHeaders(content_security_policy="img-src 'self'")),
        "content_security_policy",
    ),
    "injected scripts": (
        lambda: security_headers(
            SecurityHeaders(
                content_security_policy="default-src 'self'; script-src 'unsafe-inline'"
            )
        ),
        "'unsafe-inline': injected scripts would run",
    ),
    "no time": (lambda: token_check(TokenCheck(longest_seconds=0)), "longest_seconds"),
    "realm with quotes": (lambda: token_check(TokenCheck(realm='a"b')), "realm"),
    "no key header": (lambda: key_auth("a b"), "no name of a header"),
    "no groups": (acl, "groups: one or more"),
    "no name of a group": (lambda: acl("A B"), "'A B' is not valid"),
    "no networks": (ip_restriction, "one of allow and deny"),
    "no network": (lambda: ip_restriction(allow=["10.0.0.1/8"]), "host bits set"),
    "everybody": (lambda: ip_restriction(allow=["0.0.0.0/0"]), "is everybody"),
    "no pattern": (lambda: bot_detection(deny=["("]), "no regular expression"),
    "short key": (lambda: machine_key("x" * 31), "this one has 31"),
    "no group": (lambda: group("A B"), "group: 'A B' is not valid"),
    "no size": (lambda: request_size_limit(0), "megabytes: 0"),
    "no request id": (lambda: correlation_id("a b"), "no name of a header"),
    "kept for days": (lambda: proxy_cache(ProxyCache(seconds=10**6)), "seconds"),
    "errors kept": (lambda: proxy_cache(ProxyCache(statuses=(500,))), "statuses"),
    "nothing kept": (lambda: proxy_cache(ProxyCache(content_types=())), "content_types"),
    "kept by token": (
        lambda: proxy_cache(ProxyCache(vary_headers=("Authorization",))),
        "not for a cache",
    ),
    "no URL": (lambda: opentelemetry("collector:4318"), "no URL"),
    "more than all": (lambda: opentelemetry("http://c:4318", sampled=2), "sampled"),
    "no path": (lambda: upstream_policy(Upstream(ActiveChecks(path="health"))), "active.path"),
    "no failures": (
        lambda: upstream_policy(Upstream(passive=PassiveChecks(failures=0))),
        "passive.failures: 0",
    ),
    "slower than asked": (
        lambda: upstream_policy(Upstream(ActiveChecks(interval_seconds=1, timeout_seconds=2))),
        "is longer than",
    ),
}


@pytest.mark.parametrize(("make", "message"), BAD.values(), ids=BAD)
def test_a_bad_plugin_is_refused_before_kong_sees_it(
    make: Callable[[], object], message: str
) -> None:
    """Report 24: one bad plugin, and new gateway pods serve 404 for everything."""
    with pytest.raises(InvalidInput) as raised:
        make()
    assert message in str(raised.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidInput) as raised:
        cors(Cors(("*", "nowhere"), methods=(), credentials=True, max_age_seconds=-1))
    assert len(raised.value.problems) == 5


@needs_crds
@pytest.mark.parametrize("passive", [PassiveChecks(), None])
def test_an_upstream_is_a_circuit_breaker(passive: PassiveChecks | None) -> None:
    spec = upstream_policy(Upstream(passive=passive))
    resource = {"apiVersion": "configuration.konghq.com/v1beta1", "spec": spec}
    assert crd_problems("kongupstreampolicies.configuration.konghq.com", resource) == []
    checks = cast("Mapping[str, Mapping[str, Mapping[str, object]]]", spec["healthchecks"])
    assert checks["active"]["unhealthy"]["interval"] == 5
    assert ("passive" in checks) is bool(passive)


def test_a_consumer_is_known_by_its_secrets() -> None:
    token = token_key("one", "-----BEGIN PUBLIC KEY-----")
    assert token.labels == {"konghq.com/credential": "jwt"}
    assert token.data == {
        "algorithm": "RS256",
        "key": "one",
        "rsa_public_key": "-----BEGIN PUBLIC KEY-----",
    }
    assert machine_key("x" * 32).labels == {"konghq.com/credential": "key-auth"}
    assert group("machines").data == {"group": "machines"}
    assert consumer("billing", ["b", "a"]) == {"username": "billing", "credentials": ["a", "b"]}


JWKS = {
    "keys": [
        {
            "kty": "RSA",
            "use": "sig",
            "kid": "one",
            "e": "AQAB",
            # https://www.rfc-editor.org/rfc/rfc7638#section-3.1
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L"
            "6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQ"
            "R0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTW"
            "hAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        },
        {"kty": "RSA", "use": "enc", "kid": "two", "e": "AQAB", "n": "AQAB"},
        {"kty": "EC", "kid": "three"},
    ]
}


def test_the_keys_of_an_issuer_become_pem() -> None:
    keys = public_keys(JWKS)
    assert list(keys) == ["one"]
    assert list(key_problems(keys)) == []
    assert as_settings(keys).startswith('jwt:\n  keys:\n    "one": |\n      -----BEGIN PUBLIC KEY')


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on PATH")
def test_openssl_reads_the_pem() -> None:
    read = subprocess.run(
        ["openssl", "pkey", "-pubin", "-noout", "-text"],  # noqa: S607
        input=public_keys(JWKS)["one"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "2048 bit" in read.stdout
    assert "Exponent: 65537" in read.stdout


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([], "no RSA key"),
        ([{"kty": "RSA", "kid": "a", "e": "AQAB", "n": "AQAB"}], "17 bits"),
    ],
)
def test_weak_keys_are_refused(keys: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        public_keys({"keys": keys})


def test_private_keys_and_short_ones_are_refused() -> None:
    assert "private key" in next(key_problems({"a": "-----BEGIN PRIVATE KEY-----"}))
    assert "PEM is needed" in next(key_problems({"a": "MIIB"}))
    assert next(key_problems({" ": public_keys(JWKS)["one"]})) == "a key without an id"
    assert machine_key_problems("x" * 31) == ["a key has 32 characters or more; this one has 31"]
    assert machine_key_problems("x" * 32) == []
