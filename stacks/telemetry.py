"""What of telemetry a stack has: which parts are watched, and what senders are told."""

from components._base.spec import Spec
from components.alerts.args import AlertPart
from components.grafana.args import GrafanaPart, GrafanaTraces
from components.metrics.args import MonitoredPart
from components.observability.names import (
    COLLECTOR_ACCOUNT,
    NAMESPACE,
    OTLP_GRPC_ENDPOINT,
    OTLP_HTTP_ENDPOINT,
    PROMETHEUS_URL,
)
from components.tracing.args import TraceBackend
from stacks.settings import Settings


def unless_chosen(section: Spec, **computed: object) -> dict[str, object]:
    """Return what the stack decides for a section, but for what its file says itself."""
    return {key: value for key, value in computed.items() if key not in section.model_fields_set}


def mesh_tracing(settings: Settings) -> dict[str, object]:
    """Return where the mesh's proxies send spans, as `tracing`; nothing if nobody takes any."""
    if not settings.tracing:
        return {}
    collector = {
        "collector": OTLP_GRPC_ENDPOINT,
        "service_account": COLLECTOR_ACCOUNT,
        "namespace": NAMESPACE,
    }
    return {"tracing": collector}


def gateway_tracing(settings: Settings) -> dict[str, object]:
    """Return where the gateway sends spans, as `otlp_endpoint`; nothing if nobody takes any.

    It begins every trace: which ones are kept is for the collectors, which see how they end.
    """
    if not settings.tracing or not settings.gateway:
        return {}
    all_of_them = unless_chosen(settings.gateway, trace_sampling=1)
    return {"otlp_endpoint": f"{OTLP_HTTP_ENDPOINT}/v1/traces", **all_of_them}


def workload_telemetry(settings: Settings) -> dict[str, object]:
    """Return where services send spans, and who reads their metrics."""
    found: dict[str, object] = {}
    if settings.tracing:
        found["otel_endpoint"] = OTLP_HTTP_ENDPOINT
    if settings.metrics:
        found |= {"monitored": True, "prometheus_url": PROMETHEUS_URL}
    return found


def monitored_parts(settings: Settings) -> list[MonitoredPart]:
    """Return the parts of the platform whose metrics are read."""
    s, part = settings, MonitoredPart
    there = {
        part.CERT_MANAGER: bool(s.addons),
        part.EXTERNAL_SECRETS: bool(s.addons),
        part.KARPENTER: bool(s.addons),
        part.LOAD_BALANCER_CONTROLLER: bool(s.addons),
        part.KEDA: bool(s.addons and s.addons.keda),
        part.EXTERNAL_DNS: bool(s.addons and s.dns_zones),
        part.ECK: bool(s.elasticsearch),
        part.KONG: bool(s.gateway),
        part.LINKERD: bool(s.mesh),
    }
    return [each for each, is_there in there.items() if is_there]


def alert_parts(settings: Settings) -> list[AlertPart]:
    """Return the parts of the platform that have alerts."""
    s, part = settings, AlertPart
    copied = s.metrics.cloudwatch.services if s.metrics and s.metrics.cloudwatch else ()
    seen = {each.value for each in copied}
    there = {
        part.WORKLOADS: True,
        part.MONITORING: True,
        part.NODES: bool(s.addons),
        part.CERTIFICATES: bool(s.addons),
        part.SECRETS: bool(s.addons),
        part.SCALING: bool(s.addons and s.addons.keda),
        part.MESH: bool(s.mesh),
        part.GATEWAY: bool(s.gateway),
        part.EDGE: bool(s.edge) and "alb" in seen,
        part.CACHE: bool(s.cache) and "elastiCache" in seen,
        part.KAFKA: bool(s.kafka),
        part.RABBITMQ: bool(s.rabbitmq) and "mq" in seen,
        part.ELASTICSEARCH: bool(s.elasticsearch),
        part.OPENSEARCH: bool(s.search) and not s.elasticsearch and "openSearch" in seen,
        part.TABLES: bool(s.tables) and "dynamoDb" in seen,
        part.SERVERLESS: bool(s.serverless) and "lambda" in seen,
        part.COLLECTORS: bool(s.tracing),
        part.LOGGING: bool(s.logging),
    }
    return [each for each, is_there in there.items() if is_there]


def grafana_parts(settings: Settings) -> list[GrafanaPart]:
    """Return the parts of the platform with a dashboard of their own."""
    s, part = settings, GrafanaPart
    there = {
        part.CACHE: bool(s.cache),
        part.COST: True,
        part.KAFKA: bool(s.kafka),
        part.KONG: bool(s.gateway),
        part.LINKERD: bool(s.mesh),
        part.RABBITMQ: bool(s.rabbitmq),
        part.SEARCH: bool(s.search),
        part.SERVERLESS: bool(s.serverless),
        part.TELEMETRY: bool(s.tracing or s.logging),
        part.WORKERS: bool(s.workers),
    }
    return [each for each, is_there in there.items() if is_there]


def traces_of(settings: Settings) -> GrafanaTraces:
    """Return where traces are looked up."""
    if not settings.tracing:
        return GrafanaTraces.NONE
    own = settings.tracing.backend is TraceBackend.TEMPO
    return GrafanaTraces.TEMPO if own else GrafanaTraces.XRAY
