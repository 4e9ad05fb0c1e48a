"""Values of Kong's `ingress` chart, whose two halves, `controller` and `gateway`, are one chart."""

from collections.abc import Mapping, Sequence

import pulumi

from components.charts.release import MANAGED_BY
from components.cluster.addons import TOLERATIONS
from components.cluster.nodes import LABELS
from components.gateway import certificates, names
from components.gateway.args import GatewayNodes
from components.gateway.plan import GatewayPlan
from components.gateway.settings import CLIENT_FILES, mesh_annotations, proxy_environment

KONG_VERSION, CONTROLLER_VERSION = "3.9.3", "3.5.13"
"""Kong: the last line that is published as open source, https://github.com/Kong/docker-kong
(2026-06). Controller: https://github.com/Kong/kubernetes-ingress-controller/tags (2026-08)."""

PRIORITY = "system-cluster-critical"
"""Kubernetes' own class: all that callers see passes here."""

ZONE, NODE = "topology.kubernetes.io/zone", "kubernetes.io/hostname"

DRAIN_SECONDS, FINISH_SECONDS = 30, 60
"""A pod that goes serves on until the load balancer has stopped sending, then finishes what it
has; a request takes as long as the load balancer's idle timeout at most."""

INIT_RESOURCES = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}

OFF = {"enabled": False}

Values = dict[str, object]


def chart_values(
    plan: GatewayPlan,
    trusted_cidrs: pulumi.Output[Sequence[str]],
    trust_version: pulumi.Input[str] | None = None,
) -> Values:
    """Return the chart's values.

    :param trusted_cidrs: from where the caller's address is believed.
    :param trust_version: of the mesh's trust anchors.
    """
    return {
        "controller": controller_values(plan),
        "gateway": {
            **proxy_values(plan, trusted_cidrs),
            "podAnnotations": mesh_annotations(plan, trust_version),
        },
    }


def controller_values(plan: GatewayPlan) -> Values:
    """Return those of the controller: it speaks to the API server and the pods' admin API only.

    Both by TLS with certificates on both sides, so it needs no mesh, and starts without one.
    """
    spec = plan.spec
    return {
        **_pods(spec.controller_replicas, names.CONTROLLER),
        "replicaCount": spec.controller_replicas,
        "nodeSelector": LABELS,
        "tolerations": TOLERATIONS,
        "topologySpreadConstraints": [_spread("controller", ZONE), _spread("controller", NODE)],
        "podAnnotations": {"linkerd.io/inject": "disabled"},
        "serviceMonitor": {"enabled": spec.service_monitors},
        "ingressController": {
            "image": {"tag": CONTROLLER_VERSION},
            "ingressClass": names.INGRESS_CLASS,
            # Of its metrics' Service: the chart's ServiceMonitor looks for it, and sets it nowhere.
            "labels": {"enable-metrics": "true"},
            "env": {
                "anonymous_reports": "false",
                # What is broken is left out, with its last good state; the rest is served.
                "feature_gates": "FallbackConfiguration=true",
                "use_last_valid_config_for_fallback": "true",
                "kong_admin_tls_skip_verify": "false",
                "kong_admin_ca_cert_file": f"{CLIENT_FILES}/ca.crt",
                "log_format": "json",
            },
            "adminApi": {
                "tls": {
                    "client": {
                        "enabled": True,
                        "certProvided": True,
                        "secretName": certificates.ADMIN_CLIENT,
                    }
                }
            },
            "admissionWebhook": {
                "enabled": True,
                "failurePolicy": "Fail",
                "filterSecrets": True,
                "port": names.WEBHOOK_PORT,
                "certificate": {"provided": True, "secretName": certificates.WEBHOOK},
                # cert-manager writes the authority into the webhook, and keeps it there.
                "annotations": {
                    "cert-manager.io/inject-ca-from": f"{names.NAMESPACE}/{certificates.WEBHOOK}"
                },
                # Of all other namespaces nothing waits for the controller, not even its own.
                "namespaceSelector": {"matchLabels": names.ROUTES_ALLOWED},
            },
            "resources": {
                "requests": {"cpu": "100m", "memory": "256Mi"},
                "limits": {"memory": "512Mi"},
            },
        },
    }


def proxy_values(plan: GatewayPlan, trusted_cidrs: pulumi.Output[Sequence[str]]) -> Values:
    """Return those of the pods that requests pass through."""
    spec = plan.spec
    return {
        **_pods(spec.replicas, names.PROXY),
        **_scale(plan),
        **_placement(spec.nodes),
        "image": {"tag": KONG_VERSION},
        "env": proxy_environment(plan, trusted_cidrs),
        "secretVolumes": [certificates.ADMIN, certificates.PROXY],
        "proxy": {
            "type": "ClusterIP",
            "http": OFF,
            "tls": {
                "enabled": True,
                "servicePort": names.PROXY_SERVICE_PORT,
                "containerPort": names.PROXY_PORT,
            },
        },
        "admin": {
            "enabled": True,
            "type": "ClusterIP",
            "http": OFF,
            "tls": {
                "enabled": True,
                "servicePort": names.ADMIN_PORT,
                "containerPort": names.ADMIN_PORT,
            },
        },
        "status": {"http": {"enabled": True, "containerPort": names.STATUS_PORT}},
        # The chart would open node ports for them.
        "manager": OFF,
        "portal": OFF,
        "portalapi": OFF,
        "serviceMonitor": {"enabled": spec.service_monitors},
        "resources": {
            "requests": {"cpu": f"{spec.cpu_millicores}m", "memory": f"{spec.memory_mib}Mi"},
            "limits": {"memory": f"{spec.memory_mib}Mi"},
        },
        "initContainerResources": INIT_RESOURCES,
        "terminationGracePeriodSeconds": DRAIN_SECONDS + FINISH_SECONDS + 10,
        "lifecycle": {
            "preStop": {
                "exec": {
                    "command": [
                        *("kong", "quit"),
                        f"--wait={DRAIN_SECONDS}",
                        f"--timeout={FINISH_SECONDS}",
                    ]
                }
            }
        },
        "updateStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
        },
    }


def _pods(replicas: int, account: str) -> Values:
    return {
        "extraLabels": dict(MANAGED_BY),
        "priorityClassName": PRIORITY,
        "deployment": {"serviceAccount": {"create": True, "name": account}},
        # Of a single pod, a budget would hold up each node's replacement.
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1} if replicas > 1 else OFF,
    }


def _scale(plan: GatewayPlan) -> Values:
    spec = plan.spec
    if not plan.autoscaled:
        return {"replicaCount": spec.replicas, "autoscaling": OFF}
    use = {"type": "Utilization", "averageUtilization": spec.cpu_target_percent}
    return {
        "autoscaling": {
            "enabled": True,
            "minReplicas": spec.replicas,
            "maxReplicas": spec.max_replicas,
            # Of Kong alone, not of the mesh's proxy beside it.
            "metrics": [
                {
                    "type": "ContainerResource",
                    "containerResource": {"name": "cpu", "container": "proxy", "target": use},
                }
            ],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
        }
    }


def _placement(nodes: GatewayNodes) -> Values:
    zone, node = _spread("gateway", ZONE), _spread("gateway", NODE)
    if nodes is GatewayNodes.SYSTEM:
        return {
            "nodeSelector": LABELS,
            "tolerations": TOLERATIONS,
            "topologySpreadConstraints": [zone, node],
        }
    # Karpenter makes a node in the zone that lacks a pod.
    strict = {**zone, "whenUnsatisfiable": "DoNotSchedule"}
    return {"topologySpreadConstraints": [strict, node]}


def _spread(name: str, over: str) -> Mapping[str, object]:
    return {
        "maxSkew": 1,
        "topologyKey": over,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": pod_labels(name)},
        # Pods of the version before don't count: they are about to go.
        "matchLabelKeys": ["pod-template-hash"],
    }


def pod_labels(name: str) -> dict[str, str]:
    """Return the labels that select the pods of `gateway` or `controller`."""
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": names.RELEASE}
