"""Lambda functions, their APIs and queues, by CloudWatch.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html and
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
(2026-11)
"""

from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.rules import Alert, Severity

PAGE = "serverless"

LAMBDA, API, QUEUES = "AWS/Lambda", "AWS/ApiGateway", "AWS/SQS"
ERRORS = CloudWatchMetric(LAMBDA, "Errors", "Sum")
INVOCATIONS = CloudWatchMetric(LAMBDA, "Invocations", "Sum")
THROTTLES = CloudWatchMetric(LAMBDA, "Throttles", "Sum")
SPILLOVER = CloudWatchMetric(LAMBDA, "ProvisionedConcurrencySpilloverInvocations", "Sum")
API_ERRORS = CloudWatchMetric(API, "5xx", "Sum")
API_REQUESTS = CloudWatchMetric(API, "Count", "Sum")
VISIBLE = CloudWatchMetric(QUEUES, "ApproximateNumberOfMessagesVisible", "Maximum")
OLDEST = CloudWatchMetric(QUEUES, "ApproximateAgeOfOldestMessage", "Maximum")

CLOUDWATCH = (
    *(ERRORS, INVOCATIONS, THROTTLES, SPILLOVER, API_ERRORS, API_REQUESTS),
    *(VISIBLE, OLDEST),
)

FUNCTION, QUEUE = "dimension_FunctionName", "dimension_QueueName"
DEAD_LETTERS = f'{QUEUE}=~".+-dead-.+"'
"""Of components/serverless/queue.py, which names them so."""

ALERTS = (
    Alert(
        "FunctionErrors",
        f"sum by ({FUNCTION}) ({ERRORS}) / sum by ({FUNCTION}) ({INVOCATIONS}) > 0.05 "
        f"and sum by ({FUNCTION}) ({ERRORS}) >= 5",
        "10m",
        Severity.CRITICAL,
        f"More than 5% of the calls of {{{{ $labels.{FUNCTION} }}}} end in errors",
        "Exceptions that nobody caught, timeouts, or no memory.",
        PAGE,
    ),
    Alert(
        "FunctionThrottled",
        f"sum by ({FUNCTION}) ({THROTTLES}) > 0",
        "15m",
        Severity.WARNING,
        f"Calls of {{{{ $labels.{FUNCTION} }}}} are refused for want of concurrency",
        "The function's own (reservedConcurrency), or the account's.",
        PAGE,
    ),
    Alert(
        "FunctionSpillover",
        f"sum by ({FUNCTION}) ({SPILLOVER}) > 0",
        "30m",
        Severity.WARNING,
        f"{{{{ $labels.{FUNCTION} }}}} has fewer warm instances than calls",
        "Some callers wait for a cold start.",
        PAGE,
    ),
    Alert(
        "FunctionApiErrors",
        f"sum by (dimension_ApiId) ({API_ERRORS}) / sum by (dimension_ApiId) ({API_REQUESTS}) "
        f"> 0.05 and sum by (dimension_ApiId) ({API_ERRORS}) >= 5",
        "10m",
        Severity.CRITICAL,
        "More than 5% of the answers of the API {{ $labels.dimension_ApiId }} are 5xx",
        "The function fails, is refused, or takes longer than the API waits.",
        PAGE,
    ),
    Alert(
        "FunctionDeadLetters",
        f"max by ({QUEUE}) ({VISIBLE}{{{DEAD_LETTERS}}}) > 0",
        "5m",
        Severity.WARNING,
        f"Messages lie in {{{{ $labels.{QUEUE} }}}}",
        "They failed too often, and are lost when their time is up.",
        PAGE,
    ),
    Alert(
        "FunctionQueueOld",
        f"max by ({QUEUE}) ({OLDEST}{{{DEAD_LETTERS.replace('=~', '!~')}}}) > 900",
        "10m",
        Severity.WARNING,
        f"A message in {{{{ $labels.{QUEUE} }}}} has waited for a quarter of an hour",
        "The function is too slow, refused, or fails again and again.",
        PAGE,
    ),
)
