"""The log group in CloudWatch, and the agents' right to write to it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document, pod_identity_trust, service_role
from components._base.kms import domain_key, log_delivery
from components._base.logs import log_group
from components._base.scope import Scope
from components.logging.pipeline import RELEASE
from components.logging.spec import LoggingCloudWatchSpec

ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")
"""All that Fluent Bit calls; it makes no groups (plugins/out_cloudwatch_logs/cloudwatch_api.c)."""


@dataclass(frozen=True)
class CloudWatch:
    """Where lines go, and the identity by which."""

    group: aws.cloudwatch.LogGroup
    identity: pulumi.Resource
    """Pods get it when they start: they come after it."""


def make_cloudwatch(
    scope: Scope,
    spec: LoggingCloudWatchSpec,
    *,
    cluster_name: pulumi.Input[str],
    namespace: pulumi.Input[str],
) -> CloudWatch:
    """Create the group with its key, and give its use to the agents of `namespace`."""
    key = domain_key(
        f"{scope.name}-logs",
        parent=scope.parent,
        description=f"Logs of containers of {scope.name}",
        statements=[log_delivery(scope.parent)],
        tags=scope.tags,
        protect=scope.protect,
    )
    group = log_group(
        f"{scope.name}-containers",
        parent=scope.parent,
        key=key,
        retention_days=spec.retention_days,
        tags=scope.tags,
        protect=scope.protect,
    )
    streams = pulumi.Output.concat(group.arn, ":log-stream:*")
    role = service_role(
        f"{scope.name}-agents",
        parent=scope.parent,
        trust_policy=pod_identity_trust(),
        description=f"Log agents of {scope.name}",
        inline={"policy": document(Statement("WriteLogs", ACTIONS, [streams]))},
        tags=scope.tags,
    )
    identity = aws.eks.PodIdentityAssociation(
        f"{scope.name}-agents",
        cluster_name=cluster_name,
        namespace=namespace,
        service_account=RELEASE,
        role_arn=role.arn,
        tags=scope.tagged(f"{scope.name}-agents"),
        opts=scope.own,
    )
    return CloudWatch(group, identity)
