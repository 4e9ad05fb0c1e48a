"""Who may use the cache: one user for the application, and nobody by default.

Users of a group (RBAC), not the older token of the whole cache: a token must first be added with
SET, else the empty one stays good (terraform-provider-aws#33439), and later be changed with ROTATE
and then SET, which a desired state can't say. A user has two passwords at a time instead: a change
adds the new one beside the old one, and the next change drops the older of the two.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.scope import Scope
from components._base.secret import generated_password, stored_secret
from components.cache.args import CacheAuth
from components.cache.plan import CachePlan, Passwords

ENGINE = "redis"
"""Of users and their group, whatever the cache runs: a Valkey cache takes groups of both engines, a
Redis cache only these, and a cache on its way from Redis to Valkey keeps its users.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (2026-11)
"""

NOTHING = "off ~* -@all"
"""What the default user may do: not even log in."""

OFF = "-off"
"""Ends the default user's id."""


@dataclass(frozen=True)
class CacheUsers:
    """The group that the cache admits, and the application's user in it."""

    group_id: pulumi.Output[str]
    user_name: pulumi.Output[str]
    user_arn: pulumi.Output[str]
    secret_arn: pulumi.Output[str]
    """Empty with IAM auth."""


def make_users(
    scope: Scope, plan: CachePlan, *, physical_id: pulumi.Output[str], key: aws.kms.Key
) -> CacheUsers:
    """Create the users, their group, and the secret with the application's password.

    :param physical_id: of the application's user and of the group: Pulumi invents none for them.
    """
    nobody_name = f"{scope.name}-default-user"
    nobody = aws.elasticache.User(
        nobody_name,
        user_id=pulumi.Output.concat(physical_id, OFF),
        user_name="default",
        engine=ENGINE,
        access_string=NOTHING,
        # no password would be simpler, but Valkey's user groups refuse such users
        authentication_mode={
            "type": "password",
            "passwords": [generated_password(scope, "default-user", length=64)],
        },
        tags=scope.tagged(nobody_name),
        opts=scope.own,
    )
    passwords = _good_passwords(scope, plan.passwords) if plan.passwords else []
    user_name = f"{scope.name}-user"
    user = aws.elasticache.User(
        user_name,
        user_id=physical_id,
        # as IAM auth wants it; so a change of the method is an update
        user_name=physical_id,
        engine=ENGINE,
        access_string=plan.access_string,
        authentication_mode={"type": "password", "passwords": passwords}
        if passwords
        else {"type": CacheAuth.IAM.value},
        tags=scope.tagged(user_name),
        opts=scope.own,
    )
    group_name = f"{scope.name}-users"
    group = aws.elasticache.UserGroup(
        group_name,
        user_group_id=physical_id,
        engine=ENGINE,
        user_ids=[nobody.user_id, user.user_id],
        tags=scope.tagged(group_name),
        opts=scope.own,
    )
    secret_arn = pulumi.Output.from_input("")
    if passwords:
        secret_arn = _secret(scope, user, passwords[0], key)
    return CacheUsers(group.user_group_id, user.user_name, user.arn, secret_arn)


def _good_passwords(scope: Scope, versions: Passwords) -> list[pulumi.Output[str]]:
    """Return the passwords, the current one first.

    Each version is a resource of its own, so the one before outlives a change.
    """
    good = [v for v in (versions.current, versions.previous) if v is not None]
    return [generated_password(scope, f"user-v{v}", version=v) for v in good]


def _secret(
    scope: Scope,
    user: aws.elasticache.User,
    password: pulumi.Output[str],
    key: aws.kms.Key,
) -> pulumi.Output[str]:
    """Store user and password, in the form that AWS's own tools read.

    The user's ARN is part of it, so a new password is good before anyone reads it.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
    (2026-11)
    """
    content = pulumi.Output.json_dumps(
        {"username": user.user_name, "password": password, "user_arn": user.arn}, sort_keys=True
    )
    return stored_secret(
        scope,
        "user-secret",
        key=key,
        content=content,
        description=f"User of cache {scope.name}",
    ).arn
