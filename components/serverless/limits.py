"""What Lambda, API Gateway and SQS take: the one table of it."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """Least and most of a setting, both allowed."""

    low: int
    high: int


MEMORY_MB = Range(128, 10_240)
"""In steps of 1; a vCPU for each 1769 MB."""
TMP_MB = Range(512, 10_240)
FUNCTION_SECONDS = Range(1, 900)
ENVIRONMENT_BYTES = 4096
"""All names and values together.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (2026-11)
"""

INTEGRATION_SECONDS = 30
REQUEST_SECONDS = Range(1, INTEGRATION_SECONDS - 1)
"""A function that answers requests ends before API Gateway stops waiting for it: its log then says
why.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (2026-11)
"""

MOST_ROUTES = 300
MOST_ROUTE_SCOPES = 10
"""The same page."""

RATE = Range(1, 10_000)
BURST = Range(1, 5_000)
"""Requests per second and at once, of an account in a region unless AWS raises the quota.

https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html (2026-11)
"""

BATCH_SIZE = Range(1, 10_000)
BATCH_WITHOUT_WINDOW = 10
BATCH_WINDOW_SECONDS = Range(0, 300)
QUEUE_CONCURRENCY = Range(2, 1_000)
VISIBILITY_FACTOR = 6
"""How much longer than the function's timeout a message stays hidden, at least, beside the batch
window: Lambda tries again when the function is throttled.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (2026-11)
"""

MOST_VISIBILITY_SECONDS = 43_200
RETENTION_DAYS = Range(1, 14)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
(2026-11)"""

RECEIVES = Range(1, 1_000)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
(2026-11). Below 5, messages end in the dead-letter queue because the function was throttled."""

RESERVED_VARIABLES: Collection[str] = frozenset(
    {
        *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION"),
        *("AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        *("AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE"),
        *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY"),
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
    }
)
"""Variables that Lambda sets.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (2026-11)
"""
