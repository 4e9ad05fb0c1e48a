"""Queues that are encrypted and refuse plain text."""

import pulumi
import pulumi_aws as aws

from components._base.iam import Effect, Statement, document
from components._base.scope import Scope

LONGEST_RETENTION_SECONDS = 14 * 86_400
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
(2026-11)"""


def make_queue(
    scope: Scope,
    suffix: str,
    key: aws.kms.Key,
    *,
    retention_seconds: int = LONGEST_RETENTION_SECONDS,
    visibility_seconds: int | None = None,
    redrive_policy: pulumi.Input[str] | None = None,
) -> aws.sqs.Queue:
    """Create a queue encrypted by `key`."""
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


def refuse_plain_text(scope: Scope, suffix: str, queue: aws.sqs.Queue) -> aws.sqs.QueuePolicy:
    """Create the policy of a queue by which it is reached over TLS only."""
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
