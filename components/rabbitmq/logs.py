"""Retention and encryption of the log group that Amazon MQ makes by itself.

Amazon MQ names the group after the broker's id and creates it with the broker, kept for ever and
without our key; it takes neither as a setting (hashicorp/terraform-provider-aws#39545). We can't
create the group first, for the id is not known then, nor after it, for it exists then. So
EventBridge Scheduler makes the two calls for us, at once and then daily, without code of ours:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html (2026-11)

A deleted broker leaves its group behind; the records in it go when their time is over, and can be
read no longer than their key exists.
"""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document, service_role, trust
from components._base.place import Place, place_of
from components._base.scope import Scope

SDK = "aws-sdk:cloudwatchlogs"
"""As the AWS SDK for Java calls the service; parameters are named in its way too."""

DAILY = "rate(1 day)"
"""The first time at once: a rate without a start date begins when the schedule is created,
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html (2026-11)."""


def general_log_group(broker_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the name that Amazon MQ gives to a broker's log group.

    https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/configure-logging-monitoring-rabbitmq.html
    (2026-11)
    """
    return pulumi.Output.concat("/aws/amazonmq/broker/", broker_id, "/general")


def keep_logs(
    scope: Scope, *, broker: aws.mq.Broker, key: aws.kms.Key, retention_days: int
) -> None:
    """Have the broker's log group encrypted by `key`, and its records deleted in time."""
    place = place_of(scope.parent)
    group = general_log_group(broker.id)
    group_arn = place.arn("logs", pulumi.Output.concat("log-group:", group))
    role = service_role(
        f"{scope.name}-log-settings",
        parent=scope.parent,
        trust_policy=trust(
            "scheduler.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": place.account}},
        ),
        description=f"Sets retention and key of the logs of broker {scope.name}",
        tags=scope.tags,
        inline={
            "log-group": document(
                Statement(
                    "SetUpLogGroup",
                    ["logs:AssociateKmsKey", "logs:PutRetentionPolicy"],
                    [group_arn, pulumi.Output.concat(group_arn, ":*")],
                )
            )
        },
    )
    calls: Mapping[str, tuple[str, Mapping[str, pulumi.Input[str] | int]]] = {
        "encryption": ("associateKmsKey", {"KmsKeyId": key.arn}),
        "retention": ("putRetentionPolicy", {"RetentionInDays": retention_days}),
    }
    for suffix, (call, parameters) in calls.items():
        _daily(
            scope,
            f"{scope.name}-log-{suffix}",
            place,
            role_arn=role.arn,
            call=call,
            parameters={"LogGroupName": group, **parameters},
        )


def _daily(
    scope: Scope,
    name: str,
    place: Place,
    *,
    role_arn: pulumi.Input[str],
    call: str,
    parameters: Mapping[str, object],
) -> None:
    aws.scheduler.Schedule(
        name,
        description=f"{call} of the log group that Amazon MQ made for {scope.name}",
        schedule_expression=DAILY,
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": pulumi.Output.concat("arn:", place.partition, f":scheduler:::{SDK}:{call}"),
            "role_arn": role_arn,
            "input": pulumi.Output.json_dumps(parameters, sort_keys=True),
        },
        opts=scope.own,
    )
