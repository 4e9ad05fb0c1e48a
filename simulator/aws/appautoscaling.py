"""Application Auto Scaling: of DynamoDB capacity and of Kafka broker storage."""

from collections.abc import Iterable

from simulator.cloud.model import NAMED, ApiCall, Model, Request

OF_ONE_TARGET = frozenset({"resourceId", "scalableDimension", "serviceNamespace"})
"""What tells scalable targets apart: RegisterScalableTarget of another makes another."""


def _target_id(request: Request) -> str:
    """Return the id as the provider puts it together."""
    keys = ("serviceNamespace", "resourceId", "scalableDimension")
    return "/".join(request.text(key) for key in keys)


def _refuse_target(request: Request) -> Iterable[str]:
    low, high = (request.inputs.get(key) for key in ("minCapacity", "maxCapacity"))
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        yield f"maxCapacity: is {high:g}, less than minCapacity {low:g}"


def _refuse_policy(request: Request) -> Iterable[str]:
    kind = request.text("policyType", "StepScaling")
    needed = f"{kind[0].lower()}{kind[1:]}PolicyConfiguration"
    if needed not in request.inputs:
        yield f"{needed}: is required by policyType {kind}"


MODELS = {
    "aws:appautoscaling/target:Target": Model(
        identity=_target_id,
        outputs=lambda r: {
            "arn": r.arn("application-autoscaling", f"scalable-target/{r.hex('', 32)}"),
            "roleArn": r.text("roleArn")
            or r.arn("iam", "role/aws-service-role/application-autoscaling", region=False),
        },
        replaces=OF_ONE_TARGET,
        api=ApiCall("application-autoscaling", "RegisterScalableTarget"),
        refuses=_refuse_target,
    ),
    "aws:appautoscaling/policy:Policy": Model(
        outputs=lambda r: {
            "arn": r.arn(
                "autoscaling",
                f"scalingPolicy:{r.uuid()}:resource/{r.text('serviceNamespace')}/"
                f"{r.text('resourceId')}:policyName/{r.id}",
            ),
            "alarmArns": [
                r.arn(
                    "cloudwatch",
                    f"alarm:TargetTracking-{r.text('resourceId')}-{side}-{r.uuid(side)}",
                )
                for side in ("AlarmHigh", "AlarmLow")
            ],
        },
        replaces=OF_ONE_TARGET | {"name"},
        autoname=NAMED,
        api=ApiCall("application-autoscaling", "PutScalingPolicy", (("name", "policyName"),)),
        refuses=_refuse_policy,
    ),
}
