"""Flow logs: who talked to whom, kept where nobody else reads them."""

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document, service_role, trust
from components._base.kms import domain_key, log_delivery
from components._base.logs import log_group
from components._base.place import place_of
from components.network.scope import Scope
from components.network.spec import FlowLogsSpec

WRITE_ACTIONS = (
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
)
"""https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html (2026-11), without
`CreateLogGroup`: the group is ours."""


def make_flow_logs(scope: Scope, spec: FlowLogsSpec, vpc_id: pulumi.Input[str]) -> aws.ec2.FlowLog:
    """Record the VPC's connections in an encrypted log group of its own."""
    name, parent, tags, protect = scope.name, scope.parent, scope.tags, scope.protect
    key = domain_key(
        f"{name}-logs",
        parent=parent,
        description=f"Flow logs of network {name}",
        statements=[log_delivery(parent)],
        tags=tags,
        protect=protect,
    )
    group = log_group(
        f"{name}-flow-logs",
        parent=parent,
        key=key,
        retention_days=spec.retention_days,
        tags=tags,
        protect=protect,
    )
    place = place_of(parent)
    role = service_role(
        f"{name}-flow-logs",
        parent=parent,
        description=f"Writes the flow logs of network {name}",
        trust_policy=trust(
            "vpc-flow-logs.amazonaws.com",
            # Only for flow logs of this account: the service acts for other accounts too.
            conditions={
                "StringEquals": {"aws:SourceAccount": place.account},
                "ArnLike": {"aws:SourceArn": place.arn("ec2", "vpc-flow-log/*")},
            },
        ),
        inline={
            "write": document(
                Statement("Write", WRITE_ACTIONS, [pulumi.Output.concat(group.arn, ":*")])
            )
        },
        tags=tags,
    )
    return aws.ec2.FlowLog(
        f"{name}-flow-log",
        vpc_id=vpc_id,
        traffic_type=spec.traffic.value,
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags=scope.tagged(f"{name}-flow-log"),
        opts=scope.own,
    )
