"""Order that no property expresses."""

from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

import pulumi
from pulumi.resource import DependencyResource

T = TypeVar("T")


def after(value: pulumi.Output[T], resources: Iterable[pulumi.Resource]) -> pulumi.Output[T]:
    """Return `value` as an output of `resources` too, so whatever uses it waits for them.

    The edges are in the graph, so a destroy takes the opposite order. URNs are known in a
    preview, so `value` is as known as it was.
    """
    urns = [resource.urn for resource in resources]
    return pulumi.Output.all(value, *urns).apply(lambda values: cast("T", values[0]))


def registered(value: pulumi.Output[T]) -> pulumi.Output[T]:
    """Return `value` as an output of the same resources, which are known by their URNs alone.

    For what hundreds of objects use. The edges in the graph are the same, but at each of them the
    SDK looks through all that the other end depends on, in search of a cycle: most of a large
    stack's time. There is none to be found: what has a URN is registered, so it waits for nothing.
    """

    async def resources() -> set[pulumi.Resource]:
        return {await _by_urn(resource) for resource in await value.resources()}

    async def known_value() -> T:
        return cast("T", await value.future(with_unknowns=True))

    return pulumi.Output(resources(), known_value(), value.is_known(), value.is_secret())


async def _by_urn(resource: pulumi.Resource) -> pulumi.Resource:
    # A dependency on a component is one on all of its children, of which its URN tells nothing.
    if not isinstance(resource, pulumi.CustomResource):
        return resource
    urn = await resource.urn.future()
    return DependencyResource(urn) if urn else resource


def all_registered(values: Mapping[str, object]) -> dict[str, object]:
    """Return the same with each output in it, at any depth, as `registered` returns it."""
    return {key: _registered(value) for key, value in values.items()}


def _registered(value: object) -> object:
    if isinstance(value, pulumi.Output):
        return registered(cast("pulumi.Output[object]", value))
    if isinstance(value, dict):
        return all_registered(cast("Mapping[str, object]", value))
    if isinstance(value, list):
        return [_registered(item) for item in cast("list[object]", value)]
    return value
