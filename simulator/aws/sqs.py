"""Amazon Simple Queue Service."""

import re
from collections.abc import Iterable

from simulator.aws.iam import malformed
from simulator.cloud.model import ACCOUNT, AutoName, Model, Request, Seconds

CONSISTENCY = "the provider polls until the queue's attributes are seen everywhere"

QUEUE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
(2026-11)"""

QUEUE_RANGES = {
    "delaySeconds": (0, 900),
    "maxMessageSize": (1024, 1048576),
    "messageRetentionSeconds": (60, 1209600),
    "receiveWaitTimeSeconds": (0, 20),
    "visibilityTimeoutSeconds": (0, 43200),
}
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
(2026-11)"""


def _refuse_queue(request: Request) -> Iterable[str]:
    name = request.inputs.get("name")
    if isinstance(name, str) and not QUEUE_NAME.fullmatch(name):
        yield f"name: {name!r} is not valid: letters, digits, '-' and '_', at most 80"
    if isinstance(name, str) and name.endswith(".fifo") and not request.inputs.get("fifoQueue"):
        yield "name: only that of a FIFO queue may end in .fifo"
    if request.inputs.get("sqsManagedSseEnabled") and request.inputs.get("kmsMasterKeyId"):
        yield "sqsManagedSseEnabled: can't be on with a kmsMasterKeyId; encryption is by either"
    yield from malformed(request, "policy")
    for key, (low, high) in QUEUE_RANGES.items():
        value = request.inputs.get(key)
        if isinstance(value, int | float) and not low <= value <= high:
            yield f"{key}: is {value}, {low} to {high} allowed"


MODELS = {
    "aws:sqs/queue:Queue": Model(
        identity=lambda r: f"https://sqs.{r.region}.amazonaws.com/{ACCOUNT}/{r.text('name')}",
        outputs=lambda r: {"arn": r.arn("sqs", r.text("name")), "url": r.id},
        replaces=frozenset({"name", "namePrefix", "fifoQueue"}),
        autoname=AutoName(limit=80),
        seconds=Seconds(25, 25, 3, CONSISTENCY),
        refuses=_refuse_queue,
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Model(
        identity=lambda r: r.text("queueUrl"),
        replaces=frozenset({"queueUrl"}),
        seconds=Seconds(25, 25, 3, CONSISTENCY),
        refuses=lambda r: malformed(r, "policy"),
    ),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": Model(
        identity=lambda r: r.text("queueUrl"),
        replaces=frozenset({"queueUrl"}),
        seconds=Seconds(25, 25, 3, CONSISTENCY),
    ),
}
