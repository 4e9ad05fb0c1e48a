"""What every resource of one component has in common."""

from dataclasses import dataclass

import pulumi

from components._base.tags import Tags, named


@dataclass(frozen=True)
class Scope:
    """The component on whose behalf resources are created."""

    name: str
    """Logical name of the component: every child's name starts with it."""
    parent: pulumi.Resource
    tags: Tags
    protect: bool
    """Refuse to delete what can't be had again."""

    @property
    def own(self) -> pulumi.ResourceOptions:
        """The options of a child that needs no others."""
        return pulumi.ResourceOptions(parent=self.parent)

    def tagged(self, child: str, more: Tags | None = None) -> dict[str, pulumi.Input[str]]:
        """Return the tags of `child`."""
        return named({**self.tags, **(more or {})}, child)
