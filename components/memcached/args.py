"""What a `Memcached` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class MemcachedArgs(TypedDict):
    """Inputs of `Memcached`."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Data subnets, in two or more zones."""
    clients: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Security groups that may connect, by the name of who is behind them. Default: nobody."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of trouble. Default: alarms are only to be seen."""
    engine_version: NotRequired[str]
    """Version of Memcached. Default: `1.6.22`. A change empties the cache."""
    node_type: NotRequired[str]
    """E.g. `cache.t4g.small`. Default: `cache.m7g.large`, two vCPUs and 6 GiB. A change makes
    another cache."""
    nodes: NotRequired[int]
    """Number of nodes, 1 to 40, over all zones; keys are spread over them by the clients, and a
    lost node's are lost. Default: 3."""
    parameters: NotRequired[Mapping[str, str]]
    """Parameters of the engine, by name, e.g. `max_item_size`. Default: none."""
    maintenance_window: NotRequired[str]
    """An hour or more a week, UTC. Default: `sun:04:30-sun:05:30`."""
    apply_immediately: NotRequired[bool]
    """Change the cache when `up` says so. Default: true; else in the next maintenance window, and
    previews show the change until then."""
    protect: NotRequired[bool]
    """Refuse to delete the cache. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
