"""What an earlier release left is taken over by today's program, without a loss."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pulumi
import pulumi_aws as aws
import pytest

from simulator.errors import Exit, SimulatorError
from simulator.host import Program
from simulator.session import Session
from stacks.guard import GUARDED, losses
from tests.engine.conftest import Bench
from tests.harness import build
from tests.stacks.changes import preview, up
from tests.upgrade.compare import Fate, compare
from tests.upgrade.inventory import Inventory
from tests.upgrade.releases import Recorded, recorded
from tests.upgrade.replacements import surprises, told

LOCAL = next(path for path in recorded() if path.name == "local.json.xz")
TABLE = "tables-orders"


def stateful(session: Session) -> Mapping[str, str]:
    """Return the ids of what holds data, by URN."""
    resources = cast("list[dict[str, str]]", session.state()["resources"])
    return {each["urn"]: each["id"] for each in resources if each["type"] in GUARDED}


@pytest.mark.parametrize("path", recorded(), ids=str)
def test_a_release_is_upgraded_without_a_loss(path: Path, bench: Callable[[str], Bench]):
    release = Recorded.read(path)
    with release.opened(bench(release.stack)) as session:
        before = stateful(session)
        assert before
        steps = session.up().steps()
        assert losses(steps) == []
        assert list(surprises(release.stack, steps, told(release.release))) == []
        assert before.items() <= stateful(session).items()
        assert set(session.up().changes()) == {"same"}


def rename_the_table(patch: pytest.MonkeyPatch, *, alias: bool) -> None:
    """Give a table of the platform another logical name, as a refactoring may."""

    make = cast("Callable[..., object]", aws.dynamodb.Table)

    def renamed(name: str, *, opts: pulumi.ResourceOptions, **inputs: object) -> object:
        if name != TABLE:
            return make(name, opts=opts, **inputs)
        opts.aliases = [pulumi.Alias(name=TABLE)] if alias else []
        return make(f"{name}-table", opts=opts, **inputs)

    patch.setattr(aws.dynamodb, "Table", renamed)


def test_a_table_of_another_name_stops_the_upgrade_and_an_alias_lets_it_pass(
    bench: Callable[[str], Bench], monkeypatch: pytest.MonkeyPatch
):
    with Recorded.read(LOCAL).opened(bench("local")) as session:
        before = stateful(session)
        with monkeypatch.context() as patch:
            rename_the_table(patch, alias=False)
            with pytest.raises(SimulatorError, match=f"would delete the table '{TABLE}'") as caught:
                session.up()
            assert caught.value.code == Exit.REFUSED
        with monkeypatch.context() as patch:
            rename_the_table(patch, alias=True)
            steps = session.preview().steps()
        assert f"{TABLE}-table" in {step.urn.rsplit("::", 1)[-1] for step in steps}
        assert losses(steps) == []
        assert stateful(session) == before


class Shop(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Shop", name, {}, opts)
        net = aws.ec2.Vpc(
            f"{name}-net", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=self)
        )
        below = pulumi.ResourceOptions(parent=net)
        aws.ec2.Subnet(f"{name}-net-a", vpc_id=net.id, cidr_block="10.0.0.0/24", opts=below)
        aws.ec2.Subnet(f"{name}-zone", vpc_id=net.id, cidr_block="10.0.1.0/24", opts=below)
        self.register_outputs({})


def inventory(program: Program) -> Inventory:
    return Inventory.of("local", build(program))


def renamed(old: str, new: str) -> Program:
    return lambda: Shop(new, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=old)]))


def test_the_engine_and_the_inventory_agree_on_what_a_component_s_alias_keeps(local: Bench):
    up(local, lambda: Shop("shop"))
    before = inventory(lambda: Shop("shop"))
    # what is below another resource is found again if it is called after that one
    unknown = {"shop": {"store-zone"}, "other": {"store", "store-net", "store-net-a", "store-zone"}}
    for old, expected in unknown.items():
        changed = preview(local, renamed(old, "store"))
        created = {name for name, operation in changed.items() if operation == "create"}
        told = compare(before, inventory(renamed(old, "store")))
        new = {each.entry.name for each in told if each.fate is Fate.CREATED}
        assert new == created
        assert created == expected
