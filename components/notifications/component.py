"""The topic that alarms are sent to."""

from typing import Optional

import pulumi
import pulumi_aws as aws

from components._base.iam import Effect, Statement, document
from components._base.kms import domain_key
from components._base.order import after
from components._base.place import Place, place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.notifications.args import AlarmTopicArgs
from components.notifications.plan import AlarmTopicPlan, plan_alarm_topic

SIGNATURE_VERSION = 2
"""SHA-256; 1 is SHA-1. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
(2026-11)"""

PUBLISHERS = {"cloudwatch": "alarm:*", "backup": "backup-vault:*"}
"""Services of AWS that publish, and what of this account they publish about.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html,
https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html
(2026-11)
"""


class AlarmTopic(pulumi.ComponentResource):
    """An encrypted topic to which this account's CloudWatch alarms and backup vaults publish.

    Example: `AlarmTopic("alarms", {"emails": ["oncall@example.com"]})`.
    """

    topic_arn: pulumi.Output[str]
    """ARN of the topic, once those who may publish can: the `alarm_topic_arn` of everything that
    raises alarms."""
    key_arn: pulumi.Output[str]
    """Key that encrypts messages, for publishers by IAM."""

    @all_given
    def __init__(
        self, name: str, args: AlarmTopicArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_alarm_topic(args, name, f"AlarmTopic {name!r}")
        super().__init__("fastapi-platform:index:AlarmTopic", name, dict(args), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        place = place_of(self)
        key = _key(scope, place)
        topic = _topic(scope, key)
        policy = aws.sns.TopicPolicy(
            f"{name}-policy", arn=topic.arn, policy=_policy(topic, place), opts=scope.own
        )
        _subscriptions(scope, plan, args, topic)
        self.topic_arn = after(topic.arn, [policy])
        self.key_arn = key.arn
        self.register_outputs({"topicArn": self.topic_arn, "keyArn": self.key_arn})


def _key(scope: Scope, place: Place) -> aws.kms.Key:
    # the topic is encrypted from the start, so its generated name is not known to the key
    any_such_topic = place.arn("sns", f"{scope.name}-topic-*")
    return domain_key(
        f"{scope.name}-key",
        parent=scope.parent,
        description=f"Messages of alarm topic {scope.name}",
        statements=[
            Statement(
                "Publishers",
                ["kms:Decrypt", "kms:GenerateDataKey"],
                ["*"],
                {"Service": [f"{service}.amazonaws.com" for service in PUBLISHERS]},
                {"StringLike": {"kms:EncryptionContext:aws:sns:topicArn": any_such_topic}},
            )
        ],
        tags=scope.tags,
        protect=scope.protect,
    )


def _topic(scope: Scope, key: aws.kms.Key) -> aws.sns.Topic:
    name = f"{scope.name}-topic"
    return aws.sns.Topic(
        name,
        kms_master_key_id=key.arn,
        signature_version=SIGNATURE_VERSION,
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _policy(topic: aws.sns.Topic, place: Place) -> pulumi.Output[str]:
    publishers = [
        Statement(
            f"{service.capitalize()}Publishes",
            ["sns:Publish"],
            [topic.arn],
            {"Service": [f"{service}.amazonaws.com"]},
            {
                # Only of this account: the services act for others too.
                "StringEquals": {"aws:SourceAccount": place.account},
                "ArnLike": {"aws:SourceArn": place.arn(service, source)},
            },
        )
        for service, source in PUBLISHERS.items()
    ]
    refuse_http = Statement(
        "TlsOnly",
        ["sns:Publish"],
        [topic.arn],
        {"AWS": ["*"]},
        {"Bool": {"aws:SecureTransport": "false"}},
        Effect.DENY,
    )
    return document(*publishers, refuse_http)


def _subscriptions(
    scope: Scope, plan: AlarmTopicPlan, args: AlarmTopicArgs, topic: aws.sns.Topic
) -> None:
    urls = args.get("https_endpoints") or {}
    wanted: list[tuple[str, str, pulumi.Input[str]]] = [
        *((email, "email", email) for email in plan.emails),
        *((endpoint, "https", urls[endpoint]) for endpoint in plan.https_endpoints),
    ]
    for who, protocol, endpoint in wanted:
        # named by who is told, so that nobody has to confirm again when another one leaves
        aws.sns.TopicSubscription(
            f"{scope.name}-{who}",
            topic=topic.arn,
            protocol=protocol,
            endpoint=endpoint,
            opts=scope.own,
        )
