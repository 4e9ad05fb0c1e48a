"""Inventories of the stacks: the committed ones are current, and a change of them is told right."""

from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from simulator.cloud.registry import model_of
from simulator.workspace import ROOT
from stacks.guard import GUARDED
from stacks.loading import stack_names
from tests.config.test_program import deployed
from tests.harness import Recorder, build
from tests.upgrade import __main__ as command
from tests.upgrade.compare import Change, Fate, compare, explain
from tests.upgrade.inventory import FOLDER, Inventory

PASSWORD = "random:index/randomPassword:RandomPassword"


@pytest.mark.parametrize("stack", stack_names())
def test_the_committed_inventory_is_that_of_the_stack(stack: str):
    made = deployed(stack)
    now = Inventory.of(stack, made)
    changes = compare(Inventory.read(stack), now)
    assert not changes, explain(stack, changes)
    committed = (FOLDER / f"{stack}.json").read_text()
    assert committed == now.rendered(), "make inventory"
    secrets = {str(made.outputs[each.urn]["result"]) for each in made.all(PASSWORD)}
    assert secrets
    assert not [secret for secret in secrets if secret in committed]


def test_every_inventory_belongs_to_a_stack():
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(stack_names())


def test_every_aws_type_of_the_stacks_says_what_forces_a_replacement():
    entries = [entry for stack in stack_names() for entry in Inventory.read(stack).entries.values()]
    types = {entry.type for entry in entries if entry.type.startswith("aws:")}
    assert any(type_ in GUARDED for type_ in types)
    # An internet gateway is moved from network to network; it has nothing else.
    silent = {type_ for type_ in types if not model_of(type_).replaces}
    assert silent == {"aws:ec2/internetGateway:InternetGateway"}


class Shop(pulumi.ComponentResource):
    def __init__(
        self,
        name: str,
        table: str = "",
        *,
        hash_key: str = "id",
        opts: pulumi.ResourceOptions | None = None,
        aliases: tuple[str, ...] = (),
    ) -> None:
        super().__init__("test:index:Shop", name, {}, opts)
        orders = aws.dynamodb.Table(
            table or f"{name}-orders",
            billing_mode="PAY_PER_REQUEST",
            hash_key=hash_key,
            attributes=[{"name": hash_key, "type": "S"}],
            opts=pulumi.ResourceOptions(
                parent=self, aliases=[pulumi.Alias(name=old) for old in aliases]
            ),
        )
        aws.dynamodb.ContributorInsights(
            f"{name}-insights",
            table_name=orders.name,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


def taken(program: Callable[[], object]) -> Inventory:
    def run() -> None:
        program()

    return Inventory.of("test", build(run))


def difference(before: Callable[[], object], now: Callable[[], object]) -> list[Change]:
    return compare(taken(before), taken(now))


def fates(changes: list[Change]) -> dict[str, Fate]:
    return {change.entry.name: change.fate for change in changes}


def test_a_table_of_another_name_is_a_danger_and_an_alias_ends_it():
    changes = difference(lambda: Shop("shop"), lambda: Shop("shop", "shop-order-table"))
    assert fates(changes) == {
        "shop-insights": Fate.REPLACED,
        "shop-order-table": Fate.CREATED,
        "shop-orders": Fate.DELETED,
    }
    told = explain("test", changes)
    assert told.startswith("DANGER: an up of stack 'test' would lose")
    hint = "would be deleted: the table 'shop-orders', unless 'shop-order-table' is its new name"
    assert hint in told
    assert "pulumi.Alias(name=" in told
    assert "docs/upgrades.md, Stateful resources." in told
    assert "\n## Stateful resources\n" in (ROOT / "docs" / "upgrades.md").read_text()
    assert "make inventory" not in told

    changes = difference(
        lambda: Shop("shop"), lambda: Shop("shop", "shop-order-table", aliases=("shop-orders",))
    )
    assert fates(changes) == {"shop-order-table": Fate.RENAMED}
    told = explain("test", changes)
    assert "DANGER" not in told
    assert "it was 'shop-orders' of 'shop'" in told
    assert "make inventory" in told


def test_what_is_in_a_component_is_known_by_the_component_s_alias():
    alias = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="shop")])
    changes = difference(lambda: Shop("shop"), lambda: Shop("store", opts=alias))
    assert set(fates(changes).values()) == {Fate.RENAMED}
    assert {"store", "store-orders", "store-insights"} == fates(changes).keys()
    changes = difference(lambda: Shop("shop"), lambda: Shop("store"))
    assert any(change.loses for change in changes)


def test_a_key_that_cannot_change_in_place_is_named_with_both_values():
    changes = difference(lambda: Shop("shop"), lambda: Shop("shop", hash_key="customer"))
    assert [str(change) for change in changes] == [
        'would be replaced: the table \'shop-orders\', because of hashKey ("id" → "customer")'
    ]


def subnets(*blocks: str) -> Callable[[], object]:
    def program() -> None:
        network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", tags={"a": "b"})
        for index, block in enumerate(blocks):
            aws.ec2.Subnet(f"subnet-{index}", vpc_id=network.id, cidr_block=block)

    return program


def test_what_is_new_only_asks_for_a_new_inventory():
    changes = difference(subnets("10.0.0.0/24"), subnets("10.0.0.0/24", "10.0.1.0/24"))
    assert explain("test", changes).splitlines() == [
        "test: 1 resource is new:",
        "  aws:ec2/subnet:Subnet 'subnet-1'",
        "If all of it is meant, regenerate test's inventory: make inventory",
    ]


def test_what_holds_no_data_may_be_replaced_and_users_are_told():
    changes = difference(subnets("10.0.0.0/24", "10.0.1.0/24"), subnets("10.0.2.0/24"))
    moved = '"10.0.0.0/24" → "10.0.2.0/24"'
    assert explain("test", changes).splitlines() == [
        "test: 1 resource is deleted by an up:",
        "  aws:ec2/subnet:Subnet 'subnet-1'",
        "test: 1 resource is replaced by an up:",
        f"  aws:ec2/subnet:Subnet 'subnet-0', because of cidrBlock ({moved})",
        "What users notice of that goes into CHANGELOG.md.",
        "If all of it is meant, regenerate test's inventory: make inventory",
    ]


def test_a_program_may_say_itself_what_forces_and_what_does_not():
    def program() -> None:
        options = pulumi.ResourceOptions(
            ignore_changes=["cidrBlock"], replace_on_changes=["enableDnsSupport"]
        )
        aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", enable_dns_support=True, opts=options)

    (entry,) = taken(program).entries.values()
    assert entry.forcing == {"enableDnsSupport": True}


def test_ids_are_told_by_the_name_of_the_resource_and_long_values_by_a_digest():
    def program() -> None:
        suffix = random.RandomString(
            "suffix", length=6, upper=False, special=False, keepers={"why": "x" * 200}
        )
        key = aws.kms.Key("key")
        aws.ecr.Repository(
            "images",
            name=suffix.result.apply(lambda text: f"images-{text}"),
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
        )

    found = {entry.name: entry.forcing for entry in taken(program).entries.values()}
    assert found["images"] == {
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "${key}"}],
        "name": "images-${suffix}",
    }
    assert str(found["suffix"]["keepers"]).startswith("211 characters, sha256 ")


def test_the_command_refuses_to_write_off_data_unless_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def deploy(program: Callable[[], object]) -> None:
        def deployed(_stack: str) -> Recorder[object]:
            return build(program)

        monkeypatch.setattr(command, "deployed", deployed)

    monkeypatch.setattr(command, "FOLDER", tmp_path)
    deploy(lambda: Shop("shop"))
    assert command.main(["inventory", "test"]) == 0
    assert command.main(["inventory", "test"]) == 0
    assert "test: nothing is different" in capsys.readouterr().out
    written = Inventory.read("test", tmp_path)
    deploy(lambda: Shop("shop", "shop-order-table"))
    assert command.main(["inventory", "test"]) == 1
    assert "DANGER" in capsys.readouterr().out
    assert Inventory.read("test", tmp_path) == written
    assert command.main(["inventory", "test", "--accept-loss"]) == 0
    assert Inventory.read("test", tmp_path) != written
