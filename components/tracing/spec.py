"""The section `tracing` of a stack file, and the structural inputs of a `Tracing`."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from components._base.names import NAMESPACE
from components._base.spec import Spec
from components.tracing.args import TraceBackend

SERVICE = re.compile(r"[A-Za-z0-9][\w.-]{0,62}")

LONGEST_MILLIS = 600_000


def _namespace(name: str) -> str:
    if not NAMESPACE.fullmatch(name):
        raise ValueError("1 to 63 small letters, digits and hyphens are needed")
    return name


Namespace = Annotated[
    str,
    AfterValidator(_namespace),
    WithJsonSchema({"type": "string", "pattern": f"^{NAMESPACE.pattern}$"}),
]


class ServiceSamplingSpec(Spec):
    """What is kept of the traces that one service takes part in."""

    percent: float | None = Field(None, ge=0, le=100)
    """Share of those that neither failed nor were slow; default: as of all others."""
    slow_millis: int | None = Field(None, ge=1, le=LONGEST_MILLIS)
    """Milliseconds from which a trace is slow; default: as of all others."""


class TraceSamplingSpec(Spec):
    """Which traces are kept. Those with an error always are."""

    percent: float = Field(10, ge=0, le=100)
    """Share of the traces that neither failed nor were slow."""
    slow_millis: int = Field(1000, ge=1, le=LONGEST_MILLIS)
    """Milliseconds from which a trace is slow, and kept."""
    decision_seconds: int = Field(30, ge=5, le=300)
    """Seconds from a trace's first span until it is decided on: as long as the longest request that
    is to be seen whole."""
    services: dict[str, ServiceSamplingSpec] = Field(default_factory=dict[str, ServiceSamplingSpec])
    """Services with figures of their own, by name."""

    @model_validator(mode="after")
    def _names(self) -> "TraceSamplingSpec":
        wrong = [name for name in self.services if not SERVICE.fullmatch(name)]
        if wrong:
            raise ValueError(f"services: no names of services: {', '.join(wrong)}")
        return self


class TempoSpec(Spec):
    """Grafana Tempo."""

    retention_days: int = Field(14, ge=1, le=365)
    """Days that traces are kept."""
    memory_mib: int = Field(2048, ge=512, le=65536)
    """MiB that it may use."""
    disk_gib: int = Field(10, ge=1, le=1000)
    """GiB of disk for what is not in the bucket yet."""
    force_destroy: bool = False
    """Delete the bucket even with traces in it. Only without `protect`."""


class TracingSpec(Spec):
    """Collectors that keep the traces worth keeping, and where these are kept."""

    backend: TraceBackend = TraceBackend.TEMPO
    """Where traces are kept and looked at."""
    sampling: TraceSamplingSpec = TraceSamplingSpec()  # pyright: ignore[reportCallIssue]
    """Which traces are kept."""
    tempo: TempoSpec = TempoSpec()  # pyright: ignore[reportCallIssue]
    """Tempo's figures; with the backend tempo only."""
    transaction_search: bool = True
    """With the backend xray: turn on CloudWatch Transaction Search in this account and region,
    without which X-Ray takes no spans. False: somebody else does."""
    min_replicas: int = Field(2, ge=1, le=20)
    """Pods of each layer of collectors at rest."""
    max_replicas: int = Field(6, ge=1, le=50)
    """Pods of each layer under load; 1: one pod does the work of both."""
    memory_mib: int = Field(1024, ge=256, le=16384)
    """MiB that each collector may use."""
    queue_gib: int = Field(5, ge=0, le=500)
    """GiB of disk for spans that the backend does not take yet, for each sampling pod. 0: they wait
    in memory, and are lost with the pod."""
    span_metrics: bool = False
    """Count and time spans by service and operation, as metrics of all traces, kept or not."""
    auto_instrumentation: bool = False
    """Install OpenTelemetry's operator, which instruments the services that ask for it."""
    pod_monitors: bool = False
    """Have collectors and Tempo scraped; the definition has to be there."""
    client_namespaces: tuple[Namespace, ...] = ("services", "kong", "linkerd", "linkerd-viz")
    """Namespaces that send spans."""
    protect: bool = False
    """Refuse to delete Tempo's bucket and key."""

    @model_validator(mode="after")
    def _fits_together(self) -> "TracingSpec":
        if self.min_replicas > self.max_replicas:
            raise ValueError(
                f"min_replicas: {self.min_replicas} is more than max_replicas, {self.max_replicas}"
            )
        if self.backend is not TraceBackend.TEMPO and self.tempo != TempoSpec():  # pyright: ignore[reportCallIssue]
            raise ValueError(
                "tempo: is for the backend tempo only; how long X-Ray keeps traces is set in "
                "CloudWatch (docs/tracing.md)"
            )
        if self.protect and self.tempo.force_destroy:
            raise ValueError("tempo.force_destroy: can't be true with protect")
        return self
