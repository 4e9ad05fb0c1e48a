"""The edge's firewall: its rules, what they cost, and what is written down."""

import functools
import json
from collections.abc import Mapping
from typing import cast

from components.edge import Edge, EdgeArgs, plan_edge
from components.edge.capacity import capacity_of
from simulator.aws.wafv2 import capacity
from tests.harness import Recorder, build
from tests.iam_lint import LOGS_KEY, lint

ACL = "aws:wafv2/webAcl:WebAcl"
RULE_GROUP = "aws:wafv2/ruleGroup:RuleGroup"
IP_SET = "aws:wafv2/ipSet:IpSet"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY = "aws:kms/key:Key"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

Json = Mapping[str, object]

WIRING: Json = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    "domain": {"names": ["api.example.com"], "zone_id": "Z0123456789ABCDEFGHIJ"},
}

EVERYTHING: Json = {
    "groups": {
        "common": {"rules": {"NoUserAgent_HEADER": "count", "GenericRFI_BODY": "allow"}},
        "anonymousIp": {"mode": "count", "rules": {"HostingProviderIPList": "block"}},
        "sqlInjection": {"enabled": False},
        "adminPaths": {},
    },
    "rate": {"requests": 500, "window_seconds": 60, "mode": "count"},
    "path_rates": {
        "login": {"path": "/Auth", "requests": 20, "window_seconds": 120},
        "export": {"path": "/export", "requests": 10, "mode": "count"},
    },
    "max_body_bytes": 4096,
    "large_body_paths": ["/uploads", "/imports"],
    "allow_cidrs": ["203.0.113.0/24", "2001:db8::/32"],
    "deny_cidrs": ["198.51.100.0/24"],
    "log_allowed": True,
    "log_retention_days": 365,
    "redacted_headers": ["X-Token"],
    "blocked_alarm": 50,
}


def edge(**args: object) -> Recorder[Edge]:
    return build(lambda: Edge("edge", cast("EdgeArgs", {**WIRING, **args})))


@functools.cache
def default() -> Recorder[Edge]:
    return edge()


@functools.cache
def counting() -> Recorder[Edge]:
    return edge(waf={"mode": "count"})


@functools.cache
def everything() -> Recorder[Edge]:
    return edge(waf=EVERYTHING)


@functools.cache
def fronted() -> Recorder[Edge]:
    return edge(cloudfront={}, waf={"max_body_bytes": 20_000})


def inputs(cloud: Recorder[Edge], type_: str, name: str | None = None) -> Json:
    return cloud.one(type_, name).inputs


def rules(cloud: Recorder[Edge]) -> dict[str, Json]:
    found = cast("list[Json]", inputs(cloud, ACL)["rules"])
    return {str(rule["name"]): rule for rule in found}


def get(value: object, *path: str | int) -> object:
    for key in path:
        value = cast("Mapping[str | int, object]", value)[key]
    return value


def order(cloud: Recorder[Edge]) -> list[str]:
    return sorted(rules(cloud), key=lambda name: cast("int", rules(cloud)[name]["priority"]))


def test_rules_in_the_order_in_which_they_are_asked():
    assert order(default()) == [
        "rate",
        "body-size",
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesAnonymousIpList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesSQLiRuleSet",
    ]
    assert order(everything()) == [
        "allowed-ipv4",
        "allowed-ipv6",
        "denied-ipv4",
        "rate-export",
        "rate-login",
        "rate",
        "body-size",
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesAnonymousIpList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesAdminProtectionRuleSet",
    ]


def test_the_load_balancer_is_guarded_by_a_web_acl_of_its_region():
    acl = inputs(default(), ACL)
    assert (acl["scope"], acl["defaultAction"]) == ("REGIONAL", {"allow": {}})
    association = inputs(default(), ASSOCIATION)
    assert association["webAclArn"] == default().output(default().result.web_acl_arn)
    assert association["resourceArn"] == default().output(default().result.load_balancer_arn)


def test_cloudfront_names_a_web_acl_of_its_own_scope():
    acl = inputs(fronted(), ACL)
    assert (acl["scope"], acl["region"]) == ("CLOUDFRONT", "us-east-1")
    arn = fronted().output(fronted().result.web_acl_arn)
    assert inputs(fronted(), "aws:cloudfront/distribution:Distribution")["webAclId"] == arn
    shown = {"cloudfront": {"defaultSizeInspectionLimit": "KB_32"}}
    assert get(acl, "associationConfig", "requestBodies") == [shown]
    assert "associationConfig" not in inputs(default(), ACL)


def test_without_a_firewall_there_is_nothing_of_it():
    cloud = edge(waf={"enabled": False})
    assert cloud.none(ACL)
    assert cloud.none(ASSOCIATION)
    assert cloud.none(KEY)
    assert cloud.output(cloud.result.web_acl_arn) == ""


def test_groups_block_or_count_as_the_environment_wants():
    managed = [name for name in rules(default()) if name.startswith("AWSManaged")]
    assert len(managed) == 5
    for name in managed:
        assert rules(default())[name]["overrideAction"] == {"none": {}}
        assert rules(counting())[name]["overrideAction"] == {"count": {}}
        assert "action" not in rules(default())[name]
        assert get(rules(default())[name], "statement", "managedRuleGroupStatement", "name") == name
    assert rules(everything())["AWSManagedRulesAnonymousIpList"]["overrideAction"] == {"count": {}}
    assert rules(everything())["AWSManagedRulesCommonRuleSet"]["overrideAction"] == {"none": {}}


def overrides(cloud: Recorder[Edge], group: str) -> dict[str, list[str]]:
    statement = get(rules(cloud)[group], "statement", "managedRuleGroupStatement")
    found = cast("list[Json]", get(statement, "ruleActionOverrides"))
    return {str(each["name"]): list(cast("Json", each["actionToUse"])) for each in found}


def test_single_rules_of_a_group_can_differ():
    common, anonymous = "AWSManagedRulesCommonRuleSet", "AWSManagedRulesAnonymousIpList"
    assert overrides(everything(), common) == {
        "GenericRFI_BODY": ["allow"],
        "NoUserAgent_HEADER": ["count"],
        "SizeRestrictions_BODY": ["count"],
    }
    assert overrides(everything(), anonymous) == {"HostingProviderIPList": ["block"]}


def test_machines_that_call_from_clouds_and_large_bodies_are_not_the_groups_to_refuse():
    assert overrides(default(), "AWSManagedRulesCommonRuleSet") == {
        "SizeRestrictions_BODY": ["count"]
    }
    assert overrides(default(), "AWSManagedRulesAnonymousIpList") == {
        "HostingProviderIPList": ["count"]
    }
    assert overrides(default(), "AWSManagedRulesSQLiRuleSet") == {}


def test_who_calls_too_often_is_told_so_and_when_to_come_back():
    rule = rules(default())["rate"]
    assert get(rule, "statement", "rateBasedStatement") == {
        "aggregateKeyType": "IP",
        "limit": 2000,
        "evaluationWindowSec": 300,
    }
    assert get(rule, "action", "block", "customResponse") == {
        "responseCode": 429,
        "customResponseBodyKey": "too-many-requests",
        "responseHeaders": [{"name": "retry-after", "value": "300"}],
    }
    bodies = cast("list[Json]", inputs(default(), ACL)["customResponseBodies"])
    told = {body["key"]: json.loads(str(body["content"])) for body in bodies}
    assert told["too-many-requests"] == {"detail": "Too many requests"}
    assert rules(counting())["rate"]["action"] == {"count": {}}
    assert rules(everything())["rate"]["action"] == {"count": {}}


def test_parts_of_the_api_have_rates_of_their_own():
    rule = rules(everything())["rate-login"]
    limit = cast("Json", get(rule, "statement", "rateBasedStatement"))
    assert (limit["limit"], limit["evaluationWindowSec"]) == (20, 120)
    match = get(limit, "scopeDownStatement", "byteMatchStatement")
    assert match == {
        "fieldToMatch": {"uriPath": {}},
        "positionalConstraint": "STARTS_WITH",
        "searchString": "/auth",
        "textTransformations": [
            {"priority": 0, "type": "URL_DECODE"},
            {"priority": 1, "type": "NORMALIZE_PATH"},
            {"priority": 2, "type": "LOWERCASE"},
        ],
    }
    assert get(rule, "action", "block", "customResponse", "responseCode") == 429
    assert rules(everything())["rate-export"]["action"] == {"count": {}}


def test_no_body_comes_in_that_was_not_seen():
    group = inputs(default(), RULE_GROUP)
    assert group["capacity"] == capacity(group["rules"]) == 1
    rule = get(group, "rules", 0)
    assert get(rule, "statement", "sizeConstraintStatement") == {
        "fieldToMatch": {"body": {"oversizeHandling": "MATCH"}},
        "comparisonOperator": "GT",
        "size": 8192,
        "textTransformations": [{"priority": 0, "type": "NONE"}],
    }
    answer = cast("Json", get(rule, "action", "block", "customResponse"))
    body = cast("Json", get(group, "customResponseBodies", 0))
    assert (answer["responseCode"], answer["customResponseBodyKey"]) == (413, body["key"])
    assert json.loads(str(body["content"])) == {"detail": "The body of the request is too large"}
    reference = rules(default())["body-size"]
    assert reference["overrideAction"] == {"none": {}}
    arn = str(get(reference, "statement", "ruleGroupReferenceStatement", "arn"))
    assert arn.startswith("arn:aws:wafv2:eu-west-1:123456789012:regional/rulegroup/edge-body-size-")
    assert get(inputs(counting(), RULE_GROUP), "rules", 0, "action") == {"count": {}}
    there = inputs(fronted(), RULE_GROUP)
    assert (there["scope"], there["region"]) == ("CLOUDFRONT", "us-east-1")


def test_larger_bodies_come_in_where_they_are_expected():
    group = inputs(everything(), RULE_GROUP)
    assert group["capacity"] == capacity(group["rules"]) == 1 + 2 * 32
    both = get(group, "rules", 0, "statement", "andStatement", "statements")
    first, *others = cast("list[Json]", both)
    assert get(first, "sizeConstraintStatement", "size") == 4096
    paths = [get(o, "notStatement", "statements", 0, "byteMatchStatement") for o in others]
    assert [get(path, "searchString") for path in paths] == ["/uploads", "/imports"]
    unlimited = edge(waf={"large_body_paths": ["/"]})
    assert "body-size" not in rules(unlimited)
    assert unlimited.none(RULE_GROUP)


def test_lists_of_addresses_are_of_one_version_of_ip_each():
    sets = {r.name: r.inputs for r in everything().all(IP_SET)}
    assert {n: (i["ipAddressVersion"], i["addresses"]) for n, i in sets.items()} == {
        "edge-allowed-ipv4": ("IPV4", ["203.0.113.0/24"]),
        "edge-allowed-ipv6": ("IPV6", ["2001:db8::/32"]),
        "edge-denied-ipv4": ("IPV4", ["198.51.100.0/24"]),
    }
    assert rules(everything())["allowed-ipv6"]["action"] == {"allow": {}}
    assert rules(everything())["denied-ipv4"]["action"] == {"block": {}}
    assert default().none(IP_SET)


def test_rules_cost_what_was_counted_beforehand():
    """The plan counts by the settings, the simulated WAF by the rules that it is given."""
    settings: list[tuple[Recorder[Edge], Json]] = [(default(), {}), (everything(), EVERYTHING)]
    for cloud, waf in settings:
        planned = plan_edge(cast("EdgeArgs", {**WIRING, "waf": waf})).spec.waf
        groups = sum(cast("int", group.inputs["capacity"]) for group in cloud.all(RULE_GROUP))
        assert capacity(inputs(cloud, ACL)["rules"]) + groups == capacity_of(planned)


def test_metrics_are_on_for_each_rule_and_of_this_stack():
    for rule in rules(everything()).values():
        visible = cast("Json", rule["visibilityConfig"])
        assert visible["cloudwatchMetricsEnabled"] is True
        assert visible["metricName"] == rule["name"]
    metric = str(get(inputs(default(), ACL), "visibilityConfig", "metricName"))
    assert metric.startswith("edge-")
    assert len(metric) == len("edge-") + 6
    alarm = inputs(default(), ALARM, "edge-blocked")
    assert alarm["dimensions"] == {"WebACL": metric, "Rule": "ALL", "Region": "eu-west-1"}
    assert alarm["threshold"] == 1000
    there = inputs(fronted(), ALARM, "edge-blocked")
    assert cast("Json", there["dimensions"]).keys() == {"WebACL", "Rule"}
    assert inputs(everything(), ALARM, "edge-blocked")["threshold"] == 50


def test_logs_are_named_as_waf_demands_encrypted_and_end():
    for cloud, days in ((default(), 90), (everything(), 365), (fronted(), 90)):
        group = inputs(cloud, LOG_GROUP)
        assert str(group["name"]).startswith("aws-waf-logs-edge-")
        assert group["retentionInDays"] == days
        assert str(group["kmsKeyId"]).startswith("arn:aws:kms:")
        logging = inputs(cloud, LOGGING)
        assert str(get(logging, "logDestinationConfigs", 0)).endswith(str(group["name"]))
        assert logging["resourceArn"] == cloud.output(cloud.result.web_acl_arn)


def test_the_logs_key_lets_the_logs_service_of_its_region_use_it():
    for cloud, region in ((default(), "eu-west-1"), (fronted(), "us-east-1")):
        policy = str(inputs(cloud, KEY)["policy"])
        found = {s["Sid"]: s for s in json.loads(policy)["Statement"]}
        delivery = found["CloudWatchLogs"]
        assert delivery["Principal"] == {"Service": [f"logs.{region}.amazonaws.com"]}
        arn = delivery["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
        assert arn.startswith(f"arn:aws:logs:{region}:123456789012:log-group:")
        assert lint(policy, allowed=LOGS_KEY) == []


def test_credentials_are_in_no_log_and_no_sample():
    for cloud, more in ((default(), ["apikey", "x-api-key"]), (everything(), ["x-token"])):
        wanted = ["authorization", "cookie", *more]
        redacted = cast("list[Json]", inputs(cloud, LOGGING)["redactedFields"])
        assert [get(field, "singleHeader", "name") for field in redacted] == wanted
        protected = get(inputs(cloud, ACL), "dataProtectionConfig", "dataProtections")
        assert protected == [
            {
                "action": "SUBSTITUTION",
                "field": {"fieldType": "SINGLE_HEADER", "fieldKeys": wanted},
            }
        ]


def test_what_no_rule_matched_is_logged_on_request_only():
    logged = cast("Json", inputs(default(), LOGGING)["loggingFilter"])
    assert logged["defaultBehavior"] == "DROP"
    conditions = cast("list[Json]", get(logged, "filters", 0, "conditions"))
    assert [get(c, "actionCondition", "action") for c in conditions] == [
        "BLOCK",
        "COUNT",
        "EXCLUDED_AS_COUNT",
    ]
    assert "loggingFilter" not in inputs(everything(), LOGGING)
