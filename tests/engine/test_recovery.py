"""What goes wrong in an embedded run, and that the next command works. Small programs."""

import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from simulator.cloud.core import Cloud
from simulator.cloud.faults import Fault
from simulator.cloud.inventory import Record
from simulator.errors import Exit, SimulatorError
from tests.engine.conftest import Bench

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
TABLE = "aws:dynamodb/table:Table"


def network(subnets: int = 4) -> Callable[[], None]:
    def program() -> None:
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        for index in range(subnets):
            aws.ec2.Subnet(f"subnet-{index}", vpc_id=vpc.id, cidr_block=f"10.0.{index}.0/24")
        pulumi.export("vpc", vpc.id)

    return program


def after_create(cloud: Cloud, do: Callable[[str], None]) -> None:
    """Do something each time after the cloud has created a resource."""

    add = cloud.inventory.add

    def add_and_do(record: Record) -> None:
        add(record)
        do(record.type)

    mock.patch.object(cloud.inventory, "add", add_and_do).start()


def ids_of(bench: Bench, program: Callable[[], None]) -> dict[str, str]:
    with bench.open(program, policies=()) as session:
        return {r.urn: r.id for r in session.cloud.inventory.alive()}


def test_a_failed_up_is_resumed_without_making_anything_twice(local: Bench):
    with (
        local.open(network(), policies=(), faults=(Fault(SUBNET, 3),)) as session,
        pytest.raises(SimulatorError, match=r"InternalFailure: .*as --fault asked") as caught,
    ):
        session.up()
    assert caught.value.code == Exit.FAILED
    before = ids_of(local, network())
    assert 1 <= len(before) < 5
    with local.open(network(), policies=()) as session:
        record = session.up()
        assert session.outputs()["vpc"] in before.values()
    after = ids_of(local, network())
    assert before.items() <= after.items()
    assert len(after) == 5
    assert record.changes()["create"] == 5 - len(before)


def test_a_lost_resource_is_found_by_refresh_and_made_again(local: Bench):
    with local.open(network(), policies=()) as session:
        session.up()
        lost = next(r for r in session.cloud.inventory.alive() if r.urn.endswith("subnet-1"))
        session.cloud.inventory.remove(lost.type, lost.id)
        refreshed = session.refresh()
        assert refreshed.changes()["delete"] == 1
        assert session.up().changes() == {"create": 1, "same": 5}
        assert session.destroy().changes()["delete"] == 6
        assert session.cloud.inventory.alive() == []


def test_ctrl_c_in_the_middle_leaves_a_state_that_the_next_up_completes(local: Bench):
    with local.open(network(12), policies=()) as session:
        after_create(
            session.cloud,
            lambda type_: os.kill(os.getpid(), signal.SIGINT) if type_ == VPC else time.sleep(0.3),
        )
        with pytest.raises(SimulatorError, match="interrupted; what was done is in the state") as e:
            session.up()
    assert e.value.code == Exit.INTERRUPTED
    before = ids_of(local, network(12))
    assert 1 <= len(before) < 13
    with local.open(network(12), policies=()) as session:
        session.up()
        alive = {r.urn: r.id for r in session.cloud.inventory.alive()}
    assert before.items() <= alive.items()
    assert len(alive) == 13


def test_a_killed_up_frees_its_lock_and_what_the_state_does_not_know(local: Bench):
    def die() -> None:
        with local.open(network(), policies=()) as session:
            after_create(
                session.cloud,
                lambda type_: os.kill(os.getpid(), signal.SIGKILL) if type_ == SUBNET else None,
            )
            session.up()

    victim = multiprocessing.get_context("fork").Process(target=die)
    victim.start()
    victim.join(60)
    assert victim.exitcode == -signal.SIGKILL
    with local.open(network(), policies=()) as session:
        assert any("killed" in notice for notice in session.notices)
        assert session.up().changes() == {"create": 6}
        assert len(session.cloud.inventory.alive()) == 5


def test_a_stack_in_use_is_refused_and_left_alone(local: Bench):
    entered, release = threading.Event(), threading.Event()

    def hold() -> None:
        with local_workspace.locked():
            entered.set()
            release.wait(30)

    with local.open(network(), policies=()) as session:
        local_workspace = session.workspace
    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(10)
    try:
        with (
            pytest.raises(SimulatorError, match="stack 'local' is in use by another command"),
            local.open(network(), policies=()),
        ):
            pass
    finally:
        release.set()
        holder.join()
    with local.open(network(), policies=()) as session:
        assert session.notices == []


def test_a_damaged_state_is_set_aside_and_the_last_good_one_restored(local: Bench):
    with local.open(network(1), policies=()) as session:
        session.up()
    with local.open(network(2), policies=()) as session:
        session.up()
        state = session.workspace.state
    state.write_text(state.read_text()[:100])
    with pytest.raises(SimulatorError, match=r"is damaged .* set aside"), local.open(policies=()):
        pass
    with local.open(network(2), policies=()) as session:
        session.up()
        assert len(session.cloud.inventory.alive()) == 3
        assert state.with_suffix(".json.damaged").exists()


def test_secrets_are_in_no_file_in_no_output_and_in_no_event(local: Bench):
    seen: list[str] = []

    def program() -> None:
        password = random.RandomPassword("password", length=24)
        aws.secretsmanager.SecretVersion("version", secret_id="x", secret_string=password.result)
        pulumi.export("password", password.result)
        password.result.apply(seen.append)

    with local.open(program, policies=()) as session:
        record = session.up()
        assert session.outputs() == {"password": "[secret]"}
        events = json.dumps([dict(r) for r in record.resources()])
        folder = session.workspace.folder
    assert len(seen[0]) == 24
    assert seen[0] not in events
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "cloud.jsonl":  # the cloud itself knows its secrets
            assert seen[0] not in path.read_text(errors="ignore"), path
    assert (folder / "cloud.jsonl").stat().st_mode & 0o077 == 0


def table(hash_key: str, *, exists: bool = True, kind: str = "S") -> Callable[[], None]:
    def program() -> None:
        if exists:
            aws.dynamodb.Table(
                "orders",
                billing_mode="PAY_PER_REQUEST",
                hash_key=hash_key,
                attributes=[{"name": hash_key, "type": kind}],
            )

    return program


@pytest.mark.parametrize(
    ("after", "message"),
    [
        (table("customer"), "would replace the table 'orders', because of .*hashKey"),
        (table("id", exists=False), "would delete the table 'orders'"),
    ],
)
def test_an_up_that_would_lose_a_table_is_refused(
    local: Bench, after: Callable[[], None], message: str
):
    with local.open(table("id"), policies=()) as session:
        session.up()
    with local.open(after, policies=()) as session:
        for command in (session.preview, session.up):
            with pytest.raises(SimulatorError, match=message) as caught:
                command()
            assert caught.value.code == Exit.REFUSED
    local.edit(allowReplacement=[f"{TABLE}::orders"])
    with local.open(after, policies=()) as session:
        assert session.up().changed()


def test_a_program_that_fails_says_so_in_one_line(local: Bench):
    def program() -> None:
        raise pulumi.RunError("the answer is 42")

    with local.open(program, policies=()) as session:
        with pytest.raises(SimulatorError) as caught:
            session.up()
        assert str(caught.value) == "the answer is 42"
        assert session.cloud.inventory.alive() == []


def test_what_the_cloud_refuses_is_named(local: Bench):
    def program() -> None:
        aws.ec2.Vpc("vpc", cidr_block=10)  # pyright: ignore[reportArgumentType] - the point

    with local.open(program, policies=()) as session, pytest.raises(SimulatorError) as caught:
        session.preview()
    assert "vpc" in str(caught.value)
    assert "cidrBlock" in str(caught.value)
    assert "must be a string" in str(caught.value)


def test_a_stack_lives_in_its_own_folder(local: Bench, tmp_path: Path):
    with local.open(network(1), policies=()) as session:
        session.up()
    assert (tmp_path / "simulator" / "local" / "state").is_dir()
