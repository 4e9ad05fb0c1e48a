"""The HTTP API in front of the function."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.logs import log_group
from components._base.scope import Scope
from components.serverless.args import ServerlessApiArgs
from components.serverless.function import LiveFunction
from components.serverless.limits import INTEGRATION_SECONDS
from components.serverless.plan import ServerlessPlan
from components.serverless.spec import ServerlessCorsSpec, ServerlessRouteSpec
from components.serverless.values import CATCH_ALL

STAGE = "$default"
"""The stage without a name in the path."""

LOG_PREFIX = "/aws/vendedlogs/http-api/"
"""Under it, API Gateway's right to write is not listed group by group, in a list that fills up.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html (2026-11)
"""

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "route": "$context.routeKey",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
    "integrationMilliseconds": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "authorizerError": "$context.authorizer.error",
    "error": "$context.error.message",
    "subject": "$context.authorizer.claims.sub",
    "client": "$context.authorizer.claims.client_id",
}
"""A record of the access log; no header and no query, where secrets travel.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
(2026-11)
"""

NO_TOKEN, TOKEN = "NONE", "JWT"
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Gateway:
    """The API and its only stage."""

    api: aws.apigatewayv2.Api
    stage: aws.apigatewayv2.Stage


def make_gateway(
    scope: Scope,
    plan: ServerlessPlan,
    args: ServerlessApiArgs,
    *,
    live: LiveFunction,
    key: aws.kms.Key,
) -> Gateway:
    """Create the API with its routes, and let it call the live version and no other."""
    spec = plan.spec
    name = f"{scope.name}-http"
    api = aws.apigatewayv2.Api(
        name,
        protocol_type="HTTP",
        description=f"HTTP API of {scope.name}",
        cors_configuration=_cors(spec.cors) if spec.cors else None,
        # one way in only: certificates, DNS and firewalls are about that one
        disable_execute_api_endpoint=spec.domain_name is not None,
        tags=scope.tagged(name),
        opts=scope.own,
    )
    aws.lambda_.Permission(
        f"{name}-permission",
        action="lambda:InvokeFunction",
        function=live.function.name,
        qualifier=live.alias.name,
        principal="apigateway.amazonaws.com",
        source_arn=pulumi.Output.concat(api.execution_arn, "/*"),
        opts=scope.own,
    )
    routes = _routes(scope, plan, args, api, live)
    return Gateway(api, _stage(scope, plan, api, routes, key))


def _cors(cors: ServerlessCorsSpec) -> aws.apigatewayv2.ApiCorsConfigurationArgs:
    return aws.apigatewayv2.ApiCorsConfigurationArgs(
        allow_origins=sorted(cors.origins),
        allow_methods=sorted(cors.methods),
        allow_headers=sorted(cors.headers),
        expose_headers=sorted(cors.expose_headers),
        allow_credentials=cors.credentials,
        max_age=cors.max_age_seconds,
    )


def _routes(
    scope: Scope,
    plan: ServerlessPlan,
    args: ServerlessApiArgs,
    api: aws.apigatewayv2.Api,
    live: LiveFunction,
) -> Sequence[aws.apigatewayv2.Route]:
    integration = aws.apigatewayv2.Integration(
        f"{scope.name}-integration",
        api_id=api.id,
        integration_type="AWS_PROXY",
        integration_uri=live.alias.invoke_arn,
        payload_format_version="2.0",
        timeout_milliseconds=INTEGRATION_SECONDS * 1000,
        opts=scope.own,
    )
    target = pulumi.Output.concat("integrations/", integration.id)
    authorizer = _authorizer(scope, args, api) if plan.needs_token else None
    return [
        _route(scope, route_key, route, api=api, target=target, authorizer=authorizer)
        for route_key, route in plan.routes.items()
    ]


def _authorizer(
    scope: Scope, args: ServerlessApiArgs, api: aws.apigatewayv2.Api
) -> aws.apigatewayv2.Authorizer:
    return aws.apigatewayv2.Authorizer(
        f"{scope.name}-tokens",
        api_id=api.id,
        authorizer_type=TOKEN,
        identity_sources=["$request.header.Authorization"],
        jwt_configuration={"issuer": args.get("issuer"), "audiences": args.get("audiences")},
        opts=scope.own,
    )


def _route(
    scope: Scope,
    route_key: str,
    route: ServerlessRouteSpec,
    *,
    api: aws.apigatewayv2.Api,
    target: pulumi.Input[str],
    authorizer: aws.apigatewayv2.Authorizer | None,
) -> aws.apigatewayv2.Route:
    door = None if route.public else authorizer
    return aws.apigatewayv2.Route(
        f"{scope.name}-{route_name(route_key)}",
        api_id=api.id,
        route_key=route_key,
        target=target,
        authorization_type=TOKEN if door else NO_TOKEN,
        authorizer_id=door.id if door else None,
        authorization_scopes=sorted(route.scopes) or None,
        # policies let a route be open if it says that it is meant to be
        operation_name=None if door else ANONYMOUS,
        opts=scope.own,
    )


def route_name(route_key: str) -> str:
    """Return a route's part in a logical name: `get/orders/{id}` for `GET /orders/{id}`.

    The path stays as it is, so that no two routes have the same name.
    """
    if route_key == CATCH_ALL:
        return "default"
    method, path = route_key.split(" ")
    return f"{method.lower()}{path}"


def _stage(
    scope: Scope,
    plan: ServerlessPlan,
    api: aws.apigatewayv2.Api,
    routes: Sequence[aws.apigatewayv2.Route],
    key: aws.kms.Key,
) -> aws.apigatewayv2.Stage:
    spec, name = plan.spec, f"{scope.name}-stage"
    logs = log_group(
        f"{scope.name}-access",
        parent=scope.parent,
        key=key,
        retention_days=spec.log_retention_days,
        log_group_name=pulumi.Output.concat(LOG_PREFIX, api.id),
        tags=scope.tags,
    )
    return aws.apigatewayv2.Stage(
        name,
        api_id=api.id,
        name=STAGE,
        auto_deploy=True,
        access_log_settings={
            "destination_arn": logs.arn,
            "format": json.dumps(ACCESS_LOG, separators=(",", ":")),
        },
        default_route_settings={
            "throttling_rate_limit": spec.throttle.rate,
            "throttling_burst_limit": spec.throttle.burst,
            "detailed_metrics_enabled": True,
        },
        route_settings=[
            aws.apigatewayv2.StageRouteSettingArgs(
                route_key=route_key,
                throttling_rate_limit=route.throttle.rate,
                throttling_burst_limit=route.throttle.burst,
                detailed_metrics_enabled=True,
            )
            for route_key, route in plan.routes.items()
            if route.throttle
        ],
        tags=scope.tagged(name),
        # a stage's settings of a route are refused before the route is there
        opts=pulumi.ResourceOptions(parent=scope.parent, depends_on=list(routes)),
    )
