"""What every resource of one network has in common."""

from dataclasses import dataclass

import pulumi

from components._base import scope


@dataclass(frozen=True)
class Scope(scope.Scope):
    """The network on whose behalf resources are created."""

    discovery: pulumi.Input[str] | None
    """Value of the tag by which Karpenter finds subnets."""
