"""Panels of pods: how many there are, what they use of what they asked for, and how they end.

Metrics: kube-state-metrics, https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics
(2026-11), and the kubelet's cAdvisor,
https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md (2026-11).
"""

from components.grafana.dashboards.model import Annotation, Panel, Query, Row, Unit
from components.grafana.dashboards.promql import matching, pods_of, rate
from components.grafana.dashboards.shapes import bad_above, series

CONTAINER = "app"
"""The one of ours in each pod (components/service/pod.py); the mesh's proxy is beside it."""


def saturation(workload: str, namespace: str, *, more: tuple[Panel, ...] = ()) -> Row:
    """Return the row of a workload's pods."""
    pods = matching(namespace=namespace, pod=f'=~"{pods_of(workload)}"')
    own = f'{pods}, container="{CONTAINER}"'
    deployment = matching(namespace=namespace, deployment=workload)
    scaler = matching(namespace=namespace, horizontalpodautoscaler=f'=~"(keda-hpa-)?{workload}"')
    return Row(
        "Saturation: pods and what they use",
        (
            series(
                "Pods",
                "Pods that are ready, those wanted, and the most that the autoscaler may start: at "
                "the most, there is no more room for load.",
                Unit.COUNT,
                Query(f"sum(kube_deployment_status_replicas_ready{{{deployment}}})", "ready"),
                Query(f"sum(kube_deployment_spec_replicas{{{deployment}}})", "wanted"),
                Query(
                    f"max(kube_horizontalpodautoscaler_spec_max_replicas{{{scaler}}})", "at most"
                ),
            ),
            series(
                "CPU, of what was asked for",
                "Above 100 % a pod uses what others leave, and may get less at any time.",
                Unit.RATIO,
                Query(
                    f"sum by (pod) ({rate(f'container_cpu_usage_seconds_total{{{own}}}')})"
                    " / sum by (pod) "
                    f'(kube_pod_container_resource_requests{{{own}, resource="cpu"}})',
                    "{{pod}}",
                ),
                thresholds=bad_above(0.8, 1),
            ),
            series(
                "Memory, of the limit",
                "At 100 % the container is killed.",
                Unit.RATIO,
                Query(
                    f"max by (pod) (container_memory_working_set_bytes{{{own}}}) / max by (pod) "
                    f'(kube_pod_container_resource_limits{{{own}, resource="memory"}})',
                    "{{pod}}",
                ),
                thresholds=bad_above(0.8, 0.95),
            ),
            series(
                "Restarts",
                "Containers that were started anew, in the last hour.",
                Unit.COUNT,
                Query(
                    "sum by (pod) (increase("
                    f"kube_pod_container_status_restarts_total{{{own}}}[1h]))",
                    "{{pod}}",
                ),
                thresholds=bad_above(1, 3),
            ),
            series(
                "Why containers ended",
                "OOMKilled: out of memory. Error: the process ended by itself. The last end of "
                "each container that is still there.",
                Unit.COUNT,
                Query(
                    f"sum by (reason) (kube_pod_container_status_last_terminated_reason{{{own}}})",
                    "{{reason}}",
                ),
            ),
            *more,
        ),
    )


def deployments(workload: str, namespace: str) -> Annotation:
    """Return the marks of new versions: a Deployment makes a ReplicaSet for each."""
    replica_sets = matching(namespace=namespace, replicaset=f'=~"{workload}-[a-z0-9]+"')
    return Annotation(
        "Deployment",
        f"max by (replicaset) (kube_replicaset_created{{{replica_sets}}}) * 1000",
        "{{replicaset}}",
    )
