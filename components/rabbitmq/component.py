"""A message broker for services and their workers."""

from collections.abc import Sequence
from typing import Optional, cast

import pulumi

from components._base.clients import Port, admit, registered, store_security_group
from components._base.errors import InvalidInput, Problem
from components._base.kms import domain_key, log_delivery
from components._base.names import check_name
from components._base.required import all_given
from components._base.scope import Scope
from components.rabbitmq.alarms import make_broker_alarms
from components.rabbitmq.args import RabbitMqArgs, RabbitMqMode
from components.rabbitmq.broker import (
    console_of,
    endpoint_of,
    make_broker,
    make_password,
    store_credentials,
)
from components.rabbitmq.logs import keep_logs
from components.rabbitmq.plan import plan_rabbitmq

AMQPS = Port(5671, "amqps")
CONSOLE = Port(443, "console")
"""https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/working-with-rabbitmq.html
(2026-11): Amazon MQ has no listener without TLS."""


class RabbitMq(pulumi.ComponentResource):
    """RabbitMQ on Amazon MQ: private, over TLS only, encrypted with a key of its own.

    It depends on the network only. Clients read its address and their credentials from the secret;
    `read_secret_statements` in `components/_base/secret.py` is what they must be allowed.
    Amazon MQ can't change the password: `password_version` makes another one in the secret, to be
    set in RabbitMQ's management API.

    Example: `RabbitMq("broker", {"vpc_id": vpc_id, "subnet_ids": data_subnet_ids, "clients":
    {"cluster": security_group_id}})`.
    """

    endpoint: pulumi.Output[str]
    """`amqps://HOST:5671`."""
    console_url: pulumi.Output[str]
    """Of the console and the management API."""
    secret_arn: pulumi.Output[str]
    """Secret with `host`, `port`, `username`, `password` and all of it as `url`, as JSON."""
    key_arn: pulumi.Output[str]
    """Key of the broker, its logs and its secret."""
    security_group_id: pulumi.Output[str]
    """The group that admits the clients."""

    @all_given
    def __init__(
        self, name: str, args: RabbitMqArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        owner = f"RabbitMq {name!r}"
        check_name(name, owner)
        plan = plan_rabbitmq(args, owner)
        inputs = registered(args, "clients", "console_clients")
        super().__init__("fastapi-platform:index:RabbitMq", name, inputs, opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        key = domain_key(
            f"{name}-key",
            parent=self,
            description=f"Broker {name}: messages, logs and secret",
            statements=[log_delivery(self)],
            tags=scope.tags,
            protect=scope.protect,
        )
        group = store_security_group(
            scope,
            vpc_id=args["vpc_id"],
            ports=[AMQPS],
            clients=args["clients"],
            description=f"Broker {name}",
        )
        console_clients = args.get("console_clients") or {}
        admit(scope, group, ports=[CONSOLE], clients=console_clients, tell_apart=True)
        password = make_password(scope, plan.password_version)
        broker = make_broker(
            scope,
            plan,
            subnet_ids=_subnets(args, plan.mode, owner),
            security_group_id=group.id,
            key_arn=key.arn,
            password=password,
        )
        keep_logs(scope, broker=broker, key=key, retention_days=plan.log_retention_days)
        make_broker_alarms(scope, plan, broker.broker_name, args.get("alarm_topic_arn"))
        secret = store_credentials(scope, endpoint=endpoint_of(broker), password=password, key=key)

        self.endpoint = endpoint_of(broker)
        self.console_url = console_of(broker)
        self.secret_arn = secret.arn
        self.key_arn = key.arn
        self.security_group_id = group.id
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "consoleUrl": self.console_url,
                "secretArn": self.secret_arn,
                "keyArn": self.key_arn,
                "securityGroupId": self.security_group_id,
            }
        )


def _subnets(args: RabbitMqArgs, mode: RabbitMqMode, owner: str) -> pulumi.Output[Sequence[str]]:
    """Return the broker's subnets: Amazon MQ wants one for one node; a cluster gets all."""

    def chosen(subnet_ids: Sequence[pulumi.Input[str]]) -> Sequence[str]:
        found = cast("Sequence[str]", subnet_ids)
        needed = 1 if mode is RabbitMqMode.SINGLE else 2
        if len(found) < needed:
            reason = f"{len(found)} subnets; mode {mode.value} needs {needed} or more"
            raise InvalidInput(owner, [Problem("subnet_ids", reason)])
        return found[:1] if mode is RabbitMqMode.SINGLE else found

    return pulumi.Output.from_input(args["subnet_ids"]).apply(chosen)
