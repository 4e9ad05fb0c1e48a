"""What a network registers: every resource's inputs, and the order between them."""

import functools
import json
from typing import cast

import pytest

from components.network import Network, NetworkArgs
from components.network.args import InterfaceEndpoint, NatMode
from simulator.aws import account
from simulator.cloud.core import Cloud
from tests.harness import Recorder, Registration, build

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
NAT = "aws:ec2/natGateway:NatGateway"
EIP = "aws:ec2/eip:Eip"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TAG = "aws:ec2/tag:Tag"

EXISTING: NetworkArgs = {
    "existing": {
        "vpc_id": "vpc-0a1b2c3d4e5f60718",
        "private_subnet_ids": ["subnet-0000000000000a001", "subnet-0000000000000a002"],
        "data_subnet_ids": ["subnet-0000000000000d001", "subnet-0000000000000d002"],
        "public_subnet_ids": ["subnet-0000000000000b001", "subnet-0000000000000b002"],
    }
}


def network(args: NetworkArgs, cloud: Cloud | None = None) -> Recorder[Network]:
    return build(lambda: Network("net", args), cloud=cloud)


@functools.cache
def default() -> Recorder[Network]:
    return network({"cidr": "10.0.0.0/16"})


@functools.cache
def full() -> Recorder[Network]:
    return network(
        {
            "cidr": "10.0.0.0/16",
            "zone_count": 2,
            "nat": NatMode.SHARED,
            "pod_cidr": "100.64.0.0/16",
            "interface_endpoints": [InterfaceEndpoint.ECR_API, InterfaceEndpoint.STS],
            "discovery": "platform",
            "protect": True,
            "tags": {"team": "core"},
        }
    )


def id_of(resource: Registration) -> object:
    """What others name the resource by: ids are made of type and name."""
    from simulator.cloud.model import Request
    from simulator.cloud.registry import models

    seed = f"{resource.type}::{resource.name}#0"
    request = Request(resource.type, resource.name, seed, resource.inputs, "eu-west-1")
    return models()[resource.type].identity(request)


def tags(resource: Registration) -> dict[str, str]:
    return cast("dict[str, str]", resource.inputs["tags"])


def test_default_network_has_exactly_these_resources() -> None:
    counts = {
        kind: len(default().all(kind))
        for kind in (VPC, SUBNET, NAT, EIP, GATEWAY, TABLE, ROUTE, ASSOCIATION, ENDPOINT, FLOW_LOG)
    }
    assert counts == {
        VPC: 1,
        SUBNET: 9,
        NAT: 3,
        EIP: 3,
        GATEWAY: 1,
        TABLE: 5,  # public, data, and one for each zone's private subnets
        ROUTE: 4,
        ASSOCIATION: 9,
        ENDPOINT: 2,
        FLOW_LOG: 1,
    }
    assert default().none(GROUP)
    assert default().none(TAG)


def test_every_resource_is_named_after_the_network_and_belongs_to_it() -> None:
    component = default().one("fastapi-platform:index:Network")
    assert component.inputs == {"cidr": "10.0.0.0/16"}
    for resource in default().resources:
        assert resource.name.startswith("net")
        assert resource is component or component in resource.ancestors


def test_every_taggable_resource_carries_the_tags_and_its_name() -> None:
    tagged = [r for r in full().resources if r.custom and "tags" in r.inputs]
    assert len(tagged) > 20
    assert all(tags(r)["team"] == "core" and tags(r)["Name"] == r.name for r in tagged)
    bare = {r.type for r in full().resources if r.custom and "tags" not in r.inputs}
    assert bare == {
        ASSOCIATION,
        ROUTE,
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:kms/alias:Alias",
    }


def test_vpc_resolves_private_names() -> None:
    vpc = default().one(VPC)
    assert vpc.inputs["cidrBlock"] == "10.0.0.0/16"
    assert vpc.inputs["enableDnsHostnames"] is True
    assert vpc.inputs["enableDnsSupport"] is True


def test_default_security_group_has_no_rules() -> None:
    group = default().one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert (group.inputs["ingress"], group.inputs["egress"]) == ([], [])
    assert group.inputs["vpcId"] == id_of(default().one(VPC))


def test_subnets_are_those_of_the_plan_and_never_give_public_addresses() -> None:
    subnets = {s.name: s.inputs for s in default().all(SUBNET)}
    assert {name: s["cidrBlock"] for name, s in subnets.items()} == {
        "net-private-1": "10.0.0.0/18",
        "net-private-2": "10.0.64.0/18",
        "net-private-3": "10.0.128.0/18",
        "net-public-1": "10.0.192.0/22",
        "net-public-2": "10.0.196.0/22",
        "net-public-3": "10.0.200.0/22",
        "net-data-1": "10.0.204.0/22",
        "net-data-2": "10.0.208.0/22",
        "net-data-3": "10.0.212.0/22",
    }
    assert all(s["mapPublicIpOnLaunch"] is False for s in subnets.values())
    letters = {"1": "a", "2": "b", "3": "c"}
    for name, subnet in subnets.items():
        assert subnet["availabilityZone"] == f"eu-west-1{letters[name[-1]]}"


def test_subnets_carry_the_tags_that_controllers_look_for() -> None:
    found = {s.name: {k: v for k, v in tags(s).items() if "/" in k} for s in full().all(SUBNET)}
    for zone in (1, 2):
        assert found[f"net-public-{zone}"] == {"kubernetes.io/role/elb": "1"}
        assert found[f"net-private-{zone}"] == {
            "kubernetes.io/role/internal-elb": "1",
            "karpenter.sh/discovery": "platform",
        }
        assert found[f"net-pods-{zone}"] == {"kubernetes.io/role/cni": "1"}
        assert found[f"net-data-{zone}"] == {}
    private = tags(default().one(SUBNET, "net-private-1"))
    assert "karpenter.sh/discovery" not in private


def test_only_what_was_looked_up_is_ignored() -> None:
    for subnet in default().all(SUBNET):
        expected = ("availabilityZone",) if "private" in subnet.name else ()
        assert subnet.ignore_changes == expected
    asked = network({"cidr": "10.0.0.0/16", "availability_zones": ["eu-west-1c", "eu-west-1a"]})
    assert all(subnet.ignore_changes == () for subnet in asked.all(SUBNET))
    assert asked.output(asked.result.availability_zones) == ["eu-west-1c", "eu-west-1a"]
    assert not [i for i in asked.invokes if "AvailabilityZones" in i.token]


def test_a_replaced_subnet_frees_its_range_first() -> None:
    assert all(subnet.delete_before_replace for subnet in default().all(SUBNET))


def test_other_subnets_follow_the_private_one_of_their_number() -> None:
    """Also when they are added years later and the region's list of zones has changed."""
    for number in "123":
        anchor = default().one(SUBNET, f"net-private-{number}")
        for tier in ("public", "data"):
            subnet = default().one(SUBNET, f"net-{tier}-{number}")
            assert anchor.urn in subnet.property_dependencies["availabilityZone"]
    pods = full().one(SUBNET, "net-pods-2")
    anchor = full().one(SUBNET, "net-private-2")
    assert anchor.urn in pods.property_dependencies["availabilityZone"]


def test_a_further_zone_avoids_those_in_use() -> None:
    for number in (2, 3):
        zones = default().one(SUBNET, f"net-private-{number}").property_dependencies
        earlier = {default().one(SUBNET, f"net-private-{n}").urn for n in range(1, number)}
        assert earlier <= zones["availabilityZone"]


def test_zones_are_sorted_whatever_the_order_of_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(account, "ZONES", ("c", "a", "d", "b"))
    cloud = network({"cidr": "10.0.0.0/16", "zone_count": 2})
    zones = [s.inputs["availabilityZone"] for s in cloud.all(SUBNET) if "private" in s.name]
    assert zones == ["eu-west-1a", "eu-west-1b"]


def test_the_look_up_leaves_out_local_and_unsuitable_zones_but_none_in_trouble() -> None:
    call = next(i for i in default().invokes if "AvailabilityZones" in i.token)
    assert call.args == {
        "excludeZoneIds": ["cac1-az3", "use1-az3", "usw1-az2"],
        "filters": [{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
    }


def test_too_few_zones_in_the_region_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "ZONES", ("a", "b"))
    with pytest.raises(Exception, match="zone_count: 3 asked for, the region has 2"):
        network({"cidr": "10.0.0.0/16"})


def test_adding_zones_nat_pods_or_endpoints_replaces_no_subnet() -> None:
    before = {s.name: s.inputs for s in full().all(SUBNET)}
    after = network(
        {
            "cidr": "10.0.0.0/16",
            "zone_count": 3,
            "nat": NatMode.PER_ZONE,
            "pod_cidr": "100.64.0.0/16",
            "interface_endpoints": [InterfaceEndpoint.KMS],
            "discovery": "platform",
            "tags": {"team": "core"},
        }
    )
    later = {s.name: s.inputs for s in after.all(SUBNET)}
    assert before == {name: later[name] for name in before}
    assert set(later) - set(before) == {
        f"net-{tier}-3" for tier in ("private", "public", "data", "pods")
    }


def test_each_zone_has_its_own_nat_gateway_and_private_route() -> None:
    for zone in (1, 2, 3):
        nat = default().one(NAT, f"net-nat-{zone}")
        assert nat.inputs["subnetId"] == id_of(default().one(SUBNET, f"net-public-{zone}"))
        assert nat.inputs["allocationId"] == id_of(default().one(EIP, f"net-nat-{zone}"))
        route = default().one(ROUTE, f"net-private-{zone}-nat").inputs
        assert route == {
            "routeTableId": id_of(default().one(TABLE, f"net-private-{zone}")),
            "destinationCidrBlock": "0.0.0.0/0",
            "natGatewayId": id_of(nat),
        }


def test_a_shared_nat_gateway_serves_the_private_table_of_each_zone() -> None:
    nat = full().one(NAT)
    assert nat.inputs["subnetId"] == id_of(full().one(SUBNET, "net-public-1"))
    routes = [r.inputs["natGatewayId"] for r in full().all(ROUTE) if r.name.endswith("-nat")]
    assert routes == [id_of(nat)] * 2


def test_without_nat_private_subnets_have_no_way_out() -> None:
    cloud = network({"cidr": "10.0.0.0/16", "nat": NatMode.NONE})
    assert cloud.none(NAT)
    assert cloud.none(EIP)
    assert [r.name for r in cloud.all(ROUTE)] == ["net-public-internet"]
    assert cloud.output(cloud.result.nat_public_ips) == []


def test_each_subnet_is_in_the_table_of_its_tier_and_zone() -> None:
    tables = {
        a.name: (a.inputs["subnetId"], a.inputs["routeTableId"]) for a in full().all(ASSOCIATION)
    }
    for zone in (1, 2):
        for tier, table in (
            ("public", "public"),
            ("private", f"private-{zone}"),
            ("pods", f"private-{zone}"),
            ("data", "data"),
        ):
            subnet = full().one(SUBNET, f"net-{tier}-{zone}")
            expected = (id_of(subnet), id_of(full().one(TABLE, f"net-{table}")))
            assert tables[f"net-{tier}-{zone}"] == expected


def test_data_subnets_have_no_route() -> None:
    data = id_of(default().one(TABLE, "net-data"))
    assert data not in [r.inputs["routeTableId"] for r in default().all(ROUTE)]
    for endpoint in default().all(ENDPOINT):
        assert data not in cast("list[str]", endpoint.inputs["routeTableIds"])


def test_pods_wait_for_their_range() -> None:
    range_ = full().one("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")
    assert range_.inputs == {"vpcId": id_of(full().one(VPC)), "cidrBlock": "100.64.0.0/16"}
    for zone, cidr in ((1, "100.64.0.0/18"), (2, "100.64.64.0/18")):
        subnet = full().one(SUBNET, f"net-pods-{zone}")
        assert subnet.inputs["cidrBlock"] == cidr
        assert range_.urn in subnet.depends_on


def test_gateway_endpoints_serve_the_private_tables() -> None:
    tables = [id_of(default().one(TABLE, f"net-private-{zone}")) for zone in (1, 2, 3)]
    for service in ("s3", "dynamodb"):
        endpoint = default().one(ENDPOINT, f"net-{service}").inputs
        assert endpoint["serviceName"] == f"com.amazonaws.eu-west-1.{service}"
        assert endpoint["vpcEndpointType"] == "Gateway"
        assert endpoint["routeTableIds"] == tables


def test_interface_endpoints_share_one_group_that_admits_https_from_the_vpc() -> None:
    group = full().one(GROUP)
    assert "egress" not in group.inputs
    assert "ingress" not in group.inputs
    assert full().none("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    rules = {r.inputs["cidrIpv4"]: r.inputs for r in full().all(INGRESS)}
    assert set(rules) == {"10.0.0.0/16", "100.64.0.0/16"}
    for rule in rules.values():
        assert (rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (443, 443, "tcp")
        assert rule["securityGroupId"] == id_of(group)
    private = [id_of(full().one(SUBNET, f"net-private-{zone}")) for zone in (1, 2)]
    for child, service in (("net-ecr-api", "ecr.api"), ("net-sts", "sts")):
        endpoint = full().one(ENDPOINT, child).inputs
        assert endpoint["serviceName"] == f"com.amazonaws.eu-west-1.{service}"
        assert endpoint["vpcEndpointType"] == "Interface"
        assert endpoint["privateDnsEnabled"] is True
        assert endpoint["securityGroupIds"] == [id_of(group)]
        assert endpoint["subnetIds"] == private


def test_flow_logs_are_encrypted_and_kept_for_a_year() -> None:
    group = default().one(LOG_GROUP).inputs
    log = default().one(FLOW_LOG).inputs
    assert group["retentionInDays"] == 365
    assert str(group["kmsKeyId"]).startswith("arn:aws:kms:eu-west-1:123456789012:key/")
    assert log["vpcId"] == id_of(default().one(VPC))
    assert (log["trafficType"], log["logDestinationType"]) == ("ALL", "cloud-watch-logs")
    assert str(log["logDestination"]).startswith("arn:aws:logs:eu-west-1:123456789012:log-group:")
    key = json.loads(cast("str", default().one("aws:kms/key:Key").inputs["policy"]))
    assert {"CloudWatchLogs"} <= {statement["Sid"] for statement in key["Statement"]}


def test_flow_logs_role_serves_this_account_and_writes_this_group_only() -> None:
    role = default().one("aws:iam/role:Role")
    trust = json.loads(cast("str", role.inputs["assumeRolePolicy"]))["Statement"][0]
    assert trust["Principal"] == {"Service": ["vpc-flow-logs.amazonaws.com"]}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:eu-west-1:123456789012:vpc-flow-log/*"},
    }
    policy = default().one("aws:iam/rolePolicy:RolePolicy")
    statement = json.loads(cast("str", policy.inputs["policy"]))["Statement"][0]
    assert statement["Action"] == [
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
    ]
    destination = default().one(FLOW_LOG).inputs["logDestination"]
    assert statement["Resource"] == [f"{destination}:*"]
    assert policy.urn in default().one(FLOW_LOG).depends_on


def test_flow_logs_can_be_shaped_and_left_out() -> None:
    short = network({"cidr": "10.0.0.0/16", "flow_logs": {"retention_days": 7}})
    assert short.one(LOG_GROUP).inputs["retentionInDays"] == 7
    off = network({"cidr": "10.0.0.0/16", "flow_logs": {"enabled": False}})
    assert off.none(FLOW_LOG)
    assert off.none(LOG_GROUP)
    assert off.none("aws:kms/key:Key")


def test_what_cannot_be_had_again_is_protected_when_asked() -> None:
    protected = {r.type for r in full().resources if r.protect}
    assert protected == {VPC, EIP, LOG_GROUP, "aws:kms/key:Key"}
    assert not [r.name for r in default().resources if r.protect]


def test_nat_gateways_are_gone_before_the_way_out_is() -> None:
    """Field report 6: `destroy` hangs when a gateway or an address outlives its route."""
    for zone in (1, 2, 3):
        nat = default().one(NAT, f"net-nat-{zone}")
        assert default().comes_after(nat, default().one(GATEWAY))
        assert default().comes_after(nat, default().one(ROUTE, "net-public-internet"))
        assert default().comes_after(nat, default().one(ASSOCIATION, f"net-public-{zone}"))
        assert default().comes_after(default().one(EIP, nat.name), default().one(GATEWAY))


@pytest.mark.parametrize(
    ("tier", "way_out"),
    [
        ("public", ["net-public-internet"]),
        ("private", ["net-private-1-nat", "net-private-2-nat"]),
        ("pods", ["net-private-1-nat", "net-private-2-nat"]),
        ("data", []),
    ],
)
def test_what_is_in_a_subnet_is_deleted_before_the_subnets_way_out(
    tier: str, way_out: list[str]
) -> None:
    """Field report 6: nodes that lose their route while they drain leave interfaces behind."""
    import pulumi
    import pulumi_aws as aws

    def program() -> Network:
        made = Network(
            "net",
            {
                "cidr": "10.0.0.0/16",
                "zone_count": 2,
                "pod_cidr": "100.64.0.0/16",
                "interface_endpoints": [InterfaceEndpoint.STS],
            },
        )
        ids = {
            "public": made.public_subnet_ids,
            "private": made.private_subnet_ids,
            "pods": made.pod_subnet_ids,
            "data": made.data_subnet_ids,
        }[tier]
        joined = ids.apply(",".join)
        aws.ec2.SecurityGroup("inmate", tags={"subnets": joined}, opts=pulumi.ResourceOptions())
        return made

    cloud = build(program)
    inmate = cloud.one(GROUP, "inmate")
    needed = [*way_out, *(["net-s3", "net-sts"] if tier in ("private", "pods") else [])]
    for name in needed:
        assert cloud.comes_after(inmate, cloud.named(name))
    for zone in (1, 2):
        association = cloud.one(ASSOCIATION, f"net-{tier}-{zone}")
        assert cloud.comes_after(inmate, association)
    if tier == "data":
        assert not cloud.comes_after(inmate, cloud.one(NAT, "net-nat-1"))


def test_outputs_are_those_of_the_resources() -> None:
    made = full()
    result = made.result

    def ids(tier: str) -> list[object]:
        return [id_of(made.one(SUBNET, f"net-{tier}-{zone}")) for zone in (1, 2)]

    assert made.output(result.vpc_id) == id_of(made.one(VPC))
    assert made.output(result.cidr_block) == "10.0.0.0/16"
    assert made.output(result.availability_zones) == ["eu-west-1a", "eu-west-1b"]
    assert made.output(result.public_subnet_ids) == ids("public")
    assert made.output(result.private_subnet_ids) == ids("private")
    assert made.output(result.data_subnet_ids) == ids("data")
    assert made.output(result.pod_subnet_ids) == ids("pods")
    assert len(cast("list[str]", made.output(result.nat_public_ips))) == 1
    assert default().output(default().result.pod_subnet_ids) == []


def test_an_existing_vpc_is_used_and_nothing_is_created_in_it() -> None:
    cloud = network({**EXISTING, "discovery": "platform", "protect": True})
    assert [r.type for r in cloud.resources if r.custom] == []
    assert cloud.output(cloud.result.vpc_id) == "vpc-0a1b2c3d4e5f60718"
    existing = EXISTING.get("existing")
    assert existing is not None
    assert cloud.output(cloud.result.private_subnet_ids) == existing["private_subnet_ids"]
    assert cloud.output(cloud.result.data_subnet_ids) == existing["data_subnet_ids"]
    assert cloud.output(cloud.result.availability_zones) == ["eu-west-1a", "eu-west-1b"]
    assert cloud.output(cloud.result.pod_subnet_ids) == []


def test_an_existing_subnet_is_looked_up_in_the_vpc() -> None:
    cloud = network(EXISTING)
    looked_up = [i.args for i in cloud.invokes if "getSubnet:" in i.token]
    assert len(looked_up) == 6
    assert {args["vpcId"] for args in looked_up} == {"vpc-0a1b2c3d4e5f60718"}


def test_existing_private_subnets_of_one_zone_are_refused() -> None:
    existing = EXISTING.get("existing")
    assert existing is not None
    same: NetworkArgs = {
        "existing": {
            **existing,
            "private_subnet_ids": ["subnet-0000000000000a001", "subnet-0000000000000a004"],
        }
    }
    with pytest.raises(Exception, match="all in eu-west-1a; two or more zones are needed"):
        network(same)


def test_an_existing_vpc_gets_what_was_asked_for() -> None:
    existing = EXISTING.get("existing")
    assert existing is not None
    cloud = network(
        {
            "existing": {
                **existing,
                "pod_subnet_ids": ["subnet-0000000000000c001", "subnet-0000000000000c002"],
                "tag_subnets": True,
            },
            "interface_endpoints": [InterfaceEndpoint.STS],
            "flow_logs": {},
            "discovery": "platform",
        }
    )
    assert [e.name for e in cloud.all(ENDPOINT)] == ["net-sts"]
    assert cloud.one(ENDPOINT).inputs["subnetIds"] == existing["private_subnet_ids"]
    assert cloud.one(FLOW_LOG).inputs["vpcId"] == "vpc-0a1b2c3d4e5f60718"
    assert [r.name for r in cloud.all(INGRESS)] == [
        "net-endpoints-https-pods-1",
        "net-endpoints-https-pods-2",
        "net-endpoints-https-vpc",
    ]
    put = {(t.inputs["resourceId"], t.inputs["key"]): t.inputs["value"] for t in cloud.all(TAG)}
    assert put == {
        ("subnet-0000000000000a001", "kubernetes.io/role/internal-elb"): "1",
        ("subnet-0000000000000a001", "karpenter.sh/discovery"): "platform",
        ("subnet-0000000000000a002", "kubernetes.io/role/internal-elb"): "1",
        ("subnet-0000000000000a002", "karpenter.sh/discovery"): "platform",
        ("subnet-0000000000000b001", "kubernetes.io/role/elb"): "1",
        ("subnet-0000000000000b002", "kubernetes.io/role/elb"): "1",
        ("subnet-0000000000000c001", "kubernetes.io/role/cni"): "1",
        ("subnet-0000000000000c002", "kubernetes.io/role/cni"): "1",
    }
    assert cloud.none(SUBNET)
    assert cloud.none(ROUTE)


def test_bad_input_stops_before_anything_is_registered() -> None:
    def program() -> list[str]:
        try:
            Network("net", {"cidr": "10.0.0.0/30"})
        except Exception as error:  # noqa: BLE001 - the message is what is tested
            return [str(error)]
        return []

    cloud = build(program)
    problem = "  cidr: '10.0.0.0/30' is not valid: too small; /16 to /21 allowed"
    assert cloud.result == [f"Network 'net': 1 problem\n{problem}"]
    assert cloud.resources == []
