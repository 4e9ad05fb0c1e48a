"""Secrets in plain inputs are found, and never quoted; what only looks like one is not."""

import base64
import json

import pytest

from tests.policies.verdict import UNKNOWN, Inputs, verdict

RULE = "no-plain-secrets"
FUNCTION = "aws:lambda/function:Function"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
RELEASE = "kubernetes:helm.sh/v3:Release"
PARAMETER = "aws:ssm/parameter:Parameter"
INSTANCE = "aws:ec2/instance:Instance"
TASK = "aws:ecs/taskDefinition:TaskDefinition"

# Put together here, so that no scanner takes this file for a leak.
ACCESS_KEY = "AKIA" + "Q3XY2ZTR7MNBVCLP"
TOKENS = {
    "an AWS access key": ACCESS_KEY,
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a GitLab token": "glpat-" + "a1B2c" * 4,
    "a Slack token": "xoxb-" + "1234567890-abc",
    "a Stripe key": "sk_" + "live_" + "a1B2c" * 4,
    "a Google API key": "AIza" + "a1B2c" * 7,
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE",
    "a connection string with a password": "postgresql://app:" + "hunter2" + "@db:5432/orders",
}
TOKENS["a JSON Web Token"] = "eyJ" + "a" * 12 + ".eyJ" + "b" * 12 + "." + "c" * 12


def function(**variables: object) -> Inputs:
    return {"environment": {"variables": variables}}


def container(**variable: object) -> Inputs:
    return {"spec": {"template": {"spec": {"containers": [{"name": "app", "env": [variable]}]}}}}


@pytest.mark.parametrize(("kind", "secret"), TOKENS.items())
def test_known_secrets_are_found_wherever_they_are_and_not_quoted(kind: str, secret: str) -> None:
    for type_, inputs in (
        (FUNCTION, function(SETTINGS=f"x={secret}")),
        (DEPLOYMENT, container(name="SETTINGS", value=secret)),
        (CONFIG_MAP, {"data": {"app.ini": f"[app]\nx = {secret}\n"}}),
        (RELEASE, {"values": {"list": [{"deep": secret}]}}),
        (PARAMETER, {"type": "String", "value": secret}),
        (INSTANCE, {"userData": base64.b64encode(f"export X={secret}".encode()).decode()}),
        (TASK, {"containerDefinitions": json.dumps([{"environment": [{"value": secret}]}])}),
    ):
        (message,) = verdict(RULE, type_, inputs).violations
        assert f" has {kind} in " in message
        assert secret not in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2"),
        ("smtp-passwd", "x"),
        ("SESSION_SECRET", "q8Jm2Zx7Rv4Tn9Wb"),
        ("API_TOKEN", "9f86d081884c7d659a2feaa0c55ad015"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI0K7MDENG0bPxRfiCYzz81KEYab9"),
    ],
)
def test_what_is_called_a_secret_is_one(name: str, value: str) -> None:
    for type_, inputs in (
        (FUNCTION, function(**{name: value})),
        (DEPLOYMENT, container(name=name, value=value)),
        (RELEASE, {"values": {"auth": {name: value}}}),
    ):
        (message,) = verdict(RULE, type_, inputs).violations
        assert name in message or "containers[0]" in message
        assert f"'{value}'" not in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IMAGE", "example.com/it@sha256:" + "9f86d081" * 8),
        ("CA_CERTIFICATE", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI5"),
        ("ROLE", "arn:aws:iam::123456789012:role/orders-a1B2c3D4"),
        ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-a1B2c3"),
        ("DB_SECRET", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-a1B2c3"),
        ("existingSecret", "orders-database-2f4a91c0"),
        ("TOKEN_URL", "https://id.example.com/oauth2/token?x=a1B2c3D4e5F6"),
        ("DB_PASSWORD", "$(FROM_SECRET)"),
        ("DB_PASSWORD", "{{ .Values.password }}"),
        ("PASSWORD_FILE", "/run/secrets/password"),
        ("DB_PASSWORD", "/run/secrets/password"),
        ("DATABASE_URL", "postgresql://app@db:5432/orders"),
        ("DATABASE_URL", "postgresql://app:$(DB_PASSWORD)@db:5432/orders"),
        ("CACHE_URL", "rediss://cache.example.com:6379"),
        ("EXAMPLE", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("ETAG", "d41d8cd98f00b204e9800998ecf8427e"),
        ("API_KEY", "catalog"),
        ("UNLOCK_TOKEN", ""),
    ],
)
def test_what_only_looks_like_one_passes(name: str, value: str) -> None:
    assert verdict(RULE, FUNCTION, function(**{name: value})).passed
    assert verdict(RULE, DEPLOYMENT, container(name=name, value=value)).passed


def test_a_secret_store_may_have_secrets() -> None:
    assert verdict(RULE, PARAMETER, {"type": "SecureString", "value": ACCESS_KEY}).passed
    reference = {"secretKeyRef": {"name": "orders", "key": "PASSWORD"}}
    assert verdict(RULE, DEPLOYMENT, container(name="DB_PASSWORD", valueFrom=reference)).passed


def test_what_is_not_known_yet_is_waited_for_and_the_rest_is_told() -> None:
    result = verdict(RULE, FUNCTION, function(A=UNKNOWN, DB_PASSWORD="hunter2"))
    assert result.undecided
    assert len(result.violations) == 1
    assert verdict(RULE, PARAMETER, {"type": UNKNOWN, "value": ACCESS_KEY}).undecided
