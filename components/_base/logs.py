"""CloudWatch log groups: always encrypted, always with an end to their retention."""

from typing import Annotated

import pulumi
import pulumi_aws as aws
from pydantic import AfterValidator, WithJsonSchema

from components._base.tags import Tags, named

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs accepts, in days; "for ever" is left out on purpose.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
(2026-11)
"""


def _allowed(days: int) -> int:
    if days not in RETENTION_DAYS:
        raise ValueError(f"allowed days: {', '.join(map(str, RETENTION_DAYS))}")
    return days


RetentionDays = Annotated[
    int,
    AfterValidator(_allowed),
    WithJsonSchema({"type": "integer", "enum": list(RETENTION_DAYS)}),
]
"""A retention that CloudWatch Logs accepts, for use in a `Spec`."""


def log_group(
    name: str,
    *,
    parent: pulumi.Resource,
    key: aws.kms.Key,
    retention_days: int,
    log_group_name: pulumi.Input[str] | None = None,
    tags: Tags | None = None,
    protect: bool = False,
) -> aws.cloudwatch.LogGroup:
    """Create a log group encrypted by `key`, whose policy must hold `kms.log_delivery`.

    :param log_group_name: the name, where AWS demands one (EKS, Lambda); else it is generated.
    :param protect: refuse to delete the group by accident.
    """
    return aws.cloudwatch.LogGroup(
        name,
        name=log_group_name,
        kms_key_id=key.arn,
        retention_in_days=retention_days,
        tags=named(tags, name),
        # Audit logs are stateful: nothing can bring them back.
        opts=pulumi.ResourceOptions(parent=parent, protect=protect),
    )
