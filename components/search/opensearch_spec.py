"""The structural inputs of an `OpenSearchDomain`, checked."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from components._base.logs import RetentionDays
from components._base.spec import Spec
from components.search.opensearch_args import OpenSearchAuth
from components.search.versions import DEFAULT_OPENSEARCH, OPENSEARCH_VERSIONS

INSTANCE_TYPE = re.compile(
    r"[a-z]{1,2}\d[a-z]{0,2}\.(small|medium|large|\d*xlarge)\.search", re.ASCII
)
"""Such as `r7g.large.search`.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html
(2026-11)
"""

LOCAL_DISK = re.compile(r"(i|im|is)\d.*|r\dgd.*")
"""Families whose disks go with the instance and leave no room for gp3; likewise."""

BURSTABLE = "t3."
"""Without Auto-Tune and standby, and at most ten of them; likewise."""

MOST_BURSTABLE = 10
MOST_NODES = 80
"""Data nodes of a domain unless AWS raises the quota, and GiB of a gp3 volume on the smallest
instances: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html
(2026-11)"""

FREE_IOPS, FREE_IOPS_PER_GIB, MOST_IOPS = 3000, 3, 16000
FREE_THROUGHPUT, FREE_THROUGHPUT_LARGE, LARGE_GIB = 125, 250, 170
"""gp3 in OpenSearch Service: https://aws.amazon.com/opensearch-service/pricing (2026-11)."""


def quoted(value: object) -> object:
    """Refuse a version that YAML took for a number: 3.10 and 3.1 are not the same."""
    if isinstance(value, float):
        raise ValueError('a version is text: write it in quotes, "3.5"')  # noqa: TRY004 - pydantic's
    return value


def _known(version: str) -> str:
    if version not in OPENSEARCH_VERSIONS:
        raise ValueError(f"allowed: {', '.join(OPENSEARCH_VERSIONS)}")
    return version


def _instance_type(kind: str) -> str:
    if not INSTANCE_TYPE.fullmatch(kind):
        raise ValueError("an instance type of the service such as r7g.large.search is needed")
    if kind.startswith("t2."):
        raise ValueError("t2 nodes can't be encrypted; t3.small.search is the smallest")
    if LOCAL_DISK.fullmatch(kind):
        raise ValueError("its disks are not gp3; use r7g, m7g, c7g, or2 or om2")
    return kind


OpenSearchVersion = Annotated[str, BeforeValidator(quoted), AfterValidator(_known)]
InstanceType = Annotated[str, AfterValidator(_instance_type)]


class OpenSearchNodesSpec(Spec):
    """The data nodes."""

    instance_type: InstanceType = "r7g.large.search"
    """Instance type."""
    count: int = Field(3, ge=1, le=MOST_NODES)
    """Number of nodes, a multiple of the zones."""
    volume_gib: int = Field(100, ge=10, le=3072)
    """GiB of encrypted gp3 on each node."""
    iops: int | None = Field(None, ge=FREE_IOPS, le=MOST_IOPS)
    """IOPS of each volume; default: what comes free."""
    throughput: int | None = Field(None, ge=FREE_THROUGHPUT, le=1000)
    """MiB/s of each volume; default: what comes free."""

    @property
    def burstable(self) -> bool:
        """Whether the nodes are of a family without Auto-Tune."""
        return self.instance_type.startswith(BURSTABLE)

    @property
    def volume_iops(self) -> int:
        """IOPS, always given: what is left out shows up as a change ever after."""
        free = max(FREE_IOPS, FREE_IOPS_PER_GIB * self.volume_gib)
        return self.iops or min(free, MOST_IOPS)

    @property
    def volume_throughput(self) -> int:
        """MiB/s, always given, likewise."""
        free = FREE_THROUGHPUT_LARGE if self.volume_gib > LARGE_GIB else FREE_THROUGHPUT
        return self.throughput or free


class OpenSearchMastersSpec(Spec):
    """Dedicated nodes that lead the cluster and hold no data."""

    instance_type: InstanceType = "m7g.large.search"
    """Instance type."""
    count: int | None = None
    """0, 3 or 5; default: 3, or 0 in one zone."""

    @field_validator("count")
    @classmethod
    def _majority(cls, count: int | None) -> int | None:
        if count not in (None, 0, 3, 5):
            raise ValueError("0, 3 or 5 allowed: an even number has no majority")
        return count


class OpenSearchSpec(Spec):
    """An Amazon OpenSearch Service domain in the VPC."""

    version: OpenSearchVersion = DEFAULT_OPENSEARCH
    """OpenSearch version."""
    zones: int = Field(3, ge=1, le=3)
    """Number of zones."""
    standby: bool = False
    """Keep one zone's nodes as a standby."""
    nodes: OpenSearchNodesSpec = OpenSearchNodesSpec()  # pyright: ignore[reportCallIssue]
    """The data nodes."""
    masters: OpenSearchMastersSpec = OpenSearchMastersSpec()
    """Dedicated masters."""
    auth: OpenSearchAuth = OpenSearchAuth.IAM
    """How clients prove who they are: by IAM, or with a password that is in Secrets Manager."""
    password_version: int = Field(1, ge=1)
    """Another number makes another password."""
    off_peak_hour: int = Field(21, ge=0, le=23)
    """Hour (UTC) at which the ten hours begin in which AWS updates and tunes."""
    log_retention_days: RetentionDays = 90
    """Days until a log record is deleted."""
    service_linked_role: bool = False
    """Create the role through which the service enters a VPC; there is one in an account."""
    protect: bool = False
    """Refuse to delete the domain, its key, its logs and its secret."""

    @property
    def master_count(self) -> int:
        """Number of dedicated masters."""
        given = self.masters.count
        return (3 if self.zones > 1 else 0) if given is None else given

    @model_validator(mode="after")
    def _spread(self) -> "OpenSearchSpec":
        count, zones = self.nodes.count, self.zones
        if count % zones:
            near = [n for n in (count // zones * zones, (count // zones + 1) * zones) if n]
            raise ValueError(
                f"nodes.count {count} can't be spread evenly over zones {zones}; "
                f"{' or '.join(map(str, near))} can"
            )
        if self.nodes.burstable and count > MOST_BURSTABLE:
            raise ValueError(f"nodes.count {count}: at most {MOST_BURSTABLE} of type t3 allowed")
        if zones > 1 and self.master_count == 0:
            raise ValueError(
                f"zones {zones} need dedicated masters: without them the loss of one zone may "
                "leave no majority; set masters.count to 3"
            )
        return self

    @model_validator(mode="after")
    def _standby_fits(self) -> "OpenSearchSpec":
        if self.standby and (self.zones != 3 or self.master_count < 3):
            raise ValueError("standby needs zones 3 and masters.count 3 or more")
        types = (self.nodes.instance_type, self.masters.instance_type)
        if self.standby and any(kind.startswith(BURSTABLE) for kind in types):
            raise ValueError("standby is not offered on t3; use m7g, r7g or larger families")
        return self
