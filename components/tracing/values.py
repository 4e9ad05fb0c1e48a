"""Values of the charts of collectors and Tempo."""

from collections.abc import Mapping, Sequence

import pulumi

from components._base.confined import CONTAINER_SECURITY, pod_security
from components.addons.classes import STORAGE_CLASS, PriorityClass
from components.charts.catalog import OTEL_COLLECTOR
from components.charts.release import MANAGED_BY
from components.mesh.plan import TRUST_ANNOTATION
from components.observability.names import COLLECTOR
from components.tracing.config import QUEUE_FOLDER
from components.tracing.plan import (
    METRICS,
    OTLP_GRPC,
    OTLP_HTTP,
    SPAN_METRICS,
    TEMPO,
    TracingPlan,
)

Values = dict[str, object]

USER = 10001
"""Of both images."""

ZONE, NODE = "topology.kubernetes.io/zone", "kubernetes.io/hostname"

CPU_PERCENT = 70
"""Of the CPU asked for, at which another collector is started."""

SCALE_DOWN_SECONDS = 600
"""Each pod that comes or goes moves a part of the traces to another one, and those under way are
decided on in halves: so not more often than need be."""

POD_SECURITY = pod_security(USER)

PODS_RULE: Mapping[str, object] = {
    "apiGroups": [""],
    "resources": ["pods", "namespaces"],
    "verbs": ["get", "list", "watch"],
}
"""What naming the pod of a span needs. A Deployment's name is read off its ReplicaSet's.

https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/processor/k8sattributesprocessor
(2026-08)
"""


def collector_values(
    plan: TracingPlan,
    name: str,
    config: Mapping[str, object],
    trust_version: pulumi.Input[str] | None = None,
) -> Values:
    """Return the values of one layer of collectors.

    :param name: of the release, which all its objects are called.
    """
    entry = name == COLLECTOR
    stored = name == plan.exporter and plan.spec.queue_gib > 0
    return {
        "mode": "statefulset" if stored else "deployment",
        "fullnameOverride": name,
        "podLabels": dict(MANAGED_BY),
        "podAnnotations": mesh_annotations(plan, trust_version, entry=entry),
        "command": {"name": "otelcol-contrib"},
        "image": {"repository": OTEL_COLLECTOR.images["image.repository"]},
        # Not `config`, which is merged into receivers of protocols that nobody speaks here.
        "alternateConfig": config,
        "serviceAccount": {"name": name, "automountServiceAccountToken": entry},
        "clusterRole": {"create": entry, "name": name, "rules": [PODS_RULE] if entry else []},
        "ports": _ports(plan, entry=entry),
        **({} if entry else {"service": {"clusterIP": "None"}}),
        **(_disk(plan.spec.queue_gib) if stored else {}),
        "resources": _resources("100m", plan.spec.memory_mib),
        "podSecurityContext": dict(POD_SECURITY),
        "securityContext": dict(CONTAINER_SECURITY),
        "priorityClassName": PriorityClass.INFRASTRUCTURE.value,
        "terminationGracePeriodSeconds": 60,
        "podMonitor": {
            "enabled": plan.spec.pod_monitors,
            "metricsEndpoints": _scraped(plan, entry=entry),
        },
        **_replicas(plan),
        **({"topologySpreadConstraints": _spread(name)} if plan.layered else {}),
    }


def collector_labels(name: str) -> dict[str, str]:
    """Return the labels that select the pods of a layer."""
    return {
        "app.kubernetes.io/name": "opentelemetry-collector",
        "app.kubernetes.io/instance": name,
    }


def tempo_labels() -> dict[str, str]:
    """Return the labels that select Tempo's pod."""
    return {"app.kubernetes.io/name": "tempo", "app.kubernetes.io/instance": TEMPO}


def mesh_annotations(
    plan: TracingPlan, trust_version: pulumi.Input[str] | None, *, entry: bool = False
) -> dict[str, pulumi.Input[str]]:
    """Return the annotations by which pods are in the mesh, or are not.

    :param entry: any pod of the mesh may send spans, for all their proxies do.
    """
    if not plan.meshed or trust_version is None:
        return {"linkerd.io/inject": "disabled"}
    return {
        "linkerd.io/inject": "enabled",
        "config.linkerd.io/default-inbound-policy": "cluster-authenticated" if entry else "deny",
        # Prometheus is in no mesh, and reads numbers only.
        "config.linkerd.io/skip-inbound-ports": f"{METRICS},{SPAN_METRICS}",
        TRUST_ANNOTATION: trust_version,
    }


def tempo_values(
    plan: TracingPlan,
    config: pulumi.Input[str],
    trust_version: pulumi.Input[str] | None = None,
) -> Values:
    """Return Tempo's values.

    :param config: Tempo's own configuration.
    """
    spec = plan.spec
    return {
        "fullnameOverride": TEMPO,
        "podAnnotations": mesh_annotations(plan, trust_version),
        # All of it: the chart's own listens for protocols that nobody speaks here.
        "config": config,
        "tempo": {
            "memBallastSizeMbs": 0,
            "reportingEnabled": False,
            "resources": _resources("250m", spec.tempo.memory_mib),
            "securityContext": dict(CONTAINER_SECURITY),
            # Go's garbage collector knows the limit.
            "extraEnv": [{"name": "GOMEMLIMIT", "value": f"{spec.tempo.memory_mib * 8 // 10}MiB"}],
        },
        "serviceAccount": {"name": TEMPO, "automountServiceAccountToken": False},
        "securityContext": dict(POD_SECURITY),
        "persistence": {
            "enabled": True,
            "enableStatefulSetAutoDeletePVC": True,
            "storageClassName": STORAGE_CLASS,
            "size": f"{spec.tempo.disk_gib}Gi",
        },
        "serviceMonitor": {"enabled": spec.pod_monitors, "interval": "30s"},
        "priorityClassName": PriorityClass.INFRASTRUCTURE.value,
    }


def _replicas(plan: TracingPlan) -> Values:
    spec = plan.spec
    if not plan.layered:
        return {"replicaCount": 1}
    behavior = {
        "scaleDown": {
            "stabilizationWindowSeconds": SCALE_DOWN_SECONDS,
            "policies": [{"type": "Pods", "value": 1, "periodSeconds": SCALE_DOWN_SECONDS}],
        }
    }
    return {
        "replicaCount": spec.min_replicas,
        "autoscaling": {
            "enabled": spec.max_replicas > spec.min_replicas,
            "minReplicas": spec.min_replicas,
            "maxReplicas": spec.max_replicas,
            "targetCPUUtilizationPercentage": CPU_PERCENT,
            "behavior": behavior,
        },
        "podDisruptionBudget": {"enabled": spec.min_replicas > 1, "maxUnavailable": 1},
    }


def _ports(plan: TracingPlan, *, entry: bool) -> Values:
    """Return the ports: OTLP, and metrics; of other protocols none."""
    off = {"enabled": False}
    others = ("jaeger-compact", "jaeger-thrift", "jaeger-grpc", "zipkin")
    ports: Values = {
        "otlp": _port(OTLP_GRPC),
        "otlp-http": _port(OTLP_HTTP) if entry else off,
        "metrics": _port(METRICS),
        **dict.fromkeys(others, off),
    }
    if entry and plan.spec.span_metrics:
        ports["span-metrics"] = {**_port(SPAN_METRICS), "protocol": "TCP"}
    return ports


def _port(number: int) -> Values:
    return {"enabled": True, "containerPort": number, "servicePort": number}


def _scraped(plan: TracingPlan, *, entry: bool) -> list[Values]:
    ports = ["metrics", *(["span-metrics"] if entry and plan.spec.span_metrics else [])]
    return [{"port": port, "interval": "30s"} for port in ports]


def _disk(gib: int) -> Values:
    """Return the volume of the queue: it outlives the pod, and goes with the release."""
    return {
        "statefulset": {
            "volumeClaimTemplates": [
                {
                    "metadata": {"name": "queue"},
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "storageClassName": STORAGE_CLASS,
                        "resources": {"requests": {"storage": f"{gib}Gi"}},
                    },
                }
            ],
            # After fewer pods come more again, and send what was left.
            "persistentVolumeClaimRetentionPolicy": {
                "enabled": True,
                "whenDeleted": "Delete",
                "whenScaled": "Retain",
            },
        },
        "extraVolumeMounts": [{"name": "queue", "mountPath": QUEUE_FOLDER}],
    }


def _resources(cpu: str, memory_mib: int) -> Values:
    """Return what a container is sure to get; of memory, no more than that."""
    memory = f"{memory_mib}Mi"
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}}


def _spread(name: str) -> Sequence[Values]:
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": collector_labels(name)},
        }
        for key in (ZONE, NODE)
    ]
