"""What an identity provider registers, and that its consumers can't tell which one it is."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from components._base.errors import InvalidInput
from components.gateway.plugins.tokens import token_check
from components.identity import Identity, IdentityArgs, IdentitySpec
from simulator.cloud.core import Cloud
from tests.harness import Recorder, build
from tests.iam_lint import lint

POOL = "aws:cognito/userPool:UserPool"
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
SERVER = "aws:cognito/resourceServer:ResourceServer"
DOMAIN = "aws:cognito/userPoolDomain:UserPoolDomain"
RISKS = "aws:cognito/riskConfiguration:RiskConfiguration"
STYLE = "aws:cognito/managedLoginBranding:ManagedLoginBranding"
SECRET = "aws:secretsmanager/secret:Secret"
SECRET_VALUE = "aws:secretsmanager/secretVersion:SecretVersion"
KEY = "aws:kms/key:Key"
RECORD = "aws:route53/record:Record"

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
SENDER = "arn:aws:ses:eu-west-1:123456789012:identity/example.com"

COGNITO: Mapping[str, object] = {
    "plan": "plus",
    "emailFrom": "Example <no-reply@example.com>",
    "domainName": "auth.example.com",
    "resourceServers": {
        "orders": {
            "identifier": "https://api.example.com/orders",
            "scopes": {"write": "Place and cancel orders", "read": "Read orders"},
        }
    },
    "machineClients": {"billing": {"scopes": ["orders/read"]}},
    "interactiveClients": {
        "office": {"callbackUrls": ["https://office.example.com/back"], "confidential": True},
        "web": {
            "callbackUrls": ["https://shop.example.com/back"],
            "logoutUrls": ["https://shop.example.com/"],
            "scopes": ["openid", "orders/read", "orders/write"],
        },
    },
}
SMALL: Mapping[str, object] = {
    "cognito": {"plan": "lite", "mfa": "off", "selfSignUp": True, "domainPrefix": "example-dev"}
}
OUTSIDE: Mapping[str, object] = {
    "provider": "oidc",
    "oidc": {
        "issuer": "https://example.eu.auth0.com/",
        "audiences": ["https://api.example.com"],
        "jwksUri": "https://example.eu.auth0.com/.well-known/jwks.json",
        "tokenEndpoint": "https://example.eu.auth0.com/oauth/token",
    },
}


def identity(config: Mapping[str, object], **wiring: object) -> Recorder[Identity]:
    args = IdentitySpec.model_validate(config).to_args(IdentityArgs, **wiring)
    return build(lambda: Identity("identity", args))


@functools.cache
def prod() -> Recorder[Identity]:
    return identity(
        {"cognito": COGNITO, "protect": True},
        certificate_arn=CERTIFICATE,
        zone_id="Z0123456789",
        email_identity_arn=SENDER,
        tags={"owner": "me"},
    )


@functools.cache
def small() -> Recorder[Identity]:
    return identity(SMALL)


@functools.cache
def outside() -> Recorder[Identity]:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:billing-AbCdEf"
    return identity(OUTSIDE, client_secret_arns={"billing": arn})


def client(name: str) -> Mapping[str, object]:
    return prod().one(CLIENT, f"identity-{name}").inputs


def test_a_user_pool_is_closed_and_its_users_have_a_second_factor():
    pool = prod().one(POOL).inputs
    assert pool["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}
    assert pool["mfaConfiguration"] == "ON"
    assert pool["softwareTokenMfaConfiguration"] == {"enabled": True}
    assert pool["passwordPolicy"] == {
        "minimumLength": 14,
        "passwordHistorySize": 5,
        "requireLowercase": True,
        "requireNumbers": True,
        "requireSymbols": True,
        "requireUppercase": True,
        "temporaryPasswordValidityDays": 3,
    }
    assert pool["usernameAttributes"] == ["email"]
    assert pool["usernameConfiguration"] == {"caseSensitive": False}
    assert pool["emailConfiguration"] == {
        "emailSendingAccount": "DEVELOPER",
        "fromEmailAddress": "Example <no-reply@example.com>",
        "sourceArn": SENDER,
    }
    assert "name" not in pool, "left to Pulumi"


def test_threats_are_blocked_in_plan_plus():
    pool = prod().one(POOL).inputs
    assert (pool["userPoolTier"], pool["userPoolAddOns"]) == (
        "PLUS",
        {"advancedSecurityMode": "ENFORCED"},
    )
    risks = prod().one(RISKS).inputs
    assert risks["compromisedCredentialsRiskConfiguration"] == {"actions": {"eventAction": "BLOCK"}}
    takeover = cast("Mapping[str, Mapping[str, object]]", risks["accountTakeoverRiskConfiguration"])
    assert takeover["actions"]["highAction"] == {"eventAction": "BLOCK", "notify": False}
    assert takeover["actions"]["lowAction"] == {"eventAction": "MFA_IF_CONFIGURED", "notify": False}


def test_a_small_pool_has_what_its_plan_offers_and_says_what_is_off():
    pool = small().one(POOL).inputs
    assert (pool["userPoolTier"], pool["mfaConfiguration"]) == ("LITE", "OFF")
    assert "softwareTokenMfaConfiguration" not in pool
    assert pool["userPoolAddOns"] == {"advancedSecurityMode": "OFF"}
    assert pool["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": False}
    assert pool["emailConfiguration"] == {"emailSendingAccount": "COGNITO_DEFAULT"}
    assert small().one(DOMAIN).inputs["managedLoginVersion"] == 1
    for type_ in (CLIENT, SERVER, RISKS, STYLE, SECRET, KEY, RECORD):
        assert small().none(type_)


@pytest.mark.parametrize("protect", [True, False])
def test_users_secrets_and_their_key_are_protected_when_asked(protect: bool):
    cloud = prod() if protect else small()
    pool = cloud.one(POOL)
    assert pool.protect is protect
    assert pool.inputs["deletionProtection"] == ("ACTIVE" if protect else "INACTIVE")
    assert {r.protect for r in [*cloud.all(SECRET), *cloud.all(KEY)]} <= {protect}


def test_a_machine_signs_in_as_itself_and_in_no_other_way():
    billing = client("billing")
    assert billing["generateSecret"] is True
    assert billing["allowedOauthFlows"] == ["client_credentials"]
    assert billing["allowedOauthScopes"] == ["https://api.example.com/orders/read"]
    assert billing["explicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert billing["accessTokenValidity"] == 60
    assert billing["tokenValidityUnits"] == {"accessToken": "minutes"}


def test_people_sign_in_by_code_and_their_refresh_tokens_are_used_once():
    web = client("web")
    assert web["generateSecret"] is False
    assert web["allowedOauthFlows"] == ["code"]
    assert web["callbackUrls"] == ["https://shop.example.com/back"]
    assert web["logoutUrls"] == ["https://shop.example.com/"]
    assert web["refreshTokenRotation"] == {"feature": "ENABLED", "retryGracePeriodSeconds": 60}
    validity = {k: web[k] for k in web if k.endswith("Validity")}
    assert validity == {
        "accessTokenValidity": 15,
        "idTokenValidity": 15,
        "refreshTokenValidity": 7,
    }
    assert client("office")["generateSecret"] is True
    for name in ("billing", "office", "web"):
        assert client(name)["preventUserExistenceErrors"] == "ENABLED"
        assert client(name)["enableTokenRevocation"] is True
        assert client(name)["allowedOauthFlowsUserPoolClient"] is True


def test_clients_wait_for_the_servers_of_their_scopes_and_for_no_others():
    server = prod().one(SERVER, "identity-orders")
    assert server.inputs["scopes"] == [
        {"scopeName": "read", "scopeDescription": "Read orders"},
        {"scopeName": "write", "scopeDescription": "Place and cancel orders"},
    ]
    for name, waits in {"billing": True, "web": True, "office": False}.items():
        registered = prod().one(CLIENT, f"identity-{name}")
        assert prod().comes_after(registered, server) is waits


def test_secrets_hold_what_a_client_needs_and_are_handed_out_by_arn():
    arns = cast("Mapping[str, str]", prod().output(prod().result.client_secret_arns))
    ids = cast("Mapping[str, str]", prod().output(prod().result.client_ids))
    assert set(arns) == {"billing", "office"}, "a public client has none"
    key = prod().one(KEY)
    assert lint(str(key.inputs["policy"])) == []
    for name in arns:
        value = prod().one(SECRET_VALUE, f"identity-{name}-secret-value").inputs
        content = cast("Mapping[str, str]", json.loads(str(value["secretString"])))
        assert value["secretId"] == arns[name]
        assert content["client_id"] == ids[name]
        assert content["token_endpoint"] == "https://auth.example.com/oauth2/token"
        assert len(content["client_secret"]) == 51
        secret = prod().one(SECRET, f"identity-{name}-secret").inputs
        assert secret["kmsKeyId"] == prod().output(prod().result.secret_key_arn)


def test_login_pages_open_under_the_domain_which_is_found_in_dns():
    domain = prod().one(DOMAIN)
    assert domain.inputs["domain"] == "auth.example.com"
    assert domain.inputs["certificateArn"] == CERTIFICATE
    assert domain.inputs["managedLoginVersion"] == 2
    (alias,) = cast("list[Mapping[str, object]]", prod().one(RECORD).inputs["aliases"])
    assert str(alias["name"]).endswith(".cloudfront.net")
    assert prod().one(RECORD).inputs["name"] == "auth.example.com"
    # managed login pages without a style don't open
    styles = {r.name: r.inputs["useCognitoProvidedValues"] for r in prod().all(STYLE)}
    assert styles == {"identity-office-style": True, "identity-web-style": True}


OUTPUTS = (
    *("issuer", "discovery_url", "jwks_uri", "token_endpoint", "audiences", "client_ids"),
    *("client_secret_arns", "secret_key_arn", "user_pool_arn"),
)


def outputs(cloud: Recorder[Identity]) -> Mapping[str, object]:
    return {name: cloud.output(getattr(cloud.result, name)) for name in OUTPUTS}


def test_consumers_get_the_same_of_cognito_and_of_an_issuer_outside():
    ours, theirs = outputs(prod()), outputs(outside())
    assert {name: type(value) for name, value in ours.items()} == {
        name: type(value) for name, value in theirs.items()
    }
    pool_id = str(ours["user_pool_arn"]).rsplit("/", 1)[1]
    issuer = f"https://cognito-idp.eu-west-1.amazonaws.com/{pool_id}"
    assert ours["issuer"] == issuer
    assert ours["discovery_url"] == f"{issuer}/.well-known/openid-configuration"
    assert ours["jwks_uri"] == f"{issuer}/.well-known/jwks.json"
    ids = cast("Mapping[str, str]", ours["client_ids"])
    assert ours["audiences"] == [ids["billing"], ids["office"], ids["web"]]
    assert theirs["issuer"] == "https://example.eu.auth0.com/", "to the letter"
    assert theirs["audiences"] == ["https://api.example.com"]
    assert set(cast("Mapping[str, str]", theirs["client_secret_arns"])) == {"billing"}
    assert (theirs["secret_key_arn"], theirs["user_pool_arn"]) == ("", "")
    assert [r.type for r in outside().resources] == ["fastapi-platform:index:Identity"]


def test_a_pool_of_a_prefix_has_its_token_endpoint_at_amazon():
    told = outputs(small())
    assert told["token_endpoint"] == (
        "https://example-dev.auth.eu-west-1.amazoncognito.com/oauth2/token"
    )
    assert (told["audiences"], told["client_ids"], told["client_secret_arns"]) == ([], {}, {})


def test_what_an_issuer_outside_does_not_say_is_left_to_discovery():
    oidc = {"issuer": "https://id.example.com/realms/shop", "audiences": ["shop"]}
    told = outputs(identity({"provider": "oidc", "oidc": oidc}))
    assert (told["jwks_uri"], told["token_endpoint"]) == ("", "")
    assert told["discovery_url"] == (
        "https://id.example.com/realms/shop/.well-known/openid-configuration"
    )


def test_every_taggable_resource_is_tagged_and_a_child_of_the_component():
    tagged = {r.name: r.inputs.get("tags") for r in prod().resources if r.type in (POOL, SECRET)}
    assert len(tagged) == 3
    assert all(tags == {"owner": "me", "Name": name} for name, tags in tagged.items())
    for resource in prod().resources:
        if resource.custom:
            assert resource.parent is not None
            assert resource.parent.type == "fastapi-platform:index:Identity"


def test_a_name_of_which_none_can_be_made_is_refused():
    args = IdentitySpec.model_validate(SMALL).to_args(IdentityArgs)
    with pytest.raises(InvalidInput, match="'Identity' is not valid"):
        build(lambda: Identity("Identity", args))
    long = build(lambda: Identity("a" * 40, args), stack="s" * 40)
    assert long.one(POOL).inputs.get("name") is None


def refusals(type_: str, **inputs: object) -> list[str]:
    """Return what the simulated Cognito says."""
    _, problems = Cloud().check(type_, "it", inputs)
    return [str(problem) for problem in problems]


POOL_ID = "eu-west-1_AbCdEfGhI"

REFUSED: Mapping[str, tuple[str, Mapping[str, object], str]] = {
    "threat protection in another plan": (
        POOL,
        {"userPoolTier": "ESSENTIALS", "userPoolAddOns": {"advancedSecurityMode": "AUDIT"}},
        "userPoolAddOns.advancedSecurityMode: AUDIT needs userPoolTier PLUS, not ESSENTIALS",
    ),
    "a second factor without one": (
        POOL,
        {"mfaConfiguration": "ON"},
        "mfaConfiguration: needs a factor: software token, SMS or e-mail",
    ),
    "a machine with a code": (
        CLIENT,
        {"userPoolId": POOL_ID, "allowedOauthFlows": ["client_credentials", "code"]},
        "allowedOauthFlows: client_credentials can't be combined with code and implicit",
    ),
    "a machine without a secret": (
        CLIENT,
        {
            "userPoolId": POOL_ID,
            "allowedOauthFlows": ["client_credentials"],
            "generateSecret": False,
        },
        "allowedOauthFlows: client_credentials needs generateSecret",
    ),
    "refresh tokens that are used once, and again": (
        CLIENT,
        {
            "userPoolId": POOL_ID,
            "explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "refreshTokenRotation": {"feature": "ENABLED"},
        },
        "explicitAuthFlows: ALLOW_REFRESH_TOKEN_AUTH can't be with refreshTokenRotation",
    ),
    "a certificate of another region": (
        DOMAIN,
        {
            "userPoolId": POOL_ID,
            "domain": "auth.example.com",
            "certificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/1",
        },
        "certificateArn: must be of us-east-1",
    ),
}


@pytest.mark.parametrize(("type_", "inputs", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cognito_refuses_is_refused(type_: str, inputs: Mapping[str, object], message: str):
    assert message in refusals(type_, **inputs)


def test_another_way_to_tell_users_apart_is_another_pool():
    old = {"usernameAttributes": ["email"], "usernameConfiguration": {"caseSensitive": False}}
    for change in (
        {"usernameAttributes": ["phone_number"]},
        {"usernameConfiguration": {"caseSensitive": True}},
    ):
        assert Cloud().compare(POOL, old, {**old, **change}).replaces
    assert not Cloud().compare(POOL, old, {**old, "mfaConfiguration": "ON"}).replaces


def test_the_gateway_verifies_what_the_docs_say_and_no_more():
    rows = {
        cells[0].strip(): [cell.strip() for cell in cells[1:4]]
        for line in (Path(__file__).parents[2] / "docs" / "identity.md").read_text().splitlines()
        if len(cells := line.strip("|").split("|")) == 4
    }
    plugin = token_check().config
    assert plugin["key_claim_name"] == "kid"
    claims = ("exp", "nbf", "iss", "aud")
    told = {c: row for c in claims for name, row in rows.items() if name.startswith(f"`{c}`")}
    by_gateway = {claim for claim, row in told.items() if row[0].startswith("yes")}
    assert by_gateway == set(cast("list[str]", plugin["claims_to_verify"]))
    assert all(row[2].startswith("yes") for row in told.values()), "a service verifies all"
