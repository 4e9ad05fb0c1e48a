"""What a report is made from: one stack, as it would be after an `up`."""

from dataclasses import dataclass, field

from simulator.cloud.model import Json
from simulator.timeline import Timeline

COMPONENT = "fastapi-platform:"
"""How the types of our components begin."""

STACK = "pulumi:pulumi:Stack"
PROVIDER = "pulumi:providers:"


@dataclass(frozen=True)
class Resource:
    """One resource of the stack; secrets are masked."""

    urn: str
    type: str
    """E.g. `aws:ec2/subnet:Subnet`."""
    parent: str = ""
    """The parent's URN, or empty."""
    inputs: Json = field(default_factory=dict[str, object])
    dependencies: tuple[str, ...] = ()
    """URNs, its provider's included."""
    handles: tuple[str, ...] = ()
    """By what others refer to it: its id, ARN and physical name, ids that came along with it."""

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]

    @property
    def kind(self) -> str:
        """The last part of the type: `Subnet`."""
        return self.type.rsplit(":", 1)[-1]

    @property
    def short_type(self) -> str:
        """The type as people say it: `ec2 Subnet`."""
        package, _, rest = self.type.partition(":")
        service = rest.partition("/")[0] if "/" in rest else package
        service = package if service == "index" else service
        return f"{service} {self.kind}"

    @property
    def key(self) -> str:
        """What is the same in every stack: type and name."""
        return f"{self.type}::{self.name}"

    @property
    def counts(self) -> bool:
        """Tell whether it is a resource of a cloud: no component, provider or stack."""
        return not self.type.startswith((COMPONENT, "pulumi:"))


@dataclass(frozen=True)
class Finding:
    """What one policy says of one resource."""

    policy: str
    level: str
    """`mandatory` or `advisory`."""
    urn: str
    """Empty when it is about the whole stack."""
    message: str


@dataclass(frozen=True)
class Report:
    """Everything that the views are computed from."""

    stack: str
    region: str
    made: str
    """The day, e.g. `2026-11-25`."""
    resources: tuple[Resource, ...]
    """In the order of their creation."""
    findings: tuple[Finding, ...]
    timeline: Timeline

    @property
    def cloud_resources(self) -> tuple[Resource, ...]:
        """Without components, providers and the stack itself."""
        return tuple(resource for resource in self.resources if resource.counts)
