"""What a service must be allowed to produce to named topics, and to consume from them.

https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html (2026-11)
"""

from collections.abc import Sequence

import pulumi

from components._base.errors import InvalidInput, Problem
from components._base.iam import Statement


def produce_statements(
    cluster_arn: pulumi.Input[str], topics: Sequence[str], *, transactional_ids: Sequence[str] = ()
) -> list[Statement]:
    """Return what a producer needs: to connect, to find `topics`, to write, each record once.

    :param transactional_ids: under which the service runs transactions.
    :raises InvalidInput: where a name is empty or a wildcard.
    """
    _check("produce_statements", topics=topics)
    _check_names("produce_statements", "transactional_ids", transactional_ids)
    statements = [
        Statement(
            "KafkaProducer",
            ("kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"),
            [cluster_arn],
        ),
        Statement(
            "KafkaProduce",
            ("kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"),
            [_arn(cluster_arn, "topic", topic) for topic in topics],
        ),
    ]
    if transactional_ids:
        statements.append(
            Statement(
                "KafkaTransact",
                (
                    "kafka-cluster:AlterTransactionalId",
                    "kafka-cluster:DescribeTransactionalId",
                ),
                [_arn(cluster_arn, "transactional-id", name) for name in transactional_ids],
            )
        )
    return statements


def consume_statements(
    cluster_arn: pulumi.Input[str], topics: Sequence[str], groups: Sequence[str]
) -> list[Statement]:
    """Return what a consumer needs: to connect, to read `topics`, to be in `groups`.

    :raises InvalidInput: where a name is empty or a wildcard.
    """
    _check("consume_statements", topics=topics, groups=groups)
    return [
        Statement("KafkaConsumer", ("kafka-cluster:Connect",), [cluster_arn]),
        Statement(
            "KafkaConsume",
            ("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"),
            [_arn(cluster_arn, "topic", topic) for topic in topics],
        ),
        Statement(
            "KafkaGroup",
            ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"),
            [_arn(cluster_arn, "group", group) for group in groups],
        ),
    ]


def _arn(cluster_arn: pulumi.Input[str], kind: str, name: str) -> pulumi.Output[str]:
    """Return the ARN of what is in the cluster: `…:topic/CLUSTER/UUID/NAME`."""
    return pulumi.Output.from_input(cluster_arn).apply(
        lambda arn: f"{arn.replace(':cluster/', f':{kind}/', 1)}/{name}"
    )


def _check(owner: str, **names: Sequence[str]) -> None:
    """A statement without resources would be for all of them, or for none: say so."""
    for key, given in names.items():
        if not given:
            raise InvalidInput(owner, [Problem(key, "name one or more")])
        _check_names(owner, key, given)


def _check_names(owner: str, key: str, names: Sequence[str]) -> None:
    problems = [
        Problem(key, f"{name!r} is a wildcard or empty; name each by itself")
        for name in names
        if not name or any(character in name for character in "*?$")
    ]
    if problems:
        raise InvalidInput(owner, problems)
