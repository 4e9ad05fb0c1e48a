"""What watches a stack: metrics, traces, logs, dashboards and alerts, as far as its file asks."""

from dataclasses import dataclass

import pulumi

from components.alerts import (
    AlertedServiceSpec,
    AlertedWorkerSpec,
    Alerts,
    AlertsArgs,
    AlertsSettings,
)
from components.cluster import in_cluster
from components.grafana import Grafana, GrafanaArgs, shown
from components.identity import Identity
from components.logging import Logging, LoggingArgs
from components.metrics import Metrics, MetricsArgs
from components.notifications import AlarmTopic
from components.observability import Observability
from components.search import ElasticsearchCluster
from components.tracing import Tracing, TracingArgs
from stacks.data import GRAFANA, named
from stacks.settings import NAMESPACE, Settings
from stacks.telemetry import (
    alert_parts,
    grafana_parts,
    monitored_parts,
    traces_of,
    unless_chosen,
)
from stacks.watching import LOGIN
from stacks.workloads import Surroundings


@dataclass(frozen=True)
class Watching:
    """What there is of it; None where the stack file has no section."""

    metrics: Metrics | None = None
    tracing: Tracing | None = None
    logging: Logging | None = None
    grafana: Grafana | None = None


class _Site:
    """Where all of it goes: in the cluster, on the add-ons, once the definitions are there."""

    def __init__(self, settings: Settings, around: Surroundings, base: Observability) -> None:
        self.settings = settings
        self.around = around
        self.base = base
        self.inside = in_cluster(around.cluster, around.provider)
        self.search = around.search if isinstance(around.search, ElasticsearchCluster) else None

    def common(self, args_type: type, *later: pulumi.Output[str]) -> dict[str, object]:
        """Return what a component takes of what all of them are given.

        :param later: what has to be there before, beside definitions, nodes and certificates.
        """
        addons = self.around.inside.addons
        there = [addons.node_class, addons.cert_manager_namespace] if addons else []
        given: dict[str, object] = {
            **self.settings.common,
            "mirror": self.settings.mirror,
            "cluster_name": self.around.cluster.cluster_name,
            "namespace": self.base.namespace,
            "agents_namespace": self.base.agents_namespace,
            "requires": [self.base.ready, *there, *later],
        }
        return {key: value for key, value in given.items() if key in args_type.__annotations__}


def make_observability(settings: Settings, around: Surroundings, alarms: AlarmTopic) -> Watching:
    """Create what the stack file has sections for."""
    s, base = settings, around.inside.observability
    if base is None:
        return Watching()
    site = _Site(settings, around, base)
    metrics = _metrics(site, alarms)
    tracing = _tracing(site)
    logging = _logging(site)
    grafana = _grafana(site, logging)
    if s.alerts:
        _alerts(site, s.alerts)
    return Watching(metrics, tracing, logging, grafana)


def _metrics(site: _Site, alarms: AlarmTopic) -> Metrics | None:
    s, addons, data = site.settings, site.around.inside.addons, site.around.data
    if not s.metrics or not addons:
        return None
    wiring: dict[str, object] = {
        **site.common(MetricsArgs),
        **unless_chosen(s.metrics, parts=monitored_parts(s)),
        "storage_class": addons.storage_class,
        "secret_store": addons.secret_store_name,
        "alarm_topic_arn": alarms.topic_arn,
        "alarm_topic_key_arn": alarms.key_arn,
    }
    if data.kafka:
        wiring["kafka_brokers"] = data.kafka.broker_hosts
    if site.search:
        wiring["elasticsearch"] = {
            "endpoint": site.search.endpoint,
            "ca_secret": site.search.ca_secret,
            "monitoring_secret": site.search.monitoring_secret,
        }
    return Metrics("metrics", s.metrics.to_args(MetricsArgs, **wiring), site.inside)


def _tracing(site: _Site) -> Tracing | None:
    s, mesh = site.settings, site.around.inside.mesh
    if not s.tracing:
        return None
    wiring: dict[str, object] = {
        **site.common(TracingArgs),
        **unless_chosen(s.tracing, pod_monitors=True),
    }
    if mesh:
        wiring["trust_version"] = mesh.trust_version
    return Tracing("tracing", s.tracing.to_args(TracingArgs, **wiring), site.inside)


def _logging(site: _Site) -> Logging | None:
    s, addons = site.settings, site.around.inside.addons
    if not s.logging or not addons:
        return None
    wiring: dict[str, object] = {
        **site.common(LoggingArgs, addons.secret_store_name),
        **unless_chosen(s.logging, monitored=True),
    }
    if site.search and s.elasticsearch:
        wiring["search"] = {
            "endpoint": site.search.endpoint,
            "ca_secret": site.search.ca_secret,
            "kibana_url": site.search.kibana_url,
            "version": s.elasticsearch.version,
        }
    return Logging("logging", s.logging.to_args(LoggingArgs, **wiring), site.inside)


def _grafana(site: _Site, logging: Logging | None) -> Grafana | None:
    s, addons = site.settings, site.around.inside.addons
    if not s.grafana or not addons:
        return None
    gateway = site.around.inside.gateway
    reached = [gateway.gateway_name] if gateway and s.grafana.host else []
    wiring: dict[str, object] = {
        **site.common(GrafanaArgs, *reached),
        **unless_chosen(
            s.grafana,
            parts=grafana_parts(s),
            traces=traces_of(s),
            monitored=s.grafana.host is None,
        ),
        "secret_store": addons.secret_store_name,
        "workloads": shown(s.services, s.workers),
        "workloads_namespace": NAMESPACE,
    }
    if s.grafana.cloudwatch and logging and s.logging and s.logging.cloudwatch:
        wiring["log_group_arns"] = [logging.log_group_arn]
    if site.search and s.elasticsearch and s.logging and s.logging.elasticsearch:
        wiring["logs"] = {
            "endpoint": site.search.endpoint,
            "secret_arn": named(site.search.reader_secrets, GRAFANA),
            "ca_secret": site.search.ca_secret,
            "namespace": s.elasticsearch.namespace,
        }
    if s.grafana.roles and site.around.identity:
        wiring["oidc"] = _login(site.around.identity)
    return Grafana("grafana", s.grafana.to_args(GrafanaArgs, **wiring), site.inside)


def _login(identity: Identity) -> dict[str, object]:
    """Return where people log in: at Cognito, whose endpoints stand beside each other."""
    site = identity.token_endpoint.apply(lambda url: url.removesuffix("/token"))
    return {
        "client_id": named(identity.client_ids, LOGIN),
        "client_secret_arn": named(identity.client_secret_arns, LOGIN),
        "auth_url": pulumi.Output.concat(site, "/authorize"),
        "token_url": identity.token_endpoint,
        "userinfo_url": pulumi.Output.concat(site, "/userInfo"),
    }


def _alerts(site: _Site, section: AlertsSettings) -> None:
    s = site.settings
    # Nobody copies CloudWatch's metrics then, and that is no fault.
    silent = () if s.metrics and s.metrics.cloudwatch else ("CloudWatchExporterDown",)
    wiring: dict[str, object] = {
        **site.common(AlertsArgs),
        "disabled": [*section.disabled, *silent],
        "parts": alert_parts(s),
        "services": {
            name: AlertedServiceSpec.of(spec).model_dump(mode="json")
            for name, spec in s.services.items()
        },
        "workers": {
            name: AlertedWorkerSpec.of(spec).model_dump(mode="json")
            for name, spec in s.workers.items()
        },
        "services_namespace": NAMESPACE,
    }
    Alerts("alerts", section.to_args(AlertsArgs, **wiring), site.inside)
