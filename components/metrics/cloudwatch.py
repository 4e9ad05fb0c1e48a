"""CloudWatch's metrics in Prometheus, by the exporter YACE.

It finds resources by their tags and asks CloudWatch for a few of their metrics at a time. In
Prometheus they are called e.g. `aws_elasticache_evictions_sum{dimension_CacheClusterId="…"}`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components._base.confined import CONTAINER_SECURITY
from components._base.iam import Statement
from components._base.place import Place
from components.addons.kit import SYSTEM_PRIORITY, resources
from components.addons.plan import OWNER_TAGS
from components.charts import Values
from components.metrics import names
from components.metrics.args import CloudWatchService
from components.metrics.spec import CloudWatchMetricsSpec

Json = dict[str, object]

READS = ("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics")
FIND = "tag:GetResources"
"""What YACE needs; no resource can be named for any of it.

https://github.com/prometheus-community/yet-another-cloudwatch-exporter#iam (2026-11)
"""

APIS = ("/apis", "/apis/*", "/restapis", "/restapis/*")
"""By which YACE learns the names of APIs, where their metrics are asked for."""

AVERAGE, LEAST, MOST, SUM, P99 = "Average", "Minimum", "Maximum", "Sum", "p99"
"""Statistics of CloudWatch."""


@dataclass(frozen=True)
class Wanted:
    """What is read of one service."""

    namespace: str
    """CloudWatch's, e.g. `AWS/Lambda`."""
    metrics: Mapping[str, Sequence[str]]
    """Statistics by metric."""


WANTED: Mapping[CloudWatchService, Wanted] = {
    CloudWatchService.ALB: Wanted(
        "AWS/ApplicationELB",
        {
            "ActiveConnectionCount": (SUM,),
            "HealthyHostCount": (LEAST,),
            "HTTPCode_ELB_5XX_Count": (SUM,),
            "HTTPCode_Target_5XX_Count": (SUM,),
            "RejectedConnectionCount": (SUM,),
            "RequestCount": (SUM,),
            "TargetConnectionErrorCount": (SUM,),
            "TargetResponseTime": (AVERAGE, P99),
            "UnHealthyHostCount": (MOST,),
        },
    ),
    CloudWatchService.API_GATEWAY: Wanted(
        "AWS/ApiGateway",
        {
            "4xx": (SUM,),
            "5xx": (SUM,),
            "Count": (SUM,),
            "IntegrationLatency": (P99,),
            "Latency": (P99,),
        },
    ),
    CloudWatchService.DYNAMO_DB: Wanted(
        "AWS/DynamoDB",
        {
            "ConsumedReadCapacityUnits": (SUM,),
            "ConsumedWriteCapacityUnits": (SUM,),
            "ReadThrottleEvents": (SUM,),
            "SystemErrors": (SUM,),
            "WriteThrottleEvents": (SUM,),
        },
    ),
    CloudWatchService.ELASTI_CACHE: Wanted(
        "AWS/ElastiCache",
        {
            "AuthenticationFailures": (SUM,),
            "CacheHits": (SUM,),
            "CacheMisses": (SUM,),
            "CPUUtilization": (MOST,),
            "CurrConnections": (AVERAGE, MOST),
            "CurrItems": (AVERAGE,),
            "DatabaseMemoryUsagePercentage": (MOST,),
            "EngineCPUUtilization": (AVERAGE, MOST),
            "Evictions": (SUM,),
            "FreeableMemory": (LEAST,),
            "NetworkBandwidthInAllowanceExceeded": (SUM,),
            "NetworkBandwidthOutAllowanceExceeded": (SUM,),
            "NewConnections": (SUM,),
            "ReplicationLag": (MOST,),
        },
    ),
    CloudWatchService.LAMBDA: Wanted(
        "AWS/Lambda",
        {
            "ConcurrentExecutions": (MOST,),
            "DeadLetterErrors": (SUM,),
            "DestinationDeliveryFailures": (SUM,),
            "Duration": (P99,),
            "Errors": (SUM,),
            "Invocations": (SUM,),
            "ProvisionedConcurrencySpilloverInvocations": (SUM,),
            "Throttles": (SUM,),
        },
    ),
    CloudWatchService.MQ: Wanted(
        "AWS/AmazonMQ",
        {
            "ConnectionCount": (MOST,),
            "ConsumerCount": (LEAST,),
            "MessageReadyCount": (AVERAGE, MOST),
            "MessageUnacknowledgedCount": (AVERAGE,),
            "RabbitMQDiskFree": (LEAST,),
            "RabbitMQDiskFreeLimit": (MOST,),
            "RabbitMQMemLimit": (MOST,),
            "RabbitMQMemUsed": (MOST,),
            "SystemCpuUtilization": (AVERAGE, MOST),
        },
    ),
    CloudWatchService.MSK: Wanted(
        "AWS/Kafka",
        {
            "ActiveControllerCount": (MOST,),
            "CpuIdle": (AVERAGE,),
            "CpuSystem": (AVERAGE,),
            "CpuUser": (AVERAGE,),
            "EstimatedMaxTimeLag": (MOST,),
            "KafkaDataLogsDiskUsed": (MOST,),
            "MemoryFree": (LEAST,),
            "OfflinePartitionsCount": (MOST,),
            "SumOffsetLag": (MOST,),
            "UnderReplicatedPartitions": (MOST,),
        },
    ),
    CloudWatchService.OPEN_SEARCH: Wanted(
        "AWS/ES",
        {
            "5xx": (SUM,),
            "ClusterIndexWritesBlocked": (MOST,),
            "ClusterStatus.red": (MOST,),
            "ClusterStatus.yellow": (MOST,),
            "CPUUtilization": (MOST,),
            "FreeStorageSpace": (LEAST,),
            "JVMMemoryPressure": (MOST,),
            "SearchLatency": (AVERAGE,),
            "SearchRate": (SUM,),
        },
    ),
    CloudWatchService.SQS: Wanted(
        "AWS/SQS",
        {
            "ApproximateAgeOfOldestMessage": (MOST,),
            "ApproximateNumberOfMessagesNotVisible": (MOST,),
            "ApproximateNumberOfMessagesVisible": (MOST,),
            "NumberOfMessagesDeleted": (SUM,),
            "NumberOfMessagesSent": (SUM,),
        },
    ),
}
"""What dashboards and alerts ask for, and little more: AWS takes a cent for a thousand values.

Names: the services' own guides, e.g.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html (2026-11)
"""


def exporter_config(
    spec: CloudWatchMetricsSpec,
    *,
    region: pulumi.Input[str],
    tags: Mapping[str, pulumi.Input[str]],
) -> pulumi.Output[str]:
    """Return YACE's configuration, as JSON, which is YAML.

    :param tags: of the platform; resources are those with its `project` and `environment`.
    """

    def written(values: Sequence[str]) -> str:
        place, *owner = values
        search = [
            # A regular expression; a tag's value has nothing in it but what stands for itself.
            {"key": key, "value": f"^{value}$"}
            for key, value in zip(OWNER_TAGS, owner, strict=True)
        ]
        jobs = [
            _job(WANTED[service], spec.period_seconds, place, search)
            for service in sorted(spec.services)
        ]
        config = {"apiVersion": "v1alpha1", "sts-region": place, "discovery": {"jobs": jobs}}
        return json.dumps(config, sort_keys=True)

    return pulumi.Output.all(region, *(tags[key] for key in OWNER_TAGS)).apply(written)


def _job(wanted: Wanted, period: int, region: str, search: Sequence[Mapping[str, str]]) -> Json:
    return {
        "type": wanted.namespace,
        "regions": [region],
        "searchTags": list(search),
        "period": period,
        # The newest value may be some minutes late.
        "length": 2 * period,
        "metrics": [
            {"name": name, "statistics": list(statistics)}
            for name, statistics in sorted(wanted.metrics.items())
        ],
    }


def exporter_statements(services: Iterable[CloudWatchService], place: Place) -> list[Statement]:
    """Return the policy: to read metrics and tags here, and APIs' names if they are read."""
    here = {"StringEquals": {"aws:RequestedRegion": place.region}}
    statements = [
        Statement("ReadMetrics", READS, ["*"], conditions=here),
        Statement("FindResources", [FIND], ["*"], conditions=here),
    ]
    if CloudWatchService.API_GATEWAY in services:
        arns = [place.unowned_arn("apigateway", path) for path in APIS]
        statements.append(Statement("NameApis", ["apigateway:GET"], arns))
    return statements


def exporter_values(config: pulumi.Input[str], period_seconds: int) -> Values:
    """Return the values of the chart."""
    return {
        "fullnameOverride": names.EXPORTER_ACCOUNT,
        "serviceAccount": {"create": True, "name": names.EXPORTER_ACCOUNT},
        "config": config,
        "extraArgs": {"scraping-interval": period_seconds},
        "podLabels": {names.POD_LABEL: "cloudwatch-exporter"},
        **names.ON_SYSTEM_NODES,
        "priorityClassName": SYSTEM_PRIORITY,
        "resources": resources("20m", "96Mi", "256Mi"),
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65534,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "securityContext": CONTAINER_SECURITY,
        # A pod that asks the exporter once after an installation, in a namespace that is closed.
        "testConnection": False,
        "serviceMonitor": {"enabled": True, "interval": "60s"},
    }
