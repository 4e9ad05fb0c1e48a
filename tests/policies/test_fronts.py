"""Load balancers, CloudFront and their firewall; the network's walls behind them."""

import pytest

from policies.fronts import ASSOCIATION, BALANCER, DISTRIBUTION, FIREWALL, FIREWALL_LOGS, LISTENER
from policies.perimeter import (
    CLASSIC,
    CLUSTER,
    DEFAULT_GROUP,
    FLOW_LOG,
    GROUPS,
    INGRESS,
    PLANES,
    SERVICE,
    VPC,
)
from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict, verdict

Resource = tuple[str, str, Inputs]
HARDENED: Inputs = {"dropInvalidHeaderFields": True, "accessLogs": {"enabled": True, "bucket": "b"}}
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/1"


def resource(type_: str, name: str = "it", **inputs: object) -> Resource:
    return (type_, name, {"tags": {"owner": "o"}, **inputs})


def test_load_balancers_drop_what_is_ambiguous_and_log() -> None:
    rule = "load-balancer-hardened"
    assert verdict(rule, BALANCER, HARDENED).passed
    assert verdict(rule, BALANCER, {"loadBalancerType": "network"}).passed
    assert len(verdict(rule, BALANCER, {}).violations) == 2
    assert verdict(rule, BALANCER, {**HARDENED, "desyncMitigationMode": "monitor"}).violations
    assert verdict(rule, BALANCER, {**HARDENED, "accessLogs": {"enabled": UNKNOWN}}).undecided
    assert verdict(rule, BALANCER, {"loadBalancerType": UNKNOWN}).undecided


REDIRECT: Inputs = {"type": "redirect", "redirect": {"protocol": "HTTPS"}}


@pytest.mark.parametrize(
    ("listener", "passes"),
    [
        ({"protocol": "HTTP", "defaultActions": [REDIRECT]}, True),
        ({"protocol": "HTTP", "defaultActions": [{"type": "fixed-response"}]}, True),
        ({"protocol": "HTTP", "defaultActions": [{"type": "forward"}]}, False),
        ({"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}, True),
        ({"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"}, True),
        ({"protocol": "TLS", "sslPolicy": "ELBSecurityPolicy-TLS-1-2-2017-01"}, True),
        ({"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-2016-08"}, False),
        ({"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-0-2021-06"}, False),
        ({"protocol": "HTTPS"}, False),
        ({"protocol": "TCP"}, True),
    ],
)
def test_listeners_speak_modern_tls_or_redirect(listener: Inputs, *, passes: bool) -> None:
    assert verdict("listener-encrypted", LISTENER, listener).passed is passes


@pytest.mark.parametrize(
    "listener",
    [
        {"protocol": UNKNOWN},
        {"protocol": "HTTPS", "sslPolicy": UNKNOWN},
        {"protocol": "HTTP", "defaultActions": UNKNOWN},
    ],
)
def test_listeners_to_come_are_waited_for(listener: Inputs) -> None:
    assert verdict("listener-encrypted", LISTENER, listener).undecided


def test_what_is_public_has_a_firewall() -> None:
    rule = "public-front-firewalled"
    public, named = resource(BALANCER), resource(ASSOCIATION, resourceArn=ARN)
    assert stack_verdict(rule, public).violations
    assert stack_verdict(rule, public, named).passed
    assert stack_verdict(rule, resource(BALANCER, internal=True)).passed
    assert stack_verdict(rule, resource(BALANCER, loadBalancerType="network")).passed
    two = (public, resource(BALANCER, "other"))
    assert stack_verdict(rule, *two, named).violations
    assert stack_verdict(rule, resource(BALANCER, arn=ARN), named).passed
    assert stack_verdict(rule, resource(BALANCER, arn=f"{ARN}2"), named).violations
    later = resource(ASSOCIATION, resourceArn=UNKNOWN)
    assert stack_verdict(rule, resource(BALANCER, arn=ARN), later).undecided
    stage = resource("aws:apigateway/stage:Stage")
    assert stack_verdict(rule, stage, named).violations
    api = "arn:aws:apigateway:eu-west-1::/restapis/a/stages/b"
    assert stack_verdict(rule, stage, resource(ASSOCIATION, resourceArn=api)).passed
    assert stack_verdict(rule, resource(DISTRIBUTION)).violations
    assert stack_verdict(rule, resource(DISTRIBUTION, webAclId="arn:aws:wafv2:x")).passed
    assert stack_verdict(rule, resource(DISTRIBUTION, webAclId=UNKNOWN)).undecided


def test_a_load_balancer_that_the_internet_does_not_reach_needs_none() -> None:
    rule, balancer = "public-front-firewalled", resource(BALANCER, securityGroups=["sg-b"])
    cdn = resource(INGRESS, securityGroupId="sg-b", prefixListId="pl-1")
    anybody = resource(INGRESS, "all", securityGroupId="sg-b", cidrIpv6="::/0")
    assert stack_verdict(rule, balancer, cdn).passed
    assert stack_verdict(rule, balancer, cdn, anybody).violations
    assert stack_verdict(rule, resource(BALANCER, securityGroups=UNKNOWN), cdn).undecided
    assert stack_verdict(rule, resource(BALANCER, internal=UNKNOWN)).undecided


def test_firewalls_log() -> None:
    rule, acl = "firewall-logged", resource(FIREWALL)
    assert stack_verdict(rule, acl).violations
    assert stack_verdict(rule, acl, resource(FIREWALL_LOGS, resourceArn="arn:a")).passed
    later = resource(FIREWALL_LOGS, "log", resourceArn=UNKNOWN)
    assert stack_verdict(rule, acl, later).undecided
    assert stack_verdict(rule, acl, later, refers={"log": {"resourceArn": "it"}}).passed
    other = resource(FIREWALL, "other")
    result = stack_verdict(rule, acl, other, later, refers={"log": {"resourceArn": "it"}})
    (message,) = result.violations
    assert "'other'" in message


def distribution(**more: object) -> Inputs:
    return {
        "defaultCacheBehavior": {"viewerProtocolPolicy": "redirect-to-https"},
        "viewerCertificate": {"minimumProtocolVersion": "TLSv1.2_2021"},
        "origins": [
            {
                "customOriginConfig": {
                    "originProtocolPolicy": "https-only",
                    "originSslProtocols": ["TLSv1.2"],
                }
            },
            {"s3OriginConfig": {}},
        ],
        **more,
    }


def test_cloudfront_speaks_tls_on_both_sides() -> None:
    rule = "cdn-encrypted"
    assert verdict(rule, DISTRIBUTION, distribution()).passed
    custom: Inputs = {"originProtocolPolicy": "match-viewer"}
    old: Inputs = {"originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1"]}
    changes: list[Inputs] = [
        {"defaultCacheBehavior": {"viewerProtocolPolicy": "allow-all"}},
        {"orderedCacheBehaviors": [{"viewerProtocolPolicy": "allow-all"}]},
        {"viewerCertificate": {"cloudfrontDefaultCertificate": True}},
        {"viewerCertificate": {"minimumProtocolVersion": "TLSv1"}},
        {"origins": [{"customOriginConfig": custom}]},
        {"origins": [{"customOriginConfig": old}]},
    ]
    for change in changes:
        assert len(verdict(rule, DISTRIBUTION, distribution(**change)).violations) == 1
    unknown: Inputs = {"origins": [{"customOriginConfig": UNKNOWN}]}
    assert verdict(rule, DISTRIBUTION, distribution(**unknown)).undecided


def test_networks_log_what_they_refused() -> None:
    rule, vpc = "vpc-flow-logs", resource(VPC)
    assert stack_verdict(rule, vpc).violations
    assert stack_verdict(rule, vpc, resource(FLOW_LOG, vpcId="vpc-1", trafficType="ALL")).passed
    later = resource(FLOW_LOG, "log", vpcId=UNKNOWN, trafficType="ALL")
    assert stack_verdict(rule, vpc, later).undecided
    assert stack_verdict(rule, vpc, later, refers={"log": {"vpcId": "it"}}).passed
    of_some_kind = resource(FLOW_LOG, "log", vpcId="vpc-1", trafficType=UNKNOWN)
    assert stack_verdict(rule, vpc, of_some_kind, refers={"log": {"vpcId": "it"}}).undecided
    accepted = resource(FLOW_LOG, vpcId="vpc-1", trafficType="ACCEPT")
    assert stack_verdict(rule, vpc, accepted).violations
    assert stack_verdict(rule, resource(FLOW_LOG, subnetId="s", trafficType="ALL")).passed


def test_two_logs_of_one_network_are_none_of_the_other() -> None:
    """By their number alone, they would be one of each."""
    logs = [resource(FLOW_LOG, name, vpcId=f"vpc-{name}", trafficType="ALL") for name in "ab"]
    networks = [resource(VPC, name) for name in ("one", "two")]
    refers = {name: {"vpcId": "one"} for name in "ab"}
    (message,) = stack_verdict("vpc-flow-logs", *networks, *logs, refers=refers).violations
    assert "'two'" in message
    assert stack_verdict("vpc-flow-logs", *networks, *logs).passed


def test_default_groups_are_closed() -> None:
    rule, vpc = "default-security-group-closed", resource(VPC)
    assert stack_verdict(rule, vpc).violations
    assert stack_verdict(rule, vpc, resource(DEFAULT_GROUP, vpcId="vpc-1")).passed
    for way in ("ingress", "egress"):
        opened = resource(DEFAULT_GROUP, "it", vpcId="vpc-1", **{way: [{"protocol": "-1"}]})
        assert stack_verdict(rule, vpc, opened).violations
        later = resource(DEFAULT_GROUP, vpcId="vpc-1", **{way: UNKNOWN})
        assert stack_verdict(rule, vpc, later).undecided


def store(type_: str, groups: object) -> Resource:
    *way, last = GROUPS[type_].split(".")
    inputs: Inputs = {last: groups}
    for step in way:
        inputs = {step: inputs}
    return (type_, "store", inputs)


EDGE = resource(INGRESS, "edge", securityGroupId="sg-edge", cidrIpv4="0.0.0.0/0")


@pytest.mark.parametrize("type_", GROUPS)
def test_a_store_is_not_next_to_the_internet(type_: str) -> None:
    rule = "data-store-apart"

    def lets_in(source: object) -> Resource:
        return resource(INGRESS, "in", securityGroupId="sg-s", referencedSecurityGroupId=source)

    assert stack_verdict(rule, EDGE, store(type_, ["sg-edge"])).violations
    assert stack_verdict(rule, EDGE, lets_in("sg-edge"), store(type_, ["sg-s"])).violations
    assert stack_verdict(rule, EDGE, lets_in("sg-apps"), store(type_, ["sg-s"])).passed
    assert stack_verdict(rule, EDGE, lets_in(UNKNOWN), store(type_, ["sg-s"])).undecided
    assert stack_verdict(rule, EDGE, store(type_, UNKNOWN)).undecided
    assert stack_verdict(rule, lets_in(UNKNOWN), store(type_, UNKNOWN)).passed


def test_rules_of_the_old_kind_are_read_too() -> None:
    opened = resource(
        CLASSIC, type="ingress", securityGroupId="sg-edge", cidrBlocks=["0.0.0.0/0"], fromPort=443
    )
    inner = resource(
        CLASSIC, "in", type="ingress", securityGroupId="sg-s", sourceSecurityGroupId="sg-edge"
    )
    cache = store("aws:elasticache/replicationGroup:ReplicationGroup", ["sg-s"])
    assert stack_verdict("data-store-apart", opened, inner, cache).violations
    assert stack_verdict("data-store-apart", inner, cache).passed


def test_clusters_log_who_changed_them() -> None:
    rule, path = "eks-control-plane-logs", "enabledClusterLogTypes"
    assert verdict(rule, CLUSTER, {path: list(PLANES)}).passed
    assert verdict(rule, CLUSTER, {path: ["api"]}).violations
    assert verdict(rule, CLUSTER, {}).violations
    assert verdict(rule, CLUSTER, {path: UNKNOWN}).undecided
    assert verdict(rule, CLUSTER, {path: ["audit"]}, config={"types": ["audit"]}).passed


SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"


def published(scheme: object = None, kind: object = "LoadBalancer") -> Inputs:
    annotations = {SCHEME: scheme} if scheme else {}
    return {"metadata": {"name": "s", "annotations": annotations}, "spec": {"type": kind}}


def test_services_are_shown_by_the_gateway_alone() -> None:
    rule = "service-not-public"
    assert verdict(rule, SERVICE, published()).violations
    assert verdict(rule, SERVICE, published("internet-facing")).violations
    assert verdict(rule, SERVICE, published("internal")).passed
    assert verdict(rule, SERVICE, published(kind="ClusterIP")).passed
    assert verdict(rule, SERVICE, published(), config={"public": ["s"]}).passed
    assert verdict(rule, SERVICE, published(kind=UNKNOWN)).undecided


def test_regions_are_those_allowed() -> None:
    rule, bucket, allowed = "allowed-regions", "aws:s3/bucket:Bucket", {"regions": ["eu-west-1"]}
    assert verdict(rule, bucket, {"region": "ap-south-1"}).passed
    assert verdict(rule, bucket, {"region": "ap-south-1"}, config=allowed).violations
    assert verdict(rule, bucket, {}, provider={"region": "us-west-2"}, config=allowed).violations
    assert verdict(rule, bucket, {"region": "us-east-1"}, config=allowed).passed
    assert verdict(rule, bucket, {}, provider={"region": "eu-west-1"}, config=allowed).passed
    assert verdict(rule, bucket, {"region": UNKNOWN}, config=allowed).undecided


def test_ports_of_administration_are_closed() -> None:
    def opening(port: int, cidr: str) -> Inputs:
        return {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "cidrIpv4": cidr}

    rule = "no-public-admin-port"
    for port in (22, 3389, 5985, 10250):
        assert verdict(rule, INGRESS, opening(port, "0.0.0.0/0")).violations
        assert verdict(rule, INGRESS, opening(port, "203.0.113.0/24")).passed
    assert verdict(rule, INGRESS, opening(443, "0.0.0.0/0")).passed
    assert verdict(rule, INGRESS, opening(22, UNKNOWN)).undecided
