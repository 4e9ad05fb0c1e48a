"""What a `Tables` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class TableKeyType(str, Enum):
    """Type of a key attribute."""

    STRING = "string"
    """Text."""
    NUMBER = "number"
    """A number."""
    BINARY = "binary"
    """Bytes."""


class TableBilling(str, Enum):
    """How a table's throughput is paid for."""

    ON_DEMAND = "onDemand"
    """By the request."""
    PROVISIONED = "provisioned"
    """By the capacity that stands ready, which follows the load. Coming from onDemand, give a fixed
    capacity (`min` equal to `max`) for one update: one that follows is not ours to change."""


class TableProjection(str, Enum):
    """Which attributes an index holds a copy of."""

    ALL = "all"
    """All."""
    KEYS_ONLY = "keysOnly"
    """The keys of the index and of the table."""
    INCLUDE = "include"
    """Those, and the attributes that are named."""


class TableStream(str, Enum):
    """What a record of a table's stream holds of the item that changed."""

    KEYS_ONLY = "keysOnly"
    """Its keys."""
    NEW_IMAGE = "newImage"
    """The item after the change."""
    OLD_IMAGE = "oldImage"
    """The item before the change."""
    NEW_AND_OLD_IMAGES = "newAndOldImages"
    """Both."""


class TableStorageClass(str, Enum):
    """How storage and requests are priced against each other."""

    STANDARD = "standard"
    """Cheaper requests."""
    INFREQUENT_ACCESS = "infrequentAccess"
    """Cheaper storage: for what is mostly kept and seldom read."""


class TableKeyArgs(TypedDict):
    """One key attribute."""

    name: str
    """Name of the attribute."""
    type: NotRequired[TableKeyType]
    """Type of the attribute. Default: string."""


class TableUnitsArgs(TypedDict):
    """Capacity units that follow the load."""

    min: NotRequired[int]
    """Units that always stand ready. Default: 5."""
    max: NotRequired[int]
    """Units that are never exceeded; equal to `min`: the capacity is fixed. Default: 100."""
    target_percent: NotRequired[int]
    """Share of the capacity that should be in use, 20 to 90. Default: 70."""


class TableCapacityArgs(TypedDict):
    """Capacity of a provisioned table or index."""

    read: NotRequired[TableUnitsArgs]
    """Read units. Default: 5 to 100."""
    write: NotRequired[TableUnitsArgs]
    """Write units. Default: 5 to 100."""


class TableLimitsArgs(TypedDict):
    """The most that an on-demand table takes, and so the most that it costs."""

    read: NotRequired[int]
    """Read request units per second; -1 lifts a limit that was set before. Default: no limit."""
    write: NotRequired[int]
    """Write request units per second; -1 lifts a limit that was set before. Default: no limit."""


class TableIndexArgs(TypedDict):
    """One global secondary index."""

    hash_key: TableKeyArgs
    """Partition key."""
    range_key: NotRequired[TableKeyArgs]
    """Sort key. Default: none."""
    projection: NotRequired[TableProjection]
    """Which attributes it holds. Default: all."""
    include: NotRequired[Sequence[str]]
    """The attributes that projection `include` adds to the keys."""
    capacity: NotRequired[TableCapacityArgs]
    """Capacity if the table's is provisioned. Default: as the table's."""


class TableArgs(TypedDict):
    """One DynamoDB table."""

    hash_key: TableKeyArgs
    """Partition key. A change replaces the table."""
    range_key: NotRequired[TableKeyArgs]
    """Sort key. A change replaces the table. Default: none."""
    indexes: NotRequired[Mapping[str, TableIndexArgs]]
    """Global secondary indexes by name, 20 at most. Default: none."""
    billing: NotRequired[TableBilling]
    """How reads and writes are paid for. Default: onDemand."""
    capacity: NotRequired[TableCapacityArgs]
    """Capacity if billing is provisioned. Default: 5 to 100 units each."""
    limits: NotRequired[TableLimitsArgs]
    """The most that it, and each index, takes if billing is onDemand. Default: no limit."""
    recovery_days: NotRequired[int]
    """Days back to any second of which the table can be restored, 1 to 35; 0: not at all.
    Default: 35."""
    ttl_attribute: NotRequired[str]
    """Attribute with the time, in seconds since 1970, after which an item is deleted.
    Default: none."""
    stream: NotRequired[TableStream]
    """Publish changes, so. Default: no stream, with replicas newAndOldImages."""
    storage_class: NotRequired[TableStorageClass]
    """Cheaper storage with dearer requests, or the other way round. Default: standard."""
    replicas: NotRequired[Sequence[str]]
    """Other regions that have a copy to read and write, e.g. `eu-central-1`. Default: none."""
    contributor_insights: NotRequired[bool]
    """Record which keys are used and throttled most; costs by the event. Default: false."""


class TablesArgs(TypedDict):
    """Inputs of `Tables`."""

    tables: Mapping[str, TableArgs]
    """The tables, by a short name for each, e.g. `orders`."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """Key of the tables in this region, whose policy lets DynamoDB use it on behalf of its callers.
    Default: a key of their own. Replicas always have one, in their region."""
    user_error_threshold: NotRequired[int]
    """Alarm when DynamoDB refuses more requests than this in a minute as wrong, of all tables in
    the account and region: AWS does not count them by table. Default: no such alarm."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of alarms. Default: nobody is told."""
    protect: NotRequired[bool]
    """Refuse to delete the tables and their keys. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
