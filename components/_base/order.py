"""Order that no property expresses."""

from collections.abc import Iterable
from typing import TypeVar, cast

import pulumi

T = TypeVar("T")


def after(value: pulumi.Output[T], resources: Iterable[pulumi.Resource]) -> pulumi.Output[T]:
    """Return `value` as an output of `resources` too, so whatever uses it waits for them.

    The edges are in the graph, so a destroy takes the opposite order. URNs are known in a
    preview, so `value` is as known as it was.
    """
    urns = [resource.urn for resource in resources]
    return pulumi.Output.all(value, *urns).apply(lambda values: cast("T", values[0]))
