"""What `Observability` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class ObservabilityArgs(TypedDict):
    """Inputs of `Observability`."""

    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of whatever has to be there before pods start here, e.g. `Addons.storage_class`."""
    shown: NotRequired[bool]
    """The gateway shows something of it, such as Grafana. Default: false."""
    mirror: NotRequired[str]
    """A registry with all charts and images; see `docs/private-registry.md`. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete the namespace with the metrics' volumes, and the definitions with which
    every monitor and alert would go. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS, of which there is none: all is in the cluster."""
