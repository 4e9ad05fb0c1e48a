"""All alerts that do not depend on what services a stack has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.alerts.args import AlertPart
from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.parts import (
    cache,
    certificates,
    collectors,
    edge,
    elasticsearch,
    gateway,
    kafka,
    logging,
    mesh,
    monitoring,
    nodes,
    opensearch,
    rabbitmq,
    scaling,
    secrets,
    serverless,
    tables,
    workloads,
)
from components.alerts.rules import Alert, Group


@dataclass(frozen=True)
class Part:
    """Alerts of one part, and what the exporter of CloudWatch has to fetch for them."""

    alerts: Sequence[Alert]
    cloudwatch: Sequence[CloudWatchMetric] = ()


PARTS: Mapping[AlertPart, Part] = {
    AlertPart.WORKLOADS: Part(workloads.ALERTS),
    AlertPart.MONITORING: Part(monitoring.ALERTS),
    AlertPart.NODES: Part(nodes.ALERTS),
    AlertPart.CERTIFICATES: Part(certificates.ALERTS),
    AlertPart.SECRETS: Part(secrets.ALERTS),
    AlertPart.SCALING: Part(scaling.ALERTS),
    AlertPart.MESH: Part(mesh.ALERTS),
    AlertPart.GATEWAY: Part(gateway.ALERTS),
    AlertPart.EDGE: Part(edge.ALERTS, edge.CLOUDWATCH),
    AlertPart.CACHE: Part(cache.ALERTS, cache.CLOUDWATCH),
    AlertPart.KAFKA: Part(kafka.ALERTS, kafka.CLOUDWATCH),
    AlertPart.RABBITMQ: Part(rabbitmq.ALERTS, rabbitmq.CLOUDWATCH),
    AlertPart.ELASTICSEARCH: Part(elasticsearch.ALERTS),
    AlertPart.OPENSEARCH: Part(opensearch.ALERTS, opensearch.CLOUDWATCH),
    AlertPart.TABLES: Part(tables.ALERTS, tables.CLOUDWATCH),
    AlertPart.SERVERLESS: Part(serverless.ALERTS, serverless.CLOUDWATCH),
    AlertPart.COLLECTORS: Part(collectors.ALERTS),
    AlertPart.LOGGING: Part(logging.ALERTS),
}

EVERYWHERE = (AlertPart.WORKLOADS, AlertPart.MONITORING)
"""What every stack with metrics has."""


def platform_groups(parts: Sequence[AlertPart]) -> list[Group]:
    """Return the rules of some parts, a group for each."""
    wanted = set(parts)
    return [Group(part.value, PARTS[part].alerts) for part in PARTS if part in wanted]


def cloudwatch_metrics(parts: Sequence[AlertPart]) -> tuple[CloudWatchMetric, ...]:
    """Return what the exporter of CloudWatch has to fetch for the alerts of some parts."""
    return tuple(metric for part in parts for metric in PARTS[part].cloudwatch)
