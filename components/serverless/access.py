"""What services must be allowed to hand work to the queue, and the function to take it.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
(2026-11)
"""

import pulumi

from components._base.iam import Statement

TAKE_ACTIONS = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
)


def enqueue_statements(queue_arn: pulumi.Input[str], key_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what a service needs to send messages to the queue, which is encrypted by the key."""
    return [
        Statement("SendWork", ("sqs:GetQueueUrl", "sqs:SendMessage"), [queue_arn]),
        _use_key("SendWorkKey", ("kms:Decrypt", "kms:GenerateDataKey"), queue_arn, key_arn),
    ]


def take_statements(queue_arn: pulumi.Input[str], key_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what a worker needs to take messages from the queue."""
    return [
        Statement("TakeWork", TAKE_ACTIONS, [queue_arn]),
        _use_key("TakeWorkKey", ("kms:Decrypt",), queue_arn, key_arn),
    ]


def _use_key(
    sid: str,
    actions: tuple[str, ...],
    queue_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
) -> Statement:
    # the key encrypts logs and variables too
    context = {"StringEquals": {"kms:EncryptionContext:aws:sqs:arn": queue_arn}}
    return Statement(sid, actions, [key_arn], conditions=context)
