"""Outputs of several resources as one."""

from collections.abc import Mapping

import pulumi


def by_name(values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[Mapping[str, str]]:
    """Return a mapping of outputs as an output of a mapping."""
    if not values:  # `Output.all()` of nothing is a list
        return pulumi.Output.from_input({})
    return pulumi.Output.all(**values).apply(dict)
