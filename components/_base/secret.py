"""Generated passwords, kept in Secrets Manager and nowhere else in the clear."""

from collections.abc import Callable
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components._base.iam import Statement
from components._base.order import after
from components._base.scope import Scope

SPECIAL = "!#$%&*()-_=+[]{}<>?"
"""Special characters that the data stores' own rules all allow (no quotes, slashes, @, comma)."""

RECOVERY_DAYS = 30
"""The longest window that Secrets Manager offers: a wrongly deleted secret can be brought back."""


@dataclass(frozen=True)
class GeneratedSecret:
    """A password and the secret that holds it."""

    password: pulumi.Output[str]
    """Secret: encrypted in the state, masked everywhere."""
    secret_arn: pulumi.Output[str]
    """What consumers are given: whoever may read the secret learns the password."""
    secret: aws.secretsmanager.Secret


def generated_password(
    scope: Scope,
    suffix: str,
    *,
    length: int = 32,
    special: str = SPECIAL,
    version: int = 1,
) -> pulumi.Output[str]:
    """Generate a password, once: nothing but another `version` makes another one."""
    return random.RandomPassword(
        f"{scope.name}-{suffix}-password",
        length=length,
        special=bool(special),
        override_special=special or None,
        min_lower=1,
        min_upper=1,
        min_numeric=1,
        min_special=1 if special else 0,
        keepers={"version": str(version)},
        opts=scope.own,
    ).result


@dataclass(frozen=True)
class StoredSecret:
    """A secret that holds a value."""

    arn: pulumi.Output[str]
    """Whoever is given it finds a value there."""
    secret: aws.secretsmanager.Secret


def stored_secret(
    scope: Scope,
    suffix: str,
    *,
    key: aws.kms.Key,
    content: pulumi.Input[str],
    description: str,
) -> StoredSecret:
    """Store `content` in a secret of its own.

    :param content: what the secret is to hold, e.g. JSON with user name and password.
    """
    name = f"{scope.name}-{suffix}"
    secret = aws.secretsmanager.Secret(
        name,
        description=description,
        kms_key_id=key.arn,
        recovery_window_in_days=RECOVERY_DAYS,
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    value = aws.secretsmanager.SecretVersion(
        f"{name}-value", secret_id=secret.id, secret_string=content, opts=scope.own
    )
    return StoredSecret(after(secret.arn, [value]), secret)


def generated_secret(
    scope: Scope,
    suffix: str,
    *,
    key: aws.kms.Key,
    body: Callable[[pulumi.Output[str]], pulumi.Output[str]],
    description: str,
    length: int = 32,
    special: str = SPECIAL,
    version: int = 1,
) -> GeneratedSecret:
    """Generate a password and store it.

    :param body: makes the secret's content of the password, e.g. JSON with user name and host.
    :param version: another number makes another password: rotation, and the only way to it.
    """
    password = generated_password(scope, suffix, length=length, special=special, version=version)
    stored = stored_secret(scope, suffix, key=key, content=body(password), description=description)
    return GeneratedSecret(password, stored.arn, stored.secret)


def read_secret_statements(
    secret_arn: pulumi.Input[str], key_arn: pulumi.Input[str]
) -> list[Statement]:
    """Return what a consumer of a secret needs: to read it, and to decrypt it by its key.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html (2026-11)
    """
    return [
        Statement("ReadSecret", ["secretsmanager:GetSecretValue"], [secret_arn]),
        Statement(
            "DecryptSecret",
            ["kms:Decrypt"],
            [key_arn],
            # the key may encrypt more than this secret
            conditions={"StringEquals": {"kms:EncryptionContext:SecretARN": secret_arn}},
        ),
    ]
