"""What a `Tables` will make, computed before anything is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components._base.spec import read_spec
from components.tables.args import TableBilling, TablesArgs
from components.tables.spec import TableCapacitySpec, TableIndexSpec, TableSpec, TablesSpec


@dataclass(frozen=True)
class TablePlan:
    """One table, with nothing left to default."""

    spec: TableSpec
    capacity: TableCapacitySpec | None
    """None: billed by the request."""

    def index_capacity(self, index: TableIndexSpec) -> TableCapacitySpec | None:
        """Return the capacity of an index: the table's where it has none of its own."""
        return (index.capacity or self.capacity) if self.capacity else None

    @property
    def scaled_properties(self) -> list[str]:
        """The capacities that Application Auto Scaling owns, as paths of the table's inputs."""
        found = _scaled("", self.capacity)
        capacities = [self.index_capacity(index) for index in self.spec.indexes.values()]
        of_indexes = {p for c in capacities for p in _scaled("globalSecondaryIndexes[*].", c)}
        return [*found, *sorted(of_indexes)]


@dataclass(frozen=True)
class TablesPlan:
    """Tables and what comes with them."""

    tables: Mapping[str, TablePlan]
    replica_regions: Sequence[str]
    """Regions in which any table has a replica."""
    user_error_threshold: int | None
    protect: bool


def plan_tables(args: TablesArgs, owner: str = "Tables") -> TablesPlan:
    """Compute what `args` ask for.

    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    spec = read_spec(TablesSpec, TablesArgs, args, owner)
    return TablesPlan(
        tables={name: _plan(table) for name, table in sorted(spec.tables.items())},
        replica_regions=sorted({r for table in spec.tables.values() for r in table.replicas}),
        user_error_threshold=spec.user_error_threshold,
        protect=spec.protect,
    )


def _plan(table: TableSpec) -> TablePlan:
    provisioned = table.billing is TableBilling.PROVISIONED
    return TablePlan(table, (table.capacity or TableCapacitySpec()) if provisioned else None)


def _scaled(prefix: str, capacity: TableCapacitySpec | None) -> list[str]:
    if capacity is None:
        return []
    sides = {"readCapacity": capacity.read, "writeCapacity": capacity.write}
    return [f"{prefix}{side}" for side, units in sides.items() if units.scales]
