"""Amazon Cognito user pools."""

from collections.abc import Iterable, Mapping
from typing import cast

from simulator.cloud.model import (
    ACCOUNT,
    NAMED,
    ApiCall,
    AutoName,
    Json,
    Model,
    Request,
    Seconds,
)

DOMAIN_TIME = """a prefix takes about a minute. A custom domain is a distribution of CloudFront, up
to an hour, and is not told apart here:
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
(2026-11)"""

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""Of all CloudFront distributions,
https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html (2026-11)."""

MIXED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _pool_outputs(request: Request) -> Json:
    return {
        "arn": request.arn("cognito-idp", f"userpool/{request.id}"),
        "endpoint": f"cognito-idp.{request.region}.amazonaws.com/{request.id}",
        "domain": "",
        "customDomain": "",
    }


def _refuse_pool(request: Request) -> Iterable[str]:
    mode = request.part("userPoolAddOns").get("advancedSecurityMode", "OFF")
    tier = request.text("userPoolTier", "ESSENTIALS")
    if mode != "OFF" and tier != "PLUS":
        yield f"userPoolAddOns.advancedSecurityMode: {mode} needs userPoolTier PLUS, not {tier}"
    if request.part("passwordPolicy").get("passwordHistorySize") and tier == "LITE":
        yield "passwordPolicy.passwordHistorySize: needs userPoolTier ESSENTIALS or PLUS, not LITE"
    factors = ("softwareTokenMfaConfiguration", "smsConfiguration", "emailMfaConfiguration")
    if request.text("mfaConfiguration", "OFF") != "OFF" and not any(map(request.part, factors)):
        yield "mfaConfiguration: needs a factor: software token, SMS or e-mail"
    email = request.part("emailConfiguration")
    if email.get("emailSendingAccount") == "DEVELOPER" and "sourceArn" not in email:
        yield "emailConfiguration.sourceArn: is required by emailSendingAccount DEVELOPER"


def _texts(request: Request, key: str) -> list[str]:
    value = request.inputs.get(key)
    return cast("list[str]", value) if isinstance(value, list) else []


def _refuse_client(request: Request) -> Iterable[str]:
    flows = _texts(request, "allowedOauthFlows")
    if "client_credentials" in flows:
        if len(flows) > 1:
            yield "allowedOauthFlows: client_credentials can't be combined with code and implicit"
        if request.inputs.get("generateSecret") is False:
            yield "allowedOauthFlows: client_credentials needs generateSecret"
        if "openid" in _texts(request, "allowedOauthScopes"):
            yield "allowedOauthScopes: openid is not for client_credentials"
    elif flows and "callbackUrls" not in request.inputs:
        yield "callbackUrls: is required by allowedOauthFlows code and implicit"
    rotates = request.part("refreshTokenRotation").get("feature") == "ENABLED"
    if rotates and "ALLOW_REFRESH_TOKEN_AUTH" in _texts(request, "explicitAuthFlows"):
        yield "explicitAuthFlows: ALLOW_REFRESH_TOKEN_AUTH can't be with refreshTokenRotation"
    units = request.part("tokenValidityUnits")
    if "accessTokenValidity" in request.inputs and units.get("accessToken") == "minutes":
        minutes = request.inputs["accessTokenValidity"]
        if isinstance(minutes, int | float) and not 5 <= minutes <= 1440:
            yield f"accessTokenValidity: is {minutes:g} minutes, 5 to 1440 allowed"


def _scope_identifiers(request: Request) -> Json:
    scopes = request.inputs.get("scopes")
    listed = cast("list[Mapping[str, str]]", scopes) if isinstance(scopes, list) else []
    return {
        "scopeIdentifiers": [
            f"{request.text('identifier')}/{scope.get('scopeName', '')}" for scope in listed
        ]
    }


def _domain_outputs(request: Request) -> Json:
    custom = "certificateArn" in request.inputs
    return {
        "awsAccountId": ACCOUNT,
        "cloudfrontDistribution": f"{request.token(14)}.cloudfront.net",
        "cloudfrontDistributionArn": f"{request.token(14)}.cloudfront.net",
        "cloudfrontDistributionZoneId": CLOUDFRONT_ZONE,
        "s3Bucket": "" if custom else f"aws-cognito-prod-{request.region}-assets",
        "version": request.text("version", "20261125000000"),
    }


def _refuse_domain(request: Request) -> Iterable[str]:
    domain, certificate = request.text("domain"), request.text("certificateArn")
    if "." in domain and "certificateArn" not in request.inputs:
        yield "certificateArn: is required by a custom domain"
    if "." not in domain and any(word in domain for word in ("aws", "amazon", "cognito")):
        yield f"domain: {domain!r} contains a reserved word: aws, amazon or cognito"
    if certificate and not certificate.startswith("arn:aws:acm:us-east-1:"):
        yield "certificateArn: must be of us-east-1"


MODELS = {
    "aws:cognito/userPool:UserPool": Model(
        identity=lambda r: f"{r.region}_{r.token(9, alphabet=MIXED)}",
        outputs=_pool_outputs,
        # `name` too: the provider makes another pool of it
        replaces=frozenset({"name", "aliasAttributes", "usernameAttributes"})
        | {"usernameConfiguration.caseSensitive"},
        autoname=AutoName(limit=128),
        api=ApiCall("cognito-idp", "CreateUserPool", (("name", "poolName"),)),
        refuses=_refuse_pool,
    ),
    "aws:cognito/userPoolClient:UserPoolClient": Model(
        identity=lambda r: r.token(26),
        outputs=lambda r: {
            "clientSecret": r.token(51, "secret") if r.inputs.get("generateSecret") else ""
        },
        replaces=frozenset({"generateSecret", "userPoolId"}),
        autoname=AutoName(limit=128),
        api=ApiCall("cognito-idp", "CreateUserPoolClient", (("name", "clientName"),)),
        refuses=_refuse_client,
    ),
    "aws:cognito/resourceServer:ResourceServer": Model(
        identity=lambda r: f"{r.text('userPoolId')}|{r.text('identifier')}",
        outputs=_scope_identifiers,
        updates=lambda r, _: _scope_identifiers(r),
        replaces=frozenset({"identifier", "userPoolId"}),
        autoname=NAMED,
        api=ApiCall("cognito-idp", "CreateResourceServer"),
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": Model(
        identity=lambda r: r.text("domain"),
        outputs=_domain_outputs,
        replaces=frozenset({"domain", "userPoolId"}),
        delete_before_replace=True,  # a pool has one of each kind
        seconds=Seconds(60, 60, 30, DOMAIN_TIME),
        refuses=_refuse_domain,
    ),
    "aws:cognito/riskConfiguration:RiskConfiguration": Model(
        identity=lambda r: r.text("userPoolId"),
        replaces=frozenset({"clientId", "userPoolId"}),
        api=ApiCall("cognito-idp", "SetRiskConfiguration"),
    ),
    "aws:cognito/managedLoginBranding:ManagedLoginBranding": Model(
        identity=lambda r: f"{r.text('userPoolId')},{r.uuid()}",
        outputs=lambda r: {"managedLoginBrandingId": r.uuid()},
        replaces=frozenset({"clientId", "userPoolId"}),
        api=ApiCall("cognito-idp", "CreateManagedLoginBranding"),
    ),
}
"""What replaces: what the provider marks so (2026-11)."""
