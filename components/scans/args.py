"""What a `SecurityScans` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class ScanFrequency(str, Enum):
    """How often services are scanned."""

    DAILY = "daily"
    """Every day."""
    WEEKLY = "weekly"
    """On Sundays."""


class ScanMethods(str, Enum):
    """Which operations of an API are called."""

    READ = "read"
    """GET, HEAD, OPTIONS and TRACE, which change nothing."""
    ALL = "all"
    """Those that create, change and delete, too."""


class ScanRisk(str, Enum):
    """How bad a finding is, as ZAP has it."""

    INFORMATIONAL = "informational"
    """Good to know."""
    LOW = "low"
    """Better without."""
    MEDIUM = "medium"
    """To be mended."""
    HIGH = "high"
    """To be mended now."""


class ScanTargetArgs(TypedDict):
    """One service that is scanned."""

    url: pulumi.Input[str]
    """Where the outside world finds it: what its OpenAPI document's paths are added to, e.g.
    `https://api.example.com`."""
    document_url: pulumi.Input[str]
    """Where its OpenAPI document is (JSON), e.g. `http://orders.services.svc:8000/openapi.json`."""


class IgnoredFindingArgs(TypedDict):
    """A finding that somebody has looked at and accepted for a time."""

    rule: str
    """Number of ZAP's rule, e.g. `10038`: https://www.zaproxy.org/docs/alerts/."""
    reason: str
    """Why it is none."""
    until: str
    """Last day on which it is ignored, e.g. `2027-05-31`."""
    service: NotRequired[str]
    """Of one service only. Default: all."""
    path: NotRequired[str]
    """Under paths that begin with it, e.g. `/orders`. Default: all."""


class SecurityScansArgs(TypedDict):
    """Inputs of `SecurityScans`."""

    targets: Mapping[str, ScanTargetArgs]
    """The services, by name."""
    frequency: NotRequired[ScanFrequency]
    """How often. Default: weekly."""
    hour: NotRequired[int]
    """Hour in which scans begin, 0 to 23, UTC; each service has its own minute. Default: 3."""
    max_minutes: NotRequired[int]
    """Longest time for one scan, 10 to 240; a token has to last as long. Default: 45."""
    memory_mib: NotRequired[int]
    """MiB of a scan's pod, 1024 to 16384. Default: 2048."""
    methods: NotRequired[ScanMethods]
    """Which operations are called; `all` only where `active_environments` allows. Default: read."""
    active: NotRequired[bool]
    """Attack, too: only where `active_environments` allows. Default: false."""
    active_environments: NotRequired[Sequence[str]]
    """Environments that may be changed and attacked. Default: dev, test, staging."""
    client: NotRequired[str]
    """Name of the identity's machine client as which requests are sent. Default: as nobody."""
    alert_from: NotRequired[ScanRisk]
    """Risk from which new findings are told. Default: medium."""
    fail_from: NotRequired[ScanRisk]
    """Risk from which any finding makes the run fail. Default: none does."""
    ignored: NotRequired[Sequence[IgnoredFindingArgs]]
    """Findings that are not told. Default: none."""
    keep_days: NotRequired[int]
    """Days for which reports are kept, 30 to 3650. Default: 400."""
    log_retention_days: NotRequired[int]
    """Days for which the log of the comparison is kept, as CloudWatch has them. Default: 365."""

    environment: str
    """What the stack is for, e.g. `prod`."""
    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster."""
    alarm_topic_arn: pulumi.Input[str]
    """SNS topic that is told of new findings."""
    alarm_key_arn: pulumi.Input[str]
    """Key that encrypts the topic."""
    client_secret_arn: NotRequired[pulumi.Input[str]]
    """Secret with `client_id`, `client_secret` and `token_endpoint`, one of
    `Identity.client_secret_arns`; needed with `client`."""
    secret_store: NotRequired[pulumi.Input[str]]
    """Name of the `ClusterSecretStore`; needed with `client`."""
    services_namespace: NotRequired[str]
    """Namespace of the services, where their documents are. Default: `services`."""
    private_cidrs: NotRequired[Sequence[pulumi.Input[str]]]
    """Where the gateway's load balancer is, if it is internal. Default: it is public."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of whatever has to be there first."""
    mirror: NotRequired[str]
    """Registry with all images, see docs/private-registry.md. Default: the public ones."""
    priority_class: NotRequired[pulumi.Input[str]]
    """The scans' priority class. Default: the cluster's."""
    protect: NotRequired[bool]
    """Refuse to delete the reports and their key. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS."""
