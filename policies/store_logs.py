"""Logs of data stores: what an incident is understood by."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.needs import Condition, Need, includes, is_false, is_set, is_true, judge, on, table
from policies.rule import CONTROLS, resource_policy
from policies.subject import item, items

_BROKER_LOGS = "loggingInfo.brokerLogs"


def _published(*kinds: str) -> Condition:
    """Accept log options of which those of `kinds` are there and not turned off."""

    def condition(content: object) -> str | None:
        return includes(*kinds)(list(_kinds_on(content)))

    return condition


def _kinds_on(options: object) -> Iterator[object]:
    for option in items(options):
        kind, enabled = item(option, "logType"), item(option, "enabled")
        off = judge(is_false, enabled)
        if enabled is None or not (off is None or isinstance(off, UnknownValueError)):
            yield kind
        elif isinstance(off, UnknownValueError):
            yield off


_SEARCH = (
    Need(
        "logPublishingOptions",
        _published("ES_APPLICATION_LOGS", "AUDIT_LOGS"),
        "publish ES_APPLICATION_LOGS and AUDIT_LOGS in logPublishingOptions",
    ),
)
_DATABASE = (
    Need(
        "enabledCloudwatchLogsExports",
        is_set,
        "list the engine's logs in enabledCloudwatchLogsExports",
    ),
)

NEEDS: Mapping[str, Sequence[Need]] = {
    "aws:docdb/cluster:Cluster": _DATABASE,
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        Need(
            "logDeliveryConfigurations",
            includes("slow-log", "engine-log", key="logType"),
            "deliver slow-log and engine-log in logDeliveryConfigurations",
        ),
    ),
    "aws:elasticsearch/domain:Domain": _SEARCH,
    "aws:mq/broker:Broker": (on("logs.general"),),
    "aws:msk/cluster:Cluster": (
        Need(
            f"{_BROKER_LOGS}.cloudwatchLogs.enabled",
            is_true,
            f"set {_BROKER_LOGS}.cloudwatchLogs.enabled to true, with a logGroup",
            unless=Need(
                f"{_BROKER_LOGS}.s3.enabled",
                is_true,
                "",
                unless=Need(f"{_BROKER_LOGS}.firehose.enabled", is_true, ""),
            ),
        ),
    ),
    "aws:neptune/cluster:Cluster": (
        Need("enableCloudwatchLogsExports", is_set, "list audit in enableCloudwatchLogsExports"),
    ),
    "aws:opensearch/domain:Domain": _SEARCH,
    "aws:rds/cluster:Cluster": _DATABASE,
    "aws:rds/instance:Instance": _DATABASE,
}
"""By type. Memcached, serverless caches and serverless Kafka have no logs; calls of DynamoDB and S3
are CloudTrail's matter."""

POLICIES: Sequence[Policy] = (
    resource_policy(
        table(NEEDS),
        name="data-store-logs",
        display_name="Data stores write logs",
        description="Data stores deliver their logs to CloudWatch Logs, or where you collect them.",
        types=NEEDS,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Deliver the logs that the message names to a log group of the store's own, which has "
            "a key and a retention. Search domains need a resource policy that lets them write."
        ),
        tags=("logging",),
        url=f"{CONTROLS}opensearch-controls.html#opensearch-4",
    ),
)
