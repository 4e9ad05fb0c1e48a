"""The structural inputs of a `Tables`, checked."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from components._base.spec import Spec
from components.tables.args import (
    TableBilling,
    TableKeyType,
    TableProjection,
    TableStorageClass,
    TableStream,
)

SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
INDEX_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}", re.ASCII)
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d", re.ASCII)

MOST_INDEXES = 20
MOST_INCLUDED = 100
"""Attributes that all indexes of a table include together.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html (2026-11)
"""

MOST_UNITS = 40_000
"""Capacity units of a table unless AWS raises the quota; the same page."""

Attribute = Annotated[str, Field(min_length=1, max_length=255)]
"""Name of an attribute, https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
(2026-11)."""


class TableKeySpec(Spec):
    """One key attribute."""

    name: Attribute
    """Name of the attribute."""
    type: TableKeyType = TableKeyType.STRING
    """Type of the attribute."""


class TableUnitsSpec(Spec):
    """Capacity units that follow the load."""

    min: int = Field(default=5, ge=1, le=MOST_UNITS)
    """Units that always stand ready."""
    max: int = Field(default=100, ge=1, le=MOST_UNITS)
    """Units that are never exceeded; equal to `min`: the capacity is fixed."""
    target_percent: int = Field(default=70, ge=20, le=90)
    """Share of the capacity that should be in use."""

    @model_validator(mode="after")
    def _in_order(self) -> "TableUnitsSpec":
        if self.max < self.min:
            raise ValueError(f"max {self.max} is less than min {self.min}")
        return self

    @property
    def scales(self) -> bool:
        """Whether the capacity follows the load."""
        return self.max > self.min


class TableCapacitySpec(Spec):
    """Capacity of a provisioned table or index."""

    read: TableUnitsSpec = TableUnitsSpec()
    """Read units a second, and how they are scaled."""
    write: TableUnitsSpec = TableUnitsSpec()
    """Write units a second, and how they are scaled."""


class TableLimitsSpec(Spec):
    """The most that an on-demand table takes, and so the most that it costs."""

    read: int | None = None
    """Read request units per second; -1 lifts a limit that was set before."""
    write: int | None = None
    """Write request units per second; -1 lifts a limit that was set before."""

    @field_validator("read", "write")
    @classmethod
    def _limit_or_lifted(cls, units: int | None) -> int | None:
        if units is not None and units != -1 and units < 1:
            raise ValueError("1 or more is needed, or -1 to lift a limit")
        return units


class TableIndexSpec(Spec):
    """One global secondary index."""

    hash_key: TableKeySpec
    """Partition key."""
    range_key: TableKeySpec | None = None
    """Sort key; default: none."""
    projection: TableProjection = TableProjection.ALL
    """Which attributes it holds."""
    include: tuple[Attribute, ...] = ()
    """The attributes that projection `include` adds to the keys."""
    capacity: TableCapacitySpec | None = None
    """Capacity if the table's is provisioned; default: as the table's."""

    @property
    def keys(self) -> tuple[TableKeySpec, ...]:
        """Its keys, the partition key first."""
        return (self.hash_key, self.range_key) if self.range_key else (self.hash_key,)


class TableSpec(Spec):
    """One DynamoDB table."""

    hash_key: TableKeySpec
    """Partition key; a change replaces the table."""
    range_key: TableKeySpec | None = None
    """Sort key; a change replaces the table; default: none."""
    indexes: dict[str, TableIndexSpec] = Field(default_factory=dict[str, TableIndexSpec])
    """Global secondary indexes by name; default: none."""
    billing: TableBilling = TableBilling.ON_DEMAND
    """How throughput is paid for."""
    capacity: TableCapacitySpec | None = None
    """Capacity if billing is provisioned; default: 5 to 100 units each."""
    limits: TableLimitsSpec | None = None
    """The most that it, and each index, takes if billing is onDemand; default: no limit."""
    recovery_days: int = Field(default=35, ge=0, le=35)
    """Days back to any second of which the table can be restored; 0: not at all."""
    ttl_attribute: Attribute | None = None
    """Attribute with the time, in seconds since 1970, after which an item is deleted."""
    stream: TableStream | None = None
    """Publish changes, so; default: no stream, with replicas newAndOldImages."""
    storage_class: TableStorageClass = TableStorageClass.STANDARD
    """How storage and requests are priced against each other."""
    replicas: tuple[str, ...] = ()
    """Other regions that have a copy to read and write."""
    contributor_insights: bool = False
    """Record which keys are used and throttled most; costs by the event."""

    @model_validator(mode="after")
    def _fits_together(self) -> "TableSpec":
        problems = [
            *_key_problems(self),
            *_index_problems(self),
            *_billing_problems(self),
            *_replica_problems(self),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def keys(self) -> tuple[TableKeySpec, ...]:
        """Its keys, the partition key first."""
        return (self.hash_key, self.range_key) if self.range_key else (self.hash_key,)

    @property
    def attributes(self) -> Mapping[str, TableKeyType]:
        """Every key attribute of the table and its indexes, and no other: as DynamoDB wants it."""
        found = {key.name: key.type for key in _all_keys(self)}
        return dict(sorted(found.items()))

    @property
    def published(self) -> TableStream | None:
        """What the stream holds; global tables need both images."""
        return self.stream or (TableStream.NEW_AND_OLD_IMAGES if self.replicas else None)


class TablesSpec(Spec):
    """DynamoDB tables: encrypted, recoverable, alarmed."""

    tables: dict[str, TableSpec]
    """The tables, by a short name for each."""
    user_error_threshold: int | None = Field(default=None, ge=0)
    """Alarm when more requests than this in a minute are refused as wrong, in the whole account and
    region; default: no such alarm."""
    protect: bool = False
    """Refuse to delete the tables and their keys."""

    @field_validator("tables")
    @classmethod
    def _named(cls, tables: dict[str, TableSpec]) -> dict[str, TableSpec]:
        wrong = [name for name in tables if not SHORT_NAME.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"no short names of small letters, digits and hyphens: {', '.join(wrong)}"
            )
        if not tables:
            raise ValueError("one table or more is needed")
        return tables


def _all_keys(table: TableSpec) -> Iterator[TableKeySpec]:
    yield from table.keys
    for index in table.indexes.values():
        yield from index.keys


def _key_problems(table: TableSpec) -> Iterator[str]:
    holders = {"the table": table.keys, **{f"index {n}": i.keys for n, i in table.indexes.items()}}
    for holder, keys in holders.items():
        if len({key.name for key in keys}) < len(keys):
            yield f"hash_key and range_key of {holder} are both {keys[0].name!r}"
    types: dict[str, set[str]] = {}
    for key in _all_keys(table):
        types.setdefault(key.name, set()).add(key.type.value)
    for name, given in types.items():
        if len(given) > 1:
            yield f"attribute {name!r} is both {' and '.join(sorted(given))}; it has one type"
    ttl = table.ttl_attribute
    if ttl in types and TableKeyType.NUMBER.value not in types[ttl]:
        yield f"ttl_attribute {ttl!r} is a key and no number: it would delete nothing"


def _index_problems(table: TableSpec) -> Iterator[str]:
    if len(table.indexes) > MOST_INDEXES:
        yield f"{len(table.indexes)} indexes; {MOST_INDEXES} allowed"
    for name, index in table.indexes.items():
        if not INDEX_NAME.fullmatch(name):
            yield f"index {name!r} is no name of 3 to 255 letters, digits, '_', '.' and '-'"
        wants = index.projection is TableProjection.INCLUDE
        if wants and not index.include:
            yield f"index {name}: projection include needs include, the attributes to add"
        if index.include and not wants:
            yield f"index {name}: include is for projection include, not {index.projection.value}"
        keys = {key.name for key in (*index.keys, *table.keys)} & set(index.include)
        if keys:
            yield f"index {name}: include has keys, which are always there: {_listed(keys)}"
        twice = {a for a, count in Counter(index.include).items() if count > 1}
        if twice:
            yield f"index {name}: include names twice: {_listed(twice)}"
    included = sum(len(index.include) for index in table.indexes.values())
    if included > MOST_INCLUDED:
        yield f"indexes include {included} attributes together; {MOST_INCLUDED} allowed"


def _billing_problems(table: TableSpec) -> Iterator[str]:
    if table.billing is TableBilling.PROVISIONED:
        if table.limits:
            yield "limits are for billing onDemand; the max of its capacity limits this table"
        yield from _scaling_problems(table)
        return
    if table.capacity:
        yield "capacity is for billing provisioned; limits can cap billing onDemand"
    with_capacity = [name for name, index in table.indexes.items() if index.capacity]
    if with_capacity:
        yield f"capacity is for billing provisioned; leave it out of {_listed(with_capacity)}"


def _scaling_problems(table: TableSpec) -> Iterator[str]:
    """Scaled capacities are ignored in a diff, and those of all indexes at once or of none."""
    own = table.capacity or TableCapacitySpec()
    capacities = [index.capacity or own for index in table.indexes.values()]
    for side, scales in {
        "read": [capacity.read.scales for capacity in capacities],
        "write": [capacity.write.scales for capacity in capacities],
    }.items():
        if any(scales) and not all(scales):
            yield f"indexes: let the {side} capacity of all follow the load, or of none"


def _replica_problems(table: TableSpec) -> Iterator[str]:
    if not table.replicas:
        return
    wrong = [region for region in table.replicas if not REGION.fullmatch(region)]
    if wrong:
        yield f"replicas: no names of regions such as eu-central-1: {_listed(wrong)}"
    if len(set(table.replicas)) < len(table.replicas):
        yield "replicas: a region is listed twice"
    if table.billing is TableBilling.PROVISIONED:
        yield "replicas need billing onDemand: each region has its own load"
    if table.published is not TableStream.NEW_AND_OLD_IMAGES:
        yield "replicas need stream newAndOldImages; leave stream out to have it"


def _listed(names: Iterator[str] | set[str] | list[str]) -> str:
    return ", ".join(sorted(names))
