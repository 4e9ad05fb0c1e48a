"""The clients of a user pool, and their secrets."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.kms import domain_key
from components._base.order import after
from components._base.scope import Scope
from components._base.secret import stored_secret
from components.identity.plan import InteractivePlan, MachinePlan, UserPoolPlan
from components.identity.pool import LoginDomain

ROTATION_GRACE_SECONDS = 60
"""How long a refresh token is good after it was used, for a client that lost the answer: the most
that Cognito takes.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html
(2026-11)
"""

Servers = Mapping[str, aws.cognito.ResourceServer]


@dataclass(frozen=True)
class Clients:
    """What was made for the clients, by client."""

    ids: Mapping[str, pulumi.Output[str]]
    secret_arns: Mapping[str, pulumi.Output[str]]
    """Of those that have a secret."""
    key_arn: pulumi.Output[str]
    """Of the secrets; empty if there are none."""


def make_clients(
    scope: Scope,
    plan: UserPoolPlan,
    pool: aws.cognito.UserPool,
    servers: Servers,
    domain: LoginDomain,
) -> Clients:
    """Create the clients, and store the secrets of those that have one."""
    machines = {
        name: _machine(scope, name, client, pool, servers)
        for name, client in plan.machine_clients.items()
    }
    interactive = {
        name: _interactive(scope, name, client, pool, servers)
        for name, client in plan.interactive_clients.items()
    }
    if plan.managed_login:
        for name, client in interactive.items():
            _brand(scope, name, pool, client, domain)
    confidential = {
        **machines,
        **{n: c for n, c in interactive.items() if plan.interactive_clients[n].confidential},
    }
    ids = {name: client.id for name, client in sorted({**machines, **interactive}.items())}
    if not confidential:
        return Clients(ids, {}, pulumi.Output.from_input(""))
    key = domain_key(
        f"{scope.name}-key",
        parent=scope.parent,
        description=f"Secrets of the clients of {scope.name}",
        tags=scope.tags,
        protect=scope.protect,
    )
    arns = {
        name: _store(scope, name, client, key, domain)
        for name, client in sorted(confidential.items())
    }
    return Clients(ids, arns, key.arn)


def _machine(
    scope: Scope,
    name: str,
    plan: MachinePlan,
    pool: aws.cognito.UserPool,
    servers: Servers,
) -> aws.cognito.UserPoolClient:
    return aws.cognito.UserPoolClient(
        f"{scope.name}-{name}",
        user_pool_id=pool.id,
        generate_secret=True,
        allowed_oauth_flows_user_pool_client=True,
        allowed_oauth_flows=["client_credentials"],
        allowed_oauth_scopes=_scopes(plan, servers),
        # Left out, it would be every way for users to sign in. This one needs a token of theirs.
        explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"],
        access_token_validity=plan.access_token_minutes,
        token_validity_units={"access_token": "minutes"},
        prevent_user_existence_errors="ENABLED",
        enable_token_revocation=True,
        opts=scope.own,
    )


def _interactive(
    scope: Scope,
    name: str,
    plan: InteractivePlan,
    pool: aws.cognito.UserPool,
    servers: Servers,
) -> aws.cognito.UserPoolClient:
    return aws.cognito.UserPoolClient(
        f"{scope.name}-{name}",
        user_pool_id=pool.id,
        generate_secret=plan.confidential,
        allowed_oauth_flows_user_pool_client=True,
        allowed_oauth_flows=["code"],
        allowed_oauth_scopes=_scopes(plan, servers),
        callback_urls=plan.callback_urls,
        logout_urls=plan.logout_urls,
        supported_identity_providers=["COGNITO"],
        # Refresh tokens that are used once can't be refreshed by the SDK's own flow, so that of
        # the other flows that sends no password is allowed: an empty list would be the default.
        explicit_auth_flows=["ALLOW_USER_SRP_AUTH"],
        refresh_token_rotation={
            "feature": "ENABLED",
            "retry_grace_period_seconds": ROTATION_GRACE_SECONDS,
        },
        access_token_validity=plan.access_token_minutes,
        id_token_validity=plan.access_token_minutes,
        refresh_token_validity=plan.refresh_token_days,
        token_validity_units={
            "access_token": "minutes",
            "id_token": "minutes",
            "refresh_token": "days",
        },
        prevent_user_existence_errors="ENABLED",
        enable_token_revocation=True,
        opts=scope.own,
    )


def _scopes(plan: MachinePlan | InteractivePlan, servers: Servers) -> pulumi.Output[list[str]]:
    """Return the scopes once they exist: a client is refused before them."""
    return after(
        pulumi.Output.from_input(list(plan.scopes)), [servers[name] for name in plan.servers]
    )


def _brand(
    scope: Scope,
    name: str,
    pool: aws.cognito.UserPool,
    client: aws.cognito.UserPoolClient,
    domain: LoginDomain,
) -> None:
    """Give a client Cognito's own style: its managed login pages don't open without one."""
    aws.cognito.ManagedLoginBranding(
        f"{scope.name}-{name}-style",
        user_pool_id=pool.id,
        client_id=after(client.id, [domain.resource]),
        use_cognito_provided_values=True,
        opts=scope.own,
    )


def _store(
    scope: Scope,
    name: str,
    client: aws.cognito.UserPoolClient,
    key: aws.kms.Key,
    domain: LoginDomain,
) -> pulumi.Output[str]:
    content = pulumi.Output.json_dumps(
        {
            "client_id": client.id,
            "client_secret": client.client_secret,
            "token_endpoint": domain.token_endpoint,
        },
        sort_keys=True,
    )
    return stored_secret(
        scope,
        f"{name}-secret",
        key=key,
        content=pulumi.Output.secret(content),
        description=f"Client {name} of {scope.name}",
    ).arn
