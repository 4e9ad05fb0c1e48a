"""Lambda functions and the APIs in front of them."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.needs import Need, at_least, includes, is_set, judge, one_of, table, verdicts
from policies.rule import CONTROLS, Verdict, Violation, resource_policy
from policies.subject import Subject

FUNCTION = "aws:lambda/function:Function"
SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping"
INVOCATIONS = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
URL = "aws:lambda/functionUrl:FunctionUrl"
PERMISSION = "aws:lambda/permission:Permission"
ROUTE, METHOD = "aws:apigatewayv2/route:Route", "aws:apigateway/method:Method"
STAGE, REST_STAGE = "aws:apigatewayv2/stage:Stage", "aws:apigateway/stage:Stage"
DOMAIN, REST_DOMAIN = (
    "aws:apigatewayv2/domainName:DomainName",
    "aws:apigateway/domainName:DomainName",
)

RUNTIMES = (
    *("dotnet10", "java17", "java21", "java25", "nodejs22.x", "nodejs24.x", "provided.al2023"),
    *("python3.11", "python3.12", "python3.13", "python3.14", "ruby3.3", "ruby3.4"),
)
"""Not deprecated: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (2026-11)"""

COLLECTOR = "environment.variables.OTEL_EXPORTER_OTLP_ENDPOINT"
LAMBDA = f"{CONTROLS}lambda-controls.html#lambda-"
GATEWAY = f"{CONTROLS}apigateway-controls.html#apigateway-"

ANONYMOUS = "anonymous"
"""Operation name of a route, as `components/serverless` gives it: its callers need not say who they
are."""

TLS_POLICIES = (
    "TLS_1_2",
    "SecurityPolicy_TLS13_1_2_2021_06",
    "SecurityPolicy_TLS13_1_3_2025_09",
)
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
(2026-11)"""

BATCHES = ("sqs", "kinesis", "dynamodb")
"""Services whose messages a function may fail one by one."""

_KEEPS_FAILURES = "destinationConfig.onFailure.destinationArn"
_PARTIAL = Need(
    "functionResponseTypes",
    includes("ReportBatchItemFailures"),
    "set functionResponseTypes to ReportBatchItemFailures, and return the messages that failed",
)
_BOUNDED = Need(
    "scalingConfig.maximumConcurrency",
    at_least(2),
    "set scalingConfig.maximumConcurrency, which slows the queue down instead of throttling",
)
_KEPT = Need(_KEEPS_FAILURES, is_set, f"set {_KEEPS_FAILURES}, so that no record is lost")


def _runtime(function: Subject) -> Iterator[Verdict]:
    known = function.texts("runtimes")
    image = Need("packageType", one_of("Image"), "")
    remedy = f"set runtime to one that AWS still mends, such as {known[-3]}"
    yield from verdicts(function, Need("runtime", one_of(*known), remedy, unless=image))


def _batches(source: Subject) -> Iterator[Verdict]:
    """Check a source of messages; of one that is not known yet, what all of them need."""
    arn = source.get("eventSourceArn")
    if isinstance(arn, UnknownValueError):
        either = Need(_BOUNDED.path, _BOUNDED.accepts, _BOUNDED.remedy, unless=_KEPT)
        if any(True for _ in verdicts(source, _PARTIAL, either)):
            yield arn
        return
    service = arn.split(":")[2] if isinstance(arn, str) and arn.count(":") > 1 else None
    if service in BATCHES:
        yield from verdicts(source, _PARTIAL, _BOUNDED if service == "sqs" else _KEPT)


def _caller(permission: Subject) -> Iterator[Verdict]:
    principal = permission.get("principal")
    if isinstance(principal, UnknownValueError):
        yield principal
        return
    named = ("sourceArn", "sourceAccount", "principalOrgId")
    anybody = principal == "*"
    if not anybody and not str(principal).endswith(".amazonaws.com"):
        return
    given = [judge(is_set, permission.get(key)) for key in named]
    if None in given:
        return
    doubts = [each for each in given if isinstance(each, UnknownValueError)]
    who = "anybody" if anybody else f"{principal} on behalf of any account"
    yield from doubts or [
        Violation(f"lets {who} call the function", "set sourceArn, or sourceAccount")
    ]


def _declared(operation: object) -> str | None:
    return None if operation == ANONYMOUS else f"is not {ANONYMOUS}"


def _authorized(path: str, *kinds: str, unless: Need | None = None) -> tuple[Need, ...]:
    declared = Need("operationName", _declared, "", unless=unless)
    remedy = (
        f"set {path} to {' or '.join(kinds)} with an authorizer, or operationName to {ANONYMOUS} "
        "if that is meant"
    )
    return (Need(path, one_of(*kinds), remedy, default="NONE", unless=declared),)


ROUTES: Mapping[str, Sequence[Need]] = {
    ROUTE: _authorized("authorizationType", "JWT", "AWS_IAM", "CUSTOM"),
    METHOD: _authorized(
        "authorization",
        "COGNITO_USER_POOLS",
        "AWS_IAM",
        "CUSTOM",
        # browsers' questions beforehand, which carry no token
        unless=Need("httpMethod", one_of("OPTIONS"), ""),
    ),
}

LOGGED: Mapping[str, Sequence[Need]] = dict.fromkeys(
    (STAGE, REST_STAGE),
    (
        Need(
            "accessLogSettings.destinationArn",
            is_set,
            "set accessLogSettings.destinationArn to a log group",
        ),
    ),
)

THROTTLED: Mapping[str, Sequence[Need]] = {
    STAGE: tuple(
        Need(f"defaultRouteSettings.{limit}", at_least(1), f"set defaultRouteSettings.{limit}")
        for limit in ("throttlingRateLimit", "throttlingBurstLimit")
    )
}

TLS: Mapping[str, Sequence[Need]] = {
    type_: (Need(path, one_of(*TLS_POLICIES), f"set {path} to {TLS_POLICIES[0]}"),)
    for type_, path in (
        (DOMAIN, "domainNameConfiguration.securityPolicy"),
        (REST_DOMAIN, "securityPolicy"),
    )
}

TRACED = Need(
    "tracingConfig.mode",
    one_of("Active"),
    "set tracingConfig.mode to Active, or send traces to a collector",
    unless=Need(COLLECTOR, is_set, ""),
)
OWN_LOG = Need("loggingConfig.logGroup", is_set, "set loggingConfig.logGroup to a group of its own")
ON_FAILURE = Need(
    "destinationConfig.onFailure.destination",
    is_set,
    "set destinationConfig.onFailure.destination to a queue or topic",
)
SIGNED = Need("authorizationType", one_of("AWS_IAM"), "set authorizationType to AWS_IAM")

POLICIES: Sequence[Policy] = (
    resource_policy(
        _runtime,
        name="lambda-runtime-supported",
        display_name="Functions run on what AWS still mends",
        description="A function is an image, or runs on a runtime that is not deprecated.",
        types=(FUNCTION,),
        severity=Severity.MEDIUM,
        remediation_steps="Move to a runtime of the list, or package the function as an image.",
        tags=("serverless", "supply-chain"),
        url=f"{LAMBDA}2",
        settings={
            "runtimes": {
                "type": "array",
                "items": {"type": "string"},
                "minItems": 3,
                "default": list(RUNTIMES),
                "description": "Runtimes that a function may have.",
            }
        },
    ),
    resource_policy(
        table({FUNCTION: (TRACED, OWN_LOG)}),
        name="lambda-observed",
        display_name="Functions tell what they do",
        description="Functions are traced, and write to a log group of their own.",
        types=(FUNCTION,),
        severity=Severity.LOW,
        remediation_steps=(
            "Turn tracing on, or name a collector in OTEL_EXPORTER_OTLP_ENDPOINT; give the "
            "function a log group with a key and a retention: Lambda's own has neither."
        ),
        tags=("serverless", "logging"),
        url=f"{LAMBDA}7",
    ),
    resource_policy(
        _batches,
        name="lambda-batches-safe",
        display_name="No message is lost or worked through in vain",
        description="Batches fail message by message; queues are bounded, streams keep failures.",
        types=(SOURCE,),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Report the messages that failed, or all of a batch come again for one of them. Bound "
            "what a queue takes of the account's concurrency; give a stream a place for records "
            "that fail for good."
        ),
        tags=("serverless", "resilience"),
        url="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
    ),
    resource_policy(
        table({INVOCATIONS: (ON_FAILURE,)}),
        name="lambda-failures-kept",
        display_name="Events that failed are kept",
        description="Asynchronous calls that failed for good go to a queue or topic.",
        types=(INVOCATIONS,),
        severity=Severity.MEDIUM,
        remediation_steps="Name a destination for failures, with an alarm on what arrives there.",
        tags=("serverless", "resilience"),
        url="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    ),
    resource_policy(
        table({URL: (SIGNED,)}),
        name="lambda-url-authenticated",
        display_name="No function is open to everybody by its URL",
        description="Function URLs take signed requests only.",
        types=(URL,),
        severity=Severity.HIGH,
        remediation_steps="Set AWS_IAM, or put the function behind an API with an authorizer.",
        tags=("serverless", "exposure"),
        url="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
    resource_policy(
        _caller,
        name="lambda-callers-named",
        display_name="Functions know whose calls they take",
        description="Permissions to call a function name the source, its account or organization.",
        types=(PERMISSION,),
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Name the API, bucket, topic or rule in sourceArn; for buckets the account too. "
            "Without it, anybody's resource of that service may call the function."
        ),
        tags=("serverless", "exposure"),
        url=f"{LAMBDA}1",
    ),
    resource_policy(
        table(ROUTES),
        name="api-route-authorized",
        display_name="APIs ask callers who they are",
        description="Every route of an API has an authorizer, or says that it is for everybody.",
        types=ROUTES,
        severity=Severity.HIGH,
        remediation_steps=(
            "Give the route an authorizer; one that is meant for everybody, such as a health "
            f"check, says so by the operation name {ANONYMOUS}."
        ),
        tags=("serverless", "identity"),
        url=f"{GATEWAY}8",
    ),
    resource_policy(
        table(LOGGED),
        name="api-access-logs",
        display_name="APIs log who called",
        description="Every stage of an API writes access logs.",
        types=LOGGED,
        severity=Severity.MEDIUM,
        remediation_steps="Name a log group, with a format that has no tokens and no query.",
        tags=("serverless", "logging"),
        url=f"{GATEWAY}9",
    ),
    resource_policy(
        table(THROTTLED),
        name="api-throttled",
        display_name="A burst of requests ends at the API",
        description="Stages of HTTP and WebSocket APIs limit the rate and the burst of requests.",
        types=THROTTLED,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set both limits to what the stores behind the function bear: without them one caller "
            "takes the account's, and its concurrency and bill."
        ),
        tags=("serverless", "availability"),
        url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
    ),
    resource_policy(
        table(TLS),
        name="api-domain-tls",
        display_name="APIs speak modern TLS only",
        description="Names of APIs take TLS 1.2 or later.",
        types=TLS,
        severity=Severity.HIGH,
        remediation_steps="Set the security policy that the message names.",
        tags=("serverless", "encryption"),
        url="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
    ),
)
