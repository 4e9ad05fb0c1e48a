"""Tempo: its bucket, the role by which its pod reaches it, and its configuration."""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components._base.kms import domain_key
from components._base.pod_identity import pod_identity
from components.charts.catalog import TEMPO as CHART
from components.charts.release import release
from components.storage.access import Bucket, BucketAccess, bucket_statements
from components.storage.bucket import MadeBucket, make_bucket
from components.storage.spec import BucketSpec
from components.tracing.config import ANYWHERE
from components.tracing.plan import OTLP_GRPC, TEMPO, TEMPO_HTTP, TracingPlan
from components.tracing.values import tempo_values

BUCKET = "traces"

HOURS_A_DAY = 24

GRACE_DAYS = 7
"""After Tempo should have deleted a block, the bucket does: what its index lost is gone too."""

NONCURRENT_DAYS = 3
"""How long a deleted block can be brought back."""


def make_traces_bucket(inside: Inside, plan: TracingPlan) -> tuple[MadeBucket, aws.kms.Key]:
    """Create the bucket of the traces, and its key."""
    scope = inside.scope
    key = domain_key(
        f"{scope.name}-traces",
        parent=scope.parent,
        description=f"Traces of {scope.name}",
        tags=scope.tags,
        protect=scope.protect,
    )
    spec = BucketSpec(  # pyright: ignore[reportCallIssue]
        expire_days=plan.spec.tempo.retention_days + GRACE_DAYS,
        noncurrent_days=NONCURRENT_DAYS,
        force_destroy=plan.spec.tempo.force_destroy,
    )
    return make_bucket(scope, BUCKET, spec, key=key), key


def make_tempo_identity(
    inside: Inside,
    bucket: MadeBucket,
    key: aws.kms.Key,
    *,
    cluster_name: pulumi.Input[str],
    namespace: pulumi.Input[str],
) -> pulumi.Resource:
    """Let Tempo's pod use the bucket, and nothing else."""
    target = Bucket(BUCKET, bucket.name, bucket.arn, key.arn)
    return pod_identity(
        inside.scope,
        TEMPO,
        bucket_statements(target, BucketAccess.READ_WRITE),
        description=f"Traces of {inside.scope.name}",
        cluster_name=cluster_name,
        namespace=namespace,
        service_account=TEMPO,
    )


def install_tempo(
    inside: Inside,
    plan: TracingPlan,
    bucket: pulumi.Input[str],
    region: pulumi.Input[str],
    *,
    namespace: pulumi.Input[str],
    trust_version: pulumi.Input[str] | None,
    depends_on: list[pulumi.Resource],
) -> kubernetes.helm.v3.Release:
    """Install Tempo; its disk goes with it, before the cluster."""
    return release(
        inside,
        CHART,
        name=TEMPO,
        namespace=namespace,
        values=tempo_values(plan, tempo_config(plan, bucket, region), trust_version),
        mirror=plan.mirror,
        depends_on=depends_on,
        stateful=True,
    )


def tempo_config(
    plan: TracingPlan, bucket: pulumi.Input[str], region: pulumi.Input[str]
) -> pulumi.Output[str]:
    """Return Tempo's configuration as JSON, which is YAML.

    https://grafana.com/docs/tempo/v2.10.x/configuration/ (2026-08)
    """
    hours = plan.spec.tempo.retention_days * HOURS_A_DAY
    grpc = {"endpoint": f"{ANYWHERE}:{OTLP_GRPC}"}
    return pulumi.Output.json_dumps(
        {
            "usage_report": {"reporting_enabled": False},
            "server": {"http_listen_port": TEMPO_HTTP, "log_format": "json"},
            "distributor": {"receivers": {"otlp": {"protocols": {"grpc": grpc}}}},
            "compactor": {"compaction": {"block_retention": f"{hours}h"}},
            "storage": {
                "trace": {
                    "backend": "s3",
                    "s3": {
                        "bucket": bucket,
                        "endpoint": pulumi.Output.concat("s3.", region, ".amazonaws.com"),
                        "region": region,
                    },
                    "wal": {"path": "/var/tempo/wal"},
                }
            },
        },
        sort_keys=True,
        indent=2,
    )
