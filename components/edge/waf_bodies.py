"""The limit on bodies, but where larger ones are expected: a rule group of its own.

Within a web ACL the rule would need a negation, which pulumi-aws types there as its newer resource
for single rules has it, and not as the web ACL does (seen in 7.51; of one origin with
pulumi/pulumi-aws#6546). In a rule group both agree.
"""

import pulumi_aws as aws

from components._base.scope import Scope
from components.edge.capacity import PATH_TRANSFORMATIONS, bodies_capacity, limits_bodies
from components.edge.waf_args import EdgeWafMode
from components.edge.waf_spec import EdgeWafSpec

Statement = aws.wafv2.RuleGroupRuleStatementArgsDict

TOO_LARGE = "body-too-large"
ANSWER = '{"detail":"The body of the request is too large"}'


def make_body_limit(
    scope: Scope, waf: EdgeWafSpec, *, region: str | None
) -> aws.wafv2.RuleGroup | None:
    """Create the rule group, unless bodies of any size are taken everywhere.

    :param region: of CloudFront's web ACL; None for a load balancer's.
    """
    if not limits_bodies(waf):
        return None
    name = f"{scope.name}-body-size"
    return aws.wafv2.RuleGroup(
        name,
        description=f"Bodies at edge {scope.name}",
        scope="CLOUDFRONT" if region else "REGIONAL",
        region=region,
        capacity=bodies_capacity(waf),
        rules=[
            {
                "name": "body-size",
                "priority": 0,
                "statement": _too_large(waf),
                "action": _refuse(waf.mode),
                "visibility_config": _visible("body-size"),
            }
        ],
        custom_response_bodies=[
            {"key": TOO_LARGE, "content": ANSWER, "content_type": "APPLICATION_JSON"}
        ],
        visibility_config=_visible(name),
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _too_large(waf: EdgeWafSpec) -> Statement:
    """Return what tells that a body is larger than allowed, or than WAF sees."""
    too_large: Statement = {
        "size_constraint_statement": {
            "field_to_match": {"body": {"oversize_handling": "MATCH"}},
            "comparison_operator": "GT",
            "size": waf.max_body_bytes,
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }
    if not waf.large_body_paths:
        return too_large
    elsewhere = [_elsewhere(path) for path in waf.large_body_paths]
    return {"and_statement": {"statements": [too_large, *elsewhere]}}


def _elsewhere(path: str) -> Statement:
    begins: Statement = {
        "byte_match_statement": {
            "field_to_match": {"uri_path": {}},
            "positional_constraint": "STARTS_WITH",
            "search_string": path,
            "text_transformations": [
                {"priority": index, "type": kind} for index, kind in enumerate(PATH_TRANSFORMATIONS)
            ],
        }
    }
    return {"not_statement": {"statements": [begins]}}


def _refuse(mode: EdgeWafMode) -> aws.wafv2.RuleGroupRuleActionArgsDict:
    if mode is EdgeWafMode.COUNT:
        return {"count": {}}
    response: aws.wafv2.RuleGroupRuleActionBlockCustomResponseArgsDict = {
        "response_code": 413,
        "custom_response_body_key": TOO_LARGE,
    }
    return {"block": {"custom_response": response}}


def _visible(metric: str) -> aws.wafv2.RuleGroupVisibilityConfigArgsDict:
    return {
        "cloudwatch_metrics_enabled": True,
        "metric_name": metric,
        "sampled_requests_enabled": True,
    }
