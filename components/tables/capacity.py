"""Capacity that follows the load, by Application Auto Scaling."""

import pulumi
import pulumi_aws as aws

from components._base.scope import Scope
from components.tables.plan import TablePlan
from components.tables.spec import TableCapacitySpec, TableUnitsSpec

NAMESPACE = "dynamodb"


def make_scaling(scope: Scope, name: str, plan: TablePlan, table: aws.dynamodb.Table) -> None:
    """Let the capacity of a provisioned table and of its indexes follow the load.

    :param name: logical name of the table.
    """
    if plan.capacity:
        _scale(scope, name, "table", pulumi.Output.concat("table/", table.name), plan.capacity)
    for index, spec in sorted(plan.spec.indexes.items()):
        capacity = plan.index_capacity(spec)
        if capacity:
            resource = pulumi.Output.concat("table/", table.name, "/index/", index)
            _scale(scope, f"{name}.{index}", "index", resource, capacity)


def _scale(
    scope: Scope,
    name: str,
    kind: str,
    resource_id: pulumi.Output[str],
    capacity: TableCapacitySpec,
) -> None:
    for side, units in (("read", capacity.read), ("write", capacity.write)):
        if units.scales:
            _follow(
                scope,
                f"{name}-{side}",
                resource_id,
                units,
                dimension=f"dynamodb:{kind}:{side.capitalize()}CapacityUnits",
                metric=f"DynamoDB{side.capitalize()}CapacityUtilization",
            )


def _follow(
    scope: Scope,
    name: str,
    resource_id: pulumi.Output[str],
    units: TableUnitsSpec,
    *,
    dimension: str,
    metric: str,
) -> None:
    target = aws.appautoscaling.Target(
        name,
        service_namespace=NAMESPACE,
        resource_id=resource_id,
        scalable_dimension=dimension,
        min_capacity=units.min,
        max_capacity=units.max,
        tags=scope.tagged(name),
        opts=scope.own,
    )
    aws.appautoscaling.Policy(
        f"{name}-policy",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        target_tracking_scaling_policy_configuration={
            "predefined_metric_specification": {"predefined_metric_type": metric},
            "target_value": units.target_percent,
        },
        opts=scope.own,
    )
