"""Workloads and cluster, where kube-prometheus-stack's own rules do not look.

These have alerts already for crash loops, pods that are not ready, rollouts that do not come to an
end, jobs that fail, autoscalers at their most (KubeHpaMaxedOut), budgets that are broken, quotas,
volumes that fill up, nodes that are not ready, and the API server. Metrics: kube-state-metrics,
https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics (v2.18, 2026-11), and
cAdvisor's.
"""

from components.alerts.rules import Alert, Severity

PAGE = "workloads"

POD = "namespace, pod, container"

ALERTS = (
    Alert(
        "ContainerOutOfMemory",
        f"max by ({POD}) (increase(kube_pod_container_status_restarts_total[15m])) > 0 and max by "
        f'({POD}) (kube_pod_container_status_last_terminated_reason{{reason="OOMKilled"}}) == 1',
        "0m",
        Severity.WARNING,
        "{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} ran out of memory",
        "The kernel ended it, and with it what it was doing.",
        PAGE,
    ),
    Alert(
        "ContainerMemoryNearLimit",
        f'max by ({POD}) (container_memory_working_set_bytes{{container!=""}}) / max by ({POD}) '
        '(kube_pod_container_resource_limits{resource="memory"}) > 0.95',
        "15m",
        Severity.WARNING,
        "{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is near its memory "
        "limit",
        "At the limit the kernel ends it.",
        PAGE,
    ),
    Alert(
        "DisruptionBudgetExhausted",
        "max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_expected_pods) "
        "> 0 and max by (namespace, poddisruptionbudget) "
        "(kube_poddisruptionbudget_status_pod_disruptions_allowed) == 0",
        "4h",
        Severity.WARNING,
        "{{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} has let no pod go for hours",
        "Nodes with such a pod can't be emptied: updates of nodes and of the cluster wait for it.",
        PAGE,
    ),
    Alert(
        "NamespaceStuck",
        'max by (namespace) (kube_namespace_status_phase{phase="Terminating"}) == 1',
        "1h",
        Severity.WARNING,
        "The namespace {{ $labels.namespace }} can't be deleted",
        "An object in it has a finalizer of a controller that is gone.",
        PAGE,
    ),
    Alert(
        "ScheduledJobMissed",
        "time() - max by (namespace, cronjob) (kube_cronjob_next_schedule_time) > 900 "
        "and max by (namespace, cronjob) (kube_cronjob_spec_suspend) == 0",
        "5m",
        Severity.WARNING,
        "{{ $labels.namespace }}/{{ $labels.cronjob }} did not run when it should have",
        "More than a quarter of an hour late: the run before still goes on and may not be "
        "replaced, or its pods can't be made.",
        PAGE,
    ),
    Alert(
        "PodEvictions",
        'sum by (namespace) (kube_pod_status_reason{reason="Evicted"}) > 3',
        "5m",
        Severity.WARNING,
        "Nodes throw out pods of {{ $labels.namespace }}",
        "A node is short of memory or disk; pods without or beyond their requests go first.",
        PAGE,
    ),
)
