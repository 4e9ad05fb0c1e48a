"""The rules of a web ACL, as the provider takes them."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.edge.capacity import PATH_TRANSFORMATIONS, used_groups
from components.edge.waf_args import EdgeWafAction, EdgeWafMode
from components.edge.waf_spec import EdgePathRateSpec, EdgeRateSpec, EdgeWafSpec

Rule = aws.wafv2.WebAclRuleArgsDict
Statement = aws.wafv2.WebAclRuleStatementArgsDict

ALLOWED, DENIED, PATH_RATES, RATE, BODIES, GROUPS = 0, 10, 20, 200, 210, 220
"""Priorities, from the first to the last: who is let in or kept out whatever they ask; how often
they ask; how much they send; what. With room, so that a new rule moves none of another kind."""

TOO_MANY = "too-many-requests"
ANSWERS = {TOO_MANY: '{"detail":"Too many requests"}'}
"""Bodies of answers, which look as FastAPI's do. AWS's own rules answer 403."""


def make_rules(
    waf: EdgeWafSpec,
    *,
    allowed: Mapping[str, pulumi.Input[str]],
    denied: Mapping[str, pulumi.Input[str]],
    bodies: pulumi.Input[str] | None,
) -> list[Rule]:
    """Return the rules of `waf`, in the order in which they are asked.

    :param allowed: ARNs of the lists of addresses that pass, by version of IP; `denied` likewise.
    :param bodies: ARN of the rule group on the size of bodies.
    """
    return [
        *_lists("allowed", allowed, ALLOWED, {"allow": {}}),
        *_lists("denied", denied, DENIED, {"block": {}}),
        *_rates(waf),
        *_bodies(bodies),
        *_groups(waf),
    ]


def _rule(name: str, priority: int, statement: Statement) -> Rule:
    return {
        "name": name,
        "priority": priority,
        "statement": statement,
        "visibility_config": {
            "cloudwatch_metrics_enabled": True,
            "metric_name": name,
            "sampled_requests_enabled": True,
        },
    }


def _lists(
    name: str,
    arns: Mapping[str, pulumi.Input[str]],
    priority: int,
    action: aws.wafv2.WebAclRuleActionArgsDict,
) -> list[Rule]:
    return [
        {
            **_rule(
                f"{name}-ipv{version}",
                priority + index,
                {"ip_set_reference_statement": {"arn": arn}},
            ),
            "action": action,
        }
        for index, (version, arn) in enumerate(sorted(arns.items()))
    ]


def _too_many(mode: EdgeWafMode, window_seconds: int) -> aws.wafv2.WebAclRuleActionArgsDict:
    if mode is EdgeWafMode.COUNT:
        return {"count": {}}
    response: aws.wafv2.WebAclRuleActionBlockCustomResponseArgsDict = {
        "response_code": 429,
        "custom_response_body_key": TOO_MANY,
        "response_headers": [{"name": "retry-after", "value": str(window_seconds)}],
    }
    return {"block": {"custom_response": response}}


def _rates(waf: EdgeWafSpec) -> list[Rule]:
    rates = [
        _rate(f"rate-{name}", PATH_RATES + index, waf, rate)
        for index, (name, rate) in enumerate(sorted(waf.path_rates.items()))
    ]
    return [*rates, _rate("rate", RATE, waf, waf.rate)]


def _rate(
    name: str, priority: int, waf: EdgeWafSpec, rate: EdgeRateSpec | EdgePathRateSpec
) -> Rule:
    """Return a rule that counts by address: WAF sees the caller's own, with CloudFront too."""
    limit: aws.wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
        "aggregate_key_type": "IP",
        "limit": rate.requests,
        "evaluation_window_sec": rate.window_seconds,
    }
    if isinstance(rate, EdgePathRateSpec):
        limit["scope_down_statement"] = {"byte_match_statement": _starts_with(rate.path)}
    return {
        **_rule(name, priority, {"rate_based_statement": limit}),
        "action": _too_many(rate.mode or waf.mode, rate.window_seconds),
    }


def _bodies(group: pulumi.Input[str] | None) -> list[Rule]:
    if group is None:
        return []
    reference: Statement = {"rule_group_reference_statement": {"arn": group}}
    return [{**_rule("body-size", BODIES, reference), "override_action": {"none": {}}}]


def _groups(waf: EdgeWafSpec) -> list[Rule]:
    rules: list[Rule] = []
    for index, (key, group) in enumerate(used_groups(waf).items()):
        asked = waf.groups.get(key)
        actions = dict.fromkeys(group.counted, EdgeWafAction.COUNT)
        actions |= asked.rules if asked else {}
        mode = (asked.mode if asked else None) or waf.mode
        rules.append(
            {
                **_rule(
                    group.name,
                    GROUPS + index,
                    {
                        "managed_rule_group_statement": {
                            "vendor_name": "AWS",
                            "name": group.name,
                            "rule_action_overrides": _overrides(actions),
                        }
                    },
                ),
                "override_action": {"count": {}} if mode is EdgeWafMode.COUNT else {"none": {}},
            }
        )
    return rules


def _overrides(
    actions: Mapping[str, EdgeWafAction],
) -> Sequence[aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgsDict]:
    choices: Mapping[
        EdgeWafAction,
        aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgsDict,
    ] = {
        EdgeWafAction.ALLOW: {"allow": {}},
        EdgeWafAction.BLOCK: {"block": {}},
        EdgeWafAction.COUNT: {"count": {}},
    }
    return [
        {"name": rule, "action_to_use": choices[action]} for rule, action in sorted(actions.items())
    ]


def _starts_with(path: str) -> aws.wafv2.WebAclRuleStatementByteMatchStatementArgsDict:
    return {
        "field_to_match": {"uri_path": {}},
        "positional_constraint": "STARTS_WITH",
        "search_string": path,
        "text_transformations": [
            {"priority": index, "type": kind} for index, kind in enumerate(PATH_TRANSFORMATIONS)
        ],
    }
