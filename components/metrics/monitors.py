"""What Prometheus reads of the platform's parts: a PodMonitor each, in the chart's values.

By pods and ports, not by Services: no chart has to make one, or to wait for a definition. Ports are
those of the charts in `components/charts/catalog.py` (2026-08).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from components.addons.certificates import NAMESPACE as CERT_MANAGER
from components.addons.dns import METRICS_PORT as EXTERNAL_DNS_PORT
from components.addons.dns import NAMESPACE as EXTERNAL_DNS
from components.addons.keda import NAMESPACE as KEDA
from components.addons.kit import SYSTEM_NAMESPACE
from components.addons.secrets import NAMESPACE as EXTERNAL_SECRETS
from components.charts.catalog import AWS_LOAD_BALANCER_CONTROLLER, KARPENTER
from components.gateway import names as gateway
from components.gateway.values import pod_labels as gateway_labels
from components.mesh.plan import NAMESPACE as LINKERD
from components.mesh.plan import VIZ_NAMESPACE
from components.metrics.args import MonitoredPart
from components.search.elasticsearch_namespaces import OPERATOR_NAMESPACE
from components.search.elasticsearch_operator import METRICS_PORT as ECK_PORT

Json = dict[str, object]

INTERVAL = "30s"
"""As often as all else is read."""

POD, NAME = "__meta_kubernetes_pod", "app.kubernetes.io/name"


@dataclass(frozen=True)
class Target:
    """Pods of one part, which serve metrics by HTTP at `/metrics`."""

    job: str
    """Value of the label `job`, and the PodMonitor's name."""
    namespace: str
    port: int
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the pods; none: all of the namespace that have the port."""


TARGETS: Mapping[MonitoredPart, tuple[Target, ...]] = {
    MonitoredPart.CERT_MANAGER: (Target("cert-manager", CERT_MANAGER, 9402),),
    MonitoredPart.ECK: (Target("elastic-operator", OPERATOR_NAMESPACE, ECK_PORT),),
    MonitoredPart.EXTERNAL_DNS: (Target("external-dns", EXTERNAL_DNS, EXTERNAL_DNS_PORT),),
    MonitoredPart.EXTERNAL_SECRETS: (Target("external-secrets", EXTERNAL_SECRETS, 8080),),
    MonitoredPart.KARPENTER: (Target("karpenter", SYSTEM_NAMESPACE, 8080, {NAME: KARPENTER.name}),),
    MonitoredPart.KEDA: (Target("keda", KEDA, 8080),),
    MonitoredPart.KONG: (
        Target("kong", gateway.NAMESPACE, gateway.STATUS_PORT, gateway_labels("gateway")),
        Target(
            "kong-controller",
            gateway.NAMESPACE,
            gateway.CONTROLLER_METRICS_PORT,
            gateway_labels("controller"),
        ),
    ),
    MonitoredPart.LOAD_BALANCER_CONTROLLER: (
        Target(
            "aws-load-balancer-controller",
            SYSTEM_NAMESPACE,
            8080,
            {NAME: AWS_LOAD_BALANCER_CONTROLLER.name},
        ),
    ),
}


def pod_monitors(parts: Iterable[MonitoredPart]) -> list[Json]:
    """Return the values `prometheus.additionalPodMonitors`, in the order of their names."""
    chosen = set(parts)
    monitors = [_monitor(target) for part in chosen for target in TARGETS.get(part, ())]
    if MonitoredPart.LINKERD in chosen:
        monitors += [_linkerd_control_plane(), _linkerd_proxies()]
    return sorted(monitors, key=lambda monitor: str(monitor["name"]))


def _monitor(target: Target) -> Json:
    return {
        "name": target.job,
        "namespaceSelector": {"matchNames": [target.namespace]},
        "selector": {"matchLabels": dict(target.labels)},
        "podMetricsEndpoints": [
            {
                "portNumber": target.port,
                "interval": INTERVAL,
                "relabelings": [{"targetLabel": "job", "replacement": target.job}],
            }
        ],
    }


def _linkerd_control_plane() -> Json:
    """Return the monitor of the control plane's own processes, as Linkerd's chart has it.

    https://github.com/linkerd/linkerd2/blob/edge-26.8.3/charts/linkerd-control-plane/templates/podmonitor.yaml
    (2026-08)
    """
    port = f"{POD}_container_port_name"
    return _linkerd(
        "linkerd-controller",
        {"matchNames": [LINKERD, VIZ_NAMESPACE]},
        {"sourceLabels": [port], "action": "keep", "regex": ".*-admin"},
        # That of the proxies, which have a monitor of their own.
        {"sourceLabels": [port], "action": "drop", "regex": "linkerd-admin"},
        {"sourceLabels": [f"{POD}_container_name"], "targetLabel": "component"},
    )


def _linkerd_proxies() -> Json:
    """Return the monitor of all proxies, likewise.

    Of the pods' labels only Linkerd's own go on the samples, such as `deployment`: all the others,
    which the chart adds, multiply what is stored and say nothing that kube-state-metrics does not.
    """
    container = [f"{POD}_container_name", f"{POD}_container_port_name"]
    of_ours = f"linkerd-proxy;linkerd-admin;{LINKERD}"
    label = f"{POD}_label_linkerd_io"
    return _linkerd(
        "linkerd-proxy",
        {"any": True},
        {
            "sourceLabels": [*container, f"{label}_control_plane_ns"],
            "action": "keep",
            "regex": of_ours,
        },
        {"sourceLabels": ["__meta_kubernetes_namespace"], "targetLabel": "namespace"},
        {"sourceLabels": [f"{POD}_name"], "targetLabel": "pod"},
        # A Job of Kubernetes, which would take the place of Prometheus' own label.
        {"sourceLabels": [f"{label}_proxy_job"], "targetLabel": "k8s_job"},
        {"action": "labeldrop", "regex": f"{label}_proxy_job"},
        {"action": "labelmap", "regex": f"{label}_proxy_(.+)"},
        {"action": "labeldrop", "regex": f"{label}_proxy_(.+)"},
        {"action": "labelmap", "regex": f"{label}_(.+)"},
    )


def _linkerd(job: str, namespaces: Json, *relabelings: Json) -> Json:
    return {
        "name": job,
        "namespaceSelector": namespaces,
        "selector": {"matchLabels": {}},
        "podMetricsEndpoints": [
            {
                "interval": INTERVAL,
                "relabelings": [*relabelings, {"targetLabel": "job", "replacement": job}],
            }
        ],
    }


def control_plane_monitors() -> list[Json]:
    """Return the monitors of what EKS runs for us and shows by its own API only.

    https://docs.aws.amazon.com/eks/latest/userguide/view-raw-metrics.html (2026-11)
    """
    return [_eks("kube-controller-manager", "kcm"), _eks("kube-scheduler", "ksh")]


CONTROL_PLANE_RULES: tuple[Json, ...] = (
    {
        "apiGroups": ["metrics.eks.amazonaws.com"],
        "resources": ["kcm/metrics", "ksh/metrics"],
        "verbs": ["get"],
    },
)
"""What Prometheus needs for that: values `prometheus.additionalRulesForClusterRole`."""


def _eks(job: str, part: str) -> Json:
    account = "/var/run/secrets/kubernetes.io/serviceaccount"
    return {
        "name": job,
        "namespaceSelector": {"matchNames": ["default"]},
        "selector": {"matchLabels": {"component": "apiserver", "provider": "kubernetes"}},
        "endpoints": [
            {
                "port": "https",
                "scheme": "https",
                "path": f"/apis/metrics.eks.amazonaws.com/v1/{part}/container/metrics",
                "interval": INTERVAL,
                "bearerTokenFile": f"{account}/token",
                "tlsConfig": {"caFile": f"{account}/ca.crt", "serverName": "kubernetes"},
                "relabelings": [{"targetLabel": "job", "replacement": job}],
            }
        ],
    }
