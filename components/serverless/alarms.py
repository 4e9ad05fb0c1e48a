"""When somebody has to look at an API, or at what it left for later."""

from dataclasses import replace

import pulumi

from components._base.alarms import AlarmRule, Metric, make_alarms, make_combined_alarm
from components._base.scope import Scope
from components.serverless.function import LiveFunction
from components.serverless.gateway import STAGE, Gateway
from components.serverless.plan import FunctionPlan, ServerlessPlan
from components.serverless.queue import Queues

LAMBDA, API, SQS = "AWS/Lambda", "AWS/ApiGateway", "AWS/SQS"
"""https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
(2026-11)"""

MILLISECONDS = 1000
NEAR_TIMEOUT = 0.8
FEW_REQUESTS = 20
"""In a minute; of fewer, one that fails is a large share."""

ERRORS = AlarmRule(
    "errors",
    "Errors",
    0,
    "The function ends in errors: exceptions that nobody caught, timeouts, no memory. See its log.",
    statistic="Sum",
    periods=3,
)
THROTTLES = AlarmRule(
    "throttles",
    "Throttles",
    0,
    "Calls are refused for want of concurrency: the account's, or reserved_concurrency.",
    statistic="Sum",
    periods=3,
)
SPILLOVER = AlarmRule(
    "spillover",
    "ProvisionedConcurrencySpilloverInvocations",
    0,
    "More calls than warm instances: some wait for a cold start. Raise provisioned.max.",
    statistic="Sum",
    periods=5,
)
DURATION = AlarmRule(
    "duration-p99",
    "Duration",
    0,  # by the function's timeout
    "One call of a hundred takes more than 80% of the timeout: a slow store, or too little memory.",
)
SERVER_ERRORS = AlarmRule(
    "5xx",
    "5xx",
    5,
    "More than 5% of the requests end in a server's error. See the access log's integrationError.",
    periods=3,
)
DEAD = AlarmRule(
    "dead-letters",
    "ApproximateNumberOfMessagesVisible",
    0,
    "Messages failed too often. See the function's log, mend it, and start a redrive.",
    statistic="Maximum",
    periods=1,
)
OLDEST = AlarmRule(
    "oldest-message",
    "ApproximateAgeOfOldestMessage",
    0,  # by the queue's visibility timeout
    "Messages wait longer than for two tries: the function is too slow, or raise max_concurrency.",
    statistic="Maximum",
)


def make_api_alarms(
    scope: Scope,
    plan: ServerlessPlan,
    live: LiveFunction,
    gateway: Gateway,
    topic_arn: pulumi.Input[str] | None,
) -> None:
    """Create the alarms of the API and its function."""
    _of_function(scope, plan.api, live, topic_arn, warm=plan.spec.provisioned is not None)
    dimensions = {"ApiId": gateway.api.id, "Stage": STAGE}
    make_combined_alarm(
        scope,
        SERVER_ERRORS,
        expression=f"IF(requests > {FEW_REQUESTS}, 100 * errors / requests, 0)",
        metrics={
            "errors": Metric(SERVER_ERRORS.metric, dimensions, "Sum"),
            "requests": Metric("Count", dimensions, "Sum"),
        },
        namespace=API,
        topic_arn=topic_arn,
    )


def make_background_alarms(
    scope: Scope,
    plan: FunctionPlan,
    *,
    visibility_seconds: int,
    live: LiveFunction,
    queues: Queues,
    topic_arn: pulumi.Input[str] | None,
) -> None:
    """Create the alarms of the work for later."""
    _of_function(scope, plan, live, topic_arn)
    for rule, queue in (
        (DEAD, queues.dead),
        (replace(OLDEST, threshold=2 * visibility_seconds), queues.work),
    ):
        make_alarms(
            scope,
            [rule],
            namespace=SQS,
            dimensions={"QueueName": queue.name},
            topic_arn=topic_arn,
        )


def _of_function(
    scope: Scope,
    plan: FunctionPlan,
    live: LiveFunction,
    topic_arn: pulumi.Input[str] | None,
    *,
    warm: bool = False,
) -> None:
    make_alarms(
        scope,
        [ERRORS, THROTTLES, *([SPILLOVER] if warm else [])],
        namespace=LAMBDA,
        dimensions=live.dimensions,
        topic_arn=topic_arn,
        of=plan.suffix,
    )
    slow = replace(DURATION, threshold=NEAR_TIMEOUT * plan.timeout_seconds * MILLISECONDS)
    make_combined_alarm(
        scope,
        slow,
        expression="duration",
        metrics={"duration": Metric(slow.metric, live.dimensions, "p99")},
        namespace=LAMBDA,
        topic_arn=topic_arn,
        of=plan.suffix,
    )
