"""What can be set in a stack file: one tree of checked settings under `platform:`.

A section is the input spec of the component that it configures, so a stack file is checked by the
component's own rules before anything runs. A new component adds one line to `Settings`.
"""

import re
from typing import Annotated

from pydantic import Field, field_validator

from components._base.spec import Spec
from components.cluster import ClusterSpec
from components.network import NetworkSpec

TAG = r"^[A-Za-z0-9 _.:/=+@-]{1,256}$"
"""Characters that every AWS service takes in a tag's value.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html (2026-11)
"""

GUARD_ENTRY = re.compile(r"(urn:pulumi:.+|[\w-]+:[\w./-]+:\w+)::.+")

TagValue = Annotated[str, Field(pattern=TAG)]


class TagsSpec(Spec):
    """Tags of every resource: who owns it and what it belongs to."""

    owner: TagValue
    """Team that is called when something is wrong, e.g. `platform-team`."""
    environment: TagValue
    """What the stack is for, e.g. `prod`."""
    project: TagValue = "fastapi-platform"
    """What the cost is booked on."""
    extra: dict[str, TagValue] = Field(default_factory=dict[str, str])
    """Any further tags, by key."""

    @field_validator("extra")
    @classmethod
    def _not_reserved(cls, extra: dict[str, str]) -> dict[str, str]:
        for key in extra:
            if key.lower().startswith("aws:") or len(key) > 128:
                raise ValueError(
                    f"{key!r} is no tag key: at most 128 characters, not starting with 'aws:'"
                )
            if key in ("Name", "owner", "environment", "project", "managed-by"):
                raise ValueError(f"{key!r} is set by the platform itself")
        return extra

    def as_tags(self) -> dict[str, str]:
        """Return the tags for components."""
        return {
            **self.extra,
            "environment": self.environment,
            "managed-by": "pulumi",
            "owner": self.owner,
            "project": self.project,
        }


class Settings(Spec):
    """The `platform:` configuration of a stack."""

    region: str
    """AWS region, from the provider's own key `aws:region`."""
    tags: TagsSpec
    """Tags of every resource."""
    protect: bool = False
    """Refuse to delete or replace what holds data or carries everything else. On in production."""
    allow_replacement: tuple[str, ...] = ()
    """Stateful resources that may be replaced or deleted, as `type::name` or URN.

    Empty but for the one deployment that needs it."""
    network: NetworkSpec
    """The VPC and its subnets."""
    cluster: ClusterSpec = ClusterSpec()
    """The Kubernetes cluster."""

    @field_validator("allow_replacement")
    @classmethod
    def _names_resources(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        for entry in entries:
            if not GUARD_ENTRY.fullmatch(entry):
                raise ValueError(
                    f"{entry!r} names no resource; write TYPE::NAME, "
                    "e.g. aws:eks/cluster:Cluster::cluster-eks"
                )
        return entries
