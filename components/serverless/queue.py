"""Work for later: a queue, the queue of what failed, and the function's subscription."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components._base.queues import make_queue, refuse_plain_text
from components._base.scope import Scope
from components.serverless.background import ServerlessBackgroundSpec
from components.serverless.function import LiveFunction
from components.serverless.limits import RETENTION_DAYS

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Queues:
    """The queue of work, and of the work that failed."""

    work: aws.sqs.Queue
    dead: aws.sqs.Queue
    url: pulumi.Output[str]
    """Of the queue of work, once it refuses plain text."""


def make_queues(scope: Scope, spec: ServerlessBackgroundSpec, key: aws.kms.Key) -> Queues:
    """Create the queue of work, and the one that what failed too often goes to."""
    dead = make_queue(scope, "dead", key, retention_seconds=RETENTION_DAYS.high * DAY_SECONDS)
    redrive = pulumi.Output.json_dumps(
        {"deadLetterTargetArn": dead.arn, "maxReceiveCount": spec.max_receives}, sort_keys=True
    )
    work = make_queue(
        scope,
        "queue",
        key,
        retention_seconds=spec.retention_days * DAY_SECONDS,
        visibility_seconds=spec.visibility,
        redrive_policy=redrive,
    )
    aws.sqs.RedriveAllowPolicy(
        f"{scope.name}-dead-from",
        queue_url=dead.id,
        redrive_allow_policy=pulumi.Output.json_dumps(
            {"redrivePermission": "byQueue", "sourceQueueArns": [work.arn]}, sort_keys=True
        ),
        opts=scope.own,
    )
    policies = [refuse_plain_text(scope, suffix, queue) for suffix, queue in _named(work, dead)]
    return Queues(work, dead, after(work.url, policies))


def _named(work: aws.sqs.Queue, dead: aws.sqs.Queue) -> tuple[tuple[str, aws.sqs.Queue], ...]:
    return ("queue", work), ("dead", dead)


def subscribe(
    scope: Scope, spec: ServerlessBackgroundSpec, queues: Queues, live: LiveFunction
) -> None:
    """Have the function called with batches; of a batch, only what failed is tried again."""
    name = f"{scope.name}-batches"
    aws.lambda_.EventSourceMapping(
        name,
        event_source_arn=queues.work.arn,
        function_name=live.alias.arn,
        batch_size=spec.batch_size,
        maximum_batching_window_in_seconds=spec.batch_window_seconds,
        function_response_types=["ReportBatchItemFailures"],
        scaling_config={"maximum_concurrency": spec.max_concurrency},
        tags=scope.tagged(name),
        opts=scope.own,
    )
