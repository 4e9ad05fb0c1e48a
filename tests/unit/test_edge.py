"""What an edge registers: every resource's inputs, and the order between them."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pytest

from components._base.errors import InvalidInput
from components.edge import Edge, EdgeArgs
from tests.harness import Recorder, build
from tests.iam_lint import lint

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TARGETS = "aws:lb/targetGroup:TargetGroup"
LISTENER = "aws:lb/listener:Listener"
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
RECORD = "aws:route53/record:Record"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ACL = "aws:wafv2/webAcl:WebAcl"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY = "aws:kms/key:Key"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
PASSWORD = "random:index/randomPassword:RandomPassword"
PROTECTION = "aws:shield/protection:Protection"
RESPONSE = "aws:shield/applicationLayerAutomaticResponse:ApplicationLayerAutomaticResponse"

ZONE = "Z0123456789ABCDEFGHIJ"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
GLOBAL_TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
CLUSTER = "sg-0000000000000000c"
SUBNETS = ["subnet-0000000000000000a", "subnet-0000000000000000b"]
NAMES = ["api.example.com", "*.api.example.com", "www.example.com"]

Json = Mapping[str, object]


def edge(name: str = "edge", **args: object) -> Recorder[Edge]:
    wiring: dict[str, object] = {
        "vpc_id": "vpc-0a1b2c3d4e5f60718",
        "subnet_ids": SUBNETS,
        "targets": {"cluster": CLUSTER},
        "alarm_topic_arn": TOPIC,
        "global_alarm_topic_arn": GLOBAL_TOPIC,
        "domain": {"names": NAMES, "zone_id": ZONE},
        "tags": {"team": "core"},
    }
    given = {key: value for key, value in {**wiring, **args}.items() if value is not None}
    return build(lambda: Edge(name, cast("EdgeArgs", given)))


@functools.cache
def default() -> Recorder[Edge]:
    return edge(protect=True)


@functools.cache
def plain() -> Recorder[Edge]:
    return edge(
        domain=None,
        insecure_http=True,
        waf={"enabled": False},
        access_logs={"retention_days": 7, "connections": True, "force_destroy": True},
        target={"port": 8000, "protocol": "HTTP", "health_port": 8000, "health_path": "/healthz"},
    )


@functools.cache
def internal() -> Recorder[Edge]:
    return edge(internal=True, allowed_cidrs=["10.0.0.0/8", "192.168.0.0/16"])


@functools.cache
def fronted() -> Recorder[Edge]:
    return edge(
        protect=True,
        tls="tls13",
        cloudfront={"secret_version": 2, "price_class": "PriceClass_All"},
        shield={"automatic_response": "block"},
        waf={"max_body_bytes": 20_000, "deny_cidrs": ["203.0.113.0/24"]},
        idle_timeout_seconds=30,
    )


@functools.cache
def shielded() -> Recorder[Edge]:
    return edge(shield={}, ipv6=True)


def inputs(cloud: Recorder[Edge], type_: str, name: str | None = None) -> Json:
    return cloud.one(type_, name).inputs


def part(value: object, *path: str | int) -> object:
    for key in path:
        value = (
            cast("Json", value)[key] if isinstance(key, str) else cast("list[object]", value)[key]
        )
    return value


def statements(policy: object) -> dict[str, Json]:
    found = cast("list[Json]", json.loads(str(policy))["Statement"])
    return {str(statement["Sid"]): statement for statement in found}


def test_exactly_what_an_edge_is_made_of():
    counts: dict[str, int] = {}
    for resource in default().resources:
        counts[resource.type] = counts.get(resource.type, 0) + 1
    assert counts == {
        "fastapi-platform:index:Edge": 1,
        BUCKET: 1,
        BUCKET_POLICY: 1,
        "aws:s3/bucketVersioning:BucketVersioning": 1,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 1,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 1,
        SECURITY_GROUP: 1,
        INGRESS: 2 + 2,
        EGRESS: 2,
        BALANCER: 1,
        TARGETS: 1,
        LISTENER: 2,
        CERTIFICATE: 1,
        VALIDATION: 1,
        RECORD: 2 + 3,
        "random:index/randomString:RandomString": 1,
        ACL: 1,
        "aws:wafv2/ruleGroup:RuleGroup": 1,
        ASSOCIATION: 1,
        LOGGING: 1,
        LOG_GROUP: 1,
        KEY: 1,
        "aws:kms/alias:Alias": 1,
        ALARM: 5,
    }
    assert all(r.parent is default().named("edge") for r in default().resources if r.custom)


def test_everything_is_tagged():
    for cloud in (default(), fronted()):
        taggable = [r for r in cloud.resources if r.custom and "tags" in r.inputs]
        assert len(taggable) >= 16
        for resource in taggable:
            tags = cast("Mapping[str, str]", resource.inputs["tags"])
            assert (tags["team"], tags["Name"]) == ("core", resource.name)


def test_the_load_balancer_refuses_what_is_malformed_and_stays_closed_without_its_firewall():
    made = inputs(default(), BALANCER)
    assert made["loadBalancerType"] == "application"
    assert made["internal"] is False
    assert made["ipAddressType"] == "ipv4"
    assert made["subnets"] == SUBNETS
    assert made["securityGroups"] == [default().output(default().result.security_group_id)]
    assert made["dropInvalidHeaderFields"] is True
    assert made["desyncMitigationMode"] == "strictest"
    assert made["enableWafFailOpen"] is False
    assert made["preserveHostHeader"] is True
    assert made["idleTimeout"] == 60
    assert inputs(internal(), BALANCER)["internal"] is True
    assert inputs(shielded(), BALANCER)["ipAddressType"] == "dualstack"


def test_protection_is_asked_for_and_else_absent():
    kept = {r.name for r in default().resources if r.protect}
    assert kept == {"edge-alb", "edge-logs", "edge-waf-key", "edge-waf-logs"}
    assert inputs(default(), BALANCER)["enableDeletionProtection"] is True
    assert {r.name for r in fronted().resources if r.protect} == {*kept, "edge-distribution"}
    assert not [r.name for r in plain().resources if r.protect]
    assert inputs(plain(), BALANCER)["enableDeletionProtection"] is False


def test_names_fit_whatever_the_edge_is_called():
    cloud = edge("an-edge-of-a-name-that-is-as-long-as-any")
    for type_ in (BALANCER, TARGETS):
        assert len(cloud.one(type_).name) <= 24
        assert len(str(part(cloud.one(type_).inputs, "tags", "Name"))) <= 24
    host = str(cloud.output(cloud.result.load_balancer_host))
    assert host.startswith("an-edge-of-a-na-")


def test_pods_are_targets_by_address_over_https_and_healthy_once_configured():
    group = inputs(default(), TARGETS)
    assert (group["targetType"], group["port"], group["protocol"]) == ("ip", 8443, "HTTPS")
    assert group["deregistrationDelay"] == 60
    assert group["loadBalancingAlgorithmType"] == "weighted_random"
    assert group["loadBalancingAnomalyMitigation"] == "on"
    check = cast("Json", group["healthCheck"])
    asked = tuple(check[key] for key in ("protocol", "port", "path", "matcher"))
    assert asked == ("HTTP", "8100", "/status/ready", "200")
    other = inputs(plain(), TARGETS)
    assert (other["port"], other["protocol"]) == (8000, "HTTP")
    assert part(other, "healthCheck", "path") == "/healthz"


def test_https_with_todays_tls_and_http_leads_there():
    https = inputs(default(), LISTENER, "edge-https")
    assert (https["port"], https["protocol"]) == (443, "HTTPS")
    assert https["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert https["certificateArn"] == inputs(default(), VALIDATION)["certificateArn"]
    group = inputs(default(), LISTENER, "edge-https")["defaultActions"]
    assert part(group, 0, "type") == "forward"
    assert part(group, 0, "targetGroupArn") == default().output(default().result.target_group_arn)
    http = inputs(default(), LISTENER, "edge-http")
    assert (http["port"], http["protocol"]) == (80, "HTTP")
    assert part(http, "defaultActions", 0, "redirect") == {
        "protocol": "HTTPS",
        "port": "443",
        "statusCode": "HTTP_301",
    }
    assert default().output(default().result.url) == "https://api.example.com"


def test_plain_http_only_where_it_is_asked_for():
    listener = inputs(plain(), LISTENER)
    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert part(listener, "defaultActions", 0, "type") == "forward"
    assert not {"certificateArn", "sslPolicy"} & listener.keys()
    assert plain().none(CERTIFICATE)
    assert plain().none(RECORD)
    host = str(plain().output(plain().result.load_balancer_host))
    assert plain().output(plain().result.url) == f"http://{host}"
    with pytest.raises(InvalidInput, match="Edge 'edge': 1 problem\n  domain is required"):
        edge(domain=None)


def test_the_certificate_is_proven_by_a_record_for_each_domain_and_no_more():
    """`*.api.example.com` has the record of `api.example.com`: a second one would be refused."""
    certificate = inputs(default(), CERTIFICATE)
    assert certificate["domainName"] == "api.example.com"
    assert certificate["subjectAlternativeNames"] == ["*.api.example.com", "www.example.com"]
    assert certificate["validationMethod"] == "DNS"
    proofs = [r for r in default().all(RECORD) if "-validation-" in r.name]
    assert [r.name for r in proofs] == [
        "edge-validation-api.example.com",
        "edge-validation-www.example.com",
    ]
    for proof, domain in zip(proofs, ("api.example.com", "www.example.com"), strict=True):
        assert (proof.inputs["zoneId"], proof.inputs["type"]) == (ZONE, "CNAME")
        assert str(proof.inputs["name"]).endswith(f".{domain}.")
        assert str(part(proof.inputs, "records", 0)).endswith(".acm-validations.aws.")
    fqdns = cast("list[str]", inputs(default(), VALIDATION)["validationRecordFqdns"])
    assert len(fqdns) == len(set(fqdns)) == 2


def test_callers_find_the_load_balancer_under_each_name():
    aliases = [r for r in default().all(RECORD) if "aliases" in r.inputs]
    assert [(r.name, r.inputs["name"], r.inputs["type"]) for r in aliases] == [
        ("edge-api.example.com-a", "api.example.com", "A"),
        ("edge-wildcard.api.example.com-a", "*.api.example.com", "A"),
        ("edge-www.example.com-a", "www.example.com", "A"),
    ]
    for record in aliases:
        assert record.inputs["aliases"] == [
            {
                "name": default().output(default().result.load_balancer_host),
                "zoneId": "Z32O12XQLNTSW2",
                "evaluateTargetHealth": True,
            }
        ]
    six = [r.inputs["type"] for r in shielded().all(RECORD) if "aliases" in r.inputs]
    assert six.count("A") == six.count("AAAA") == 3


def openings(cloud: Recorder[Edge]) -> set[tuple[object, ...]]:
    """Return port and peer of each rule for callers."""
    group = cloud.output(cloud.result.security_group_id)
    return {
        (
            rule.inputs["fromPort"],
            *(
                rule.inputs[key]
                for key in ("cidrIpv4", "cidrIpv6", "prefixListId")
                if key in rule.inputs
            ),
        )
        for rule in cloud.all(INGRESS)
        if rule.inputs["securityGroupId"] == group
    }


def test_callers_may_connect_to_the_web_ports_and_no_other():
    assert openings(default()) == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0")}
    assert openings(plain()) == {(80, "0.0.0.0/0")}
    assert openings(shielded()) == openings(default()) | {(80, "::/0"), (443, "::/0")}
    assert openings(internal()) == {
        (port, cidr) for port in (80, 443) for cidr in ("10.0.0.0/8", "192.168.0.0/16")
    }
    assert openings(fronted()) == {(443, "pl-4fa04526")}
    assert all(r.inputs["fromPort"] == r.inputs["toPort"] for r in default().all(INGRESS))
    assert not inputs(default(), SECURITY_GROUP).keys() & {"ingress", "egress"}


def test_both_sides_admit_each_other_on_the_targets_ports():
    own = default().output(default().result.security_group_id)
    out = [(r.inputs["fromPort"], r.inputs["securityGroupId"]) for r in default().all(EGRESS)]
    assert sorted(cast("list[tuple[int, str]]", out)) == [(8100, own), (8443, own)]
    assert {r.inputs["referencedSecurityGroupId"] for r in default().all(EGRESS)} == {CLUSTER}
    into = [r for r in default().all(INGRESS) if r.inputs["securityGroupId"] == CLUSTER]
    assert {(r.name, r.inputs["fromPort"]) for r in into} == {
        ("edge-at-cluster-requests", 8443),
        ("edge-at-cluster-health", 8100),
    }
    assert {r.inputs["referencedSecurityGroupId"] for r in into} == {own}
    assert [r.name for r in plain().all(EGRESS)] == ["edge-to-cluster-requests"]
    alone = edge(targets=None)
    assert alone.none(EGRESS)


def test_nothing_but_rules_waits_for_the_cluster():
    """Field report 7: the load balancer is Pulumi's, is there before the cluster, and goes without
    a controller."""

    class Both(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:index:Both", "both", {})
            own = pulumi.ResourceOptions(parent=self)
            cluster = aws.ec2.SecurityGroup("cluster", vpc_id="vpc-1", opts=own)
            args = {
                "vpc_id": "vpc-1",
                "subnet_ids": ["a", "b"],
                "targets": {"cluster": cluster.id},
                "domain": {"names": NAMES, "zone_id": ZONE},
            }
            Edge("edge", cast("EdgeArgs", args), opts=own)
            self.register_outputs({})

    cloud = build(Both)
    cluster = cloud.named("cluster")
    waiting = [r for r in cloud.resources if r.custom and cloud.comes_after(r, cluster)]
    assert {r.name for r in waiting if r is not cluster} == {
        "edge-to-cluster-requests",
        "edge-to-cluster-health",
        "edge-at-cluster-requests",
        "edge-at-cluster-health",
    }


def test_nobody_is_let_in_before_the_firewall_is_there_nor_after_it_went():
    cloud = default()
    for listener in cloud.all(LISTENER):
        assert cloud.comes_after(listener, cloud.one(ASSOCIATION))
    for alias in (r for r in cloud.all(RECORD) if "aliases" in r.inputs):
        assert all(cloud.comes_after(alias, listener) for listener in cloud.all(LISTENER))


def test_pods_are_registered_once_requests_are_forwarded():
    """A target group without a listener checks no target, and a pod that waits for it never is."""

    class Bound(pulumi.ComponentResource):
        def __init__(self, **args: object) -> None:
            super().__init__("test:index:Bound", "bound", {})
            own = pulumi.ResourceOptions(parent=self)
            wiring = {"vpc_id": "vpc-1", "subnet_ids": ["a", "b"]}
            made = Edge("edge", cast("EdgeArgs", {**wiring, **args}), opts=own)
            aws.ssm.Parameter("binding", type="String", value=made.target_group_arn, opts=own)
            self.register_outputs({})

    for args, type_ in (({"insecure_http": True}, LISTENER), (FRONTED, LISTENER_RULE)):
        cloud = build(cast("Callable[[], Bound]", functools.partial(Bound, **args)))
        assert cloud.comes_after(cloud.named("binding"), cloud.one(type_))


FRONTED: Json = {"domain": {"names": NAMES, "zone_id": ZONE}, "cloudfront": {}}


def test_logs_go_to_a_bucket_of_their_own_that_load_balancers_may_write_to():
    made = inputs(default(), BALANCER)
    bucket = default().output(default().result.log_bucket_name)
    assert made["accessLogs"] == {"bucket": bucket, "prefix": "requests", "enabled": True}
    assert "connectionLogs" not in made
    encryption = "aws:s3/bucketServerSideEncryptionConfiguration"
    rules = inputs(default(), f"{encryption}:BucketServerSideEncryptionConfiguration")["rules"]
    how = part(rules, 0, "applyServerSideEncryptionByDefault")
    assert how == {"sseAlgorithm": "AES256"}
    policy = statements(inputs(default(), BUCKET_POLICY)["policy"])
    assert policy.keys() == {"LoadBalancerLogs", "TlsOnly", "NoOldTls"}
    assert policy["LoadBalancerLogs"]["Principal"] == {
        "Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]
    }
    assert policy["LoadBalancerLogs"]["Action"] == ["s3:PutObject"]
    assert policy["LoadBalancerLogs"]["Resource"] == [
        f"arn:aws:s3:::{bucket}/requests/AWSLogs/123456789012/*"
    ]
    assert default().comes_after(default().one(BALANCER), default().one(BUCKET_POLICY))


def test_logs_end_and_handshakes_are_logged_on_request():
    lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    ends = [
        part(inputs(cloud, lifecycle)["rules"], 1, "expiration", "days")
        for cloud in (default(), plain())
    ]
    assert ends == [365, 7]
    assert part(inputs(plain(), BALANCER), "connectionLogs", "prefix") == "connections"
    resources = statements(inputs(plain(), BUCKET_POLICY)["policy"])["LoadBalancerLogs"]["Resource"]
    assert [str(arn).split("/")[1] for arn in cast("Sequence[str]", resources)] == [
        "requests",
        "connections",
    ]
    assert inputs(plain(), BUCKET)["forceDestroy"] is True
    assert inputs(default(), BUCKET)["forceDestroy"] is False


def test_the_buckets_policy_is_sound():
    policy = json.loads(str(inputs(default(), BUCKET_POLICY)["policy"]))
    # the two that refuse what comes without TLS are of every bucket here, and name all of S3
    policy["Statement"] = [s for s in policy["Statement"] if s["Effect"] == "Allow"]
    assert lint(json.dumps(policy)) == []


def test_whoever_is_woken_up_is_told_of_trouble_and_of_its_end():
    alarms = {alarm.name: alarm.inputs for alarm in default().all(ALARM)}
    assert alarms.keys() == {
        "edge-blocked",
        "edge-expiring",
        "edge-failing",
        "edge-unhealthy",
        "edge-unreached",
    }
    assert all(a["alarmActions"] == a["okActions"] == [TOPIC] for a in alarms.values())
    assert all(a["treatMissingData"] == "notBreaching" for a in alarms.values())
    balancer = str(default().output(default().result.load_balancer_arn))
    group = str(default().output(default().result.target_group_arn))
    own = {"LoadBalancer": balancer.partition("loadbalancer/")[2]}
    targets = {**own, "TargetGroup": group.rpartition(":")[2]}
    assert alarms["edge-unreached"]["dimensions"] == own
    assert alarms["edge-unhealthy"]["dimensions"] == targets
    assert alarms["edge-unhealthy"]["threshold"] == 0
    share = cast("list[Json]", alarms["edge-failing"]["metricQueries"])
    assert share[0]["expression"] == "IF(requests >= 20, 100 * errors / requests, 0)"
    assert [part(query, "metric", "dimensions") for query in share[1:]] == [targets, targets]
    assert alarms["edge-expiring"]["comparisonOperator"] == "LessThanThreshold"
    assert [a.name for a in plain().all(ALARM)] == [
        "edge-failing",
        "edge-unhealthy",
        "edge-unreached",
    ]


def test_cloudfront_meets_callers_and_nobody_else_meets_the_load_balancer():
    distribution = inputs(fronted(), DISTRIBUTION)
    assert distribution["aliases"] == NAMES
    assert distribution["httpVersion"] == "http2and3"
    assert distribution["priceClass"] == "PriceClass_All"
    viewer = cast("Json", distribution["viewerCertificate"])
    assert viewer["minimumProtocolVersion"] == "TLSv1.3_2025"
    assert str(viewer["acmCertificateArn"]).startswith("arn:aws:acm:us-east-1:")
    behavior = cast("Json", distribution["defaultCacheBehavior"])
    assert behavior["viewerProtocolPolicy"] == "redirect-to-https"
    assert behavior["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behavior["originRequestPolicyId"] == "216adef6-5c7f-47e4-b989-5492eafa07d3"
    origin = cast("Json", part(distribution, "origins", 0))
    assert origin["domainName"] == fronted().output(fronted().result.load_balancer_host)
    custom = cast("Json", origin["customOriginConfig"])
    assert custom["originProtocolPolicy"] == "https-only"
    assert custom["originSslProtocols"] == ["TLSv1.2"]
    # it must let go of a connection before the load balancer does
    assert custom["originKeepaliveTimeout"] == 25
    assert fronted().none(ASSOCIATION)
    assert [r.name for r in fronted().all(LISTENER)] == ["edge-https"]


def test_only_who_knows_the_secret_is_forwarded():
    listener = inputs(fronted(), LISTENER)
    assert part(listener, "defaultActions", 0, "type") == "fixed-response"
    assert part(listener, "defaultActions", 0, "fixedResponse", "statusCode") == "403"
    condition = part(inputs(fronted(), LISTENER_RULE), "conditions", 0, "httpHeader")
    headers = part(inputs(fronted(), DISTRIBUTION), "origins", 0, "customHeaders")
    sent = cast("Json", part(headers, 0))
    assert part(condition, "httpHeaderName") == sent["name"] == "x-origin-verify"
    # the newest is sent, and the one before is taken while that spreads
    taken = cast("list[str]", part(condition, "values"))
    assert taken[0] == sent["value"]
    assert len(set(taken)) == 2
    assert {r.name for r in fronted().all(PASSWORD)} == {
        "edge-origin-v1-password",
        "edge-origin-v2-password",
    }
    assert all(r.inputs["special"] is False for r in fronted().all(PASSWORD))
    assert fronted().comes_after(fronted().one(DISTRIBUTION), fronted().one(LISTENER_RULE))


def test_what_is_cloudfronts_is_in_its_region_and_the_rest_is_not():
    there = {r.name for r in fronted().resources if r.inputs.get("region") == "us-east-1"}
    assert there == {
        "edge-blocked",
        "edge-body-size",
        "edge-denied-ipv4",
        "edge-viewer-certificate",
        "edge-viewer-certificate-validation",
        "edge-waf-key",
        "edge-waf-key-alias",
        "edge-waf-logging",
        "edge-waf-logs",
        "edge-web-acl",
    }
    assert not [r.name for r in default().resources if r.inputs.get("region")]
    assert inputs(fronted(), ALARM, "edge-blocked")["alarmActions"] == [GLOBAL_TOPIC]
    validations = fronted().all(VALIDATION)
    fqdns = [r.inputs["validationRecordFqdns"] for r in validations]
    assert fqdns[0] == fqdns[1]
    assert inputs(fronted(), LISTENER)["certificateArn"] != part(
        inputs(fronted(), DISTRIBUTION), "viewerCertificate", "acmCertificateArn"
    )


def test_callers_find_cloudfront_over_both_versions_of_ip():
    aliases = [r for r in fronted().all(RECORD) if "aliases" in r.inputs]
    assert len(aliases) == 6
    for record in aliases:
        target = cast("Json", part(record.inputs, "aliases", 0))
        assert str(target["name"]).endswith(".cloudfront.net")
        assert (target["zoneId"], target["evaluateTargetHealth"]) == ("Z2FDTNDATAQYW2", False)


def test_shield_guards_what_the_internet_reaches_once_a_firewall_does():
    for cloud, arn, response in (
        (shielded(), ":loadbalancer/app/", "COUNT"),
        (fronted(), ":distribution/", "BLOCK"),
    ):
        assert arn in str(inputs(cloud, PROTECTION)["resourceArn"])
        assert inputs(cloud, RESPONSE)["action"] == response
        assert cloud.comes_after(cloud.one(RESPONSE), cloud.one(ACL))
        assert cloud.comes_after(cloud.one(RESPONSE), cloud.one(PROTECTION))
    assert default().none(PROTECTION)
    # the subscription is the account's, for a year: nobody takes it out by a program
    assert shielded().none("aws:shield/subscription:Subscription")
