"""Amazon API Gateway: HTTP APIs."""

from collections.abc import Iterable
from typing import cast

from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request, Seconds

OF_THE_API = frozenset({"apiId"})

MOST_SCOPES = 10
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (2026-11)"""

MOST_TIMEOUT_MILLISECONDS = 30_000

DOMAIN_TIME = "the provider waits until the domain is available, typically a minute"


def _api_outputs(request: Request) -> Json:
    return {
        "arn": f"arn:aws:apigateway:{request.region}::/apis/{request.id}",
        "apiEndpoint": f"https://{request.id}.execute-api.{request.region}.amazonaws.com",
        "executionArn": request.arn("execute-api", request.id),
    }


def _refuse_api(request: Request) -> Iterable[str]:
    cors = request.part("corsConfiguration")
    origins = cors.get("allowOrigins")
    if isinstance(origins, list) and "*" in origins and cors.get("allowCredentials") is True:
        yield "corsConfiguration.allowCredentials: is not supported if allowOrigins is *"


def _refuse_authorizer(request: Request) -> Iterable[str]:
    if request.text("authorizerType") != "JWT":
        return
    for key in ("audiences", "issuer"):
        if f"jwtConfiguration.{key}" not in request.given:
            yield f"jwtConfiguration.{key}: is required by authorizerType JWT"
    if not request.inputs.get("identitySources"):
        yield "identitySources: is required by authorizerType JWT"


def _refuse_integration(request: Request) -> Iterable[str]:
    timeout = request.inputs.get("timeoutMilliseconds")
    if isinstance(timeout, int | float) and timeout > MOST_TIMEOUT_MILLISECONDS:
        yield f"timeoutMilliseconds: is {timeout:g}, 50 to {MOST_TIMEOUT_MILLISECONDS} allowed"
    proxy = request.text("integrationType") == "AWS_PROXY"
    if proxy and not {"integrationSubtype", "payloadFormatVersion"} & request.inputs.keys():
        yield "payloadFormatVersion: is required by integrationType AWS_PROXY"


def _refuse_route(request: Request) -> Iterable[str]:
    kind = request.text("authorizationType", "NONE")
    if kind == "JWT" and "authorizerId" not in request.given:
        yield "authorizerId: is required by authorizationType JWT"
    scopes = request.inputs.get("authorizationScopes")
    if scopes and kind != "JWT":
        yield f"authorizationScopes: are for authorizationType JWT, not {kind}"
    if isinstance(scopes, list) and len(cast("list[object]", scopes)) > MOST_SCOPES:
        yield f"authorizationScopes: has more than {MOST_SCOPES} entries"


def _stage_outputs(request: Request) -> Json:
    api, stage = request.text("apiId"), request.text("name")
    host = f"{api}.execute-api.{request.region}.amazonaws.com"
    return {
        "arn": f"arn:aws:apigateway:{request.region}::/apis/{api}/stages/{stage}",
        "executionArn": request.arn("execute-api", f"{api}/{stage}"),
        "invokeUrl": f"wss://{host}" if stage != "$default" else f"https://{host}/",
        "deploymentId": request.token(6, "deployment"),
    }


def _domain_outputs(request: Request) -> Json:
    configuration = request.part("domainNameConfiguration")
    target = f"d-{request.token(10)}.execute-api.{request.region}.amazonaws.com"
    return {
        "arn": f"arn:aws:apigateway:{request.region}::/domainnames/{request.id}",
        "domainNameConfiguration": {
            **configuration,
            "targetDomainName": target,
            "hostedZoneId": request.token(14, "zone", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
        },
    }


def _refuse_domain(request: Request) -> Iterable[str]:
    certificate = request.part("domainNameConfiguration").get("certificateArn")
    here = f"arn:aws:acm:{request.region}:"
    if isinstance(certificate, str) and not certificate.startswith(here):
        yield f"domainNameConfiguration.certificateArn: must be of {request.region}"


MODELS = {
    "aws:apigatewayv2/api:Api": Model(
        identity=lambda r: r.token(10),
        outputs=_api_outputs,
        replaces=frozenset({"protocolType"}),
        autoname=AutoName(limit=128),
        api=ApiCall("apigatewayv2", "CreateApi"),
        refuses=_refuse_api,
    ),
    "aws:apigatewayv2/authorizer:Authorizer": Model(
        identity=lambda r: r.token(6),
        replaces=OF_THE_API,
        autoname=AutoName(limit=128),
        api=ApiCall("apigatewayv2", "CreateAuthorizer"),
        refuses=_refuse_authorizer,
    ),
    "aws:apigatewayv2/integration:Integration": Model(
        identity=lambda r: r.token(7),
        outputs=lambda r: {
            "integrationMethod": r.text("integrationMethod", "POST"),
            "integrationResponseSelectionExpression": "",
        },
        replaces=OF_THE_API | {"integrationSubtype", "integrationType"},
        api=ApiCall("apigatewayv2", "CreateIntegration"),
        refuses=_refuse_integration,
    ),
    "aws:apigatewayv2/route:Route": Model(
        identity=lambda r: r.token(7),
        replaces=OF_THE_API,
        api=ApiCall("apigatewayv2", "CreateRoute"),
        refuses=_refuse_route,
    ),
    "aws:apigatewayv2/stage:Stage": Model(
        # the provider's id is the name alone, which in this inventory only one API could have
        identity=lambda r: f"{r.text('apiId')}/{r.text('name')}",
        outputs=_stage_outputs,
        replaces=OF_THE_API | {"name"},
        autoname=AutoName(limit=128),
        api=ApiCall("apigatewayv2", "CreateStage", (("name", "stageName"),)),
    ),
    "aws:apigatewayv2/domainName:DomainName": Model(
        identity=lambda r: r.text("domainName"),
        outputs=_domain_outputs,
        replaces=frozenset({"domainName"}),
        seconds=Seconds(60, 60, 10, DOMAIN_TIME),
        refuses=_refuse_domain,
    ),
    "aws:apigatewayv2/apiMapping:ApiMapping": Model(
        identity=lambda r: r.token(6),
        replaces=frozenset({"domainName"}),
        api=ApiCall("apigatewayv2", "CreateApiMapping"),
    ),
}
"""What replaces: what the provider marks so, as the API's updates take all else (2026-11)."""
