"""Generated passwords, kept in Secrets Manager and nowhere else in the clear."""

from collections.abc import Callable
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

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
    password = random.RandomPassword(
        f"{scope.name}-{suffix}-password",
        length=length,
        special=bool(special),
        override_special=special or None,
        min_lower=1,
        min_upper=1,
        min_numeric=1,
        keepers={"version": str(version)},
        opts=scope.own,
    )
    name = f"{scope.name}-{suffix}"
    secret = aws.secretsmanager.Secret(
        name,
        description=description,
        kms_key_id=key.arn,
        recovery_window_in_days=RECOVERY_DAYS,
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    stored = aws.secretsmanager.SecretVersion(
        f"{name}-value",
        secret_id=secret.id,
        secret_string=body(password.result),
        opts=scope.own,
    )
    # whoever is given the ARN finds a value there
    return GeneratedSecret(password.result, after(secret.arn, [stored]), secret)
