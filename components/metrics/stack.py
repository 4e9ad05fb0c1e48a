"""Values of kube-prometheus-stack: Prometheus, its operator, and what they read by default."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components._base.confined import CONTAINER_SECURITY
from components.addons.classes import PriorityClass
from components.addons.kit import SYSTEM_PRIORITY, ZONE, resources
from components.charts import Values
from components.metrics import names
from components.metrics.alertmanager import alertmanager_values, volume_claim
from components.metrics.managed import REPLICA_LABEL, Workspace, remote_write
from components.metrics.monitors import CONTROL_PLANE_RULES, control_plane_monitors, pod_monitors
from components.metrics.plan import MetricsPlan

Json = dict[str, object]

OFF: Json = {"enabled": False}

HIDDEN_BY_EKS = (
    *("etcd", "kubeControllerManager", "kubeProxy", "kubeSchedulerAlerting"),
    "kubeSchedulerRecording",
)
"""Groups of rules about what EKS runs out of sight, or, as kube-proxy, lets nobody but the node
itself ask: their alerts would fire for ever (prometheus-community/helm-charts#4106)."""

OF_FIXED_CLUSTERS = ("KubeCPUOvercommit", "KubeMemoryOvercommit")
"""Alerts that a node less would leave no room for all pods: Karpenter makes another node."""

EXEMPLARS = 100_000
"""Traces that samples point to, of all series; 100 bytes of memory each."""


@dataclass(frozen=True)
class Wiring:
    """What the values take from elsewhere."""

    cluster_name: pulumi.Input[str]
    agents_namespace: pulumi.Input[str]
    storage_class: pulumi.Input[str]
    region: pulumi.Input[str]
    alerts: Mapping[str, object]
    """Alertmanager's configuration."""
    workspace: Workspace | None


def stack_values(plan: MetricsPlan, wiring: Wiring) -> Values:
    """Return the values of the chart."""
    return {
        "fullnameOverride": names.STACK,
        # Or all names end with the kind once more.
        "cleanPrometheusOperatorObjectNames": True,
        "crds": OFF,
        "grafana": OFF,
        "defaultRules": {
            "rules": dict.fromkeys((*HIDDEN_BY_EKS, "windows"), False),
            "disabled": dict.fromkeys(OF_FIXED_CLUSTERS, True),
        },
        "kubeControllerManager": OFF,
        "kubeEtcd": OFF,
        "kubeProxy": OFF,
        "kubeScheduler": OFF,
        "prometheusOperator": _operator(),
        "prometheus": _prometheus(plan, wiring),
        "alertmanager": alertmanager_values(plan, wiring.alerts, wiring.storage_class),
        "kube-state-metrics": _kube_state_metrics(),
        "prometheus-node-exporter": _node_exporter(wiring.agents_namespace),
    }


def _operator() -> Json:
    return {
        "admissionWebhooks": {
            # The operator leaves out a rule that is broken and says so; who has rules need not wait
            # until it runs.
            "failurePolicy": "Ignore",
            # The chart's own certificate is made by a job, anew each time (pulumi-kubernetes#2131).
            "patch": OFF,
            "certManager": {"enabled": True},
        },
        "podLabels": {names.POD_LABEL: "operator"},
        **names.ON_SYSTEM_NODES,
        "resources": resources("50m", "128Mi", "384Mi"),
        "logFormat": "json",
        "prometheusConfigReloader": {"resources": resources("10m", "32Mi", "64Mi")},
        # Kubernetes has given up Endpoints, https://kubernetes.io/blog/2025/04/24/ (2026-11).
        "kubeletEndpointsEnabled": False,
        "kubeletEndpointSliceEnabled": True,
    }


def _prometheus(plan: MetricsPlan, wiring: Wiring) -> Json:
    two = plan.spec.prometheus.replicas > 1
    return {
        "serviceAccount": {"name": names.PROMETHEUS_ACCOUNT},
        "podDisruptionBudget": {"enabled": True, "minAvailable": 1} if two else OFF,
        "additionalPodMonitors": pod_monitors(plan.spec.parts),
        "additionalServiceMonitors": control_plane_monitors(),
        "additionalRulesForClusterRole": list(CONTROL_PLANE_RULES),
        "prometheusSpec": {
            **_selects_all(),
            **_size(plan),
            **_remote(wiring),
            "externalLabels": {"cluster": wiring.cluster_name},
            "storageSpec": volume_claim(wiring.storage_class, f"{plan.spec.prometheus.disk_gib}Gi"),
            "scrapeInterval": "30s",
            "evaluationInterval": "30s",
            "serviceDiscoveryRole": "EndpointSlice",
            "enableFeatures": ["exemplar-storage"],
            "exemplars": {"maxSize": EXEMPLARS},
            # Two in one zone would have their volumes, and themselves, in it.
            "podAntiAffinity": "hard" if two else "soft",
            "podAntiAffinityTopologyKey": ZONE,
            "podMetadata": {"labels": {names.POD_LABEL: "prometheus"}},
            "priorityClassName": PriorityClass.INFRASTRUCTURE.value,
            "logFormat": "json",
        },
    }


def _selects_all() -> Json:
    """Return what makes Prometheus take the monitors and rules of everyone, in all namespaces."""
    kinds = ("podMonitor", "probe", "rule", "scrapeConfig", "serviceMonitor")
    return {f"{kind}SelectorNilUsesHelmValues": False for kind in kinds}


def _size(plan: MetricsPlan) -> Json:
    prometheus = plan.spec.prometheus
    return {
        "replicas": prometheus.replicas,
        "retention": f"{prometheus.retention_days}d",
        "retentionSize": plan.retention_size,
        "walCompression": True,
        "resources": resources(
            f"{prometheus.cpu_millis}m",
            f"{prometheus.memory_mib}Mi",
            f"{plan.memory_limit_mib}Mi",
        ),
    }


def _remote(wiring: Wiring) -> Json:
    if wiring.workspace is None:
        return {}
    return {
        "replicaExternalLabelName": REPLICA_LABEL,
        "prometheusExternalLabelNameClear": True,
        "remoteWrite": remote_write(wiring.workspace, wiring.region),
    }


def _kube_state_metrics() -> Json:
    return {
        # To count secrets it would have to be let read them all.
        "collectorsExclude": ["secrets"],
        "podLabels": {names.POD_LABEL: "kube-state-metrics"},
        **names.ON_SYSTEM_NODES,
        "priorityClassName": SYSTEM_PRIORITY,
        "resources": resources("20m", "128Mi", "512Mi"),
    }


def _node_exporter(agents_namespace: pulumi.Input[str]) -> Json:
    return {
        "namespaceOverride": agents_namespace,
        # Whatever keeps pods off a node, its figures are wanted.
        "tolerations": [{"operator": "Exists"}],
        "priorityClassName": "system-node-critical",
        "resources": resources("20m", "32Mi", "96Mi"),
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
        "containerSecurityContext": CONTAINER_SECURITY,
    }
