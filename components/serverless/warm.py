"""Instances that are always warm."""

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components._base.scope import Scope
from components.serverless.function import LIVE, LiveFunction
from components.serverless.spec import ServerlessProvisionedSpec

NAMESPACE, DIMENSION = "lambda", "lambda:function:ProvisionedConcurrency"
"""https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-lambda.html
(2026-11)"""


def keep_warm(scope: Scope, live: LiveFunction, spec: ServerlessProvisionedSpec) -> None:
    """Provision instances of the live version, and let their number follow the load."""
    name = f"{scope.name}-warm"
    scales = spec.most > spec.min
    provisioned = aws.lambda_.ProvisionedConcurrencyConfig(
        name,
        function_name=live.function.name,
        qualifier=live.alias.name,
        provisioned_concurrent_executions=spec.min,
        # Application Auto Scaling owns it then: an update would set it back to the least.
        # The resource is here all the same, so that warm instances go, and their price, with it.
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            ignore_changes=["provisionedConcurrentExecutions"] if scales else None,
        ),
    )
    if not scales:
        return
    resource_id = pulumi.Output.concat("function:", live.function.name, ":", LIVE)
    target = aws.appautoscaling.Target(
        f"{name}-scaling",
        service_namespace=NAMESPACE,
        scalable_dimension=DIMENSION,
        resource_id=after(resource_id, [provisioned]),
        min_capacity=spec.min,
        max_capacity=spec.most,
        tags=scope.tagged(f"{name}-scaling"),
        opts=scope.own,
    )
    aws.appautoscaling.Policy(
        f"{name}-scaling-policy",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        policy_type="TargetTrackingScaling",
        target_tracking_scaling_policy_configuration={
            "predefined_metric_specification": {
                "predefined_metric_type": "LambdaProvisionedConcurrencyUtilization"
            },
            "target_value": spec.target_percent / 100,
        },
        opts=scope.own,
    )
