"""The cache: Valkey or Redis on ElastiCache."""

from typing import Optional

import pulumi
import pulumi_random as random

from components._base.clients import Port, registered, store_security_group
from components._base.kms import domain_key, log_delivery
from components._base.names import short_name
from components._base.required import all_given
from components._base.scope import Scope
from components.cache.alarms import make_cache_alarms
from components.cache.args import CacheArgs
from components.cache.nodes import make_nodes
from components.cache.plan import ID_LIMIT, PORT, CachePlan, plan_cache
from components.cache.serverless import make_serverless
from components.cache.spec import CacheServerlessSpec
from components.cache.users import OFF, make_users

SUFFIX_LENGTH = 6


class Cache(pulumi.ComponentResource):
    """Valkey or Redis: encrypted on disk and on the wire, entered by one named user.

    Example: `Cache("cache", {"vpc_id": vpc_id, "subnet_ids": data_subnet_ids, "clients":
    {"cluster": security_group_id}})`.
    """

    cache_name: pulumi.Output[str]
    """Name in AWS, which clients with IAM auth sign for."""
    arn: pulumi.Output[str]
    """ARN of the replication group or the serverless cache."""
    primary_endpoint: pulumi.Output[str]
    """Host to write to; with cluster mode, where clients find all nodes. TLS only."""
    reader_endpoint: pulumi.Output[str]
    """Host to read from, a little behind; with cluster mode the same as the primary one."""
    port: pulumi.Output[int]
    """Port of the primary endpoint."""
    reader_port: pulumi.Output[int]
    """Port of the reader endpoint: that of a serverless cache is another one."""
    user_name: pulumi.Output[str]
    """The application's user."""
    user_arn: pulumi.Output[str]
    """ARN of the application's user, for `connect_statements`."""
    secret_arn: pulumi.Output[str]
    """Secret with `username` and `password`, as JSON; empty with IAM auth."""
    key_arn: pulumi.Output[str]
    """Key of the cache, its logs and its secret."""
    security_group_id: pulumi.Output[str]
    """The group that admits the clients."""

    @all_given
    def __init__(
        self, name: str, args: CacheArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_cache(args, f"Cache {name!r}", name)
        super().__init__("fastapi-platform:index:Cache", name, registered(args, "clients"), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        key = domain_key(
            f"{name}-key",
            parent=self,
            description=f"Cache {name}: data, logs and secret",
            statements=[log_delivery(self)],
            tags=scope.tags,
            protect=scope.protect,
        )
        group = store_security_group(
            scope,
            vpc_id=args["vpc_id"],
            ports=_ports(plan),
            clients=args.get("clients") or {},
            description=f"Cache {name}",
        )
        physical_id = _physical_id(scope)
        users = make_users(scope, plan, physical_id=physical_id, key=key)
        if isinstance(plan.deployment, CacheServerlessSpec):
            store = make_serverless(
                scope,
                plan,
                plan.deployment,
                subnet_ids=args["subnet_ids"],
                security_group_id=group.id,
                user_group_id=users.group_id,
                key=key,
            )
        else:
            store = make_nodes(
                scope,
                plan,
                plan.deployment,
                physical_id=physical_id,
                subnet_ids=args["subnet_ids"],
                security_group_id=group.id,
                user_group_id=users.group_id,
                key=key,
            )
        make_cache_alarms(scope, plan, store, args.get("alarm_topic_arn"))

        self.cache_name = store.name
        self.arn = store.arn
        self.primary_endpoint = store.primary_endpoint
        self.reader_endpoint = store.reader_endpoint
        self.port = pulumi.Output.from_input(PORT)
        self.reader_port = pulumi.Output.from_input(plan.reader_port)
        self.user_name = users.user_name
        self.user_arn = users.user_arn
        self.secret_arn = users.secret_arn
        self.key_arn = key.arn
        self.security_group_id = group.id
        self.register_outputs(
            {
                "cacheName": self.cache_name,
                "arn": self.arn,
                "primaryEndpoint": self.primary_endpoint,
                "readerEndpoint": self.reader_endpoint,
                "port": self.port,
                "readerPort": self.reader_port,
                "userName": self.user_name,
                "userArn": self.user_arn,
                "secretArn": self.secret_arn,
                "keyArn": self.key_arn,
                "securityGroupId": self.security_group_id,
            }
        )


def _ports(plan: CachePlan) -> list[Port]:
    ports = [Port(PORT, "cache")]
    if plan.reader_port != PORT:
        ports.append(Port(plan.reader_port, "reader"))
    return ports


def _physical_id(scope: Scope) -> pulumi.Output[str]:
    """Return a name for what Pulumi invents none for, unlike any other stack's."""
    suffix = random.RandomString(
        f"{scope.name}-suffix", length=SUFFIX_LENGTH, upper=False, special=False, opts=scope.own
    )
    room = ID_LIMIT - SUFFIX_LENGTH - len("-") - len(OFF)
    return pulumi.Output.concat(short_name(scope.name, room), "-", suffix.result)
