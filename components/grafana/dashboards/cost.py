"""What the cluster's nodes cost and how much of them is used.

Prices are those that Karpenter reckons with (list prices of EC2, and spot prices, in US dollars);
discounts and everything but nodes are not in them. Nodes of the managed group have no capacity type
that Karpenter knows, and no price here.

Metrics: https://karpenter.sh/docs/reference/metrics/ (2026-11); kube-state-metrics as in `pods.py`.
"""

from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.promql import matching, rate
from components.grafana.dashboards.served import DURATION, UNCOUNTED
from components.grafana.dashboards.shapes import (
    PLATFORM,
    Around,
    bad_above,
    bad_below,
    series,
    stat,
    table,
)

UID = "cost"
KIND = "instance_type, capacity_type, zone"
NODES = f'count by ({KIND}, nodepool) (karpenter_nodes_allocatable{{resource_type="cpu"}})'
PRICE = f"max by ({KIND}) (karpenter_cloudprovider_instance_type_offering_price_estimate)"
HOURLY = f"{NODES} * on ({KIND}) group_left () {PRICE}"
MONTH = 730
"""Hours in a month, as AWS reckons: https://aws.amazon.com/calculator/ (2026-11)."""


def cost(around: Around) -> Dashboard:
    """Return the dashboard of cost."""
    return Dashboard(
        UID,
        "Cost",
        "Nodes by type and price, and how much of what is paid for is asked for and used. "
        "Estimates of Karpenter's, without discounts; the bill has the last word.",
        PLATFORM,
        (_now(around), Row("Nodes", _nodes()), Row("Who asks for what", _requests(around))),
        tags=("platform",),
        hours=48,
    )


def _now(around: Around) -> Row:
    own = matching(namespace=around.namespace, http_route=UNCOUNTED)
    served = f"sum({rate(f'{DURATION}_count{{{own}}}', '1h')}) * 3600"
    return Row(
        "Now",
        (
            stat("Nodes, an hour", "At this moment.", Unit.DOLLARS, f"sum({HOURLY})", decimals=2),
            stat(
                "Nodes, a month",
                f"{MONTH} hours of what is there at this moment.",
                Unit.DOLLARS,
                f"sum({HOURLY}) * {MONTH}",
                decimals=0,
            ),
            stat(
                "A million requests",
                "Price of all nodes for it, at the last hour's rate.",
                Unit.DOLLARS,
                f"sum({HOURLY}) / ({served} > 0) * 1000000",
                decimals=2,
            ),
            stat(
                "Spot",
                "Part of the nodes' cores.",
                Unit.RATIO,
                'sum(karpenter_nodes_allocatable{resource_type="cpu", capacity_type="spot"})'
                ' / sum(karpenter_nodes_allocatable{resource_type="cpu"}) or vector(0)',
            ),
            *(
                stat(
                    f"{title} asked for",
                    "Part of what the nodes have: the rest is paid for and nobody's.",
                    Unit.RATIO,
                    f'sum(kube_pod_container_resource_requests{{resource="{kind}"}})'
                    f' / sum(kube_node_status_allocatable{{resource="{kind}"}})',
                    thresholds=bad_below(0.4, 0.6),
                )
                for kind, title in (("cpu", "CPU"), ("memory", "Memory"))
            ),
        ),
    )


def _nodes() -> tuple[Panel, ...]:
    return (
        series(
            "Price by pool",
            "Dollars an hour.",
            Unit.DOLLARS,
            Query(f"sum by (nodepool) ({HOURLY})", "{{nodepool}}"),
            stacked=True,
        ),
        series(
            "Nodes by type",
            "Each instance type, on demand and spot.",
            Unit.COUNT,
            Query(
                f"sum by (instance_type, capacity_type) ({NODES})",
                "{{instance_type}} {{capacity_type}}",
            ),
            stacked=True,
        ),
        series(
            "Node hours by type",
            "In 24 hours.",
            Unit.HOURS,
            Query(
                f"sum by (instance_type) (sum_over_time(({NODES})[24h:1h]))", "{{instance_type}}"
            ),
        ),
        series(
            "Nodes that come and go",
            "In an hour: many of both are pods that are moved about.",
            Unit.COUNT,
            Query(
                "sum by (nodepool) (increase(karpenter_nodeclaims_created_total[1h]))",
                "come {{nodepool}}",
            ),
            Query(
                "sum by (nodepool) (increase(karpenter_nodeclaims_terminated_total[1h]))",
                "go {{nodepool}}",
            ),
        ),
        series(
            "Pools' limits",
            "Part of the cores that a pool may have: at 100 % no more nodes are started.",
            Unit.RATIO,
            Query(
                'max by (nodepool) (karpenter_nodepools_usage{resource_type="cpu"})'
                ' / max by (nodepool) (karpenter_nodepools_limit{resource_type="cpu"})',
                "{{nodepool}}",
            ),
            thresholds=bad_above(0.8, 0.95),
            maximum=1,
        ),
        table(
            "Nodes now",
            "By type and zone, with the price of each an hour.",
            Unit.COUNT,
            Query(f"sum by ({KIND}) ({NODES})", "nodes"),
            Query(f"{PRICE} and on ({KIND}) {NODES}", "dollars an hour"),
            width=8,
        ),
    )


def _requests(around: Around) -> tuple[Panel, ...]:
    own = f'namespace="{around.namespace}", container="app"'
    used = f"sum by (pod) (rate(container_cpu_usage_seconds_total{{{own}}}[1h]))"
    asked = f'sum by (pod) (kube_pod_container_resource_requests{{{own}, resource="cpu"}})'
    held = f"sum by (pod) (container_memory_working_set_bytes{{{own}}})"
    memory = f'sum by (pod) (kube_pod_container_resource_requests{{{own}, resource="memory"}})'
    return (
        series(
            "Cores by namespace",
            "That pods asked for.",
            Unit.CORES,
            Query(
                'sum by (namespace) (kube_pod_container_resource_requests{resource="cpu"})',
                "{{namespace}}",
            ),
            stacked=True,
        ),
        series(
            "Memory by namespace",
            "That pods asked for.",
            Unit.BYTES,
            Query(
                'sum by (namespace) (kube_pod_container_resource_requests{resource="memory"})',
                "{{namespace}}",
            ),
            stacked=True,
        ),
        table(
            "Asked for and not used",
            "Pods of services: cores and bytes that were asked for beyond what the last hour used.",
            Unit.COUNT,
            Query(f"topk(10, {asked} - {used})", "cores"),
            Query(f"topk(10, {memory} - {held})", "bytes"),
            width=8,
        ),
    )
