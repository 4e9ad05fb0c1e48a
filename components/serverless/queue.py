"""Work for later: a queue, the queue of what failed, and the function's subscription."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import Effect, Statement, document
from components._base.order import after
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
    dead = _queue(scope, "dead", key, retention_seconds=RETENTION_DAYS.high * DAY_SECONDS)
    redrive = pulumi.Output.json_dumps(
        {"deadLetterTargetArn": dead.arn, "maxReceiveCount": spec.max_receives}, sort_keys=True
    )
    work = _queue(
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
    policies = [_tls_only(scope, suffix, queue) for suffix, queue in _named(work, dead)]
    return Queues(work, dead, after(work.url, policies))


def _named(work: aws.sqs.Queue, dead: aws.sqs.Queue) -> tuple[tuple[str, aws.sqs.Queue], ...]:
    return ("queue", work), ("dead", dead)


def _queue(
    scope: Scope,
    suffix: str,
    key: aws.kms.Key,
    *,
    retention_seconds: int,
    visibility_seconds: int | None = None,
    redrive_policy: pulumi.Input[str] | None = None,
) -> aws.sqs.Queue:
    name = f"{scope.name}-{suffix}"
    return aws.sqs.Queue(
        name,
        kms_master_key_id=key.arn,
        message_retention_seconds=retention_seconds,
        visibility_timeout_seconds=visibility_seconds,
        redrive_policy=redrive_policy,
        tags=scope.tagged(name),
        # what is in it is not done yet, and is nowhere else
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )


def _tls_only(scope: Scope, suffix: str, queue: aws.sqs.Queue) -> aws.sqs.QueuePolicy:
    refuse = Statement(
        "TlsOnly",
        ("sqs:ReceiveMessage", "sqs:SendMessage"),
        [queue.arn],
        {"AWS": ["*"]},
        {"Bool": {"aws:SecureTransport": "false"}},
        Effect.DENY,
    )
    return aws.sqs.QueuePolicy(
        f"{scope.name}-{suffix}-policy",
        queue_url=queue.id,
        policy=document(refuse),
        opts=scope.own,
    )


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
