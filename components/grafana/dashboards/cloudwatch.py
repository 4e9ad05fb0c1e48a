"""Names that CloudWatch's metrics have in Prometheus, by way of the exporter YACE.

https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/master/pkg/promutil/prometheus.go
(2026-11): `BuildMetricName` and `PromString`.
"""

import re

BOUNDARY = re.compile(r"([a-z0-9])([A-Z])")
NO_NAME = re.compile(r"[^a-zA-Z0-9_]")


def exported(namespace: str, metric: str, statistic: str) -> str:
    """Return the name of a metric: `aws_elasticache_curr_connections_average`.

    :param namespace: CloudWatch's, e.g. `AWS/ElastiCache`.
    :param metric: CloudWatch's, e.g. `CurrConnections`.
    :param statistic: CloudWatch's, e.g. `Average` or `p99`.
    """
    head = NO_NAME.sub("_", namespace.lower())
    name = _snake(metric)
    for part in head.split("_"):  # what the namespace says already
        name = name.removeprefix(part)
    return f"{head}_{name.removeprefix('_')}_{_snake(statistic)}"


def dimension(name: str) -> str:
    """Return the label of a dimension: `dimension_CacheClusterId`."""
    return f"dimension_{NO_NAME.sub('_', name)}"


def _snake(text: str) -> str:
    return BOUNDARY.sub(r"\1_\2", NO_NAME.sub("_", text)).lower()
