"""What a `RabbitMq` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class RabbitMqMode(str, Enum):
    """How many nodes there are, and where."""

    SINGLE = "single"
    """One node in the first subnet: gone with its zone, and while it is maintained."""
    CLUSTER = "cluster"
    """Three nodes over all subnets, which replicate queues."""


class RabbitMqArgs(TypedDict):
    """Inputs of `RabbitMq`."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets, each in a zone of its own: two or more for a cluster, of which all are used;
    for a single node the first is. Another choice replaces the broker."""
    clients: Mapping[str, pulumi.Input[str]]
    """Security groups that may connect, by the name of who is behind them, e.g. `cluster`."""
    console_clients: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Security groups that may open the console and the management API, likewise. Default: none."""
    mode: NotRequired[RabbitMqMode]
    """How many nodes there are. A change replaces the broker. Default: cluster."""
    version: NotRequired[str]
    """RabbitMQ version, e.g. `4.2`; patches come by themselves. Upgrades are in place and one step
    at a time, and there is no way back. Default: 4.2."""
    instance_type: NotRequired[str]
    """Of each node, e.g. `mq.m7g.medium`, which is for testing. Default: mq.m7g.large."""
    consumer_timeout_seconds: NotRequired[int]
    """Seconds after which a consumer that did not acknowledge loses its channel; 0: never.
    More than the longest task of a worker that acknowledges late. Default: 1800."""
    heartbeat_seconds: NotRequired[int]
    """Seconds of silence after which a connection is taken for dead, 60 to 3600. Default: 60."""
    maintenance_start: NotRequired[str]
    """Weekly time, UTC, from when on two hours are for patches and restarts. Default: sun:03:00."""
    apply_immediately: NotRequired[bool]
    """Restart the nodes at once where a change needs it, not when maintenance starts.
    Default: false."""
    log_retention_days: NotRequired[int]
    """Days until a log record is deleted, one of those that CloudWatch Logs takes. Default: 90."""
    max_messages: NotRequired[int]
    """Alarm when more messages than these are in all queues together. Default: 100000."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of alarms. Default: nobody is told."""
    password_version: NotRequired[int]
    """1 or more; another number makes another password and puts it into the secret. The broker
    keeps the one before until it is changed in RabbitMQ's management API, as Amazon MQ can't change
    it; see `docs/runbooks/secret-rotation.md`. Default: 1."""
    protect: NotRequired[bool]
    """Refuse to delete the broker, its key and its secret. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
