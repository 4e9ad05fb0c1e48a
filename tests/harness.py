"""A recording mock engine that can't lie.

`build(program)` runs a program under Pulumi mocks, on the simulated cloud's own core, waits for
every registration and output, and returns what was registered. It fails on what the mocks of the
SDK let pass: two resources of one URN, an input that the cloud would refuse, an invoke that nothing
answers, a component that registers no outputs.
"""

# The SDK's mock monitor has no signatures.
# pyright: reportIncompatibleMethodOverride=false

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar, cast

import pulumi
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime import mocks as sdk_mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.rpc import deserialize_properties

from simulator.cloud.core import Cloud
from simulator.mocks import CloudMocks
from tests.recorder import Invocation, Recorder, Registration

T = TypeVar("T")

STACK_TYPE = "pulumi:pulumi:Stack"


class _Spec(Protocol):
    name: str
    type: str
    parentUrn: str  # noqa: N815 - the protocol's name
    noParent: bool  # noqa: N815


class _Alias(Protocol):
    """What the protocol says of an alias; its generated type is not exported."""

    urn: str
    spec: _Spec


class _Answer(Protocol):
    """What the SDK's mock monitor answers to a registration."""

    id: str
    object: struct_pb2.Struct


class _Monitor(sdk_mocks.MockMonitor):
    """The SDK's mock monitor, with whole URNs, a memory, and refusals."""

    def __init__(self, mocks: CloudMocks, recorder: Recorder[object]) -> None:
        super().__init__(mocks)
        self.recorder = recorder
        self.failures: list[AssertionError] = []
        self.finished: set[str] = set()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN with all parent types, as the engine does."""
        qualified = type_
        if parent and not parent.split("::")[2].endswith(STACK_TYPE):
            qualified = f"{parent.split('::')[2]}${type_}"
        stack, project = pulumi.get_stack(), pulumi.get_project()
        return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> object:
        if request.type == STACK_TYPE:
            return super().RegisterResource(request)
        urn = self._record(request)
        answer = cast("_Answer", cast("object", super().RegisterResource(request)))
        outputs = cast("dict[str, object]", deserialize_properties(answer.object))
        self.recorder.outputs[urn] = {**_plain(outputs), "id": answer.id}
        return answer

    def RegisterResourceOutputs(
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> object:
        self.finished.add(request.urn)
        if request.urn.split("::")[2].endswith(STACK_TYPE):
            self.recorder.exports.update(deserialize_properties(request.outputs))
        return empty_pb2.Empty()

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> object:
        args = cast("dict[str, object]", deserialize_properties(request.args))
        self.recorder.invokes.append(Invocation(request.tok, args, request.provider))
        return super().Invoke(request)

    def _record(self, request: resource_pb2.RegisterResourceRequest) -> str:
        urn = self.make_urn(request.parent, request.type, request.name)
        known = {r.urn: r for r in self.recorder.resources}
        if urn in known:
            duplicate = AssertionError(
                f"Duplicate resource URN {urn!r}; try giving it a unique name"
            )
            self.failures.append(duplicate)
            raise duplicate
        dependencies = {k: frozenset(v.urns) for k, v in request.propertyDependencies.items()}
        own = Registration(
            type=request.type,
            name=request.name,
            urn=urn,
            inputs=_plain(cast("dict[str, object]", deserialize_properties(request.object))),
            parent=known.get(request.parent),
            custom=request.custom,
            protect=request.protect,
            provider=request.provider,
            providers=dict(request.providers),
            aliases=self._aliases(request),
            ignore_changes=tuple(request.ignoreChanges),
            replace_on_changes=tuple(request.replaceOnChanges),
            delete_before_replace=request.deleteBeforeReplace,
            deleted_with=request.deletedWith,
            depends_on=frozenset(request.dependencies),
            property_dependencies=dependencies,
            additional_secret_outputs=tuple(request.additionalSecretOutputs),
            retain_on_delete=request.retainOnDelete,
        )
        self.recorder.resources.append(own)
        return urn

    def _aliases(self, request: resource_pb2.RegisterResourceRequest) -> tuple[str, ...]:
        """Return the aliases as URNs; what one leaves out is as it is."""
        found: list[str] = []
        for alias in cast("list[_Alias]", list(cast("list[object]", request.aliases))):
            spec = alias.spec
            parent = "" if spec.noParent else spec.parentUrn or request.parent
            urn = self.make_urn(parent, spec.type or request.type, spec.name or request.name)
            found.append(alias.urn or urn)
        return tuple(found)


def build(
    program: Callable[[], T],
    *,
    cloud: Cloud | None = None,
    config: Mapping[str, str] | None = None,
    secret_config: tuple[str, ...] = (),
    stack: str = "test",
    project: str = "fastapi-platform",
) -> Recorder[T]:
    """Run `program` under mocks and return what it registered.

    :param cloud: a simulated cloud to build in, e.g. of another region.
    :param config: stack configuration by full key, e.g. `platform:network`.
    """
    recorder: Recorder[T] = Recorder()
    mocks = CloudMocks(cloud)
    monitor = _Monitor(mocks, cast("Recorder[object]", recorder))
    asyncio.set_event_loop(asyncio.new_event_loop())
    pulumi.runtime.set_mocks(mocks, project=project, stack=stack, preview=False, monitor=monitor)
    pulumi.runtime.set_all_config(dict(config or {}), list(secret_config))
    kept: list[pulumi.Output[object]] = []

    def run() -> pulumi.Output[list[object]]:
        recorder.returned = program()
        kept.extend(_outputs_of(recorder.returned))
        return pulumi.Output.all(*kept)

    def remember(values: list[object]) -> None:
        for output, value in zip(kept, values, strict=True):
            recorder.resolved[id(output)] = value

    try:
        pulumi.runtime.test(lambda: run().apply(remember))()
    finally:
        for failure in [*monitor.failures, *mocks.failures]:
            raise failure
    unfinished = [
        r.name for r in recorder.resources if not r.custom and r.urn not in monitor.finished
    ]
    assert not unfinished, f"components without register_outputs: {unfinished}"
    return recorder


def _outputs_of(value: object, depth: int = 0) -> list[pulumi.Output[object]]:
    """Find the outputs that a test may ask for: public attributes, members of dicts and lists."""
    if isinstance(value, pulumi.Output):
        return [cast("pulumi.Output[object]", value)]
    if isinstance(value, Mapping):
        items = list(cast("Mapping[str, object]", value).values())
    elif isinstance(value, list | tuple):
        items = list(cast("list[object]", value))
    elif isinstance(value, pulumi.ComponentResource) and depth < 3:
        items = [v for k, v in vars(value).items() if not k.startswith("_")]
    else:
        return []
    return [output for item in items for output in _outputs_of(item, depth + 1)]


def _plain(value: dict[str, object]) -> dict[str, object]:
    """Return inputs as plain values, with secrets unwrapped (whether one is secret: see below)."""
    return {key: _unwrapped(item) for key, item in value.items()}


def _unwrapped(value: object) -> object:
    if pulumi.runtime.rpc.is_rpc_secret(value):
        return _unwrapped(pulumi.runtime.rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {k: _unwrapped(v) for k, v in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_unwrapped(item) for item in cast("list[object]", value)]
    return value
