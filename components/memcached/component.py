"""Memcached on ElastiCache."""

from collections.abc import Sequence
from typing import Optional

import pulumi
import pulumi_aws as aws

from components._base.alarms import AlarmRule, make_alarms
from components._base.clients import Port, registered, store_security_group
from components._base.names import AUTONAME_LENGTH, check_name, short_name
from components._base.required import all_given
from components._base.scope import Scope
from components._base.spec import read_spec
from components.memcached.args import MemcachedArgs
from components.memcached.spec import MemcachedSpec

PORT = 11211
FAMILY = "memcached1.6"

ID_LIMIT = 50
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html
(2026-11)"""

RULES = (
    AlarmRule(
        "cpu",
        "CPUUtilization",
        90,
        "The node's processors are busy: Memcached uses them all. Larger nodes, or more of them.",
    ),
    AlarmRule(
        "evictions",
        "Evictions",
        100,
        "More than 100 keys a minute are thrown out for want of memory: a larger cache, or shorter "
        "lives of keys.",
        statistic="Sum",
        periods=15,
    ),
    AlarmRule(
        "connections",
        "CurrConnections",
        10_000,
        "More than 10000 connections: some client does not share its own. The limit is 65000.",
        statistic="Maximum",
    ),
    AlarmRule(
        "swap",
        "SwapUsage",
        50 * 1024**2,
        "The node swaps more than 50 MiB: raise memcached_connections_overhead.",
    ),
)
"""For each node.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
(2026-11)
"""


def plan_memcached(
    args: MemcachedArgs, owner: str = "Memcached", name: str = "memcached"
) -> MemcachedSpec:
    """Check what `args` ask for.

    :param owner: who is speaking in an error.
    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    check_name(name, owner)
    return read_spec(MemcachedSpec, MemcachedArgs, args, owner)


class Memcached(pulumi.ComponentResource):
    """Memcached: encrypted on the wire, reached by named clients only, kept nowhere.

    It knows no users and writes nothing to disk; nodes of it have no encryption at rest. Whoever
    needs either takes a `Cache`.

    Example: `Memcached("memcached", {"vpc_id": vpc_id, "subnet_ids": data_subnet_ids, "clients":
    {"cluster": security_group_id}})`.
    """

    arn: pulumi.Output[str]
    """ARN of the cluster."""
    configuration_endpoint: pulumi.Output[str]
    """Host where clients find all nodes (auto discovery). TLS only."""
    port: pulumi.Output[int]
    """Port of every node."""
    security_group_id: pulumi.Output[str]
    """The group that admits the clients."""

    @all_given
    def __init__(
        self, name: str, args: MemcachedArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        spec = plan_memcached(args, f"Memcached {name!r}", name)
        super().__init__(
            "fastapi-platform:index:Memcached", name, registered(args, "clients"), opts
        )
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=spec.protect)
        group = store_security_group(
            scope,
            vpc_id=args["vpc_id"],
            ports=[Port(PORT, "memcached")],
            clients=args.get("clients") or {},
            description=f"Memcached {name}",
        )
        cluster = _cluster(scope, spec, args["subnet_ids"], group.id)
        for index in range(1, spec.nodes + 1):
            make_alarms(
                scope,
                RULES,
                namespace="AWS/ElastiCache",
                # AWS numbers the nodes without gaps
                dimensions={"CacheClusterId": cluster.cluster_id, "CacheNodeId": f"{index:04}"},
                topic_arn=args.get("alarm_topic_arn"),
                of=f"node-{index}",
            )

        self.arn = cluster.arn
        self.configuration_endpoint = cluster.cluster_address
        self.port = pulumi.Output.from_input(PORT)
        self.security_group_id = group.id
        self.register_outputs(
            {
                "arn": self.arn,
                "configurationEndpoint": self.configuration_endpoint,
                "port": self.port,
                "securityGroupId": self.security_group_id,
            }
        )


def _cluster(
    scope: Scope,
    spec: MemcachedSpec,
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
    security_group_id: pulumi.Input[str],
) -> aws.elasticache.Cluster:
    subnets_name, parameters_name = f"{scope.name}-subnets", f"{scope.name}-parameters"
    subnets = aws.elasticache.SubnetGroup(
        subnets_name,
        description=f"Subnets of Memcached {scope.name}",
        subnet_ids=subnet_ids,
        tags=scope.tagged(subnets_name),
        opts=scope.own,
    )
    parameters = aws.elasticache.ParameterGroup(
        parameters_name,
        family=FAMILY,
        description=f"Parameters of Memcached {scope.name}",
        parameters=[{"name": k, "value": v} for k, v in sorted(spec.parameters.items())],
        tags=scope.tagged(parameters_name),
        opts=scope.own,
    )
    name = short_name(f"{scope.name}-cluster", ID_LIMIT - AUTONAME_LENGTH)
    return aws.elasticache.Cluster(
        name,
        engine="memcached",
        engine_version=spec.engine_version,
        node_type=spec.node_type,
        num_cache_nodes=spec.nodes,
        az_mode="cross-az" if spec.nodes > 1 else "single-az",
        port=PORT,
        parameter_group_name=parameters.name,
        subnet_group_name=subnets.name,
        security_group_ids=[security_group_id],
        transit_encryption_enabled=True,
        maintenance_window=spec.maintenance_window,
        apply_immediately=spec.apply_immediately,
        tags=scope.tagged(name),
        # an empty cache in front of a database is an outage of it
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
