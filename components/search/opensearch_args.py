"""What an `OpenSearchDomain` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class OpenSearchAuth(str, Enum):
    """How clients prove who they are."""

    IAM = "iam"
    """Requests are signed by IAM roles, which the domain's policy names one by one. No password."""
    PASSWORD = "password"  # noqa: S105 - the name of a choice
    """User name and password, for clients that can't sign. A password can't be signed for, so the
    domain's policy lets everyone knock who reaches the domain: the named security groups."""


class OpenSearchNodesArgs(TypedDict):
    """The data nodes."""

    instance_type: NotRequired[str]
    """Type of each data node. Default: r7g.large.search."""
    count: NotRequired[int]
    """Number of nodes, a multiple of `zones`, 1 to 80. Default: 3."""
    volume_gib: NotRequired[int]
    """GiB of encrypted gp3 on each node, 10 to 3072. Default: 100."""
    iops: NotRequired[int]
    """IOPS of each volume. Default: what comes free: 3000, or 3 for each GiB."""
    throughput: NotRequired[int]
    """MiB/s of each volume. Default: what comes free: 125, or 250 above 170 GiB."""


class OpenSearchMastersArgs(TypedDict):
    """Dedicated nodes that lead the cluster and hold no data."""

    instance_type: NotRequired[str]
    """Type of each dedicated master. Default: m7g.large.search."""
    count: NotRequired[int]
    """0, 3 or 5. Default: 3, or 0 in one zone."""


class OpenSearchArgs(TypedDict):
    """Inputs of `OpenSearchDomain`."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Isolated subnets, one for each zone; the first `zones` of them are used."""
    clients: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Security group ids that may connect, by the name of who is behind them. Default: nobody."""
    client_roles: NotRequired[Mapping[str, pulumi.Input[str]]]
    """ARNs of IAM roles that may call the domain, by a short name for each, when `auth` is iam.
    Default: the admin role only."""
    admin_role_arn: NotRequired[pulumi.Input[str]]
    """IAM role that administers the domain, when `auth` is iam. Default: one is created, which
    this account's principals may assume if their own policies allow it."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of alarms. Default: none."""
    version: NotRequired[str]
    """OpenSearch version, e.g. `3.5`. Default: the newest pinned one."""
    zones: NotRequired[int]
    """Number of zones, 1 to 3. Default: 3."""
    standby: NotRequired[bool]
    """Keep one zone's nodes as a standby that takes over within a minute; needs three zones and
    three masters. Default: false."""
    nodes: NotRequired[OpenSearchNodesArgs]
    """The data nodes. Default: three r7g.large.search."""
    masters: NotRequired[OpenSearchMastersArgs]
    """Dedicated masters. Default: three m7g.large.search, or none in one zone."""
    auth: NotRequired[OpenSearchAuth]
    """How clients prove who they are. Default: iam."""
    password_version: NotRequired[int]
    """Another number makes another password, when `auth` is password. Default: 1."""
    off_peak_hour: NotRequired[int]
    """Hour (UTC, 0 to 23) at which the ten hours begin in which AWS updates and tunes.
    Default: 21."""
    log_retention_days: NotRequired[int]
    """Days until a log record is deleted, one of those that CloudWatch Logs takes. Default: 90."""
    service_linked_role: NotRequired[bool]
    """Create the role through which the service enters a VPC. There is one in an account: leave
    it off where a domain was ever made by the console. Default: false."""
    protect: NotRequired[bool]
    """Refuse to delete the domain, its key, its logs and its secret. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
