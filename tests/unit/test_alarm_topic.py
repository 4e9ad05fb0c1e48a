"""What an alarm topic accepts, refuses and registers."""

import functools
import json
from collections.abc import Mapping
from typing import cast

import pulumi
import pulumi_aws as aws
import pytest

from components._base.errors import InvalidInput
from components.notifications import AlarmTopic, AlarmTopicArgs, plan_alarm_topic
from tests.harness import Recorder, build
from tests.iam_lint import lint

TOPIC, POLICY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
KEY = "aws:kms/key:Key"

Json = Mapping[str, object]


def topic(name: str = "alarms", **args: object) -> Recorder[AlarmTopic]:
    return build(lambda: AlarmTopic(name, cast("AlarmTopicArgs", args)))


@functools.cache
def told() -> Recorder[AlarmTopic]:
    def program() -> AlarmTopic:
        args: AlarmTopicArgs = {
            "emails": ["oncall@example.com", "lead@example.com"],
            "https_endpoints": {"pager": pulumi.Output.secret("https://events.example.com/k/abc")},
            "protect": True,
            "tags": {"team": "core"},
        }
        return AlarmTopic("alarms", args)

    return build(program)


def statements(policy: object) -> dict[str, Json]:
    parsed = cast("dict[str, list[Json]]", json.loads(str(policy)))
    return {str(statement["Sid"]): statement for statement in parsed["Statement"]}


@pytest.mark.parametrize(
    ("args", "problems"),
    [
        (
            {"emails": ["oncall", "a b@example.com", "x@example.com"]},
            ["emails: no addresses such as oncall@example.com: oncall, a b@example.com"],
        ),
        (
            {"emails": ["On@example.com", "on@example.com"]},
            ["emails: listed twice: on@example.com"],
        ),
        ({"email": []}, ["email: unknown input; did you mean 'emails'?"]),
        (
            {"https_endpoints": {"The Pager": "https://example.com"}},
            ["https_endpoints: no short names of small letters, digits and hyphens: The Pager"],
        ),
    ],
)
def test_wrong_input_is_named(args: dict[str, object], problems: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        plan_alarm_topic(cast("AlarmTopicArgs", args))
    assert [str(problem) for problem in caught.value.problems] == problems


def test_default_topic_tells_nobody() -> None:
    cloud = topic()
    assert cloud.none(SUBSCRIPTION)
    made = sorted(r.type for r in cloud.resources if r.custom)
    assert made == ["aws:kms/alias:Alias", KEY, TOPIC, POLICY]
    assert not cloud.one(KEY).protect


def test_messages_are_encrypted_and_signed_with_sha_256() -> None:
    inputs = told().one(TOPIC).inputs
    assert str(inputs["kmsMasterKeyId"]).startswith("arn:aws:kms:")
    assert inputs["signatureVersion"] == 2
    assert inputs["tags"] == {"team": "core", "Name": "alarms-topic"}
    assert told().one(KEY).protect


def test_only_this_accounts_alarms_and_vaults_may_publish() -> None:
    policy = told().one(POLICY).inputs["policy"]
    assert lint(str(policy)) == []
    rules = statements(policy)
    assert set(rules) == {"CloudwatchPublishes", "BackupPublishes", "TlsOnly"}
    for sid, service, source in (
        ("CloudwatchPublishes", "cloudwatch", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*"),
        ("BackupPublishes", "backup", "arn:aws:backup:eu-west-1:123456789012:backup-vault:*"),
    ):
        assert rules[sid] == {
            "Sid": sid,
            "Effect": "Allow",
            "Action": ["sns:Publish"],
            "Principal": {"Service": [f"{service}.amazonaws.com"]},
            "Resource": [told().output(told().result.topic_arn)],
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": source},
            },
        }
    assert rules["TlsOnly"]["Effect"] == "Deny"
    assert rules["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_publishers_can_use_the_key_for_this_topic_only() -> None:
    """An alarm whose topic is encrypted with a key that CloudWatch can't use is never heard."""
    rule = statements(told().one(KEY).inputs["policy"])["Publishers"]
    assert rule["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert rule["Principal"] == {"Service": ["cloudwatch.amazonaws.com", "backup.amazonaws.com"]}
    arn = str(told().output(told().result.topic_arn))
    pattern = "arn:aws:sns:eu-west-1:123456789012:alarms-topic-*"
    assert rule["Condition"] == {"StringLike": {"kms:EncryptionContext:aws:sns:topicArn": pattern}}
    assert arn.startswith(pattern.removesuffix("*"))


def test_who_else_is_to_publish_is_told_the_key() -> None:
    made = told()
    key = made.one("aws:sns/topic:Topic").inputs["kmsMasterKeyId"]
    assert made.output(made.result.key_arn) == key


def test_each_one_is_told_under_a_name_of_their_own() -> None:
    """Nobody has to confirm again because another one came or went."""
    subscriptions = {r.name: r.inputs for r in told().all(SUBSCRIPTION)}
    assert {name: inputs["protocol"] for name, inputs in subscriptions.items()} == {
        "alarms-lead@example.com": "email",
        "alarms-oncall@example.com": "email",
        "alarms-pager": "https",
    }
    assert subscriptions["alarms-oncall@example.com"]["endpoint"] == "oncall@example.com"


def test_whoever_is_given_the_topic_can_publish_to_it() -> None:
    """The ARN is an output of the policy too."""
    cloud = build(_alarm_on_topic)
    alarm = cloud.one("aws:cloudwatch/metricAlarm:MetricAlarm")
    assert cloud.comes_after(alarm, cloud.one(POLICY))


def _alarm_on_topic() -> None:
    made = AlarmTopic("alarms", {})
    aws.cloudwatch.MetricAlarm(
        "alarm",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        alarm_actions=[made.topic_arn],
    )


def test_names_fit_for_the_longest_logical_name() -> None:
    cloud = topic("a" * 40)
    assert len(cloud.one(TOPIC).name) < 256
    with pytest.raises(InvalidInput, match="at most 40"):
        plan_alarm_topic({}, "a" * 41)
