"""What `Logging` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class LoggingElasticsearchArgs(TypedDict):
    """How long lines are kept in Elasticsearch, and in what."""

    rollover_gib: NotRequired[int]
    """GiB at which a new index is begun, 1 to 50. Default: 50."""
    rollover_days: NotRequired[int]
    """Days after which a new index is begun all the same, 1 to 30. Default: 1."""
    warm_days: NotRequired[int]
    """Days after that until an index is merged and takes no more lines, 1 to 365. Default: 2."""
    delete_days: NotRequired[int]
    """Days after that until an index is deleted, 2 to 3650, more than `warm_days`. Default: 30."""
    replicas: NotRequired[int]
    """Copies of each index beside the first, 0 to 2; 0: a lost node is lost lines. Default: 1."""
    password_version: NotRequired[int]
    """Another number makes another password of the user that writes. Default: 1."""


class LoggingCloudWatchArgs(TypedDict):
    """How long lines are kept in CloudWatch."""

    retention_days: NotRequired[int]
    """Days, of those that CloudWatch Logs accepts. Default: 30."""


class LoggingSearchArgs(TypedDict):
    """The Elasticsearch that lines go to, as `ElasticsearchCluster` has it."""

    endpoint: pulumi.Input[str]
    """URL of its REST API, `https://host:port`, in the cluster."""
    ca_secret: pulumi.Input[str]
    """Kubernetes secret with the `ca.crt` of the endpoint, as `namespace/name`."""
    version: NotRequired[pulumi.Input[str]]
    """Its version; the set-up uses its image. Default: the newest pinned one."""
    kibana_url: NotRequired[pulumi.Input[str]]
    """URL of Kibana, which gets a data view; empty: there is none. Default: none."""


class LoggingArgs(TypedDict):
    """Inputs of `Logging`."""

    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster, on which the role for CloudWatch is given to the agents."""
    agents_namespace: pulumi.Input[str]
    """Namespace of agents that read nodes' files, as `Observability` has it."""
    elasticsearch: NotRequired[LoggingElasticsearchArgs]
    """Send lines to Elasticsearch. Default: no. One of `elasticsearch` and `cloudwatch` is needed,
    and there may be both."""
    cloudwatch: NotRequired[LoggingCloudWatchArgs]
    """Send lines to a log group in CloudWatch. Default: no."""
    search: NotRequired[LoggingSearchArgs]
    """The Elasticsearch to use; needed with `elasticsearch`."""
    exclude_namespaces: NotRequired[Sequence[str]]
    """Namespaces whose lines are not read. Default: none."""
    drop_probes: NotRequired[bool]
    """Drop access lines of health probes. Default: true."""
    secret_fields: NotRequired[Sequence[str]]
    """Names of fields whose values are hidden, beside those that name passwords, tokens, cookies
    and the like, e.g. `iban`. Default: none."""
    lines_per_second: NotRequired[int]
    """Lines that a node sends at most, on the average of five seconds; what is over that is
    dropped, not delayed. 0 to 1000000; 0: all. Default: 0."""
    buffer_mib: NotRequired[int]
    """MiB of a node's disk that lines may take up while a sink is away, for each sink, 64 to
    102400. When they are full, the oldest lines are lost. Default: 2048."""
    monitored: NotRequired[bool]
    """Create a PodMonitor; its definition has to be there. Default: false."""
    metrics_namespaces: NotRequired[Sequence[str]]
    """Namespaces whose pods may read the agents' metrics. Default: `observability`."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of what has to be there before: External Secrets, with Elasticsearch, and the
    PodMonitor's definition. Default: all is there."""
    mirror: NotRequired[str]
    """A registry with all charts and images; see `docs/private-registry.md`. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete the log group and its key. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS."""
