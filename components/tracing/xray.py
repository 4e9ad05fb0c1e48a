"""X-Ray: who may send spans to it, and what it needs to take them.

Spans go to its OTLP endpoint, which takes W3C's trace ids as they are; the exporter `awsxray` is no
longer maintained by AWS: https://aws-otel.github.io/docs/getting-started/x-ray (2026-11).
"""

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document
from components._base.inside import Inside
from components._base.place import Place
from components._base.pod_identity import pod_identity
from components.tracing.plan import TracingPlan

ACTIONS = (
    *("xray:PutSpans", "xray:PutSpansForIndexing"),
    *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
)
"""The first two of the OTLP endpoint. None of them takes a resource but `*`.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html (2026-11)
"""

LOG_GROUPS = ("aws/spans", "/aws/application-signals/data")
"""Where Transaction Search keeps spans, and what it makes of them; CloudWatch creates them."""


def make_xray_identity(
    inside: Inside,
    plan: TracingPlan,
    *,
    cluster_name: pulumi.Input[str],
    namespace: pulumi.Input[str],
) -> pulumi.Resource:
    """Let the layer that sends to X-Ray do so, and nothing else."""
    return pod_identity(
        inside.scope,
        "xray",
        [Statement("Spans", ACTIONS, ["*"])],
        description=f"Spans of {inside.scope.name} to X-Ray",
        cluster_name=cluster_name,
        namespace=namespace,
        service_account=plan.exporter,
    )


def make_transaction_search(inside: Inside, place: Place) -> list[pulumi.Resource]:
    """Turn on Transaction Search, a setting of the whole account in this region.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Transaction-Search-getting-started.html
    (2026-11)
    """
    scope = inside.scope
    allowed = Statement(
        "TransactionSearchXRayAccess",
        ["logs:PutLogEvents"],
        [place.arn("logs", f"log-group:{group}:*") for group in LOG_GROUPS],
        {"Service": ["xray.amazonaws.com"]},
        {
            # Only of this account: the service acts for others too.
            "ArnLike": {"aws:SourceArn": place.arn("xray", "*")},
            "StringEquals": {"aws:SourceAccount": place.account},
        },
    )
    policy = aws.cloudwatch.LogResourcePolicy(
        f"{scope.name}-transaction-search",
        policy_name=f"{scope.name}-transaction-search",
        policy_document=document(allowed),
        opts=scope.own,
    )
    destination = aws.xray.TraceSegmentDestination(
        f"{scope.name}-destination",
        destination="CloudWatchLogs",
        opts=pulumi.ResourceOptions(parent=scope.parent, depends_on=[policy]),
    )
    return [policy, destination]
