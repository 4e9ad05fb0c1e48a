"""The simulated services of an edge: shapes of ids, what they refuse, what replaces.

Shapes are those of the AWS provider's own `id` and of the services' ARNs (2026-11).
"""

import re
from collections.abc import Mapping
from typing import cast

import pytest

from simulator.cloud.core import Cloud, CloudError
from simulator.cloud.values import UNKNOWN

Inputs = dict[str, object]

BALANCER, TARGETS = "aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup"
LISTENER, RULE = "aws:lb/listener:Listener", "aws:lb/listenerRule:ListenerRule"
ACL, IP_SET = "aws:wafv2/webAcl:WebAcl", "aws:wafv2/ipSet:IpSet"
RULE_GROUP = "aws:wafv2/ruleGroup:RuleGroup"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
CERTIFICATE = "aws:acm/certificate:Certificate"
RECORD = "aws:route53/record:Record"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
PROTECTION = "aws:shield/protection:Protection"

HEX = "[0-9a-f]{16}"
ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
ALB_ARN = f"{ELB}:loadbalancer/app/a/50dc6c495c0c9188"
HTTPS_ARN = f"{ELB}:listener/app/a/50dc6c495c0c9188/f2f7dc8efc522ab2"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

FORWARD: Inputs = {"type": "forward", "targetGroupArn": f"{ELB}:targetgroup/t/943f017f100becff"}
VISIBLE: Inputs = {
    "cloudwatchMetricsEnabled": True,
    "metricName": "m",
    "sampledRequestsEnabled": True,
}
RATE: Inputs = {"rateBasedStatement": {"aggregateKeyType": "IP", "limit": 100}}
GROUP: Inputs = {
    "managedRuleGroupStatement": {"vendorName": "AWS", "name": "AWSManagedRulesSQLiRuleSet"}
}


def rule(statement: Inputs, **more: object) -> Inputs:
    return {
        "name": "r",
        "priority": 1,
        "statement": statement,
        "visibilityConfig": VISIBLE,
        **more,
    }


GOOD: Mapping[str, Inputs] = {
    BALANCER: {"name": "a", "subnets": ["s-1", "s-2"], "loadBalancerType": "application"},
    TARGETS: {"name": "t", "port": 443, "protocol": "HTTPS", "vpcId": "v", "targetType": "ip"},
    LISTENER: {
        "loadBalancerArn": ALB_ARN,
        "port": 443,
        "protocol": "HTTPS",
        "sslPolicy": "p",
        "certificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/1",
        "defaultActions": [FORWARD],
    },
    RULE: {
        "listenerArn": HTTPS_ARN,
        "priority": 1,
        "actions": [FORWARD],
        "conditions": [{"httpHeader": {"httpHeaderName": "x-secret", "values": ["a", "b"]}}],
    },
    ACL: {
        "name": "w",
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "visibilityConfig": VISIBLE,
        "rules": [rule(RATE, action={"block": {}})],
    },
    RULE_GROUP: {
        "name": "g",
        "scope": "REGIONAL",
        "capacity": 2,
        "visibilityConfig": VISIBLE,
        "rules": [rule(RATE, action={"block": {}})],
    },
    IP_SET: {"name": "i", "scope": "REGIONAL", "ipAddressVersion": "IPV4", "addresses": []},
    ASSOCIATION: {
        "resourceArn": ALB_ARN,
        "webAclArn": "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1",
    },
    LOGGING: {
        "resourceArn": "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1",
        "logDestinationConfigs": [
            "arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-edge"
        ],
    },
    CERTIFICATE: {"domainName": "api.example.com", "validationMethod": "DNS"},
    RECORD: {"zoneId": "Z123", "name": "api.example.com", "type": "A", "records": [], "ttl": 60},
    DISTRIBUTION: {
        "enabled": True,
        "origins": [{"originId": "o", "domainName": "a.example.com"}],
        "defaultCacheBehavior": {
            "targetOriginId": "o",
            "allowedMethods": ["GET", "HEAD"],
            "cachedMethods": ["GET", "HEAD"],
            "viewerProtocolPolicy": "https-only",
            "cachePolicyId": "c",
        },
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {
            "acmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"
        },
    },
    PROTECTION: {"name": "p", "resourceArn": ALB_ARN},
}


def refused(type_: str, **changed: object) -> list[str]:
    inputs = {**GOOD[type_], **changed}
    given = {key: value for key, value in inputs.items() if value is not None}
    return [str(problem) for problem in Cloud().check(type_, "it", given)[1]]


@pytest.mark.parametrize("type_", GOOD)
def test_what_is_right_is_taken(type_: str):
    assert refused(type_) == []


BEHAVIOR = cast("Inputs", GOOD[DISTRIBUTION]["defaultCacheBehavior"])


@pytest.mark.parametrize(
    ("type_", "changed", "problem"),
    [
        (BALANCER, {"name": "internal-a"}, "name: 'internal-a' is not valid"),
        (BALANCER, {"name": "a" * 33}, "name: '"),
        (BALANCER, {"subnets": ["s-1"]}, "subnets: At least two subnets"),
        (BALANCER, {"idleTimeout": 0}, "idleTimeout: is 0; 1 to 4000 allowed"),
        (BALANCER, {"desyncMitigationMode": "strict"}, "desyncMitigationMode: 'strict'"),
        (BALANCER, {"loadBalancerType": "classic"}, "loadBalancerType: 'classic' is not one of"),
        (TARGETS, {"healthCheck": {"interval": 5, "timeout": 5}}, "healthCheck.timeout"),
        (TARGETS, {"healthCheck": {"interval": 4, "timeout": 2}}, "healthCheck.interval: is 4"),
        (TARGETS, {"loadBalancingAnomalyMitigation": "on"}, "only with weighted_random"),
        (
            TARGETS,
            {"slowStart": 30, "loadBalancingAlgorithmType": "weighted_random"},
            "slowStart: not with weighted_random",
        ),
        (LISTENER, {"protocol": "HTTP"}, "certificateArn: a certificate cannot be specified"),
        (LISTENER, {"protocol": "HTTP"}, "sslPolicy: is for HTTPS listeners"),
        (LISTENER, {"sslPolicy": None}, "sslPolicy: is required for HTTPS"),
        (
            RULE,
            {"conditions": [{"httpHeader": {"httpHeaderName": "Host", "values": ["a"]}}]},
            "use hostHeader for the host",
        ),
        (
            RULE,
            {"conditions": [{"hostHeader": {"values": list("abcdef")}}]},
            "conditions: 6 values, at most 5",
        ),
        (ACL, {"scope": "CLOUDFRONT"}, "scope: WAFInvalidParameterException: CLOUDFRONT is in us"),
        (
            ACL,
            {"rules": [rule(RATE, action={"block": {}})] * 2},
            "rules: WAFInvalidParameterException: priority twice: 1",
        ),
        (
            ACL,
            {"rules": [rule(GROUP, action={"block": {}})]},
            "rules[0].action: WAFInvalidParameterException: overrideAction is what",
        ),
        (ACL, {"rules": [rule(RATE)]}, "rules[0].overrideAction: WAFInvalidParameterException"),
        (
            ACL,
            {
                "rules": [
                    rule(
                        {"rateBasedStatement": {"aggregateKeyType": "IP", "limit": 9}},
                        action={"count": {}},
                    )
                ]
            },
            "rateBasedStatement.limit: is 9, at least 10 allowed",
        ),
        (
            ACL,
            {
                "rules": [
                    rule(
                        RATE,
                        action={
                            "block": {
                                "customResponse": {
                                    "responseCode": 429,
                                    "customResponseBodyKey": "b",
                                }
                            }
                        },
                    )
                ]
            },
            "rules[0].action.block.customResponse: no body 'b'",
        ),
        (RULE_GROUP, {"capacity": 1}, "WAFInvalidParameterException: 2 WCU are needed, 1 given"),
        (RULE_GROUP, {"scope": "CLOUDFRONT"}, "scope: WAFInvalidParameterException"),
        (IP_SET, {"scope": "CLOUDFRONT"}, "scope: WAFInvalidParameterException"),
        (
            ASSOCIATION,
            {"webAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/w/1"},
            "webAclArn: WAFInvalidParameterException",
        ),
        (
            LOGGING,
            {"logDestinationConfigs": ["arn:aws:logs:eu-west-1:123456789012:log-group:waf"]},
            "logDestinationConfigs: WAFLogDestinationPermissionIssueException",
        ),
        (CERTIFICATE, {"domainName": f"{'a' * 60}.example.com"}, "domainName: 72 characters"),
        (
            CERTIFICATE,
            {"subjectAlternativeNames": [f"{i}.example.com" for i in range(10)]},
            "subjectAlternativeNames: 11 names in all, at most 10",
        ),
        (RECORD, {"zoneId": "example.com"}, "zoneId: NoSuchHostedZone"),
        (RECORD, {"records": ["192.0.2.1"], "ttl": None}, "ttl: is required with records"),
        (
            RECORD,
            {"aliases": [{"name": "a", "zoneId": "Z1", "evaluateTargetHealth": True}]},
            "aliases: an alias has neither records nor ttl",
        ),
        (
            DISTRIBUTION,
            {"viewerCertificate": {"acmCertificateArn": "arn:aws:acm:eu-west-1:1:certificate/1"}},
            "InvalidViewerCertificate: must be in us-east-1",
        ),
        (
            DISTRIBUTION,
            {"webAclId": "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1"},
            "webAclId: InvalidWebACLId",
        ),
        (
            DISTRIBUTION,
            {"defaultCacheBehavior": {**BEHAVIOR, "targetOriginId": "p"}},
            "defaultCacheBehavior.targetOriginId: NoSuchOrigin",
        ),
        (
            DISTRIBUTION,
            {"defaultCacheBehavior": {**BEHAVIOR, "cachePolicyId": ""}},
            "defaultCacheBehavior: cachePolicyId or forwardedValues is needed",
        ),
        (
            DISTRIBUTION,
            {"aliases": ["a"], "viewerCertificate": {"cloudfrontDefaultCertificate": True}},
            "aliases: need a certificate that has them",
        ),
    ],
)
def test_what_the_service_would_refuse_is_refused(type_: str, changed: Inputs, problem: str):
    assert any(problem in found for found in refused(type_, **changed)), refused(type_, **changed)


def test_what_is_not_known_yet_is_not_judged():
    assert refused(LISTENER, certificateArn=UNKNOWN, loadBalancerArn=UNKNOWN) == []
    assert refused(ASSOCIATION, webAclArn=UNKNOWN) == []
    assert refused(LOGGING, logDestinationConfigs=[UNKNOWN]) == []
    assert refused(BALANCER, subnets=UNKNOWN) == []


@pytest.mark.parametrize(
    ("type_", "shape"),
    [
        (BALANCER, rf"{ELB}:loadbalancer/app/a/{HEX}"),
        (TARGETS, rf"{ELB}:targetgroup/t/{HEX}"),
        (LISTENER, rf"{ELB}:listener/app/a/50dc6c495c0c9188/{HEX}"),
        (RULE, rf"{ELB}:listener-rule/app/a/50dc6c495c0c9188/f2f7dc8efc522ab2/{HEX}"),
        (ACL, UUID),
        (CERTIFICATE, rf"arn:aws:acm:eu-west-1:123456789012:certificate/{UUID}"),
        (RECORD, "Z123_api.example.com_A"),
        (DISTRIBUTION, "E[A-Z0-9]{13}"),
        (PROTECTION, UUID),
    ],
)
def test_ids_are_of_the_real_shape(type_: str, shape: str):
    id_, outputs = Cloud().create(type_, "urn:pulumi:s::p::t::it", "it", GOOD[type_])
    assert re.fullmatch(shape, id_), id_
    assert outputs


def test_a_domain_has_one_proof_wherever_its_certificates_are():
    """The records of a certificate in us-east-1 are those of the one beside the load balancer."""

    def options(region: str, *names: str) -> list[dict[str, str]]:
        first, *more = names
        inputs: Inputs = {"domainName": first, "subjectAlternativeNames": more, "region": region}
        _, outputs = Cloud().create(CERTIFICATE, f"urn:{region}", "c", inputs)
        return cast("list[dict[str, str]]", outputs["domainValidationOptions"])

    here = options("eu-west-1", "example.com", "*.example.com")
    there = options("us-east-1", "example.com")
    assert len({option["resourceRecordName"] for option in [*here, *there]}) == 1
    assert [option["domainName"] for option in here] == ["example.com", "*.example.com"]


@pytest.mark.parametrize(
    ("type_", "changed", "replaces"),
    [
        (BALANCER, {"idleTimeout": 30}, []),
        (BALANCER, {"internal": True}, ["internal"]),
        (TARGETS, {"port": 8443}, ["port"]),
        (TARGETS, {"deregistrationDelay": 30}, []),
        (LISTENER, {"sslPolicy": "q"}, []),
        (LISTENER, {"certificateArn": "arn:other"}, []),
        (ACL, {"rules": []}, []),
        (ACL, {"scope": "CLOUDFRONT"}, ["scope"]),
        (RULE_GROUP, {"capacity": 3}, ["capacity"]),
        (CERTIFICATE, {"subjectAlternativeNames": ["a.example.com"]}, ["subjectAlternativeNames"]),
        (RECORD, {"records": ["192.0.2.1"]}, []),
        (DISTRIBUTION, {"aliases": ["a"]}, []),
    ],
)
def test_only_what_can_not_be_changed_in_place_replaces(
    type_: str, changed: Inputs, replaces: list[str]
):
    found = Cloud().compare(type_, GOOD[type_], {**GOOD[type_], **changed})
    assert found.differences
    assert [path.partition("[")[0] for path in found.replaces] == replaces


def test_a_load_balancer_that_is_guarded_is_not_deleted():
    cloud = Cloud()
    inputs = {**GOOD[BALANCER], "enableDeletionProtection": True}
    id_, outputs = cloud.create(BALANCER, "urn:a", "a", inputs)
    with pytest.raises(CloudError, match="enableDeletionProtection"):
        cloud.delete(BALANCER, id_, outputs)
