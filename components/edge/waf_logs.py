"""What the firewall writes down."""

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement
from components._base.kms import USE_ACTIONS, domain_key, log_delivery
from components._base.place import place_of
from components._base.scope import Scope
from components.edge.waf import Firewall
from components.edge.waf_spec import EdgeWafSpec

PREFIX = "aws-waf-logs-"
"""What WAF demands: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
(2026-11)"""

NOTABLE = ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
"""What rules did with a request that one of them matched."""


def make_waf_logs(
    scope: Scope, waf: EdgeWafSpec, firewall: Firewall, *, region: str | None
) -> aws.cloudwatch.LogGroup:
    """Record requests in an encrypted log group, without what would let others in.

    :param region: where the web ACL is; None: where everything else is.
    """
    key = domain_key(
        f"{scope.name}-waf-key",
        parent=scope.parent,
        description=f"Firewall logs of edge {scope.name}",
        statements=[_log_delivery(scope, region) if region else log_delivery(scope.parent)],
        tags=scope.tags,
        protect=scope.protect,
        region=region,
    )
    name = f"{scope.name}-waf-logs"
    group = aws.cloudwatch.LogGroup(
        name,
        name=pulumi.Output.concat(PREFIX, firewall.metric),
        kms_key_id=key.arn,
        retention_in_days=waf.log_retention_days,
        region=region,
        tags=scope.tagged(name),
        # who attacked, and how: nothing can bring it back
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    aws.wafv2.WebAclLoggingConfiguration(
        f"{scope.name}-waf-logging",
        resource_arn=firewall.acl.arn,
        log_destination_configs=[group.arn],
        logging_filter=None if waf.log_allowed else _notable(),
        redacted_fields=[{"single_header": {"name": header}} for header in waf.redacted],
        region=region,
        opts=scope.own,
    )
    return group


def _notable() -> aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgsDict:
    """Keep what a rule matched: what is let in is in the load balancer's own logs."""
    return {
        "default_behavior": "DROP",
        "filters": [
            {
                "behavior": "KEEP",
                "requirement": "MEETS_ANY",
                "conditions": [{"action_condition": {"action": action}} for action in NOTABLE],
            }
        ],
    }


def _log_delivery(scope: Scope, region: str) -> Statement:
    """Let CloudWatch Logs of another region use the key, as `kms.log_delivery` does of this one."""
    place = place_of(scope.parent)
    groups = pulumi.Output.concat(
        "arn:", place.partition, f":logs:{region}:", place.account, ":log-group:", PREFIX, "*"
    )
    return Statement(
        "CloudWatchLogs",
        USE_ACTIONS,
        ["*"],
        {"Service": [f"logs.{region}.amazonaws.com"]},
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )
