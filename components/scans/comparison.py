"""What compares a report with the one before, and tells of what is new."""

import inspect
import json

import pulumi
import pulumi_aws as aws

from components._base.alarms import AlarmRule, make_alarms
from components._base.iam import Statement, document, service_role, trust
from components._base.logs import log_group
from components._base.order import after
from components._base.place import Place
from components._base.queues import make_queue, refuse_plain_text
from components._base.scope import Scope
from components.scans.compare import handler
from components.scans.objects import PREFIX
from components.scans.plan import ScansPlan
from components.serverless.role import TRACE_ACTIONS
from components.storage.access import Bucket, BucketAccess, bucket_statements

RUNTIME, ARCHITECTURE = "python3.13", "arm64"
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (2026-11)"""

TIMEOUT_SECONDS, MEMORY_MB = 60, 256

ERRORS = AlarmRule(
    "errors",
    "Errors",
    0,
    "A report of a scan could not be compared with the one before. See the function's log.",
    statistic="Sum",
    periods=1,
    period_seconds=300,
)
DEAD = AlarmRule(
    "dead-letters",
    "ApproximateNumberOfMessagesVisible",
    0,
    "Reports of scans that nobody was told of: what is in them is to be looked at by hand.",
    statistic="Maximum",
    periods=1,
    period_seconds=300,
)


def make_comparison(
    scope: Scope, plan: ScansPlan, bucket: Bucket, key: aws.kms.Key, place: Place
) -> aws.lambda_.Function:
    """Create the function that is called with each new report, and what it needs."""
    name = f"{scope.name}-compare"
    topic_arn = plan.args["alarm_topic_arn"]
    logs = log_group(
        f"{name}-logs",
        parent=scope.parent,
        key=key,
        retention_days=plan.spec.log_retention_days,
        tags=scope.tags,
    )
    dead = make_queue(scope, "dead", key)
    closed = refuse_plain_text(scope, "dead", dead)
    role = service_role(
        f"{name}-role",
        parent=scope.parent,
        trust_policy=trust("lambda.amazonaws.com"),
        description=f"Function {name}",
        inline={"own": document(*_statements(plan, bucket, key, logs, dead))},
        tags=scope.tags,
    )
    function = aws.lambda_.Function(
        name,
        role=role.arn,
        architectures=[ARCHITECTURE],
        runtime=RUNTIME,
        handler="handler.handler",
        # texts, not files: their paths would differ from machine to machine
        code=pulumi.AssetArchive(
            {
                "handler.py": pulumi.StringAsset(inspect.getsource(handler)),
                "ignored.json": pulumi.StringAsset(_ignored(plan)),
            }
        ),
        memory_size=MEMORY_MB,
        timeout=TIMEOUT_SECONDS,
        environment={
            "variables": {"LEAST_RISK": plan.spec.alert_from.value, "TOPIC_ARN": topic_arn}
        },
        kms_key_arn=key.arn,
        dead_letter_config={"target_arn": after(dead.arn, [closed])},
        tracing_config={"mode": "Active"},
        logging_config={"log_format": "JSON", "log_group": logs.name},
        tags=scope.tagged(name),
        opts=scope.own,
    )
    _subscribe(scope, name, function, bucket, place)
    of_function = {"FunctionName": function.name}
    make_alarms(
        scope,
        [ERRORS],
        namespace="AWS/Lambda",
        dimensions=of_function,
        topic_arn=topic_arn,
        of="compare",
    )
    make_alarms(
        scope,
        [DEAD],
        namespace="AWS/SQS",
        dimensions={"QueueName": dead.name},
        topic_arn=topic_arn,
    )
    return function


def _statements(
    plan: ScansPlan,
    bucket: Bucket,
    key: aws.kms.Key,
    logs: aws.cloudwatch.LogGroup,
    dead: aws.sqs.Queue,
) -> list[Statement]:
    topic_arn, data_key = plan.args["alarm_topic_arn"], ("kms:Decrypt", "kms:GenerateDataKey")
    streams = pulumi.Output.concat(logs.arn, ":*")
    return [
        Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), [streams]),
        Statement("WriteTraces", TRACE_ACTIONS, ["*"]),
        *bucket_statements(bucket, BucketAccess.READ, prefix=PREFIX),
        Statement("Tell", ("sns:Publish",), [topic_arn]),
        Statement(
            "TellKey",
            data_key,
            [plan.args["alarm_key_arn"]],
            conditions={"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": topic_arn}},
        ),
        Statement("KeepFailed", ("sqs:SendMessage",), [dead.arn]),
        Statement(
            "KeepFailedKey",
            data_key,
            [key.arn],
            conditions={"StringEquals": {"kms:EncryptionContext:aws:sqs:arn": dead.arn}},
        ),
    ]


def _subscribe(
    scope: Scope, name: str, function: aws.lambda_.Function, bucket: Bucket, place: Place
) -> None:
    allowed = aws.lambda_.Permission(
        f"{name}-from-bucket",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="s3.amazonaws.com",
        source_arn=bucket.arn,
        # a bucket's name may be another account's tomorrow
        source_account=place.account,
        opts=scope.own,
    )
    aws.s3.BucketNotification(
        f"{scope.name}-reports-notification",
        bucket=bucket.name,
        lambda_functions=[
            {
                # S3 tries whether it may call it
                "lambda_function_arn": after(function.arn, [allowed]),
                "events": ["s3:ObjectCreated:*"],
                "filter_prefix": PREFIX,
                "filter_suffix": handler.REPORT,
            }
        ],
        opts=scope.own,
    )


def _ignored(plan: ScansPlan) -> str:
    entries = [
        entry.model_dump(mode="json", exclude_none=True, exclude={"reason"})
        for entry in plan.spec.ignored
    ]
    return json.dumps(entries, sort_keys=True)
