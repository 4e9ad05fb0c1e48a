"""An up with nothing to do ends with its preview, and only then."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest
from google.protobuf.message import Message
from pulumi.runtime.proto import resource_pb2

from simulator.session import Session
from simulator.settled import CALLS, Registrations, Settled
from tests.engine.conftest import Bench


def program(*, protect: bool = False, after: bool = False, output: str = "a") -> Callable[[], None]:
    def run() -> None:
        vpc = aws.ec2.Vpc(
            "vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(protect=protect)
        )
        secret = random.RandomPassword("password", length=20)
        depends_on = [secret] if after else []
        aws.ec2.Subnet(
            "subnet",
            vpc_id=vpc.id,
            cidr_block="10.0.0.0/24",
            opts=pulumi.ResourceOptions(depends_on=depends_on),
        )
        pulumi.export("id", vpc.id)
        pulumi.export("secret", secret.result)
        pulumi.export("output", output)

    return run


def ups(session: Session) -> tuple[list[str], dict[str, int]]:
    """Bring it up; return which of the engine's commands that took, and what changed."""
    took: list[str] = []
    run = session.command.run

    def noting(args: list[str], *rest: object, **options: object) -> object:
        took.append(args[0])
        return run(args, *rest, **options)  # pyright: ignore[reportArgumentType]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session.command, "run", noting)
        changes = session.up().changes()
    return [command for command in took if command in ("preview", "up")], changes


def test_an_up_with_nothing_to_do_is_a_preview_and_else_it_stores_what_has_no_step(local: Bench):
    with local.open(program(), policies=()) as session:
        assert ups(session)[0] == ["up"]
        outputs = session.outputs()
    for changed in (program(protect=True), program(after=True), program(output="b")):
        with local.open(changed, policies=()) as session:
            took, changes = ups(session)
            assert (took, set(changes)) == (["preview", "up"], {"same"})
    with local.open(program(output="b"), policies=()) as session:
        took, changes = ups(session)
        assert (took, set(changes)) == (["preview"], {"same"})
        assert session.outputs() == {**outputs, "output": "b"}
        assert outputs["secret"] == "[secret]"


def request(name: str, *dependencies: str) -> Message:
    return resource_pb2.RegisterResourceRequest(name=name, dependencies=dependencies)


def registered(*requests: Message) -> Registrations:
    def answer(_request: Message) -> None: ...

    monitor = SimpleNamespace(**dict.fromkeys(CALLS, answer))
    registrations = Registrations()
    registrations.watch(monitor)
    for found in requests:
        monitor.RegisterResource(found)
    return registrations


def test_the_order_of_registrations_does_not_matter():
    first = registered(request("a", "x", "y"), request("b"))
    assert first.digest() == registered(request("b"), request("a", "y", "x")).digest()
    assert first.digest() != registered(request("b"), request("a", "x")).digest()
    assert first.digest() != registered(request("a", "x", "y"), request("b"), request("b")).digest()


def test_a_state_that_something_else_wrote_is_not_trusted(tmp_path: Path):
    state = tmp_path / "state.json"
    settled, seen = Settled(tmp_path / "settled.json", state), registered(request("a"))
    assert not settled.holds(seen)
    state.write_text("{}")
    settled.keep(seen)
    assert settled.holds(registered(request("a")))
    assert not settled.holds(registered(request("b")))
    state.write_text('{"refreshed": true}')
    assert not settled.holds(seen)


def test_nobody_knows_after_an_up_that_failed(tmp_path: Path):
    state = tmp_path / "state.json"
    state.write_text("{}")
    settled, seen = Settled(tmp_path / "settled.json", state), registered(request("a"))
    settled.keep(seen)
    (tmp_path / "settled.json").write_text('{"registrations": ')
    assert not settled.holds(seen)
    settled.keep(seen)
    settled.forget()
    assert not settled.holds(seen)
