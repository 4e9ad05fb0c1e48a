"""Amazon VPC: networks, subnets, routes, gateways, endpoints."""

import hashlib
import re
from collections.abc import Iterable
from ipaddress import IPv4Network

from simulator.cloud.model import ACCOUNT, Json, Model, Request, Seconds

SUBNET_SIZES = range(16, 29)
"""Prefix lengths of VPCs and subnets.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (2026-11)
"""

ROUTE_TARGETS = (
    *("gatewayId", "natGatewayId", "transitGatewayId", "networkInterfaceId", "vpcEndpointId"),
    *("vpcPeeringConnectionId", "egressOnlyGatewayId", "localGatewayId", "carrierGatewayId"),
    *("coreNetworkArn", "odbNetworkArn"),
)
ROUTE_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")

LOGS = "typical durations in public apply logs of the AWS provider (2026-11)"

ENDPOINT_PREFIXES = ("com.amazonaws.", "cn.com.amazonaws.", "aws.", "com.amazonaws.vpce.")


def zone_id(zone: str) -> str:
    """Return the id of a zone: `euc1-az1` for `eu-central-1a`.

    Which number belongs to which letter differs from one real account to the next.
    """
    match = re.fullmatch(r"([a-z-]+)-([a-z]+)-(\d)([a-z])", zone)
    if not match:
        return ""
    area, direction, number, letter = match.groups()
    points = ("north", "south", "central", "east", "west")
    short = "".join(point[0] for point in points if point in direction)
    return f"{area.replace('-', '')}{short}{number}-az{ord(letter) - ord('a') + 1}"


def of_vpc(vpc_id: str, prefix: str) -> str:
    """Return the id of something that every VPC is born with, e.g. its default security group."""
    return prefix + hashlib.sha256(f"{vpc_id}|{prefix}".encode()).hexdigest()[:17]


def _vpc_outputs(request: Request) -> Json:
    return {
        "arn": request.arn("ec2", f"vpc/{request.id}"),
        "defaultSecurityGroupId": of_vpc(request.id, "sg-"),
        "defaultRouteTableId": of_vpc(request.id, "rtb-"),
        "mainRouteTableId": of_vpc(request.id, "rtb-"),
        "defaultNetworkAclId": of_vpc(request.id, "acl-"),
        "dhcpOptionsId": request.hex("dopt-", salt="dhcp"),
        "ownerId": ACCOUNT,
        "instanceTenancy": request.text("instanceTenancy", "default"),
        "enableDnsSupport": request.inputs.get("enableDnsSupport", True),
        "enableDnsHostnames": request.inputs.get("enableDnsHostnames", False),
    }


def _subnet_outputs(request: Request) -> Json:
    zone = request.text("availabilityZone", f"{request.region}a")
    return {
        "arn": request.arn("ec2", f"subnet/{request.id}"),
        "ownerId": ACCOUNT,
        "availabilityZone": zone,
        "availabilityZoneId": zone_id(zone),
        "mapPublicIpOnLaunch": request.inputs.get("mapPublicIpOnLaunch", False),
        "privateDnsHostnameTypeOnLaunch": "ip-name",
    }


def _address(request: Request, network: str, salt: str) -> str:
    block = IPv4Network(network)
    offset = int(request.hex("", 8, salt), 16) % block.num_addresses
    return str(block.network_address + offset)


def _eip_outputs(request: Request) -> Json:
    # 198.18.0.0/15 is reserved for benchmarks: no one's real address can appear in a test.
    address = _address(request, "198.18.0.0/15", "public")
    host = address.replace(".", "-")
    return {
        "allocationId": request.id,
        "arn": request.arn("ec2", f"elastic-ip/{request.id}"),
        "domain": "vpc",
        "networkBorderGroup": request.region,
        "publicIp": address,
        "publicDns": f"ec2-{host}.{request.region}.compute.amazonaws.com",
        "publicIpv4Pool": "amazon",
    }


def _nat_outputs(request: Request) -> Json:
    return {
        "associationId": request.hex("eipassoc-", salt="association"),
        "connectivityType": request.text("connectivityType", "public"),
        "networkInterfaceId": request.hex("eni-", salt="interface"),
        "privateIp": _address(request, "10.0.0.0/16", "private"),
        "publicIp": _address(request, "198.18.0.0/15", "public"),
    }


def _endpoint_outputs(request: Request) -> Json:
    kind = request.text("vpcEndpointType", "Gateway")
    shared: dict[str, object] = {
        "arn": request.arn("ec2", f"vpc-endpoint/{request.id}"),
        "ownerId": ACCOUNT,
        "requesterManaged": False,
        "state": "available",
        "vpcEndpointType": kind,
    }
    if kind == "Gateway":
        return {
            **shared,
            "prefixListId": request.hex("pl-", 8, "prefixes"),
            "cidrBlocks": ["198.51.100.0/24"],
        }
    subnets = request.inputs.get("subnetIds")
    count = len(subnets) if isinstance(subnets, list) else 1  # pyright: ignore[reportUnknownArgumentType] - a list of ids
    service = request.text("serviceName").rsplit(".", 1)[-1]
    host = f"{request.id}-{request.token(8)}.{service}.{request.region}.vpce.amazonaws.com"
    return {
        **shared,
        "networkInterfaceIds": [request.hex("eni-", salt=f"eni{i}") for i in range(count)],
        "dnsEntries": [{"dnsName": host, "hostedZoneId": request.token(14, "zone").upper()}],
    }


def _bad_size(request: Request) -> Iterable[str]:
    cidr = request.text("cidrBlock")
    if not cidr:
        return
    try:
        size = IPv4Network(cidr).prefixlen
    except ValueError as error:
        yield f"cidrBlock: {error}"
        return
    if size not in SUBNET_SIZES:
        yield f"cidrBlock: {cidr} is a /{size}; /16 to /28 allowed"


def _bad_route(request: Request) -> Iterable[str]:
    for choices in (ROUTE_DESTINATIONS, ROUTE_TARGETS):
        if sum(choice in request.inputs for choice in choices) > 1:
            yield f"only one of {', '.join(choices)} is allowed"


def _bad_endpoint(request: Request) -> Iterable[str]:
    kind = request.text("vpcEndpointType", "Gateway")
    refused = {
        "Gateway": ("subnetIds", "securityGroupIds", "privateDnsEnabled"),
        "Interface": ("routeTableIds",),
    }
    for key in refused.get(kind, ()):
        if request.inputs.get(key):
            yield f"{key}: is not for endpoints of type {kind}"
    service = request.text("serviceName")
    if service and not service.startswith(ENDPOINT_PREFIXES):
        yield f"serviceName: {service!r} is no endpoint service"


def _bad_flow_log(request: Request) -> Iterable[str]:
    traffic = request.text("trafficType", "ALL")
    if traffic not in ("ACCEPT", "REJECT", "ALL"):
        yield f"trafficType: {traffic!r} is not one of ACCEPT, REJECT, ALL"
    if request.inputs.get("maxAggregationInterval", 600) not in (60, 600):
        yield "maxAggregationInterval: must be 60 or 600"


_CIDRS = frozenset({"ipv4IpamPoolId", "ipv4NetmaskLength"})

MODELS = {
    "aws:ec2/vpc:Vpc": Model(
        identity=lambda r: r.hex("vpc-"),
        outputs=_vpc_outputs,
        replaces=_CIDRS | {"cidrBlock", "instanceTenancy"},
        refuses=_bad_size,
        seconds=Seconds(create=12, delete=1, source=LOGS),
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": Model(
        identity=lambda r: r.hex("vpc-cidr-assoc-"),
        replaces=_CIDRS | {"cidrBlock", "vpcId"},
        refuses=_bad_size,
        seconds=Seconds(create=12, delete=12, source=LOGS),
    ),
    "aws:ec2/subnet:Subnet": Model(
        identity=lambda r: r.hex("subnet-"),
        outputs=_subnet_outputs,
        replaces=_CIDRS
        | {"vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "outpostArn"}
        | {"ipv6IpamPoolId", "ipv6Native", "ipv6NetmaskLength"},
        refuses=_bad_size,
        seconds=Seconds(create=2, delete=1, source=LOGS),
    ),
    "aws:ec2/internetGateway:InternetGateway": Model(
        identity=lambda r: r.hex("igw-"),
        outputs=lambda r: {"arn": r.arn("ec2", f"internet-gateway/{r.id}"), "ownerId": ACCOUNT},
        seconds=Seconds(create=1, delete=1, source=LOGS),
    ),
    "aws:ec2/eip:Eip": Model(
        identity=lambda r: r.hex("eipalloc-"),
        outputs=_eip_outputs,
        replaces=frozenset(
            {"domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool", "address"}
        ),
    ),
    "aws:ec2/natGateway:NatGateway": Model(
        identity=lambda r: r.hex("nat-"),
        outputs=_nat_outputs,
        replaces=frozenset(
            {"allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId"}
            | {"vpcId"}
        ),
        seconds=Seconds(create=100, delete=60, source=LOGS),
    ),
    "aws:ec2/routeTable:RouteTable": Model(
        identity=lambda r: r.hex("rtb-"),
        outputs=lambda r: {"arn": r.arn("ec2", f"route-table/{r.id}"), "ownerId": ACCOUNT},
        replaces=frozenset({"vpcId"}),
    ),
    "aws:ec2/route:Route": Model(
        identity=lambda r: r.hex("r-rtb-", 24),
        outputs=lambda _: {"origin": "CreateRoute", "state": "active"},
        replaces=frozenset({"routeTableId", *ROUTE_DESTINATIONS}),
        refuses=_bad_route,
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Model(
        identity=lambda r: r.hex("rtbassoc-"),
        replaces=frozenset({"subnetId", "gatewayId"}),
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Model(
        identity=lambda r: r.hex("vpce-"),
        outputs=_endpoint_outputs,
        replaces=frozenset({"serviceName", "serviceRegion", "vpcEndpointType", "vpcId"})
        | {"resourceConfigurationArn", "serviceNetworkArn"},
        refuses=_bad_endpoint,
        seconds=Seconds(create=75, update=15, delete=60, source=LOGS),
    ),
    "aws:ec2/flowLog:FlowLog": Model(
        identity=lambda r: r.hex("fl-"),
        outputs=lambda r: {
            "arn": r.arn("ec2", f"vpc-flow-log/{r.id}"),
            "logDestinationType": r.text("logDestinationType", "cloud-watch-logs"),
        },
        replaces=frozenset(
            {
                *("deliverCrossAccountRole", "destinationOptions", "eniId", "iamRoleArn"),
                *("logDestination", "logDestinationType", "logFormat", "maxAggregationInterval"),
                *("subnetId", "tagFieldSpecifications", "trafficType", "transitGatewayId", "vpcId"),
            }
        ),
        refuses=_bad_flow_log,
    ),
}


def _get_vpc(request: Request) -> Json:
    vpc_id = request.text("id") or request.hex("vpc-")
    return {
        "id": vpc_id,
        "arn": request.arn("ec2", f"vpc/{vpc_id}"),
        "cidrBlock": EXISTING_CIDR,
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "instanceTenancy": "default",
        "mainRouteTableId": of_vpc(vpc_id, "rtb-"),
        "ownerId": ACCOUNT,
        "state": "available",
    }


def _get_subnet(request: Request) -> Json:
    subnet_id = request.text("id") or request.hex("subnet-")
    # Ids that end in 1, 2, 3, … are in zones a, b, c, … so that a made-up VPC spans zones.
    letter = "abc"[(int(subnet_id[-1], 16) - 1) % 3]
    return {
        "id": subnet_id,
        "arn": request.arn("ec2", f"subnet/{subnet_id}"),
        "availabilityZone": f"{request.region}{letter}",
        "availabilityZoneId": zone_id(f"{request.region}{letter}"),
        "cidrBlock": EXISTING_POD_CIDR,
        "ownerId": ACCOUNT,
        "vpcId": request.text("vpcId"),
    }


EXISTING_CIDR = "10.200.0.0/16"
"""Of every VPC that a program looks up by id."""

EXISTING_POD_CIDR = "100.64.0.0/18"

INVOKES = {
    "aws:ec2/getVpc:getVpc": _get_vpc,
    "aws:ec2/getSubnet:getSubnet": _get_subnet,
}
