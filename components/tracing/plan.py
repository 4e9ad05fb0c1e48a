"""What a `Tracing` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.names import check_name
from components._base.spec import read_spec
from components.observability.names import COLLECTOR
from components.tracing.args import TraceBackend, TracingArgs
from components.tracing.spec import TracingSpec

SAMPLER = "otel-sampler"
"""Release, Service and account of the layer that decides which traces are kept."""

TEMPO = "tempo"
"""Release, Service and account of Tempo."""

INSTRUMENTATION = "python"
"""Name of the `Instrumentation` object that services ask for."""

OTLP_GRPC, OTLP_HTTP = 4317, 4318
"""https://opentelemetry.io/docs/specs/otlp/ (2026-11)"""

METRICS, SPAN_METRICS, HEALTH, TEMPO_HTTP = 8888, 8889, 13133, 3200


@dataclass(frozen=True)
class TracingPlan:
    """Collectors and backend."""

    spec: TracingSpec
    mirror: str = ""
    """Registry with the charts and images; empty: the public ones."""
    meshed: bool = False
    """Pods are in the mesh."""

    @property
    def layered(self) -> bool:
        """Whether there are two layers: one pod sees all traces whole by itself."""
        return self.spec.max_replicas > 1

    @property
    def tempo(self) -> bool:
        """Whether traces go to Tempo."""
        return self.spec.backend is TraceBackend.TEMPO

    @property
    def exporter(self) -> str:
        """The layer that talks to the backend."""
        return SAMPLER if self.layered else COLLECTOR


def plan_tracing(args: TracingArgs, name: str = "tracing") -> TracingPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"Tracing {name!r}"
    check_name(name, owner)
    spec = read_spec(TracingSpec, TracingArgs, args, owner)
    return TracingPlan(spec, args.get("mirror") or "", args.get("trust_version") is not None)
