"""The load balancer: who may connect, what it forwards to, and on which terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.clients import let_in, let_out
from components._base.names import AUTONAME_LENGTH, short_name
from components._base.scope import Scope
from components.edge.plan import ANYWHERE_6, EdgePlan

NAME_LIMIT = 32
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
(2026-11)"""

CLOUDFRONT_LIST = "com.amazonaws.global.cloudfront.origin-facing"
"""Addresses from which CloudFront connects, kept by AWS; counts as 55 rules of the 60 that a
security group may have.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
(2026-11)
"""

ACCESS_LOGS, CONNECTION_LOGS = "requests", "connections"
"""Prefixes of the logs in their bucket."""


@dataclass(frozen=True)
class Balancer:
    """The load balancer, and what it forwards to."""

    balancer: aws.lb.LoadBalancer
    target_group: aws.lb.TargetGroup
    security_group: aws.ec2.SecurityGroup


def make_balancer(
    scope: Scope,
    plan: EdgePlan,
    *,
    vpc_id: pulumi.Input[str],
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
    targets: Mapping[str, pulumi.Input[str]],
    log_bucket: pulumi.Input[str],
) -> Balancer:
    """Create the load balancer and its target group, with nothing in it yet.

    :param targets: security groups of what is forwarded to, by name. Only rules wait for them.
    :param log_bucket: name of the bucket, once the load balancer may write there.
    """
    group = _security_group(scope, plan, vpc_id)
    _connect(scope, plan, group, targets)
    name = short_name(f"{scope.name}-alb", NAME_LIMIT - AUTONAME_LENGTH)
    connections: aws.lb.LoadBalancerConnectionLogsArgsDict = {
        "bucket": log_bucket,
        "prefix": CONNECTION_LOGS,
        "enabled": True,
    }
    balancer = aws.lb.LoadBalancer(
        name,
        load_balancer_type="application",
        internal=plan.spec.internal,
        ip_address_type="dualstack" if plan.spec.ipv6 else "ipv4",
        subnets=subnet_ids,
        security_groups=[group.id],
        idle_timeout=plan.spec.idle_timeout_seconds,
        desync_mitigation_mode="strictest",
        drop_invalid_header_fields=True,
        preserve_host_header=True,  # the gateway routes by it
        xff_header_processing_mode="append",
        enable_http2=True,
        # what the firewall can't judge does not come in
        enable_waf_fail_open=False,
        # lets a zone in trouble be left, https://docs.aws.amazon.com/r53recovery (2026-11)
        enable_zonal_shift=True,
        enable_deletion_protection=scope.protect,
        access_logs={"bucket": log_bucket, "prefix": ACCESS_LOGS, "enabled": True},
        connection_logs=connections if plan.spec.access_logs.connections else None,
        tags=scope.tagged(name),
        # callers' names point to it, and another one has other addresses
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    return Balancer(balancer, _target_group(scope, plan, vpc_id), group)


def _security_group(
    scope: Scope, plan: EdgePlan, vpc_id: pulumi.Input[str]
) -> aws.ec2.SecurityGroup:
    """Create the security group, and the rules for callers."""
    name = f"{scope.name}-access"
    group = aws.ec2.SecurityGroup(
        name,
        vpc_id=vpc_id,
        description=f"Load balancer of edge {scope.name}",
        # no rules here: they are resources of their own, and two owners would fight over them
        tags=scope.tagged(name),
        opts=scope.own,
    )
    for port in plan.ports:
        if plan.cloudfront:
            known = aws.ec2.get_managed_prefix_list_output(
                name=CLOUDFRONT_LIST, opts=pulumi.InvokeOptions(parent=scope.parent)
            )
            _admit(scope, group, "cloudfront", port, prefix_list_id=known.id)
        for cidr in plan.callers:
            label = "anywhere-ipv6" if cidr == ANYWHERE_6 else cidr.replace("/", "-")
            six = ":" in cidr
            _admit(
                scope,
                group,
                label,
                port,
                cidr_ipv4=None if six else cidr,
                cidr_ipv6=cidr if six else None,
            )
    return group


def _admit(
    scope: Scope,
    group: aws.ec2.SecurityGroup,
    caller: str,
    port: int,
    *,
    cidr_ipv4: str | None = None,
    cidr_ipv6: str | None = None,
    prefix_list_id: pulumi.Input[str] | None = None,
) -> None:
    name = f"{scope.name}-{port}-from-{caller}"
    aws.vpc.SecurityGroupIngressRule(
        name,
        security_group_id=group.id,
        cidr_ipv4=cidr_ipv4,
        cidr_ipv6=cidr_ipv6,
        prefix_list_id=prefix_list_id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=f"Callers of edge {scope.name}",
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _connect(
    scope: Scope,
    plan: EdgePlan,
    group: aws.ec2.SecurityGroup,
    targets: Mapping[str, pulumi.Input[str]],
) -> None:
    """Create both sides' rules between the load balancer and its targets."""
    for target, target_group_id in sorted(targets.items()):
        for purpose, port in plan.spec.target.ports.items():
            let_out(
                scope,
                f"{scope.name}-to-{target}-{purpose}",
                group.id,
                target_group_id,
                port=port,
                description=f"{purpose} to {target}",
            )
            let_in(
                scope,
                f"{scope.name}-at-{target}-{purpose}",
                target_group_id,
                group.id,
                port=port,
                description=f"{purpose} from edge {scope.name}",
            )


def _target_group(scope: Scope, plan: EdgePlan, vpc_id: pulumi.Input[str]) -> aws.lb.TargetGroup:
    target = plan.spec.target
    name = short_name(f"{scope.name}-targets", NAME_LIMIT - AUTONAME_LENGTH)
    return aws.lb.TargetGroup(
        name,
        vpc_id=vpc_id,
        target_type="ip",
        ip_address_type="ipv4",
        port=target.port,
        protocol=target.protocol.value,
        protocol_version="HTTP1",
        deregistration_delay=target.deregistration_seconds,
        # less for a target that answers worse than the others,
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
        load_balancing_algorithm_type="weighted_random",
        load_balancing_anomaly_mitigation="on",
        health_check={
            "enabled": True,
            "protocol": target.health_protocol.value,
            "port": str(target.health_port),
            "path": target.health_path,
            "matcher": "200",
            "interval": 10,
            "timeout": 5,
            "healthy_threshold": 2,
            "unhealthy_threshold": 3,
        },
        tags=scope.tagged(name),
        opts=scope.own,
    )
