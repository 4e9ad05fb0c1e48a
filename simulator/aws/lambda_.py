"""AWS Lambda."""

import re
from collections.abc import Iterable, Mapping
from typing import cast

from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request, Seconds

API_VERSION = "2015-03-31"
"""In the path that API Gateway calls,
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (2026-11)."""

FUNCTION_TIME = (
    "the provider waits until a version is active; an image is optimised first, and a function in "
    "a VPC waits for its network interfaces (typical of public apply logs, 2026-11)"
)
PROVISIONED_TIME = (
    "one to two minutes until instances are ready, "
    "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html (2026-11)"
)

MOST_SECONDS, MOST_MEMORY_MB, MOST_ENVIRONMENT_BYTES = 900, 10_240, 4096
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (2026-11); the API's own
limits are those of Lambda Managed Instances."""

RESERVED = re.compile(
    r"_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION|LOG)_\w+"
    r"|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT"
    r"|AWS_LAMBDA_(INITIALIZATION_TYPE|RUNTIME_API)|LAMBDA_RUNTIME_DIR"
)
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (2026-11)"""

UNPUBLISHED = frozenset(
    {"name", "publish", "replaceSecurityGroupsOnDestroy", "reservedConcurrentExecutions", "tags"}
)
"""What is the function's, not a version's: changing it publishes nothing."""


def invoke_arn(region: str, arn: str) -> str:
    """Return the ARN by which API Gateway calls a function or an alias."""
    return f"arn:aws:apigateway:{region}:lambda:path/{API_VERSION}/functions/{arn}/invocations"


def _versioned(request: Request, arn: str, version: int) -> Json:
    qualified = f"{arn}:{version}"
    return {
        "version": str(version),
        "qualifiedArn": qualified,
        "qualifiedInvokeArn": invoke_arn(request.region, qualified),
    }


def _function_outputs(request: Request) -> Json:
    arn = request.arn("lambda", f"function:{request.text('name')}")
    return {
        "arn": arn,
        "invokeArn": invoke_arn(request.region, arn),
        **_versioned(request, arn, 1),
        "lastModified": "2026-11-25T00:00:00.000+0000",
    }


def _publish(request: Request, olds: Json) -> Json:
    """A change of code or configuration makes another version, when it is to be published."""
    if request.inputs.get("publish") is not True:
        return {}
    changed = any(
        olds.get(key) != value for key, value in request.inputs.items() if key not in UNPUBLISHED
    )
    arn, version = olds.get("arn"), olds.get("version")
    if not changed or not isinstance(arn, str) or not isinstance(version, str):
        return {}
    return _versioned(request, arn, int(version) + 1)


def _refuse_function(request: Request) -> Iterable[str]:
    yield from _refuse_code(request)
    for key, most in (("timeout", MOST_SECONDS), ("memorySize", MOST_MEMORY_MB)):
        value = request.inputs.get(key)
        if isinstance(value, int | float) and value > most:
            yield f"{key}: is {value:g}, at most {most} allowed"
    environment = cast("Mapping[str, object]", request.part("environment").get("variables") or {})
    for name in environment:
        if RESERVED.fullmatch(name):
            yield f"environment.variables.{name}: is a reserved key"
    texts = {k: v for k, v in environment.items() if isinstance(v, str)}
    size = sum(len(f"{k}{v}".encode()) for k, v in texts.items())
    if size > MOST_ENVIRONMENT_BYTES:
        yield f"environment.variables: have {size} bytes, {MOST_ENVIRONMENT_BYTES} allowed"


def _refuse_code(request: Request) -> Iterable[str]:
    inputs = request.inputs
    if request.text("packageType", "Zip") == "Image":
        if "imageUri" not in request.given:
            yield "imageUri: is required by packageType Image"
        for key in ("handler", "runtime", "layers", "snapStart"):
            if inputs.get(key):
                yield f"{key}: is not for packageType Image"
        return
    for key in ("handler", "runtime"):
        if key not in request.given:
            yield f"{key}: is required by packageType Zip"
    if "imageConfig" in inputs:
        yield "imageConfig: is not for packageType Zip"
    if not {"code", "s3Bucket"} & request.given:
        yield "code: is required by packageType Zip, or s3Bucket"


def _alias_outputs(request: Request) -> Json:
    return {"arn": request.id, "invokeArn": invoke_arn(request.region, request.id)}


def _alias_arn(request: Request) -> str:
    function = request.text("functionName").rsplit(":function:", 1)[-1]
    return request.arn("lambda", f"function:{function}:{request.text('name')}")


def _refuse_alias(request: Request) -> Iterable[str]:
    weights = request.part("routingConfig").get("additionalVersionWeights")
    if not isinstance(weights, Mapping):
        return
    version = request.text("functionVersion")
    shares = cast("Mapping[str, float]", weights)
    if len(shares) > 1:
        yield "routingConfig.additionalVersionWeights: one version is allowed beside the first"
    if shares and version == "$LATEST":
        yield "functionVersion: $LATEST can't be an alias's with routingConfig"
    if version in shares:
        yield f"routingConfig.additionalVersionWeights: {version} is functionVersion already"
    for share in shares.values():
        if not 0 <= share <= 1:
            yield f"routingConfig.additionalVersionWeights: {share} is not between 0 and 1"


def _refuse_mapping(request: Request) -> Iterable[str]:
    if ":sqs:" not in request.text("eventSourceArn"):
        return
    size, window = request.inputs.get("batchSize", 10), "maximumBatchingWindowInSeconds"
    if isinstance(size, int | float) and size > 10 and not request.inputs.get(window):
        yield f"{window}: must be 1 or more for a batchSize of more than 10, not 0"


def _permission_id(request: Request) -> str:
    return request.text("statementId") or f"terraform-{request.hex('', 26)}"


MODELS = {
    "aws:lambda/function:Function": Model(
        identity=lambda r: r.text("name"),
        outputs=_function_outputs,
        updates=_publish,
        replaces=frozenset({"name", "packageType", "tenancyConfig"}),
        seconds=Seconds(30, 20, 5, FUNCTION_TIME),
        autoname=AutoName(limit=64),
        api=ApiCall("lambda", "CreateFunction", (("name", "functionName"),)),
        refuses=_refuse_function,
    ),
    "aws:lambda/alias:Alias": Model(
        identity=_alias_arn,
        outputs=_alias_outputs,
        replaces=frozenset({"functionName", "name"}),
        autoname=AutoName(limit=128),
        api=ApiCall("lambda", "CreateAlias"),
        refuses=_refuse_alias,
    ),
    "aws:lambda/permission:Permission": Model(
        identity=_permission_id,
        outputs=lambda r: {"statementId": r.id},
        replaces=frozenset(
            {
                *("action", "eventSourceToken", "function", "functionUrlAuthType"),
                *("invokedViaFunctionUrl", "principal"),
                *("principalOrgId", "qualifier", "sourceAccount", "sourceArn", "statementId"),
            }
        ),
        api=ApiCall("lambda", "AddPermission"),
    ),
    "aws:lambda/eventSourceMapping:EventSourceMapping": Model(
        identity=lambda r: r.uuid(),
        outputs=lambda r: {
            "arn": r.arn("lambda", f"event-source-mapping:{r.id}"),
            "uuid": r.id,
            "functionArn": r.text("functionName"),
            "state": "Enabled",
        },
        replaces=frozenset({"eventSourceArn", "selfManagedEventSource"})
        | {"startingPosition", "startingPositionTimestamp"},
        seconds=Seconds(30, 30, 30, "the provider waits until the mapping is enabled, or gone"),
        api=ApiCall("lambda", "CreateEventSourceMapping"),
        refuses=_refuse_mapping,
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": Model(
        identity=lambda r: f"{r.text('functionName')},{r.text('qualifier')}",
        replaces=frozenset({"functionName", "qualifier"}),
        seconds=Seconds(120, 120, 5, PROVISIONED_TIME),
        api=ApiCall("lambda", "PutProvisionedConcurrencyConfig"),
    ),
}
"""What replaces: what UpdateFunctionCode, UpdateFunctionConfiguration, UpdateAlias and
UpdateEventSourceMapping don't take (2026-11); a permission is never changed."""
