"""OpenTelemetry: providers that send to the collector, or none at all."""

from dataclasses import dataclass

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import MeterProvider, NoOpMeterProvider
from opentelemetry.sdk.metrics import MeterProvider as SdkMeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import NoOpTracerProvider, Tracer, TracerProvider
from starlette.types import Scope

from platform_runtime.settings import Settings

UNOBSERVED = ("/health/", "/metrics")
"""Paths that are asked every few seconds by the platform itself: no spans, no access logs."""


@dataclass(frozen=True)
class Telemetry:
    """The providers of one service."""

    tracers: TracerProvider
    meters: MeterProvider

    @property
    def tracer(self) -> Tracer:
        """Tracer of the runtime's own spans."""
        return self.tracers.get_tracer("platform_runtime")

    def config(self) -> TelemetryConfig:
        """Return what FastAPI's own telemetry is told: server spans, no span per dependency."""
        return {
            "tracer_provider": self.tracers,
            "meter_provider": self.meters,
            "tracing": not isinstance(self.tracers, NoOpTracerProvider),
            "metrics": not isinstance(self.meters, NoOpMeterProvider),
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
            "exclude": _unobserved,
        }

    def flush(self) -> None:
        """Send what there is now; wait two seconds at most."""
        if isinstance(self.tracers, SdkTracerProvider):
            self.tracers.force_flush(2000)

    def close(self) -> None:
        """Send what is left; wait a few seconds at most."""
        if isinstance(self.tracers, SdkTracerProvider):
            self.tracers.shutdown()
        if isinstance(self.meters, SdkMeterProvider):
            self.meters.shutdown(timeout_millis=3000)


def _unobserved(scope: Scope) -> bool:
    return str(scope["path"]).startswith(UNOBSERVED)


def make_telemetry(settings: Settings, exporter: SpanExporter | None = None) -> Telemetry:
    """Return providers for the settings; without an endpoint they do nothing.

    :param exporter: where spans go instead of the collector, for tests.
    """
    base = settings.otel.exporter_otlp_endpoint.rstrip("/")
    if not base and exporter is None:
        return Telemetry(NoOpTracerProvider(), NoOpMeterProvider())
    resource = Resource.create(
        {
            "service.name": settings.service.name,
            "service.version": settings.service.version,
            "deployment.environment.name": settings.service.environment,
        }
    )
    tracers = SdkTracerProvider(
        resource=resource, sampler=ParentBasedTraceIdRatio(settings.otel.traces_sampler_arg)
    )
    tracers.add_span_processor(
        BatchSpanProcessor(exporter or OTLPSpanExporter(f"{base}/v1/traces", timeout=3))
    )
    trace.set_tracer_provider(tracers)
    return Telemetry(tracers, _meters(settings, resource, base))


def _meters(settings: Settings, resource: Resource, base: str) -> MeterProvider:
    if settings.otel.metrics_exporter == "none" or not base:
        return NoOpMeterProvider()
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{base}/v1/metrics", timeout=3))
    return SdkMeterProvider([reader], resource)
