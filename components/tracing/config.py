"""Configurations of the collectors, as OpenTelemetry's collector reads them.

The first layer takes spans in, says which pod they are of, takes secrets out, and hands all spans
of a trace to the same pod of the second. That waits until the trace is whole, and decides.
https://opentelemetry.io/docs/collector/deployment/gateway/ (2026-11).
"""

from collections.abc import Mapping

import pulumi

from components.charts.release import merged
from components.observability.names import NAMESPACE
from components.tracing.plan import (
    HEALTH,
    METRICS,
    OTLP_GRPC,
    OTLP_HTTP,
    SAMPLER,
    SPAN_METRICS,
    TEMPO,
    TracingPlan,
)
from components.tracing.redaction import redaction_processors
from components.tracing.sampling import tail_sampling

Config = Mapping[str, object]

QUEUE_FOLDER = "/var/lib/otelcol"
QUEUE = "file_storage"
SIGNED = "sigv4auth"

ANYWHERE = "0.0.0.0"  # noqa: S104 - of the pod: who gets there is for the network policies
"""Not the pod's address alone: a proxy beside it may connect from within."""

SPANS_AT_ONCE = 2000
"""Spans in a request, a tenth of what X-Ray takes in one.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html
(2026-11)
"""

BYTES_PER_GIB = 2**30

QUEUE_SHARE = 0.7
"""Of the disk: the file that the queue is in grows beyond what is in it."""

BUCKETS_MILLIS = (5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000)
"""As of the services' own metrics."""

POD_ATTRIBUTES = (
    *("k8s.namespace.name", "k8s.deployment.name", "k8s.pod.name", "k8s.pod.uid", "k8s.node.name"),
)


def collector_config(
    plan: TracingPlan, cluster_name: pulumi.Input[str], region: pulumi.Input[str]
) -> Config:
    """Return the configuration of what spans are sent to; with one layer, of all there is.

    :param region: of X-Ray.
    """
    intake = {**_guarded(), **_enrichment(cluster_name), **redaction_processors()}
    if plan.layered:
        made = _config(intake, "load_balancing", _by_trace(), {})
    else:
        processors = {**intake, "tail_sampling": tail_sampling(plan.spec)}
        made = _config(processors, *_backend(plan, region), _stored(plan, region))
    return merged(made, _span_metrics(intake)) if plan.spec.span_metrics else made


def sampler_config(plan: TracingPlan, region: pulumi.Input[str]) -> Config:
    """Return the configuration of the layer that decides which traces are kept."""
    processors = {**_guarded(), "tail_sampling": tail_sampling(plan.spec)}
    return _config(processors, *_backend(plan, region), _stored(plan, region))


def _config(processors: Config, exporter: str, exported: Config, extensions: Config) -> Config:
    started = {"health_check": {"endpoint": f"{ANYWHERE}:{HEALTH}"}, **extensions}
    # Counters end in `_total`, as alerts and dashboards have them; by default they would not.
    named = {"without_type_suffix": False, "without_units": False}
    exposed = {"host": ANYWHERE, "port": METRICS, **named}
    reader = {"pull": {"exporter": {"prometheus": exposed}}}
    return {
        "extensions": started,
        "receivers": {
            "otlp": {
                "protocols": {
                    "grpc": {"endpoint": f"{ANYWHERE}:{OTLP_GRPC}"},
                    "http": {"endpoint": f"{ANYWHERE}:{OTLP_HTTP}"},
                }
            }
        },
        "processors": processors,
        "exporters": {exporter: exported},
        "service": {
            "extensions": list(started),
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": list(processors),
                    "exporters": [exporter],
                }
            },
            "telemetry": {
                "logs": {"encoding": "json"},
                "metrics": {"level": "normal", "readers": [reader]},
            },
        },
    }


def _guarded() -> dict[str, Config]:
    """Return what comes first: near the memory's limit nothing more is taken, and senders retry."""
    limits = {"check_interval": "1s", "limit_percentage": 80, "spike_limit_percentage": 20}
    return {"memory_limiter": limits}


def _enrichment(cluster_name: pulumi.Input[str]) -> dict[str, Config]:
    """Return what says which pod a span is of.

    By what the span itself says of its pod, never by the address it came from: with a proxy in
    between that is the collector's own.
    """
    sources = ("k8s.pod.uid", "k8s.pod.ip")
    return {
        "k8s_attributes": {
            "extract": {"metadata": list(POD_ATTRIBUTES)},
            "pod_association": [
                {"sources": [{"from": "resource_attribute", "name": source}]} for source in sources
            ],
            # Changes are told at once; going over all pods again each few minutes adds nothing.
            "watch_sync_period": "0s",
        },
        "resource": {
            "attributes": [{"key": "k8s.cluster.name", "value": cluster_name, "action": "upsert"}]
        },
    }


def _by_trace() -> Config:
    """Return the exporter that sends all spans of a trace to the same pod."""
    return {
        "routing_key": "traceID",
        "resolver": {
            "dns": {
                "hostname": f"{SAMPLER}.{NAMESPACE}.svc.cluster.local",
                "port": str(OTLP_GRPC),
                "interval": "5s",
            }
        },
        "protocol": {
            "otlp": {
                # Encrypted by the mesh.
                "tls": {"insecure": True},
                "timeout": "5s",
                # What one pod does not take goes back to be sent to another.
                "sending_queue": {"enabled": False},
                "retry_on_failure": {"enabled": False},
            }
        },
        "retry_on_failure": _retried(),
        "sending_queue": {
            "enabled": True,
            "num_consumers": 10,
            "queue_size": 50_000,
            "sizer": "items",
            "batch": _batched(),
        },
    }


def _backend(plan: TracingPlan, region: pulumi.Input[str]) -> tuple[str, Config]:
    """Return the exporter to the backend: name and settings."""
    common = {
        "sending_queue": _queue(plan),
        "retry_on_failure": _retried(forever=plan.spec.queue_gib > 0),
        "timeout": "10s",
    }
    if plan.tempo:
        endpoint = f"{TEMPO}.{NAMESPACE}.svc.cluster.local:{OTLP_GRPC}"
        tempo = {"endpoint": endpoint, "tls": {"insecure": True}, **common}
        return "otlp_grpc/tempo", tempo
    xray = {
        "traces_endpoint": pulumi.Output.concat(
            "https://xray.", region, ".amazonaws.com/v1/traces"
        ),
        "auth": {"authenticator": SIGNED},
        "compression": "gzip",
        **common,
    }
    return "otlp_http/xray", xray


def _queue(plan: TracingPlan) -> Config:
    """Return the queue before the backend, by bytes on disk, or by spans in memory."""
    gib = plan.spec.queue_gib
    if gib:
        size = int(gib * BYTES_PER_GIB * QUEUE_SHARE)
        held: dict[str, object] = {"sizer": "bytes", "queue_size": size, "storage": QUEUE}
    else:
        held = {"sizer": "items", "queue_size": 50_000}
    return {"enabled": True, "num_consumers": 4, **held, "batch": _batched()}


def _batched() -> Config:
    """Return how spans are put together: behind the queue, so that what waits is in it."""
    return {
        "sizer": "items",
        "flush_timeout": "1s",
        "min_size": SPANS_AT_ONCE // 2,
        "max_size": SPANS_AT_ONCE,
    }


def _retried(*, forever: bool = False) -> Config:
    return {
        "enabled": True,
        "initial_interval": "1s",
        "max_interval": "30s",
        "max_elapsed_time": "0s" if forever else "300s",
    }


def _stored(plan: TracingPlan, region: pulumi.Input[str]) -> dict[str, Config]:
    """Return the extensions that an exporter to the backend needs."""
    made: dict[str, Config] = {}
    if plan.spec.queue_gib:
        made[QUEUE] = {
            "directory": QUEUE_FOLDER,
            "compaction": {"directory": QUEUE_FOLDER, "on_start": True, "on_rebound": True},
        }
    if not plan.tempo:
        made[SIGNED] = {"region": region, "service": "xray"}
    return made


def _span_metrics(processors: Config) -> Config:
    """Return the parts of a configuration that make metrics of all spans, kept or not."""
    return {
        "connectors": {
            "span_metrics": {
                "namespace": "traces.span.metrics",
                "histogram": {
                    "unit": "s",
                    "explicit": {"buckets": [f"{bucket}ms" for bucket in BUCKETS_MILLIS]},
                },
                "metrics_expiration": "15m",
            }
        },
        "exporters": {
            "prometheus": {
                "endpoint": f"{ANYWHERE}:{SPAN_METRICS}",
                "resource_to_telemetry_conversion": {"enabled": False},
            }
        },
        "service": {
            "pipelines": {
                "traces/metrics": {
                    "receivers": ["otlp"],
                    "processors": list(processors),
                    "exporters": ["span_metrics"],
                },
                "metrics": {
                    "receivers": ["span_metrics"],
                    "processors": ["memory_limiter"],
                    "exporters": ["prometheus"],
                },
            }
        },
    }
