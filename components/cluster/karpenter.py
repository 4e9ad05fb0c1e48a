"""Karpenter's half in AWS: roles, the queue of interruptions, and the events that fill it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import (
    Effect,
    Statement,
    document,
    pod_identity_trust,
    service_role,
    trust,
)
from components._base.place import Place
from components._base.scope import Scope
from components.cluster.karpenter_policy import controller_statements
from components.cluster.nodes import NODE_POLICIES

NAMESPACE, SERVICE_ACCOUNT = "kube-system", "karpenter"
"""Where Karpenter's own documentation puts it."""

QUEUE_SECONDS = 300
"""A spot interruption comes two minutes ahead: older messages are of no use."""

EVENTS: Mapping[str, tuple[str, str]] = {
    "capacity": ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
    "health": ("aws.health", "AWS Health Event"),
    "rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "spot": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "state": ("aws.ec2", "EC2 Instance State-change Notification"),
}
"""Source and kind of the events that announce the loss of a node.

https://karpenter.sh/v1.14/concepts/disruption/#interruption (2026-11)
"""


@dataclass(frozen=True)
class Karpenter:
    """What the release in the cluster needs to know."""

    role_arn: pulumi.Output[str]
    node_role_name: pulumi.Output[str]
    queue_name: pulumi.Output[str]
    resources: Sequence[pulumi.Resource]
    """What must outlive it."""


def make_karpenter(scope: Scope, *, cluster: aws.eks.Cluster, place: Place) -> Karpenter:
    """Create everything that Karpenter needs outside of the cluster."""
    node_role = service_role(
        f"{scope.name}-karpenter-node-role",
        parent=scope.parent,
        trust_policy=trust("ec2.amazonaws.com"),
        description="Nodes that Karpenter starts",
        managed={k: place.aws_policy(policy) for k, policy in NODE_POLICIES.items()},
        tags=scope.tags,
    )
    # EKS makes the entry by itself for managed node groups only.
    entry_name = f"{scope.name}-karpenter-node-access"
    entry = aws.eks.AccessEntry(
        entry_name,
        cluster_name=cluster.name,
        principal_arn=node_role.arn,
        type="EC2_LINUX",
        tags=scope.tagged(entry_name),
        opts=scope.own,
    )
    queue = _queue(scope)
    rules = _rules(scope, queue)
    role = service_role(
        f"{scope.name}-karpenter-role",
        parent=scope.parent,
        trust_policy=pod_identity_trust(),
        description="Karpenter's controller",
        inline={
            "controller": cluster.name.apply(
                lambda name: document(*controller_statements(name, place, node_role.arn, queue.arn))
            )
        },
        tags=scope.tags,
    )
    identity_name = f"{scope.name}-karpenter-identity"
    identity = aws.eks.PodIdentityAssociation(
        identity_name,
        cluster_name=cluster.name,
        namespace=NAMESPACE,
        service_account=SERVICE_ACCOUNT,
        role_arn=role.arn,
        tags=scope.tagged(identity_name),
        opts=scope.own,
    )
    return Karpenter(role.arn, node_role.name, queue.name, [entry, identity, queue, *rules])


def _queue(scope: Scope) -> aws.sqs.Queue:
    name = f"{scope.name}-interruptions"
    return aws.sqs.Queue(
        name,
        message_retention_seconds=QUEUE_SECONDS,
        sqs_managed_sse_enabled=True,
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _rules(scope: Scope, queue: aws.sqs.Queue) -> list[pulumi.Resource]:
    made: list[pulumi.Resource] = []
    arns: list[pulumi.Output[str]] = []
    for short, (source, kind) in EVENTS.items():
        name = f"{scope.name}-{short}"
        rule = aws.cloudwatch.EventRule(
            name,
            description=f"{kind}, for Karpenter",
            event_pattern=json.dumps({"detail-type": [kind], "source": [source]}),
            tags=scope.tagged(name),
            opts=scope.own,
        )
        target = aws.cloudwatch.EventTarget(
            f"{name}-target", rule=rule.name, arn=queue.arn, opts=scope.own
        )
        made += [rule, target]
        arns.append(rule.arn)
    policy = aws.sqs.QueuePolicy(
        f"{scope.name}-interruptions-policy",
        queue_url=queue.url,
        policy=document(
            Statement(
                "Events",
                ["sqs:SendMessage"],
                [queue.arn],
                {"Service": ["events.amazonaws.com"]},
                {"ArnEquals": {"aws:SourceArn": arns}},
            ),
            Statement(
                "TlsOnly",
                ["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"],
                [queue.arn],
                {"AWS": ["*"]},
                {"Bool": {"aws:SecureTransport": "false"}},
                Effect.DENY,
            ),
        ),
        opts=scope.own,
    )
    return [*made, policy]
