"""The logs of an OpenSearch domain, and the policy that lets the service write them."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document
from components._base.logs import log_group
from components._base.order import after
from components._base.place import Place
from components._base.scope import Scope
from components.search.opensearch_plan import LOG_TYPES

WRITE_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")


def make_logs(
    scope: Scope,
    place: Place,
    *,
    key: aws.kms.Key,
    retention_days: int,
    domain_name: pulumi.Output[str],
    domain_arn: pulumi.Output[str],
) -> Mapping[str, pulumi.Output[str]]:
    """Create a log group for each kind of log; return their ARNs by the service's log type.

    The ARNs wait for the policy: a domain whose logs the service may not write is refused.
    """
    groups = {
        log_type: log_group(
            f"{scope.name}-{suffix}",
            parent=scope.parent,
            key=key,
            retention_days=retention_days,
            tags=scope.tags,
            protect=scope.protect,
        )
        for suffix, log_type in LOG_TYPES.items()
    }
    policy = aws.cloudwatch.LogResourcePolicy(
        f"{scope.name}-logs",
        # one for all four: an account has room for ten in a region
        policy_name=pulumi.Output.concat(domain_name, "-logs"),
        policy_document=document(
            Statement(
                "SearchLogs",
                WRITE_ACTIONS,
                [pulumi.Output.concat(group.arn, ":*") for group in groups.values()],
                {"Service": ["es.amazonaws.com"]},
                # The service writes for other accounts too.
                {
                    "StringEquals": {"aws:SourceAccount": place.account},
                    "ArnEquals": {"aws:SourceArn": domain_arn},
                },
            )
        ),
        opts=scope.own,
    )
    return {log_type: after(group.arn, [policy]) for log_type, group in groups.items()}
