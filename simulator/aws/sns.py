"""Amazon Simple Notification Service."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import cast

from simulator.cloud.model import ACCOUNT, AutoName, Json, Model, Request

TOPIC_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo")
"""https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html (2026-11)"""

ENDPOINTS = {
    "application": r"arn:.+",
    "email": r"[^@\s]+@[^@\s]+",
    "email-json": r"[^@\s]+@[^@\s]+",
    "firehose": r"arn:.+",
    "http": r"http://.+",
    "https": r"https://.+",
    "lambda": r"arn:.+",
    "sms": r"\+\d+",
    "sqs": r"arn:.+",
}
"""What an endpoint looks like, by protocol: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
(2026-11)"""

TO_BE_CONFIRMED = frozenset({"email", "email-json", "http", "https"})
"""Whoever is behind such an endpoint has to answer first."""


def _refuse_topic(request: Request) -> Iterable[str]:
    name = request.inputs.get("name")
    if isinstance(name, str) and not TOPIC_NAME.fullmatch(name):
        yield f"name: {name!r} is not valid: letters, digits, '-' and '_', at most 256"


def _refuse_policy(request: Request) -> Iterable[str]:
    text, topic = request.inputs.get("policy"), request.text("arn")
    if not isinstance(text, str) or not topic:
        return
    try:
        statements = cast("list[Json]", json.loads(text)["Statement"])
    except (KeyError, TypeError, ValueError):
        yield "policy: InvalidParameter: is not JSON with a Statement"
        return
    for statement in statements:
        resource = statement.get("Resource")
        if resource not in (topic, [topic]):
            yield f"policy: InvalidParameter: statement {statement.get('Sid')} is not of the topic"


def _refuse_subscription(request: Request) -> Iterable[str]:
    protocol, endpoint = request.text("protocol"), request.inputs.get("endpoint")
    if protocol and protocol not in ENDPOINTS:
        yield f"protocol: {protocol!r} is not one of {', '.join(ENDPOINTS)}"
    elif protocol and isinstance(endpoint, str) and not re.fullmatch(ENDPOINTS[protocol], endpoint):
        # the endpoint itself may be a secret
        yield f"endpoint: InvalidParameter: no endpoint of protocol {protocol}"


def _subscription_outputs(request: Request) -> Json:
    confirmed = request.text("protocol") not in TO_BE_CONFIRMED
    return {
        "arn": request.id,
        "ownerId": ACCOUNT,
        "pendingConfirmation": not confirmed,
        "confirmationWasAuthenticated": confirmed,
    }


MODELS: Mapping[str, Model] = {
    "aws:sns/topic:Topic": Model(
        identity=lambda r: r.arn("sns", r.text("name")),
        outputs=lambda r: {"arn": r.id, "owner": ACCOUNT},
        replaces=frozenset({"name", "namePrefix", "fifoTopic"}),
        autoname=AutoName(limit=256),
        refuses=_refuse_topic,
    ),
    "aws:sns/topicPolicy:TopicPolicy": Model(
        identity=lambda r: r.text("arn"),
        outputs=lambda _: {"owner": ACCOUNT},
        replaces=frozenset({"arn"}),
        refuses=_refuse_policy,
    ),
    "aws:sns/topicSubscription:TopicSubscription": Model(
        identity=lambda r: f"{r.text('topic')}:{r.uuid()}",
        outputs=_subscription_outputs,
        replaces=frozenset({"endpoint", "protocol", "topic"}),
        refuses=_refuse_subscription,
    ),
}
