"""Where a component's Kubernetes objects live: in a cluster that may be deleted before them."""

from dataclasses import dataclass

import pulumi

from components._base.scope import Scope


@dataclass(frozen=True)
class Inside:
    """The cluster, as seen by what is put into it."""

    scope: Scope
    control_plane: pulumi.Resource | None
    """What takes the objects with it when it is deleted."""

    @property
    def own(self) -> pulumi.ResourceOptions:
        """Return the options of an object that leaves nothing behind.

        When the cluster goes, it goes with it instead of holding up the destroy
        (pulumi-kubernetes#2675).
        """
        return pulumi.ResourceOptions(parent=self.scope.parent, deleted_with=self.control_plane)

    @property
    def stateful(self) -> pulumi.ResourceOptions:
        """Return the options of an object behind which there is something in AWS.

        It is deleted before the cluster is, or e.g. its volumes would stay and cost for ever.
        """
        return pulumi.ResourceOptions(parent=self.scope.parent, protect=self.scope.protect)


def split_options(
    opts: pulumi.ResourceOptions | None,
) -> tuple[pulumi.ResourceOptions, pulumi.Resource | None]:
    """Split a component's options: those to pass on, and the `deleted_with` for its objects.

    The engine would hand `deleted_with` down to all children, those in AWS among them, and leave
    these behind.
    """
    if opts is None:
        return pulumi.ResourceOptions(), None
    own = pulumi.ResourceOptions.merge(opts, None)
    control_plane, own.deleted_with = own.deleted_with, None
    return own, control_plane
