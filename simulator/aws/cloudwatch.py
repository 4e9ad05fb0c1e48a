"""Amazon CloudWatch and CloudWatch Logs."""

from collections.abc import Iterable

from components._base.logs import RETENTION_DAYS
from simulator.cloud.model import NAMED, ApiCall, AutoName, Model, Request


def _log_group_refusals(request: Request) -> Iterable[str]:
    days = request.inputs.get("retentionInDays", 0)
    if days not in (0, *RETENTION_DAYS):
        yield f"retentionInDays: {days} is not one of 0, {', '.join(map(str, RETENTION_DAYS))}"


MODELS = {
    "aws:cloudwatch/logGroup:LogGroup": Model(
        outputs=lambda r: {
            "arn": r.arn("logs", f"log-group:{r.id}"),
            "logGroupClass": r.text("logGroupClass", "STANDARD"),
            "skipDestroy": r.inputs.get("skipDestroy", False),
            "retentionInDays": r.inputs.get("retentionInDays", 0),
        },
        replaces=frozenset({"name", "namePrefix", "logGroupClass", "region"}),
        autoname=AutoName(limit=512),
        api=ApiCall("logs", "CreateLogGroup", (("name", "logGroupName"),)),
        refuses=_log_group_refusals,
        guards_deletion="deletionProtectionEnabled",
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Model(
        outputs=lambda r: {"arn": r.arn("cloudwatch", f"alarm:{r.id}")},
        replaces=frozenset({"name"}),
        autoname=NAMED,
        api=ApiCall("cloudwatch", "PutMetricAlarm", (("name", "alarmName"),)),
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Model(
        identity=lambda r: r.text("policyName", r.name),
        outputs=lambda r: {"policyName": r.id, "policyScope": "ACCOUNT"},
        replaces=frozenset({"policyName", "resourceArn"}),
    ),
}
