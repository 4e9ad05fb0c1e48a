"""What a `Tracing` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class TraceBackend(str, Enum):
    """Where traces are kept and looked at."""

    TEMPO = "tempo"
    """Grafana Tempo in the cluster, on a bucket of its own."""
    XRAY = "xray"
    """AWS X-Ray: nothing to run, billed by the span."""


class ServiceSamplingArgs(TypedDict):
    """What is kept of the traces that one service takes part in."""

    percent: NotRequired[float]
    """Share of those that neither failed nor were slow, 0 to 100. Default: as of all others."""
    slow_millis: NotRequired[int]
    """Milliseconds from which a trace is slow, 1 to 600000. Default: as of all others."""


class TraceSamplingArgs(TypedDict):
    """Which traces are kept. Those with an error always are."""

    percent: NotRequired[float]
    """Share of the traces that neither failed nor were slow, 0 to 100. Default: 10."""
    slow_millis: NotRequired[int]
    """Milliseconds from which a trace is slow, and kept, 1 to 600000. Default: 1000."""
    decision_seconds: NotRequired[int]
    """Seconds from a trace's first span until it is decided on, 5 to 300: as long as the longest
    request that is to be seen whole. Default: 30."""
    services: NotRequired[Mapping[str, ServiceSamplingArgs]]
    """Services with figures of their own, by name. Default: none."""


class TempoArgs(TypedDict):
    """Grafana Tempo."""

    retention_days: NotRequired[int]
    """Days that traces are kept, 1 to 365. Default: 14."""
    memory_mib: NotRequired[int]
    """MiB that it may use, 512 to 65536. Default: 2048."""
    disk_gib: NotRequired[int]
    """GiB of disk for what is not in the bucket yet, 1 to 1000. Default: 10."""
    force_destroy: NotRequired[bool]
    """Delete the bucket even with traces in it. Only without `protect`. Default: false."""


class TracingArgs(TypedDict):
    """Inputs of `Tracing`."""

    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster: for roles of pods, and on every span."""
    namespace: pulumi.Input[str]
    """`Observability.namespace`."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of whatever has to be there first: `Observability.ready`, `Addons.node_class`,
    `Addons.cert_manager_namespace` with `auto_instrumentation`. Default: nothing."""
    trust_version: NotRequired[pulumi.Input[str]]
    """`Mesh.trust_version`: collectors and Tempo are in the mesh. Default: they are not."""
    backend: NotRequired[TraceBackend]
    """Where traces are kept. Default: tempo."""
    sampling: NotRequired[TraceSamplingArgs]
    """Which traces are kept. Default: failed and slow ones, and 10 % of the rest."""
    tempo: NotRequired[TempoArgs]
    """Tempo's figures; with the backend tempo only."""
    transaction_search: NotRequired[bool]
    """With the backend xray: turn on CloudWatch Transaction Search in this account and region,
    without which X-Ray takes no spans. False: somebody else does. Default: true."""
    min_replicas: NotRequired[int]
    """Pods of each layer of collectors at rest, 1 to 20. Default: 2."""
    max_replicas: NotRequired[int]
    """Pods of each layer under load, 1 to 50; 1: one pod does the work of both. Default: 6."""
    memory_mib: NotRequired[int]
    """MiB that each collector may use, 256 to 16384. Default: 1024."""
    queue_gib: NotRequired[int]
    """GiB of disk for spans that the backend does not take yet, for each sampling pod, 0 to 500.
    0: they wait in memory, and are lost with the pod. Default: 5."""
    span_metrics: NotRequired[bool]
    """Count and time spans by service and operation, as metrics of all traces, kept or not.
    Default: false."""
    auto_instrumentation: NotRequired[bool]
    """Install OpenTelemetry's operator, which instruments the services that ask for it. Needs
    cert-manager. Default: false."""
    pod_monitors: NotRequired[bool]
    """Have collectors and Tempo scraped; the definition has to be there. Default: false."""
    client_namespaces: NotRequired[Sequence[str]]
    """Namespaces that send spans. Default: `services`, `kong`, `linkerd` and `linkerd-viz`."""
    mirror: NotRequired[str]
    """A registry with all charts and images; see `docs/private-registry.md`. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete Tempo's bucket and key. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS."""
