"""One table, its indexes and its replicas."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components._base.scope import Scope
from components.tables.args import (
    TableBilling,
    TableKeyType,
    TableStorageClass,
)
from components.tables.plan import TablePlan
from components.tables.spec import TableIndexSpec, TableLimitsSpec

KEY_TYPES = {TableKeyType.STRING: "S", TableKeyType.NUMBER: "N", TableKeyType.BINARY: "B"}
BILLING = {TableBilling.ON_DEMAND: "PAY_PER_REQUEST", TableBilling.PROVISIONED: "PROVISIONED"}
STORAGE_CLASSES = {
    TableStorageClass.STANDARD: "STANDARD",
    TableStorageClass.INFREQUENT_ACCESS: "STANDARD_INFREQUENT_ACCESS",
}


def make_table(
    scope: Scope,
    name: str,
    plan: TablePlan,
    *,
    key_arn: pulumi.Input[str],
    replica_key_arns: Mapping[str, pulumi.Input[str]],
) -> aws.dynamodb.Table:
    """Create a table.

    :param name: logical name of the table.
    :param replica_key_arns: by region, for each region of a replica.
    """
    spec = plan.spec
    indexes = sorted(spec.indexes.items())
    # The members of the enums are named as AWS names the values. What is off is said to be off:
    # to leave a block out is to leave things as they are.
    return aws.dynamodb.Table(
        name,
        hash_key=spec.hash_key.name,
        range_key=spec.range_key.name if spec.range_key else None,
        attributes=[{"name": a, "type": KEY_TYPES[kind]} for a, kind in spec.attributes.items()],
        global_secondary_indexes=[_index(plan, index, own) for index, own in indexes],
        billing_mode=BILLING[spec.billing],
        read_capacity=plan.capacity.read.min if plan.capacity else None,
        write_capacity=plan.capacity.write.min if plan.capacity else None,
        on_demand_throughput=_limits(spec.limits),
        table_class=STORAGE_CLASSES[spec.storage_class],
        point_in_time_recovery=_recovery(spec.recovery_days),
        ttl={"attribute_name": spec.ttl_attribute, "enabled": True}
        if spec.ttl_attribute
        else {"enabled": False},
        stream_enabled=spec.published is not None,
        stream_view_type=spec.published.name if spec.published else None,
        server_side_encryption={"enabled": True, "kms_key_arn": key_arn},
        replicas=[
            aws.dynamodb.TableReplicaArgs(
                region_name=region,
                kms_key_arn=replica_key_arns[region],
                point_in_time_recovery=spec.recovery_days > 0,
                deletion_protection_enabled=scope.protect,
                propagate_tags=True,
            )
            for region in sorted(spec.replicas)
        ],
        deletion_protection_enabled=scope.protect,
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            protect=scope.protect,
            # Application Auto Scaling owns them: an update would set them back to the least
            ignore_changes=plan.scaled_properties,
        ),
    )


def make_insights(scope: Scope, name: str, plan: TablePlan, table_name: pulumi.Input[str]) -> None:
    """Record the most used keys of a table and of its indexes."""
    aws.dynamodb.ContributorInsights(name, table_name=table_name, opts=scope.own)
    for index in sorted(plan.spec.indexes):
        aws.dynamodb.ContributorInsights(
            f"{name}.{index}", table_name=table_name, index_name=index, opts=scope.own
        )


def _index(
    plan: TablePlan, name: str, spec: TableIndexSpec
) -> aws.dynamodb.TableGlobalSecondaryIndexArgs:
    capacity, limits = plan.index_capacity(spec), plan.spec.limits
    return aws.dynamodb.TableGlobalSecondaryIndexArgs(
        name=name,
        key_schemas=[
            aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(
                attribute_name=key.name, key_type=kind
            )
            for key, kind in zip(spec.keys, ("HASH", "RANGE"), strict=False)
        ],
        projection_type=spec.projection.name,
        non_key_attributes=sorted(spec.include) or None,
        read_capacity=capacity.read.min if capacity else None,
        write_capacity=capacity.write.min if capacity else None,
        on_demand_throughput=aws.dynamodb.TableGlobalSecondaryIndexOnDemandThroughputArgs(
            max_read_request_units=limits.read, max_write_request_units=limits.write
        )
        if limits
        else None,
    )


def _limits(limits: TableLimitsSpec | None) -> aws.dynamodb.TableOnDemandThroughputArgs | None:
    if limits is None:
        return None
    return aws.dynamodb.TableOnDemandThroughputArgs(
        max_read_request_units=limits.read, max_write_request_units=limits.write
    )


def _recovery(days: int) -> aws.dynamodb.TablePointInTimeRecoveryArgs:
    if not days:
        return aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=False)
    return aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True, recovery_period_in_days=days)
