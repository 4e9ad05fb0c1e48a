"""Rows for what a service or a worker depends on: only what it names in `uses` and `calls`.

Metrics: those of our runtime, examples/services/runtime/src/platform_runtime/metrics.py; consumer
lag as MSK has it, https://docs.aws.amazon.com/msk/latest/developerguide/prometheus-metrics.html
(2026-11).
"""

from components.grafana.dashboards.declared import Declared
from components.grafana.dashboards.model import Link, Panel, Query, Row, Unit
from components.grafana.dashboards.promql import matching, ratio, total
from components.grafana.dashboards.shapes import (
    Around,
    bad_above,
    bad_below,
    link,
    series,
)

LAG = "kafka_consumer_group_ConsumerLagMetrics_Value"
"""Gauges of a broker: `name` says of what, `groupId` and `topic` of whom."""

LEVELS = {"0": "closed", "0.5": "trying", "1": "open"}
"""Of a circuit breaker."""


def job_of(declared: Declared, around: Around) -> str:
    """Return Prometheus' job: a Service's name, or namespace and name of a PodMonitor."""
    return f"{around.namespace}/{declared.name}" if declared.worker else declared.name


def dependencies(declared: Declared, around: Around) -> list[Row]:
    """Return the row of all calls, and one for each kind of system that says more."""
    panels = [
        *(_calls(declared, around) if declared.dependencies else []),
        *(_cache(declared, around) if declared.cache else []),
        *(_topics(declared, around) if declared.produces or declared.consumes else []),
        *(_lag(declared, around) if declared.consumes else []),
        *(_peers(declared, around) if declared.calls else []),
    ]
    return [Row("Dependencies", tuple(panels))] if panels else []


def _calls(declared: Declared, around: Around) -> list[Panel]:
    names = "|".join(declared.dependencies)
    own = matching(
        namespace=around.namespace, job=job_of(declared, around), dependency=f'=~"{names}"'
    )
    calls = f"dependency_calls_total{{{own}}}"
    failed = f'dependency_calls_total{{{own}, outcome!="ok"}}'
    return [
        series(
            "Calls",
            f"Calls in a second of {', '.join(declared.dependencies)}.",
            Unit.OPERATIONS,
            Query(total(calls, "dependency"), "{{dependency}}"),
            links=_links(declared, around),
        ),
        series(
            "Calls that failed or were refused",
            "Part of the calls: without an answer, or not made while the circuit breaker is open.",
            Unit.RATIO,
            Query(ratio(total(failed, "dependency"), total(calls, "dependency")), "{{dependency}}"),
            thresholds=bad_above(0.01, 0.1),
        ),
        Panel(
            "Circuit breakers",
            "Open: calls are refused until one that is tried gets an answer. The worst pod.",
            Unit.COUNT,
            (Query(f"max by (dependency) (circuit_breaker_open{{{own}}})", "{{dependency}}"),),
            texts=LEVELS,
            maximum=1,
            thresholds=bad_above(0.5, 1),
        ),
    ]


def _links(declared: Declared, around: Around) -> tuple[Link, ...]:
    pages = {"cache": "Cache", "kafka": "Kafka", "search": "Elasticsearch"}
    return tuple(
        link(title, uid)
        for uid, title in pages.items()
        if uid in declared.dependencies and uid in around.parts
    )


def _cache(declared: Declared, around: Around) -> list[Panel]:
    own = matching(namespace=around.namespace, job=job_of(declared, around))
    reads = f"cache_reads_total{{{own}}}"
    hits = f'cache_reads_total{{{own}, outcome="hit"}}'
    return [
        series(
            "Reads of the cache",
            "Reads in a second. Stale: an old value, as the source did not answer.",
            Unit.OPERATIONS,
            Query(total(reads, "outcome"), "{{outcome}}"),
            stacked=True,
        ),
        series(
            "Found in the cache",
            "Part of the reads that found a fresh value.",
            Unit.RATIO,
            Query(ratio(total(hits), total(reads)), "hits"),
            thresholds=bad_below(0.5, 0.8),
            maximum=1,
        ),
    ]


def _topics(declared: Declared, around: Around) -> list[Panel]:
    own = matching(namespace=around.namespace, job=job_of(declared, around))
    records = f"kafka_records_total{{{own}}}"
    unwell = f'kafka_records_total{{{own}, outcome!="ok"}}'
    return [
        series(
            "Records",
            "Records sent to and received from topics in a second.",
            Unit.OPERATIONS,
            Query(total(records, "topic", "direction"), "{{direction}} {{topic}}"),
        ),
        series(
            "Records that were not sent, or put aside",
            "Records in a second; dead: could not be handled, and went to `TOPIC.GROUP.dlq`.",
            Unit.OPERATIONS,
            Query(total(unwell, "topic", "outcome"), "{{outcome}} {{topic}}"),
        ),
    ]


def _lag(declared: Declared, around: Around) -> list[Panel]:
    del around  # brokers are outside the cluster
    own = matching(groupId=declared.group or declared.name)
    return [
        series(
            "Records that wait",
            "Of each topic, in all partitions: if that grows, consumers are too slow or stand.",
            Unit.COUNT,
            Query(f'sum by (topic) ({LAG}{{{own}, name="SumOffsetLag"}})', "{{topic}}"),
        ),
        series(
            "Age of the oldest",
            "Seconds that the consumers are behind, as MSK estimates it.",
            Unit.SECONDS,
            Query(f'max by (topic) ({LAG}{{{own}, name="EstimatedMaxTimeLag"}})', "{{topic}}"),
        ),
    ]


def _peers(declared: Declared, around: Around) -> list[Panel]:
    names = "|".join(declared.calls)
    out = matching(
        direction="outbound",
        namespace=around.namespace,
        deployment=declared.name,
        dst_deployment=f'=~"{names}"',
    )
    failed = f'{out}, classification="failure"'
    return [
        series(
            "Calls of other services that fail, as the mesh sees them",
            "Part of the calls, tries that were repeated among them.",
            Unit.RATIO,
            Query(
                ratio(
                    total(f"response_total{{{failed}}}", "dst_deployment"),
                    total(f"response_total{{{out}}}", "dst_deployment"),
                ),
                "{{dst_deployment}}",
            ),
            thresholds=bad_above(0.01, 0.05),
        )
    ]
