"""The structural inputs of `Addons`, checked."""

import re

from pydantic import Field, field_validator, model_validator

from components._base.names import checked_namespaces
from components._base.spec import Spec
from components.addons.args import CapacityType, Consolidation, DnsPolicy, DnsSource
from components.cluster.args import NodeOs

POOL_NAME = re.compile(r"[a-z]([a-z0-9-]{0,28}[a-z0-9])?")
"""A DNS label, with room for what Karpenter adds to it in the names of nodes."""

CATEGORY = re.compile(r"[a-z]{1,3}")
"""Letters of an instance family, such as `m` of m7g or `im` of im4gn."""

CRON = re.compile(r"[\d*,/-]+ [\d*,/-]+ [\d*,/-]+ [\w*,/-]+ [\w*,/-]+", re.ASCII)

IMAGE_VERSIONS = {
    NodeOs.BOTTLEROCKET: re.compile(r"v\d+\.\d+\.\d+", re.ASCII),
    NodeOs.AL2023: re.compile(r"v20\d{6}", re.ASCII),
}

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SECRET_PREFIX = re.compile(r"[A-Za-z0-9/_+=.@-]{1,200}")
"""https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html (2026-11)"""

NAMESPACE = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class ExternalDnsSpec(Spec):
    """Records in Route 53 for what runs in the cluster."""

    policy: DnsPolicy = DnsPolicy.SYNC
    """What may be done to its own records."""
    sources: tuple[DnsSource, ...] = Field(
        (DnsSource.SERVICE, DnsSource.INGRESS), min_length=1, max_length=4
    )
    """Where names come from."""


class KarpenterNodesSpec(Spec):
    """What all nodes have in common that Karpenter starts."""

    os: NodeOs = NodeOs.BOTTLEROCKET
    """Operating system."""
    image_version: str | None = None
    """Release of its image; default: the pinned one."""
    disk_gib: int = Field(50, ge=20, le=1000)
    """GiB of encrypted gp3 for images, logs and scratch space."""

    @model_validator(mode="after")
    def _pinned(self) -> "KarpenterNodesSpec":
        shape = IMAGE_VERSIONS[self.os]
        if self.image_version and not shape.fullmatch(self.image_version):
            raise ValueError(
                f"image_version {self.image_version!r} is no release of {self.os.value}; "
                "v1.67.0 is one of bottlerocket, v20260903 one of al2023, and latest is none: it "
                "would replace all nodes on a day of its own choosing"
            )
        return self


class QuietHoursSpec(Spec):
    """Hours in which Karpenter disrupts no node of its own accord."""

    schedule: str
    """When they begin, as cron with five fields, UTC."""
    hours: int = Field(ge=1, le=167)
    """How long they last."""

    @field_validator("schedule")
    @classmethod
    def _five_fields(cls, schedule: str) -> str:
        if not CRON.fullmatch(schedule):
            raise ValueError("five fields of cron are needed, e.g. '0 7 * * mon-fri'")
        return schedule


class NodePoolSpec(Spec):
    """A kind of nodes: what Karpenter may start, how much of it, and when it replaces them."""

    capacity: CapacityType = CapacityType.ON_DEMAND
    """How instances are bought."""
    categories: tuple[str, ...] = ("c", "m", "r")
    """Families of Graviton instances by letter."""
    min_generation: int = Field(6, ge=6, le=20)
    """Oldest generation; 6 is Graviton2."""
    min_cpus: int = Field(2, ge=2, le=192)
    """Least vCPUs of a node."""
    max_cpus: int = Field(16, ge=2, le=192)
    """Most vCPUs of a node: what is lost when one is."""
    cpu_limit: int = Field(100, ge=2, le=10_000)
    """vCPUs of all its nodes together: a bound on the bill."""
    dedicated: bool = False
    """Only pods that tolerate `fastapi-platform/pool=NAME` run here."""
    weight: int = Field(10, ge=1, le=100)
    """The pool with the highest is asked first."""
    consolidation: Consolidation = Consolidation.UNDERUTILIZED
    """When nodes are replaced by fewer or cheaper ones."""
    consolidate_after_minutes: int = Field(5, ge=0, le=1440)
    """Minutes without a pod coming or going until then."""
    expire_days: int = Field(30, ge=1, le=90)
    """Days after which a node is replaced."""
    drain_minutes: int = Field(30, ge=2, le=1440)
    """Minutes that a node's pods get to leave it."""
    max_disrupted_percent: int = Field(10, ge=1, le=100)
    """Percent of the nodes that may be replaced at once, but always one."""
    quiet_hours: QuietHoursSpec | None = None
    """When none is replaced but for expiry and interruption; default: never."""

    @field_validator("categories")
    @classmethod
    def _letters(cls, categories: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [letters for letters in categories if not CATEGORY.fullmatch(letters)]
        if wrong or not categories or len(set(categories)) < len(categories):
            raise ValueError(
                "one or more different letters of instance families are needed, such as c, m, r: "
                f"{', '.join(categories) or 'none given'}"
            )
        return categories

    @model_validator(mode="after")
    def _in_order(self) -> "NodePoolSpec":
        if self.max_cpus < self.min_cpus:
            raise ValueError(f"max_cpus {self.max_cpus} is less than min_cpus {self.min_cpus}")
        if self.cpu_limit < self.min_cpus:
            raise ValueError(f"cpu_limit {self.cpu_limit} leaves no node of {self.min_cpus} vCPUs")
        return self


class SecretStoreSpec(Spec):
    """What services may be given of Secrets Manager."""

    name_prefixes: tuple[str, ...] = ()
    """Names of secrets begin with one of these; default: secrets with the platform's own tags."""

    @field_validator("name_prefixes")
    @classmethod
    def _never_all(cls, prefixes: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [repr(prefix) for prefix in prefixes if not SECRET_PREFIX.fullmatch(prefix)]
        if wrong:
            raise ValueError(f"no beginnings of secrets' names: {', '.join(wrong)}")
        return prefixes


def _default_pools() -> dict[str, NodePoolSpec]:
    spot = NodePoolSpec(capacity=CapacityType.SPOT, dedicated=True)  # pyright: ignore[reportCallIssue]
    return {"on-demand": NodePoolSpec(), "spot": spot}  # pyright: ignore[reportCallIssue]


class AddonsSpec(Spec):
    """The add-ons in the cluster, and the nodes that Karpenter starts."""

    replicas: int = Field(2, ge=1, le=2)
    """Pods of each controller: 1, or 2 with a disruption budget."""
    acme_email: str | None = None
    """Address that Let's Encrypt may write to; default: none."""
    external_dns: ExternalDnsSpec = ExternalDnsSpec()  # pyright: ignore[reportCallIssue]
    """Records in Route 53; only with a zone."""
    secret_store: SecretStoreSpec = SecretStoreSpec()
    """What services may be given of Secrets Manager."""
    keda: bool = True
    """Whether KEDA is there, which scales workers by their queues."""
    nodes: KarpenterNodesSpec = KarpenterNodesSpec()  # pyright: ignore[reportCallIssue]
    """What all nodes have in common that Karpenter starts."""
    node_pools: dict[str, NodePoolSpec] = Field(default_factory=_default_pools)
    """Kinds of nodes by name; default: `on-demand`, and `spot` for pods that tolerate it."""
    metrics_namespaces: tuple[str, ...] = ("observability",)
    """Namespaces whose pods may read the metrics of the add-ons."""
    protect: bool = False
    """Refuse to delete what all else in the cluster depends on."""

    @field_validator("acme_email")
    @classmethod
    def _an_address(cls, email: str | None) -> str | None:
        if email is not None and not EMAIL.fullmatch(email):
            raise ValueError("an e-mail address is needed")
        return email

    @field_validator("metrics_namespaces")
    @classmethod
    def _namespaces(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return checked_namespaces(names, NAMESPACE)

    @field_validator("node_pools")
    @classmethod
    def _somewhere_to_run(cls, pools: dict[str, NodePoolSpec]) -> dict[str, NodePoolSpec]:
        wrong = [name for name in pools if not POOL_NAME.fullmatch(name)]
        if wrong:
            raise ValueError(
                "no short names of small letters, digits and hyphens: " + ", ".join(wrong)
            )
        if all(pool.dedicated for pool in pools.values()):
            raise ValueError("one pool that is not dedicated is needed, for pods that name none")
        return pools
