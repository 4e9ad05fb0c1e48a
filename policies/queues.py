"""Queues: what can't be worked through is put aside, and found."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, at_least, at_most, is_set, verdicts
from policies.rule import Verdict, resource_policy
from policies.subject import Subject

QUEUE = "aws:sqs/queue:Queue"

LONGEST_SECONDS = 1_209_600
"""For which a queue may keep messages, as one for dead letters should.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
(2026-11)
"""

KEPT_SECONDS = 345_600
"""By a queue that is told nothing: the same page."""


def _dead_letters(queue: Subject) -> Iterator[Verdict]:
    retention = "messageRetentionSeconds"
    passing = queue.number("passingSeconds")
    short = Need(retention, at_most(passing), "", default=KEPT_SECONDS)
    last = Need(retention, at_least(LONGEST_SECONDS), "", default=KEPT_SECONDS, unless=short)
    yield from verdicts(
        queue,
        Need(
            "redrivePolicy",
            is_set,
            "set redrivePolicy to a dead-letter queue, which keeps messages for 14 days",
            unless=last,
        ),
    )


POLICIES: Sequence[Policy] = (
    resource_policy(
        _dead_letters,
        name="queue-dead-letters",
        display_name="A message that can't be worked through stops nobody",
        description="A queue has a dead-letter queue or is one, or its messages soon mean nothing.",
        types=(QUEUE,),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Give the queue a redrive policy, and an alarm on what is in the dead-letter queue. "
            "That one keeps messages as long as SQS can."
        ),
        tags=("serverless", "resilience"),
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
        settings={
            "passingSeconds": {
                "type": "integer",
                "minimum": 0,
                "default": 3600,
                "description": "Seconds that messages are kept which mean nothing later.",
            }
        },
    ),
)
