"""Where dashboards get their data: Grafana's data sources, provisioned and not to be changed.

https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources (2026-11)
"""

from collections.abc import Mapping

import pulumi

from components.grafana.args import GrafanaArgs, GrafanaLogsArgs, GrafanaTraces
from components.grafana.dashboards.model import Source
from components.grafana.dashboards.render import source
from components.grafana.plan import GrafanaPlan
from components.observability.names import ALERTMANAGER_URL, PROMETHEUS_URL, TEMPO_URL

Json = dict[str, object]

SCRAPED = "30s"
"""How often Prometheus reads: no rate is asked for over less than four times that."""

USER, PASSWORD = "LOGS_USER", "LOGS_PASSWORD"
"""Variables of Grafana's process, from a Secret."""

CA_FILE = "/etc/grafana-logs/ca.crt"

EARLIER, LATER = "-5m", "5m"
"""Lines of a trace are looked for around it: clocks differ."""


def data_sources(
    plan: GrafanaPlan, args: GrafanaArgs, region: pulumi.Input[str]
) -> Mapping[str, object]:
    """Return the provisioning file.

    :param region: of CloudWatch and X-Ray.
    """
    spec, logs = plan.spec, args.get("logs")
    found = [_prometheus(spec.traces), _alertmanager()]
    if spec.traces is GrafanaTraces.TEMPO:
        found.append(_tempo(logs=logs is not None))
    if logs is not None:
        found.append(_elasticsearch(logs, traced=spec.traces is GrafanaTraces.TEMPO))
    if spec.cloudwatch:
        extra: Json = {"tracingDatasourceUid": Source.XRAY.value}
        tracing = extra if spec.traces is GrafanaTraces.XRAY else {}
        found.append(_aws(Source.CLOUDWATCH, "CloudWatch", region, tracing))
    if spec.traces is GrafanaTraces.XRAY:
        found.append(_aws(Source.XRAY, "X-Ray", region, {}))
    return {"apiVersion": 1, "prune": True, "datasources": found}


def _source(uid: Source, title: str, settings: Json, **more: object) -> Json:
    return {
        "name": title,
        "uid": uid.value,
        "type": source(uid)["type"],
        "access": "proxy",
        "editable": False,
        "jsonData": settings,
        **more,
    }


def _prometheus(traces: GrafanaTraces) -> Json:
    settings: Json = {
        "httpMethod": "POST",
        "timeInterval": SCRAPED,
        "manageAlerts": True,
        "alertmanagerUid": Source.ALERTMANAGER.value,
        "prometheusType": "Prometheus",
    }
    if traces is GrafanaTraces.TEMPO:
        to_trace = {"name": "trace_id", "datasourceUid": Source.TEMPO.value}
        settings["exemplarTraceIdDestinations"] = [to_trace]
    return _source(Source.PROMETHEUS, "Prometheus", settings, url=PROMETHEUS_URL, isDefault=True)


def _alertmanager() -> Json:
    settings: Json = {"implementation": "prometheus", "handleGrafanaManagedAlerts": False}
    return _source(Source.ALERTMANAGER, "Alertmanager", settings, url=ALERTMANAGER_URL)


def _tempo(*, logs: bool) -> Json:
    settings: Json = {
        "serviceMap": {"datasourceUid": Source.PROMETHEUS.value},
        "nodeGraph": {"enabled": True},
        "search": {"hide": False},
        "tracesToMetrics": {"datasourceUid": Source.PROMETHEUS.value},
    }
    if logs:
        settings["tracesToLogsV2"] = {
            "datasourceUid": Source.ELASTICSEARCH.value,
            "customQuery": True,
            # A dollar of Grafana's own: provisioning takes one for that of a variable.
            "query": 'trace_id:"$${__trace.traceId}"',
            "spanStartTimeShift": EARLIER,
            "spanEndTimeShift": LATER,
        }
    return _source(Source.TEMPO, "Tempo", settings, url=TEMPO_URL)


def _elasticsearch(logs: GrafanaLogsArgs, *, traced: bool) -> Json:
    settings: Json = {
        "index": logs.get("index") or "logs-*",
        "timeField": "@timestamp",
        "logMessageField": "message",
        "logLevelField": "level",
        "includeFrozen": False,
    }
    secret: Json = {"basicAuthPassword": f"${PASSWORD}"}
    if traced:
        settings["dataLinks"] = [
            {
                "field": "trace_id",
                "url": "$${__value.raw}",
                "urlDisplayLabel": "Trace",
                "datasourceUid": Source.TEMPO.value,
            }
        ]
    if "ca_secret" in logs:
        settings["tlsAuthWithCACert"] = True
        secret["tlsCACert"] = f"$__file{{{CA_FILE}}}"
    return _source(
        Source.ELASTICSEARCH,
        "Logs",
        settings,
        url=logs["endpoint"],
        basicAuth=True,
        basicAuthUser=f"${USER}",
        secureJsonData=secret,
    )


def _aws(uid: Source, title: str, region: pulumi.Input[str], more: Json) -> Json:
    # By the pod's own role.
    return _source(uid, title, {"authType": "default", "defaultRegion": region, **more})
