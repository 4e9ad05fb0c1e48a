"""Amazon Managed Service for Prometheus: a workspace that gets every sample too."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement
from components._base.kms import domain_key, log_delivery
from components._base.logs import log_group
from components._base.scope import Scope
from components.metrics.spec import ManagedPrometheusSpec

Json = dict[str, object]

REPLICA_LABEL = "__replica__"
"""By it and by `cluster` the workspace knows that two Prometheus send the same, and keeps one.

https://docs.aws.amazon.com/prometheus/latest/userguide/Send-high-availability-data-operator.html
(2026-11)
"""

QUEUE: Json = {"capacity": 2500, "maxSamplesPerSend": 1000, "maxShards": 50}
"""A request of up to a thousand samples stays below the megabyte that the workspace takes."""


@dataclass(frozen=True)
class Workspace:
    """The workspace."""

    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """URL with a slash at its end, which queries and `api/v1/remote_write` follow."""


def make_workspace(
    scope: Scope, spec: ManagedPrometheusSpec, cluster_name: pulumi.Input[str]
) -> Workspace:
    """Create the workspace, with a key and a log of its own."""
    name = f"{scope.name}-workspace"
    key = domain_key(
        f"{scope.name}-key",
        parent=scope.parent,
        description=f"Samples and log of the Prometheus workspace of {scope.name}",
        statements=[log_delivery(scope.parent)],
        via_services=("aps",),
        tags=scope.tags,
        protect=scope.protect,
    )
    logs = log_group(
        f"{scope.name}-log",
        parent=scope.parent,
        key=key,
        # Of such names all may be written by AWS's own services, without a line each in the policy
        # of the account's log groups, whose size is limited.
        log_group_name=pulumi.Output.concat("/aws/vendedlogs/prometheus/", cluster_name),
        retention_days=spec.log_retention_days,
        tags=scope.tags,
        protect=scope.protect,
    )
    workspace = aws.amp.Workspace(
        name,
        alias=cluster_name,
        kms_key_arn=key.arn,
        logging_configuration={"log_group_arn": pulumi.Output.concat(logs.arn, ":*")},
        tags=scope.tagged(name),
        # Nothing brings samples back.
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    return Workspace(workspace.arn, workspace.prometheus_endpoint)


def write_statements(workspace: Workspace) -> list[Statement]:
    """Return the policy: to write to this workspace, and to read nothing."""
    return [Statement("Write", ["aps:RemoteWrite"], [workspace.arn])]


def remote_write(workspace: Workspace, region: pulumi.Input[str]) -> list[Json]:
    """Return the values `prometheusSpec.remoteWrite`."""
    return [
        {
            "url": pulumi.Output.concat(workspace.endpoint, "api/v1/remote_write"),
            "name": "managed",
            "sigv4": {"region": region},
            "queueConfig": QUEUE,
        }
    ]
