"""Karpenter, https://karpenter.sh/docs/reference/metrics/ (v1.15, 2026-11)."""

from components.alerts.rules import Alert, Severity

PAGE = "nodes"

ALERTS = (
    Alert(
        "PodWithoutNode",
        "max by (namespace, pod) (kube_pod_status_unschedulable) == 1",
        "15m",
        Severity.CRITICAL,
        "The pod {{ $labels.namespace }}/{{ $labels.pod }} finds no node for 15 minutes",
        "A new node takes about two minutes. Whatever needs the pod does without it.",
        PAGE,
    ),
    Alert(
        "NodeLaunchErrors",
        "sum by (method) (increase(karpenter_cloudprovider_errors_total"
        '{error!~"NodeClaimNotFoundError|InsufficientCapacityError"}[15m])) > 3',
        "15m",
        Severity.WARNING,
        "EC2 refuses what Karpenter asks for ({{ $labels.method }})",
        "A right that is missing, a quota, or throttling.",
        PAGE,
    ),
    Alert(
        "NodeCapacityShort",
        "sum(increase(karpenter_cloudprovider_errors_total"
        '{error="InsufficientCapacityError"}[1h])) > 10',
        "15m",
        Severity.WARNING,
        "EC2 has too few instances of the types that Karpenter may take",
        "It tries others, as long as the node pool allows any.",
        PAGE,
    ),
    Alert(
        "NodePoolNearLimit",
        "max by (nodepool, resource_type) (karpenter_nodepools_usage / karpenter_nodepools_limit) "
        "> 0.9",
        "15m",
        Severity.WARNING,
        "The node pool {{ $labels.nodepool }} is at 90% of its limit ({{ $labels.resource_type }})",
        "Beyond it Karpenter makes no nodes, and pods wait.",
        PAGE,
    ),
    Alert(
        "NodeInterruptionsUnhandled",
        "histogram_quantile(0.9, sum by (le) "
        "(rate(karpenter_interruption_message_queue_duration_seconds_bucket[15m]))) > 60",
        "10m",
        Severity.WARNING,
        "Karpenter learns of interruptions more than a minute late",
        "AWS takes a spot instance back after two minutes: pods do not get time to end their work.",
        PAGE,
    ),
    Alert(
        "NodeProvisionerDown",
        'kube_deployment_status_replicas_available{namespace="kube-system",'
        'deployment="karpenter"} == 0',
        "10m",
        Severity.CRITICAL,
        "Karpenter does not run: there will be no new nodes",
        "Nodes that are taken back are not replaced.",
        PAGE,
    ),
)
