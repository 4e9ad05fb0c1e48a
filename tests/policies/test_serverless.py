"""Functions, APIs and queues: what complies, everything that can break it, what is not known."""

import pytest

from policies import queues, serverless
from policies.queues import QUEUE
from policies.serverless import (
    ANONYMOUS,
    DOMAIN,
    FUNCTION,
    INVOCATIONS,
    METHOD,
    PERMISSION,
    REST_DOMAIN,
    REST_STAGE,
    ROUTE,
    SOURCE,
    STAGE,
    URL,
)
from simulator.cloud.schema import input_problems
from tests.policies.verdict import UNKNOWN, Inputs, verdict

SQS = "arn:aws:sqs:eu-west-1:123456789012:jobs"
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
KAFKA = "arn:aws:kafka:eu-west-1:123456789012:cluster/events/1"
PARTIAL: Inputs = {"functionResponseTypes": ["ReportBatchItemFailures"]}
BOUNDED: Inputs = {"scalingConfig": {"maximumConcurrency": 5}}
KEPT: Inputs = {"destinationConfig": {"onFailure": {"destinationArn": SQS}}}
LOGGED: Inputs = {"accessLogSettings": {"destinationArn": "arn", "format": "{}"}}
LIMITS = {"throttlingRateLimit": 100, "throttlingBurstLimit": 200}
OWN_LOG: Inputs = {"loggingConfig": {"logFormat": "JSON", "logGroup": "catalog"}}
COLLECTOR = {"variables": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}}
API = "apigateway.amazonaws.com"
REDRIVE = '{"deadLetterTargetArn": "arn", "maxReceiveCount": 5}'

COMPLIANT: list[tuple[str, str, Inputs]] = [
    ("lambda-runtime-supported", FUNCTION, {"runtime": "python3.13"}),
    ("lambda-runtime-supported", FUNCTION, {"packageType": "Image"}),
    ("lambda-observed", FUNCTION, {**OWN_LOG, "tracingConfig": {"mode": "Active"}}),
    ("lambda-observed", FUNCTION, {**OWN_LOG, "environment": COLLECTOR}),
    ("lambda-batches-safe", SOURCE, {"eventSourceArn": SQS, **PARTIAL, **BOUNDED}),
    ("lambda-batches-safe", SOURCE, {"eventSourceArn": STREAM, **PARTIAL, **KEPT}),
    ("lambda-batches-safe", SOURCE, {"eventSourceArn": KAFKA}),
    ("lambda-batches-safe", SOURCE, {"selfManagedEventSource": {"endpoints": {}}}),
    ("lambda-batches-safe", SOURCE, {"eventSourceArn": UNKNOWN, **PARTIAL, **BOUNDED}),
    (
        "lambda-failures-kept",
        INVOCATIONS,
        {"destinationConfig": {"onFailure": {"destination": SQS}}},
    ),
    ("lambda-url-authenticated", URL, {"authorizationType": "AWS_IAM"}),
    ("lambda-callers-named", PERMISSION, {"principal": API, "sourceArn": "arn"}),
    (
        "lambda-callers-named",
        PERMISSION,
        {"principal": API, "sourceArn": UNKNOWN, "sourceAccount": "1"},
    ),
    ("lambda-callers-named", PERMISSION, {"principal": "123456789012"}),
    ("lambda-callers-named", PERMISSION, {"principal": "*", "principalOrgId": "o-1"}),
    ("api-route-authorized", ROUTE, {"authorizationType": "JWT"}),
    ("api-route-authorized", ROUTE, {"authorizationType": "NONE", "operationName": ANONYMOUS}),
    ("api-route-authorized", METHOD, {"authorization": "AWS_IAM"}),
    ("api-route-authorized", METHOD, {"authorization": "NONE", "httpMethod": "OPTIONS"}),
    ("api-access-logs", STAGE, LOGGED),
    ("api-access-logs", REST_STAGE, LOGGED),
    ("api-throttled", STAGE, {"defaultRouteSettings": LIMITS}),
    ("api-domain-tls", DOMAIN, {"domainNameConfiguration": {"securityPolicy": "TLS_1_2"}}),
    ("api-domain-tls", REST_DOMAIN, {"securityPolicy": "TLS_1_2"}),
    ("queue-dead-letters", QUEUE, {"redrivePolicy": REDRIVE}),
    ("queue-dead-letters", QUEUE, {"messageRetentionSeconds": 1_209_600}),
    ("queue-dead-letters", QUEUE, {"messageRetentionSeconds": 300}),
]

VIOLATING: list[tuple[str, str, Inputs, str]] = [
    ("lambda-runtime-supported", FUNCTION, {"runtime": "python3.8"}, "runtime is not"),
    ("lambda-runtime-supported", FUNCTION, {"packageType": "Zip"}, "runtime is not set"),
    ("lambda-observed", FUNCTION, OWN_LOG, "tracingConfig.mode is not set"),
    (
        "lambda-observed",
        FUNCTION,
        {**OWN_LOG, "tracingConfig": {"mode": "PassThrough"}},
        "tracingConfig.mode is not Active",
    ),
    ("lambda-observed", FUNCTION, {"environment": COLLECTOR}, "loggingConfig.logGroup is not set"),
    (
        "lambda-batches-safe",
        SOURCE,
        {"eventSourceArn": SQS, **BOUNDED},
        "functionResponseTypes lacks ReportBatchItemFailures",
    ),
    ("lambda-batches-safe", SOURCE, {"eventSourceArn": SQS, **PARTIAL}, "maximumConcurrency"),
    ("lambda-batches-safe", SOURCE, {"eventSourceArn": STREAM, **PARTIAL}, "onFailure"),
    ("lambda-failures-kept", INVOCATIONS, {"maximumRetryAttempts": 2}, "onFailure.destination"),
    ("lambda-url-authenticated", URL, {"authorizationType": "NONE"}, "is not AWS_IAM"),
    ("lambda-callers-named", PERMISSION, {"principal": "*"}, "lets anybody call"),
    ("lambda-callers-named", PERMISSION, {"principal": API}, f"{API} on behalf of any account"),
    ("api-route-authorized", ROUTE, {}, "authorizationType is not JWT or AWS_IAM or CUSTOM"),
    (
        "api-route-authorized",
        ROUTE,
        {"authorizationType": "NONE", "operationName": "list"},
        "authorizationType is not JWT",
    ),
    (
        "api-route-authorized",
        METHOD,
        {"authorization": "NONE", "httpMethod": "GET"},
        "authorization is not COGNITO_USER_POOLS",
    ),
    ("api-access-logs", STAGE, {}, "accessLogSettings.destinationArn is not set"),
    ("api-access-logs", REST_STAGE, {}, "accessLogSettings.destinationArn is not set"),
    (
        "api-throttled",
        STAGE,
        {"defaultRouteSettings": {"throttlingRateLimit": 100}},
        "throttlingBurstLimit is not set",
    ),
    (
        "api-throttled",
        STAGE,
        {"defaultRouteSettings": {**LIMITS, "throttlingRateLimit": 0}},
        "throttlingRateLimit is 0, below 1",
    ),
    ("api-domain-tls", REST_DOMAIN, {"securityPolicy": "TLS_1_0"}, "securityPolicy is not TLS_1_2"),
    ("api-domain-tls", DOMAIN, {"domainNameConfiguration": {}}, "securityPolicy is not set"),
    ("queue-dead-letters", QUEUE, {}, "redrivePolicy is not set"),
    ("queue-dead-letters", QUEUE, {"messageRetentionSeconds": 3601}, "redrivePolicy is not set"),
]

NOT_KNOWN: list[tuple[str, str, Inputs]] = [
    ("lambda-runtime-supported", FUNCTION, {"runtime": UNKNOWN}),
    (
        "lambda-observed",
        FUNCTION,
        {"loggingConfig": {"logGroup": UNKNOWN}, "environment": COLLECTOR},
    ),
    ("lambda-batches-safe", SOURCE, {"eventSourceArn": UNKNOWN}),
    ("lambda-batches-safe", SOURCE, {"eventSourceArn": UNKNOWN, **PARTIAL}),
    ("lambda-callers-named", PERMISSION, {"principal": UNKNOWN}),
    ("lambda-callers-named", PERMISSION, {"principal": API, "sourceArn": UNKNOWN}),
    ("api-route-authorized", ROUTE, {"authorizationType": "NONE", "operationName": UNKNOWN}),
    ("api-access-logs", STAGE, {"accessLogSettings": {"destinationArn": UNKNOWN}}),
    ("queue-dead-letters", QUEUE, {"messageRetentionSeconds": UNKNOWN}),
]


@pytest.mark.parametrize(("rule", "type_", "inputs"), COMPLIANT)
def test_what_complies_passes(rule: str, type_: str, inputs: Inputs) -> None:
    assert verdict(rule, type_, inputs).passed


@pytest.mark.parametrize(("rule", "type_", "inputs", "problem"), VIOLATING)
def test_what_is_wrong_is_named(rule: str, type_: str, inputs: Inputs, problem: str) -> None:
    (message,) = verdict(rule, type_, inputs).violations
    assert message.startswith(f"{rule}: {type_} 'it' ")
    assert problem in message
    assert len(message.partition("; ")[2]) > 10


@pytest.mark.parametrize(("rule", "type_", "inputs"), NOT_KNOWN)
def test_what_is_not_known_yet_is_undecided(rule: str, type_: str, inputs: Inputs) -> None:
    result = verdict(rule, type_, inputs)
    assert result.undecided
    assert result.violations == ()


def test_every_policy_has_cases_of_each_kind() -> None:
    rules = {policy.name for policy in (*serverless.POLICIES, *queues.POLICIES)}
    assert {rule for rule, *_ in COMPLIANT} == rules
    assert {rule for rule, *_ in VIOLATING} == rules


@pytest.mark.parametrize(("rule", "type_", "inputs"), COMPLIANT)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_cases_name_properties_that_the_sdk_knows(rule: str, type_: str, inputs: Inputs) -> None:
    """Guards against a misspelt path, which would never match anything."""
    del rule
    problems = input_problems(type_, inputs)
    assert [p for p in problems if "not a property" in p.reason] == []


def test_lists_and_limits_are_configurable() -> None:
    rule, function = "lambda-runtime-supported", {"runtime": "python3.10"}
    allowed = ["python3.10", "python3.11", "python3.12"]
    assert verdict(rule, FUNCTION, function, config={"runtimes": allowed}).passed
    short = {"messageRetentionSeconds": 300}
    assert verdict("queue-dead-letters", QUEUE, short, config={"passingSeconds": 60.0}).violations
