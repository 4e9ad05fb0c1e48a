"""When an OpenSearch domain is in trouble.

Metrics and thresholds are those that AWS recommends, unless a comment says otherwise:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
(2026-11)
"""

from collections.abc import Mapping, Sequence

import pulumi

from components._base.alarms import (
    AlarmRule,
    Compare,
    Metric,
    MissingData,
    make_alarms,
    make_combined_alarm,
)
from components._base.scope import Scope
from components.search.opensearch_spec import OpenSearchSpec

NAMESPACE = "AWS/ES"
"""Also of OpenSearch."""

FREE_SHARE = 0.25
MIB_PER_GIB = 1024

ERRORS = AlarmRule(
    "errors",
    "share of 5xx",
    10,
    "More than a tenth of the requests fail in the domain; look at the application log.",
    period_seconds=300,
    periods=1,
)
ERROR_SHARE = "IF(requests > 0, 100 * errors / requests, 0)"


def make_domain_alarms(
    scope: Scope,
    spec: OpenSearchSpec,
    *,
    dimensions: Mapping[str, pulumi.Input[str]],
    topic_arn: pulumi.Input[str] | None,
) -> None:
    """Create the alarms of a domain."""
    make_alarms(
        scope, alarm_rules(spec), namespace=NAMESPACE, dimensions=dimensions, topic_arn=topic_arn
    )
    make_combined_alarm(
        scope,
        ERRORS,
        expression=ERROR_SHARE,
        metrics={
            "errors": Metric("5xx", dimensions, "Sum"),
            "requests": Metric("OpenSearchRequests", dimensions, "Sum"),
        },
        namespace=NAMESPACE,
        topic_arn=topic_arn,
    )


def alarm_rules(spec: OpenSearchSpec) -> Sequence[AlarmRule]:
    """Return the alarms of a domain that have one metric each."""
    return (*_always(spec), *_masters(spec))


def _always(spec: OpenSearchSpec) -> Sequence[AlarmRule]:
    free_mib = FREE_SHARE * spec.nodes.volume_gib * MIB_PER_GIB
    return (
        AlarmRule(
            "red",
            "ClusterStatus.red",
            0,
            "An index has lost a primary shard and its replicas: data is missing. Look at "
            "_cluster/allocation/explain; restore the index from the hourly snapshots.",
            "Maximum",
            periods=1,
        ),
        AlarmRule(
            "yellow",
            "ClusterStatus.yellow",
            0,
            "An index has a replica too few: the loss of a node may lose data. Look at "
            "_cat/shards; is there a node for each replica, and room on it?",
            "Maximum",
        ),
        AlarmRule(
            "storage",
            "FreeStorageSpace",
            free_mib,
            f"A node has less than {FREE_SHARE:.0%} of its volume free; writes are blocked when "
            "it is full. Delete old indices, or raise nodes.volumeGib.",
            "Minimum",
            Compare.BELOW,
            periods=1,
        ),
        AlarmRule(
            "writes-blocked",
            "ClusterIndexWritesBlocked",
            0,
            "The domain refuses writes, for want of storage or of memory.",
            "Maximum",
            period_seconds=300,
            periods=1,
        ),
        AlarmRule(
            "snapshot",
            "AutomatedSnapshotFailure",
            0,
            "The hourly snapshot failed, mostly because the status is red.",
            "Maximum",
            periods=1,
        ),
        AlarmRule(
            "cpu",
            "CPUUtilization",
            80,
            "The data nodes are short of CPU: look for costly searches in the slow log, or use a "
            "larger type.",
            "Maximum",
            period_seconds=900,
            periods=3,
        ),
        AlarmRule(
            "memory",
            "JVMMemoryPressure",
            95,
            "The heap of a data node is full; the node may fall out. Use a larger type, or fewer "
            "shards.",
            "Maximum",
            periods=3,
        ),
        AlarmRule(
            "nodes",
            "Nodes",
            spec.nodes.count + spec.master_count,
            "A node is missing; the service replaces it, unless its key is gone.",
            "Minimum",
            Compare.BELOW,
            period_seconds=300,
            # a deployment by the service takes longer, and goes over the number, not under it
            periods=6,
        ),
        AlarmRule(
            "key",
            "KMSKeyInaccessible",
            0,
            "The domain's key is disabled or its grants are gone: without it the data is lost "
            "for good. Enable the key.",
            "Maximum",
            periods=1,
        ),
    )


def _masters(spec: OpenSearchSpec) -> Sequence[AlarmRule]:
    if not spec.master_count:
        return ()
    return (
        AlarmRule(
            "master-reachable",
            "MasterReachableFromNode",
            1,
            "Nodes can't reach the master: the domain is about to stop.",
            "Maximum",
            Compare.BELOW,
            missing=MissingData.TROUBLE,
        ),
        AlarmRule(
            "master-cpu",
            "MasterCPUUtilization",
            50,
            "The masters are short of CPU; there are too many indices, shards or nodes for them.",
            period_seconds=900,
            periods=3,
        ),
        AlarmRule(
            "master-memory",
            "MasterJVMMemoryPressure",
            95,
            "The heap of the masters is full; use a larger type in masters.instanceType.",
            "Maximum",
            periods=3,
        ),
    )
