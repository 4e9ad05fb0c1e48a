"""DynamoDB tables for services, a few lines of config for each."""

from collections.abc import Mapping
from typing import Optional

import pulumi
import pulumi_aws as aws

from components._base.kms import domain_key
from components._base.names import check_name
from components._base.required import all_given
from components._base.scope import Scope
from components.tables.alarms import make_table_alarms, make_user_error_alarm
from components.tables.args import TablesArgs
from components.tables.capacity import make_scaling
from components.tables.plan import TablesPlan, plan_tables
from components.tables.table import make_insights, make_table


class Tables(pulumi.ComponentResource):
    """DynamoDB tables: encrypted with a key of their own, recoverable to the second, alarmed.

    They depend on nothing. Services are given what `table_statements` returns.

    Example: `Tables("tables", {"tables": {"orders": {"hash_key": {"name": "customerId"}}}})`.
    """

    table_names: pulumi.Output[Mapping[str, str]]
    """Names in AWS, by the tables' names in the config."""
    table_arns: pulumi.Output[Mapping[str, str]]
    """ARNs, likewise."""
    stream_arns: pulumi.Output[Mapping[str, str]]
    """ARNs of the streams of those that have one, likewise."""

    @all_given
    def __init__(
        self, name: str, args: TablesArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        owner = f"Tables {name!r}"
        check_name(name, owner)
        plan = plan_tables(args, owner)
        super().__init__("fastapi-platform:index:Tables", name, dict(args), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        alarm_topic_arn = args.get("alarm_topic_arn")
        tables = _make_tables(scope, plan, args.get("kms_key_arn"), alarm_topic_arn)
        if plan.user_error_threshold is not None:
            make_user_error_alarm(scope, plan.user_error_threshold, alarm_topic_arn)

        streaming = {key: t for key, t in tables.items() if plan.tables[key].spec.published}
        self.table_names = _by_name({key: table.name for key, table in tables.items()})
        self.table_arns = _by_name({key: table.arn for key, table in tables.items()})
        self.stream_arns = _by_name({key: table.stream_arn for key, table in streaming.items()})
        self.register_outputs(
            {
                "tableNames": self.table_names,
                "tableArns": self.table_arns,
                "streamArns": self.stream_arns,
            }
        )


def _make_tables(
    scope: Scope,
    plan: TablesPlan,
    key_arn: pulumi.Input[str] | None,
    alarm_topic_arn: pulumi.Input[str] | None,
) -> dict[str, aws.dynamodb.Table]:
    own_key_arn = key_arn or _key(scope, f"{scope.name}-key").arn
    replica_key_arns = {
        region: _key(scope, f"{scope.name}-key-{region}", region).arn
        for region in plan.replica_regions
    }
    tables: dict[str, aws.dynamodb.Table] = {}
    for key, table_plan in plan.tables.items():
        name = f"{scope.name}-{key}"
        table = make_table(
            scope, name, table_plan, key_arn=own_key_arn, replica_key_arns=replica_key_arns
        )
        make_scaling(scope, name, table_plan, table)
        make_table_alarms(scope, key, table_plan.spec, table.name, alarm_topic_arn)
        if table_plan.spec.contributor_insights:
            make_insights(scope, name, table_plan, table.name)
        tables[key] = table
    return tables


def _key(scope: Scope, name: str, region: str | None = None) -> aws.kms.Key:
    return domain_key(
        name,
        parent=scope.parent,
        description=f"DynamoDB tables of {scope.name}",
        # callers need no grant of their own, as AWS advises:
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
        via_services=["dynamodb"],
        tags=scope.tags,
        protect=scope.protect,
        region=region,
    )


def _by_name(values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[Mapping[str, str]]:
    if not values:
        return pulumi.Output.from_input({})
    return pulumi.Output.all(**values).apply(dict)
