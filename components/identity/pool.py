"""The user pool, its resource servers and its domain."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components._base.scope import Scope
from components.identity.args import CognitoMfa, CognitoThreatProtection
from components.identity.plan import UserPoolPlan
from components.identity.risks import make_risk_rules
from components.identity.spec import CognitoSpec

MFA = {CognitoMfa.OFF: "OFF", CognitoMfa.OPTIONAL: "OPTIONAL", CognitoMfa.REQUIRED: "ON"}

CLASSIC_LOGIN, MANAGED_LOGIN = 1, 2
"""Versions of the login pages.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
(2026-11)
"""


def make_pool(
    scope: Scope, plan: UserPoolPlan, email_identity_arn: pulumi.Input[str] | None
) -> aws.cognito.UserPool:
    """Create the user pool, and what it does about threats."""
    name, spec = f"{scope.name}-pool", plan.spec
    pool = aws.cognito.UserPool(
        name,
        user_pool_tier=spec.plan.name,
        deletion_protection="ACTIVE" if scope.protect else "INACTIVE",
        # both can't be changed later: a change would replace the pool, and lose its users
        username_attributes=["email"],
        username_configuration={"case_sensitive": False},
        auto_verified_attributes=["email"],
        # an address is the old one until the new one is proven
        user_attribute_update_settings={
            "attributes_require_verification_before_updates": ["email"]
        },
        account_recovery_setting={
            "recovery_mechanisms": [{"name": "verified_email", "priority": 1}]
        },
        admin_create_user_config={"allow_admin_create_user_only": not spec.self_sign_up},
        mfa_configuration=MFA[spec.mfa],
        # when it is off, AWS does not tell it: false would differ for ever
        software_token_mfa_configuration=None if spec.mfa is CognitoMfa.OFF else {"enabled": True},
        password_policy=_passwords(plan),
        email_configuration=_email(spec, email_identity_arn),
        user_pool_add_ons={"advanced_security_mode": plan.threat_protection.name},
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    if plan.threat_protection is CognitoThreatProtection.ENFORCED:
        make_risk_rules(scope, pool)
    return pool


def _passwords(plan: UserPoolPlan) -> aws.cognito.UserPoolPasswordPolicyArgs:
    return aws.cognito.UserPoolPasswordPolicyArgs(
        minimum_length=plan.spec.password.min_length,
        password_history_size=plan.password_history or None,
        require_lowercase=True,
        require_uppercase=True,
        require_numbers=True,
        require_symbols=True,
        temporary_password_validity_days=plan.spec.password.temporary_days,
    )


def _email(
    spec: CognitoSpec, identity_arn: pulumi.Input[str] | None
) -> aws.cognito.UserPoolEmailConfigurationArgs:
    if spec.email_from is None:
        return aws.cognito.UserPoolEmailConfigurationArgs(email_sending_account="COGNITO_DEFAULT")
    return aws.cognito.UserPoolEmailConfigurationArgs(
        email_sending_account="DEVELOPER",
        from_email_address=spec.email_from,
        source_arn=identity_arn,
    )


def make_servers(
    scope: Scope, plan: UserPoolPlan, pool: aws.cognito.UserPool
) -> Mapping[str, aws.cognito.ResourceServer]:
    """Create the resource servers with their scopes, by name."""
    return {
        name: aws.cognito.ResourceServer(
            f"{scope.name}-{name}",
            user_pool_id=pool.id,
            identifier=plan.identifiers[name],
            name=name,
            scopes=[
                aws.cognito.ResourceServerScopeArgs(scope_name=each, scope_description=words)
                for each, words in sorted(server.scopes.items())
            ],
            opts=scope.own,
        )
        for name, server in sorted(plan.spec.resource_servers.items())
    }


@dataclass(frozen=True)
class LoginDomain:
    """Where people and programs get their tokens."""

    token_endpoint: pulumi.Output[str]
    """URL."""
    resource: aws.cognito.UserPoolDomain


def make_domain(
    scope: Scope,
    plan: UserPoolPlan,
    pool: aws.cognito.UserPool,
    *,
    region: pulumi.Input[str],
    certificate_arn: pulumi.Input[str] | None,
    zone_id: pulumi.Input[str] | None,
) -> LoginDomain:
    """Create the domain of the login pages and the token endpoint, and its record in DNS."""
    spec = plan.spec
    domain = aws.cognito.UserPoolDomain(
        f"{scope.name}-domain",
        domain=spec.domain_name or spec.domain_prefix or "",
        certificate_arn=certificate_arn,
        managed_login_version=MANAGED_LOGIN if plan.managed_login else CLASSIC_LOGIN,
        user_pool_id=pool.id,
        opts=scope.own,
    )
    if spec.domain_name is None:
        host = pulumi.Output.concat(domain.domain, ".auth.", region, ".amazoncognito.com")
        return LoginDomain(_token_endpoint(host), domain)
    records = [_record(scope, spec.domain_name, domain, zone_id)] if zone_id is not None else []
    return LoginDomain(_token_endpoint(after(domain.domain, records)), domain)


def _record(
    scope: Scope, host: str, domain: aws.cognito.UserPoolDomain, zone_id: pulumi.Input[str]
) -> aws.route53.Record:
    return aws.route53.Record(
        f"{scope.name}-domain-record",
        zone_id=zone_id,
        name=host,
        type="A",
        aliases=[
            {
                "name": domain.cloudfront_distribution,
                "zone_id": domain.cloudfront_distribution_zone_id,
                "evaluate_target_health": False,
            }
        ],
        opts=scope.own,
    )


def _token_endpoint(host: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat("https://", host, "/oauth2/token")
