"""What identity configs mean, and what is wrong with wrong ones. Without Pulumi."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml

from components._base.errors import InvalidInput
from components.identity import (
    IdentityArgs,
    IdentitySpec,
    full_scope_name,
    known_scopes,
    plan_identity,
    unknown_scope_problems,
)
from components.identity.args import CognitoThreatProtection
from components.identity.plan import UserPoolPlan, discovery_url

Json = Mapping[str, object]

SERVERS: Json = {
    "orders": {
        "identifier": "https://api.example.com/orders",
        "scopes": {"read": "Read orders", "write": "Place and cancel orders"},
    },
    "catalog": {"scopes": {"read": "Read the catalog"}},
}
POOL: Json = {"domain_prefix": "example-prod", "resource_servers": SERVERS}
OIDC: Json = {"issuer": "https://example.eu.auth0.com/", "audiences": ["https://api.example.com"]}


def args(**inputs: object) -> IdentityArgs:
    return cast("IdentityArgs", inputs)


def pool(**changes: object) -> UserPoolPlan:
    planned = plan_identity(args(cognito={**POOL, **changes})).pool
    assert planned is not None
    return planned


def problems(inputs: Json) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        plan_identity(args(**inputs))
    return [str(problem) for problem in caught.value.problems]


def web(**changes: object) -> Json:
    client = {"callback_urls": ["https://shop.example.com/back"], **changes}
    return {"interactive_clients": {"web": client}}


NO_URL = "an https URL such as https://app.example.com/callback is needed"
NO_CALLBACK = "cognito.interactive_clients.web.callback_urls[0]"

WRONG_POOLS: Mapping[str, tuple[Json, str]] = {
    "no domain": (
        {"domain_prefix": None},
        "cognito: one of domain_prefix and domain_name is needed, for the token endpoint",
    ),
    "two domains": (
        {"domain_name": "auth.example.com"},
        "cognito: one of domain_prefix and domain_name is needed, for the token endpoint",
    ),
    "a prefix of capitals": (
        {"domain_prefix": "Example"},
        (
            "cognito: domain_prefix 'Example' is not valid: small letters, digits and hyphens "
            "between them, at most 63"
        ),
    ),
    "a prefix that AWS keeps": (
        {"domain_prefix": "my-aws-login"},
        "cognito: domain_prefix 'my-aws-login' has a word in it that AWS reserves: aws",
    ),
    "threat protection without its plan": (
        {"threat_protection": "audit"},
        "cognito: threat_protection needs plan plus, not essentials",
    ),
    "a history without its plan": (
        {"plan": "lite", "password": {"history": 3}},
        "cognito: password.history needs plan essentials or plus, not lite",
    ),
    "a short password": (
        {"password": {"min_length": 6}},
        "cognito.password.min_length: 6 is not valid: greater than or equal to 8",
    ),
    "a sender that is none": (
        {"email_from": "Example"},
        (
            "cognito.email_from: 'Example' is not valid: an address is needed, or a name and one: "
            "Example <no-reply@example.com>"
        ),
    ),
    "a scope with a slash": (
        {"resource_servers": {"orders": {"scopes": {"items/read": "Read"}}}},
        (
            "cognito.resource_servers.orders.scopes.items/read: 'items/read' is not valid: a "
            "scope's short name is needed, of small letters and digits, with single '.', '_', "
            "':' and '-' between them, at most 30"
        ),
    ),
    "one identifier of two servers": (
        {
            "resource_servers": {
                "orders": {"identifier": "catalog", "scopes": {"read": "Read"}},
                "catalog": {"scopes": {"read": "Read"}},
            }
        },
        "cognito: resource_servers: two have the identifier catalog",
    ),
    "a machine's scope that does not exist": (
        {"machine_clients": {"billing": {"scopes": ["orders/raed"]}}},
        (
            "cognito: machine_clients.billing: there is no scope 'orders/raed'; "
            "did you mean 'orders/read'?"
        ),
    ),
    "people's scopes for a machine": (
        {"machine_clients": {"billing": {"scopes": ["openid", "orders/read"]}}},
        (
            "cognito: machine_clients.billing: there is no scope 'openid'; "
            "allowed: catalog/read, orders/read, orders/write"
        ),
    ),
    "a scope twice": (
        {"machine_clients": {"billing": {"scopes": ["orders/read", "orders/read"]}}},
        "cognito: machine_clients.billing: scope 'orders/read' is listed twice",
    ),
    "a token that lives too long": (
        {"machine_clients": {"b": {"scopes": ["orders/read"], "access_token_minutes": 2000}}},
        (
            "cognito.machine_clients.b.access_token_minutes: 2000 is not valid: "
            "less than or equal to 1440"
        ),
    ),
    "a client of both kinds": (
        {
            "machine_clients": {"web": {"scopes": ["orders/read"]}},
            **web(),
        },
        "cognito: machine_clients and interactive_clients both have web",
    ),
    "plain http": (
        web(callback_urls=["http://localhost:8000/back"]),
        f"{NO_CALLBACK}: 'http://localhost:8000/back' is not valid: {NO_URL}",
    ),
    "an app's own scheme": (
        web(callback_urls=["shop://back"]),
        f"{NO_CALLBACK}: 'shop://back' is not valid: {NO_URL}",
    ),
    "a wildcard": (
        web(callback_urls=["https://shop.example.com/*"]),
        (
            f"{NO_CALLBACK}: 'https://shop.example.com/*' is not valid: a URL without '#', "
            "'*', a user and spaces is needed"
        ),
    ),
    "a fragment": (
        web(callback_urls=["https://shop.example.com/#back"]),
        (
            f"{NO_CALLBACK}: 'https://shop.example.com/#back' is not valid: a URL without '#', "
            "'*', a user and spaces is needed"
        ),
    ),
    "a host that looks like another": (
        web(callback_urls=["https://shop.example.com@evil.example/back"]),
        (
            f"{NO_CALLBACK}: 'https://shop.example.com@evil.example/back' is not valid: a URL "
            "without '#', '*', a user and spaces is needed"
        ),
    ),
}


@pytest.mark.parametrize(("changes", "message"), WRONG_POOLS.values(), ids=WRONG_POOLS.keys())
def test_a_wrong_user_pool_is_refused_by_name(changes: Json, message: str):
    assert problems({"cognito": {**POOL, **changes}}) == [message]


WRONG: Mapping[str, tuple[Json, list[str]]] = {
    "nothing": ({}, ["provider cognito needs cognito"]),
    "the other's section": (
        {"provider": "oidc", "oidc": OIDC, "cognito": POOL},
        ["cognito is for provider cognito, not oidc"],
    ),
    "no such provider": (
        {"provider": "okta", "oidc": OIDC},
        ["provider: 'okta' is not valid: allowed: 'cognito' or 'oidc'"],
    ),
    "an issuer without TLS": (
        {"provider": "oidc", "oidc": {**OIDC, "issuer": "http://id.example.com"}},
        [f"oidc.issuer: 'http://id.example.com' is not valid: {NO_URL}"],
    ),
    "an issuer with a query": (
        {"provider": "oidc", "oidc": {**OIDC, "issuer": "https://id.example.com/?t=1"}},
        ["oidc.issuer: 'https://id.example.com/?t=1' is not valid: an issuer has no query"],
    ),
    "nobody that tokens are for": (
        {"provider": "oidc", "oidc": {**OIDC, "audiences": []}},
        [
            "oidc.audiences: one or more is needed",
        ],
    ),
    "a domain without its certificate, mails without their sender": (
        {
            "cognito": {
                **POOL,
                "domain_prefix": None,
                "domain_name": "auth.example.com",
                "email_from": "no-reply@example.com",
            },
        },
        [
            "certificate_arn: is required by cognito.domain_name; it is of us-east-1",
            "email_identity_arn: is required by cognito.email_from",
        ],
    ),
    "wiring that nothing uses": (
        {
            "cognito": POOL,
            "zone_id": "Z1",
            "certificate_arn": "arn:x",
            "email_identity_arn": "arn:y",
            "client_secret_arns": {},
        },
        [
            "certificate_arn: is for cognito.domain_name, which is not given",
            "zone_id: is for cognito.domain_name, which is not given",
            "email_identity_arn: is for cognito.email_from, which is not given",
            "client_secret_arns: is for provider oidc; Cognito's clients have their own",
        ],
    ),
}


@pytest.mark.parametrize(("inputs", "messages"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_together_is_refused(inputs: Json, messages: list[str]):
    assert problems(inputs) == messages


@pytest.mark.parametrize(
    ("plan", "asked", "expected"),
    [
        ("lite", None, CognitoThreatProtection.OFF),
        ("essentials", None, CognitoThreatProtection.OFF),
        ("plus", None, CognitoThreatProtection.ENFORCED),
        ("plus", "audit", CognitoThreatProtection.AUDIT),
    ],
)
def test_threats_are_fought_where_the_plan_can(
    plan: str, asked: str | None, expected: CognitoThreatProtection
):
    planned = pool(plan=plan, threat_protection=asked)
    assert planned.threat_protection is expected
    assert planned.password_history == (0 if plan == "lite" else 5)
    assert planned.managed_login is (plan != "lite")


def test_clients_know_their_scopes_by_their_full_names_and_which_servers_they_wait_for():
    planned = pool(
        machine_clients={"billing": {"scopes": ["orders/write", "catalog/read"]}},
        **web(scopes=["openid", "orders/read"]),
    )
    billing, shop = planned.machine_clients["billing"], planned.interactive_clients["web"]
    assert billing.scopes == ["catalog/read", "https://api.example.com/orders/write"]
    assert billing.servers == ["catalog", "orders"]
    assert shop.scopes == ["https://api.example.com/orders/read", "openid"]
    assert shop.servers == ["orders"]
    assert planned.has_secrets
    assert not pool(**web()).has_secrets
    assert pool(**web(confidential=True)).has_secrets


def test_another_order_in_the_config_is_no_change():
    urls = ["https://b.example.com/back", "https://a.example.com/back"]
    one = pool(**web(callback_urls=urls, scopes=["profile", "openid"]))
    other = pool(**web(callback_urls=urls[::-1], scopes=["openid", "profile"]))
    assert one.interactive_clients == other.interactive_clients


def test_services_ask_for_scopes_by_name_and_learn_what_tokens_say():
    spec = IdentitySpec.model_validate({"cognito": POOL})
    assert known_scopes(spec) == {
        "catalog/read": "catalog/read",
        "orders/read": "https://api.example.com/orders/read",
        "orders/write": "https://api.example.com/orders/write",
    }
    assert full_scope_name(spec, "orders/read") == "https://api.example.com/orders/read"
    with pytest.raises(ValueError, match=r"no scope 'order/read'; did you mean 'orders/read'\?"):
        full_scope_name(spec, "order/read")
    assert unknown_scope_problems(spec, ["orders/read", "email"]) == [
        "there is no scope 'email'; allowed: catalog/read, orders/read, orders/write"
    ]


def test_scopes_of_an_issuer_outside_are_checked_where_it_says_which_it_has():
    silent = IdentitySpec.model_validate({"provider": "oidc", "oidc": OIDC})
    assert known_scopes(silent) is None
    assert unknown_scope_problems(silent, ["anything"]) == []
    assert full_scope_name(silent, "orders:read") == "orders:read"
    told = IdentitySpec.model_validate(
        {"provider": "oidc", "oidc": {**OIDC, "scopes": ["orders:read"]}}
    )
    assert full_scope_name(told, "orders:read") == "orders:read"
    assert unknown_scope_problems(told, ["orders:write"]) == [
        "there is no scope 'orders:write'; did you mean 'orders:read'?"
    ]


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [
        ("https://id.example.com", "https://id.example.com/.well-known/openid-configuration"),
        ("https://id.example.com/", "https://id.example.com/.well-known/openid-configuration"),
        (
            "https://id.example.com/realms/shop",
            "https://id.example.com/realms/shop/.well-known/openid-configuration",
        ),
    ],
)
def test_an_issuer_is_discovered_below_its_own_path(issuer: str, expected: str):
    assert discovery_url(issuer) == expected


def test_the_documented_examples_are_good_ones():
    text = (Path(__file__).parents[2] / "docs" / "identity.md").read_text()
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    sections = [yaml.safe_load(example)["platform:identity"] for example in examples]
    cognito, outside = (IdentitySpec.model_validate(section) for section in sections)
    assert known_scopes(cognito) == {scope: scope for scope in ("orders/read", "orders/write")}
    assert known_scopes(outside) == {scope: scope for scope in ("orders:read", "orders:write")}
