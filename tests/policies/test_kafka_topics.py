"""Topics of Kafka: somebody may write them, and somebody may read them."""

import json

import pytest

from policies.topics import CLUSTER, CLUSTER_POLICY, TOPIC
from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict

RULE = "kafka-topic-used"
ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/events/uuid-1"
TOPIC_ARN = "arn:aws:kafka:eu-west-1:123456789012:topic/events/uuid-1/orders"
ROLE = "aws:iam/rolePolicy:RolePolicy"
Resource = tuple[str, str, Inputs]


def topic(name: object = "orders", arn: object = ARN) -> Resource:
    return (TOPIC, "topic", {"name": name, "clusterArn": arn})


def role(name: str, *actions: str, on: object = TOPIC_ARN, effect: str = "Allow") -> Resource:
    statement = {"Effect": effect, "Action": list(actions), "Resource": on}
    return (ROLE, name, {"policy": json.dumps({"Statement": [statement]})})


READER = role("reader", "kafka-cluster:ReadData", "kafka-cluster:DescribeTopic")
WRITER = role("writer", "kafka-cluster:WriteData")


def test_a_topic_is_written_and_read() -> None:
    assert stack_verdict(RULE, topic(), READER, WRITER).passed
    for given, word in ((READER, "written"), (WRITER, "read")):
        (message,) = stack_verdict(RULE, topic(), given).violations
        assert message.startswith(f"{RULE}: {TOPIC} 'topic' is {word} by nobody")
    assert len(stack_verdict(RULE, topic()).violations) == 2


@pytest.mark.parametrize(
    ("statement", "passes"),
    [
        (role("r", "kafka-cluster:*"), True),
        (role("r", "kafka-cluster:Read*"), True),
        (role("r", "KAFKA-CLUSTER:READDATA"), True),
        (role("r", "kafka-cluster:ReadData", on="*"), True),
        (role("r", "kafka-cluster:ReadData", on=f"{TOPIC_ARN[:-6]}*"), True),
        (role("r", "kafka-cluster:ReadData", on=[TOPIC_ARN.replace("orders", "mails")]), False),
        (role("r", "kafka-cluster:ReadData", on=ARN), False),
        (role("r", "kafka-cluster:DescribeTopic"), False),
        (role("r", "kafka:*", on="*"), False),
        (role("r", "kafka-cluster:ReadData", effect="Deny"), False),
    ],
)
def test_who_may_read_is_in_statements(statement: Resource, *, passes: bool) -> None:
    assert stack_verdict(RULE, topic(), WRITER, statement).passed is passes


def test_the_policy_of_a_cluster_lets_others_in() -> None:
    type_, name, inputs = READER
    assert type_ == ROLE
    assert stack_verdict(RULE, topic(), WRITER, (CLUSTER_POLICY, name, inputs)).passed


def test_what_is_not_known_yet_is_undecided() -> None:
    later: Resource = (ROLE, "reader", {"policy": UNKNOWN})
    for resources in ((topic(), WRITER, later), (topic(arn=UNKNOWN), WRITER, READER)):
        result = stack_verdict(RULE, *resources)
        assert result.undecided
        assert not result.violations
    everything = role("reader", "kafka-cluster:ReadData", "kafka-cluster:WriteData", on="*")
    assert stack_verdict(RULE, topic(arn=UNKNOWN), everything).passed


@pytest.mark.parametrize(
    ("ways", "passes"),
    [
        ({"sasl": {"scram": True, "iam": True}}, True),
        ({"unauthenticated": True}, True),
        ({"tls": {"certificateAuthorityArns": ["arn"]}}, True),
        ({"sasl": {"iam": True, "scram": False}, "unauthenticated": False}, False),
        ({"sasl": {"iam": True}, "tls": {"certificateAuthorityArns": []}}, False),
    ],
)
def test_what_acls_decide_is_left_to_them(ways: Inputs, *, passes: bool) -> None:
    cluster: Resource = (CLUSTER, "events", {"clientAuthentication": ways})
    assert stack_verdict(RULE, topic(), cluster).passed is passes
    later: Resource = (CLUSTER, "events", {"clientAuthentication": UNKNOWN})
    assert stack_verdict(RULE, topic(), later).undecided
    assert stack_verdict(RULE, cluster, READER).passed, "there is no topic"


def test_topics_of_others_are_named() -> None:
    assert stack_verdict(RULE, topic("orders.dlq"), WRITER).violations
    dead = role("w", "kafka-cluster:WriteData", on=f"{TOPIC_ARN}.dlq")
    assert stack_verdict(RULE, topic("orders.dlq"), dead).passed
    other = {"readElsewhere": ["orders"], "writtenElsewhere": ["*"]}
    assert stack_verdict(RULE, topic(), config=other).passed
    assert stack_verdict(RULE, topic("mails"), config=other).violations
    assert stack_verdict(RULE, topic(UNKNOWN), config=other).undecided
