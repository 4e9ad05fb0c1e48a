"""Pulumi mocks for unit tests, on the same core as the embedded engine's providers."""

from collections.abc import Mapping
from typing import cast

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc

from components._base.errors import Problem
from simulator.cloud.core import Cloud


class RefusedError(AssertionError):
    """A component asked for something that the cloud would refuse."""

    def __init__(self, type_: str, name: str, problems: list[Problem]) -> None:
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{type_} {name!r} would be refused:\n{lines}")


def revealed(value: object) -> object:
    """Return a value without the wrappings of secrets, as a provider gets it."""
    if rpc.is_rpc_secret(value):
        return revealed(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Mapping):
        return {key: revealed(item) for key, item in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list):
        return [revealed(item) for item in cast("list[object]", value)]
    return value


class CloudMocks(Mocks):
    """Answer every registration and invoke from the simulated cloud, or refuse as it would."""

    def __init__(self, cloud: Cloud | None = None) -> None:
        self.cloud = cloud or Cloud()
        self.failures: list[AssertionError] = []
        """Refusals: the SDK may lose an exception of a registration, so they are kept here too."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        """Create a resource; components and providers echo their inputs."""
        inputs = cast("Mapping[str, object]", revealed(cast("object", args.inputs)))
        if not args.custom or args.typ.startswith("pulumi:"):
            return f"{args.name}-id", dict(inputs)
        checked, problems = self.cloud.check(args.typ, args.name, inputs)
        if problems:
            refused = RefusedError(args.typ, args.name, problems)
            self.failures.append(refused)
            raise refused
        return self.cloud.create(args.typ, f"{args.typ}::{args.name}", args.name, checked)

    def call(self, args: MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        """Answer a provider function."""
        return self.cloud.invoke(args.token, cast("Mapping[str, object]", args.args)), []
