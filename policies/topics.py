"""Kafka: a topic is there to be written and read by somebody."""

import fnmatch
from collections.abc import Iterator, Sequence, Sized

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, opposite, some
from policies.documents import IDENTITY, RESOURCE, Statement, statements
from policies.rule import Verdict, Violation, demanded, stack_policy
from policies.subject import Subject

TOPIC = "aws:msk/topic:Topic"
CLUSTER = "aws:msk/cluster:Cluster"
CLUSTER_POLICY = "aws:msk/clusterPolicy:ClusterPolicy"

READ, WRITE = "kafka-cluster:ReadData", "kafka-cluster:WriteData"
"""https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html (2026-11)"""

OTHER_WAYS = ("sasl.scram", "unauthenticated", "tls.certificateAuthorityArns")
"""In which clients come whose rights are ACLs inside the cluster, where nobody sees them here."""


def _used(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    topics = [each for each in stack if each.type == TOPIC]
    if not topics:
        return
    by_iam = opposite(some(_lets_in_otherwise(each) for each in stack if each.type == CLUSTER))
    if by_iam is False:
        return
    given = [each for subject in stack for each in _statements(subject)]
    for action, setting, problem in (
        (READ, "readElsewhere", "is read by nobody"),
        (WRITE, "writtenElsewhere", "is written by nobody"),
    ):
        missing = Violation(
            f"{problem} that may",
            f"allow a role {action} on it, name it in the setting {setting}, or take it away",
        )
        relevant = [each for each in given if _is_about(each, action)]
        for topic in topics:
            elsewhere = _named(topic.get("name"), topic.texts(setting))
            used = some((elsewhere, *(_reaches(each, topic) for each in relevant)))
            for verdict in demanded(used, missing, of=by_iam):
                yield topic, verdict


def _lets_in_otherwise(cluster: Subject) -> Answer:
    return some(_is_on(cluster.get(f"clientAuthentication.{way}")) for way in OTHER_WAYS)


def _is_on(way: object) -> Answer:
    if isinstance(way, UnknownValueError):
        return way
    return way not in (None, False) and not (isinstance(way, Sized) and not len(way))


def _statements(subject: Subject) -> Iterator[Statement | UnknownValueError]:
    """Give what allows something, and what is not known yet."""
    path = (
        RESOURCE[CLUSTER_POLICY] if subject.type == CLUSTER_POLICY else IDENTITY.get(subject.type)
    )
    for each in statements(subject, path) if path else ():
        if isinstance(each, UnknownValueError) or (isinstance(each, Statement) and each.allows):
            yield each


def _is_about(statement: Statement | UnknownValueError, action: str) -> bool:
    """Tell whether a statement may allow an action on anything."""
    if isinstance(statement, UnknownValueError):
        return True
    actions = statement.not_actions or statement.actions
    named = any(fnmatch.fnmatchcase(action.lower(), each) for each in actions)
    return named is not bool(statement.not_actions)


def _reaches(statement: Statement | UnknownValueError, topic: Subject) -> Answer:
    if isinstance(statement, UnknownValueError) or "*" in statement.resources:
        return statement if isinstance(statement, UnknownValueError) else True
    cluster, name = topic.get("clusterArn"), topic.get("name")
    for part in (cluster, name):
        if isinstance(part, UnknownValueError):
            return part
    arn = f"{str(cluster).replace(':cluster/', ':topic/', 1)}/{name}"
    return _named(arn, statement.resources)


def _named(name: object, patterns: Sequence[str]) -> Answer:
    """Tell whether something is named by patterns, in which * stands for any characters."""
    if not patterns or "*" in patterns:
        return bool(patterns)
    if isinstance(name, UnknownValueError):
        return name
    return any(fnmatch.fnmatchcase(str(name), each) for each in patterns)


POLICIES: Sequence[Policy] = (
    stack_policy(
        _used,
        name="kafka-topic-used",
        display_name="What is written is read by somebody",
        description="Somebody may write each topic of Kafka, and somebody may read it.",
        types=(TOPIC, CLUSTER, CLUSTER_POLICY, *IDENTITY),
        severity=Severity.LOW,
        remediation_steps=(
            "Allow a role kafka-cluster:ReadData and another WriteData on the topic, or take it "
            "away: its records are kept and paid for. Where clients come by SCRAM, certificates or "
            "without a name, ACLs in the cluster decide, and this policy has no opinion."
        ),
        tags=("kafka", "cost"),
        url="https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html",
        settings={
            "readElsewhere": {
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "default": ["*.dlq"],
                "description": (
                    "Topics that are read from outside of this stack or by hand, by name; * stands "
                    "for any characters."
                ),
            },
            "writtenElsewhere": {
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "default": [],
                "description": "Topics that are written from outside of this stack, likewise.",
            },
        },
    ),
)
