"""What is reachable from where: security group rules, public endpoints, ways out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_network

from simulator.cloud.model import Json
from simulator.report.graph import Graph
from simulator.report.model import Report, Resource
from simulator.report.references import References
from simulator.report.values import at, leaves, mapping, sequence, texts


class Origin(Enum):
    """How far away the callers may be."""

    INTERNET = "internet"
    NETWORK = "network"
    """A listed range of addresses."""
    COMPONENT = "component"
    """Whoever has a certain security group."""


@dataclass(frozen=True)
class Reach:
    """`origin` can open connections to `target` on `ports`."""

    kind: Origin
    origin: str
    target: str
    """What listens there."""
    component: str
    """The target's."""
    ports: str
    source: str
    """Logical name of the resource that opens it."""


@dataclass(frozen=True)
class _Reader:
    graph: Graph
    references: References
    resources: Sequence[Resource]

    def reaches(self) -> Iterator[Reach]:
        for resource in self.resources:
            match resource.type:
                case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
                    group = resource.inputs.get("securityGroupId")
                    yield from self._rule(resource, resource.inputs, group)
                case "aws:ec2/securityGroupRule:SecurityGroupRule":
                    if resource.inputs.get("type") == "ingress":
                        group = resource.inputs.get("securityGroupId")
                        yield from self._rule(resource, resource.inputs, group)
                case "aws:ec2/securityGroup:SecurityGroup":
                    for rule in sequence(resource.inputs.get("ingress")):
                        own = resource.handles[0] if resource.handles else ""
                        yield from self._rule(resource, mapping(rule), own)
                case "aws:eks/cluster:Cluster":
                    yield from self._api(resource)
                case _:
                    yield from self._public(resource)

    def _rule(self, resource: Resource, rule: Json, group: object) -> Iterator[Reach]:
        target, component = self._behind(group)
        for kind, origin in self._origins(rule, group):
            yield Reach(kind, origin, target, component, _ports(rule), resource.name)

    def _origins(self, rule: Json, group: object) -> Iterator[tuple[Origin, str]]:
        ranges = [rule.get(key) for key in ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")]
        for text in (text for value in ranges for text in texts(value)):
            yield origin_of(text)
        peers = ("referencedSecurityGroupId", "sourceSecurityGroupId", "securityGroups")
        for peer in (text for key in peers for text in texts(rule.get(key))):
            yield Origin.COMPONENT, "itself" if peer == group else self._behind(peer)[0]
        if rule.get("self"):
            yield Origin.COMPONENT, "itself"
        for prefix in texts(rule.get("prefixListId")) + texts(rule.get("prefixListIds")):
            yield Origin.NETWORK, f"prefix list {self.references.named(prefix)}"

    def _behind(self, group: object) -> tuple[str, str]:
        """Return what has a security group, and the component that it is in."""
        owner = self.references.resource(group)
        if owner is None:
            return f"security group {group}", ""
        component = self.graph.owner(owner.urn)
        if owner.kind != "SecurityGroup":  # came along with it, as a cluster's own does
            return f"{owner.short_type} {owner.name}", component
        holders = [
            resource
            for resource in self.resources
            if resource.kind not in ("SecurityGroup", *_RULE_KINDS)
            and any(text in owner.handles for text in leaves(resource.inputs))
        ]
        if not holders:
            return f"security group {owner.name}", component
        if len(holders) > 2:
            kinds = dict.fromkeys(resource.kind for resource in holders)
            return f"{len(holders)} of {' or '.join(kinds)} in {component}", component
        return ", ".join(f"{h.short_type} {h.name}" for h in holders), component

    def _api(self, cluster: Resource) -> Iterator[Reach]:
        config = mapping(cluster.inputs.get("vpcConfig"))
        if config.get("endpointPublicAccess") is False:
            return
        component = self.graph.owner(cluster.urn)
        for text in texts(config.get("publicAccessCidrs")) or ("0.0.0.0/0",):
            kind, origin = origin_of(text)
            kind = Origin.INTERNET  # the endpoint is on the internet, whoever is on its list
            yield Reach(kind, origin, "Kubernetes API", component, "tcp 443", cluster.name)

    def _public(self, resource: Resource) -> Iterator[Reach]:
        inputs, component = resource.inputs, self.graph.owner(resource.urn)
        ports = ""
        match resource.type:
            case "aws:lb/loadBalancer:LoadBalancer" if not inputs.get("internal"):
                # the rules of its security groups say who reaches it, where they are known
                groups = texts(inputs.get("securityGroups"))
                known = any(self.references.resource(group) for group in groups)
                ports = "" if known else self._listeners(resource)
            case "aws:apigatewayv2/api:Api" | "aws:cloudfront/distribution:Distribution":
                ports = "tcp 443"
            case "aws:apigateway/restApi:RestApi":
                private = "PRIVATE" in texts(at(inputs, "endpointConfiguration", "types"))
                ports = "" if private else "tcp 443"
            case "aws:lambda/functionUrl:FunctionUrl":
                ports = "tcp 443"
            case "aws:mq/broker:Broker" if inputs.get("publiclyAccessible"):
                ports = "the broker's"
            case "aws:msk/cluster:Cluster" if _public_kafka(inputs):
                ports = "the brokers'"
            case _:
                pass
        if ports:
            target = f"{resource.short_type} {resource.name}"
            yield Reach(Origin.INTERNET, "anywhere", target, component, ports, resource.name)

    def _listeners(self, balancer: Resource) -> str:
        ports = sorted(
            str(resource.inputs.get("port"))
            for resource in self.resources
            if resource.kind == "Listener"
            and self.references.resource(resource.inputs.get("loadBalancerArn")) is balancer
        )
        return f"tcp {', '.join(ports)}" if ports else "its listeners'"


_RULE_KINDS = ("SecurityGroupIngressRule", "SecurityGroupEgressRule", "SecurityGroupRule")


def reaches(report: Report, graph: Graph) -> tuple[Reach, ...]:
    """Return all that can be reached, the widest openings first."""
    reader = _Reader(graph, References.of(report), report.cloud_resources)
    order = list(Origin)
    found = dict.fromkeys(reader.reaches())
    return tuple(sorted(found, key=lambda reach: (order.index(reach.kind), reach.component)))


def ways_out(report: Report, graph: Graph) -> tuple[tuple[str, str], ...]:
    """Return (component, gateway) for everything that lets traffic out to the internet."""
    kinds = ("NatGateway", "InternetGateway", "EgressOnlyInternetGateway")
    return tuple(
        (graph.owner(resource.urn), f"{resource.kind} {resource.name}")
        for resource in report.cloud_resources
        if resource.kind in kinds
    )


def origin_of(cidr: str) -> tuple[Origin, str]:
    """Tell what kind of origin a range of addresses is, and how to call it."""
    try:
        network = ip_network(cidr, strict=False)
    except ValueError:
        return Origin.NETWORK, cidr
    if network.prefixlen == 0:
        return Origin.INTERNET, "anywhere"
    return (Origin.NETWORK if network.is_private else Origin.INTERNET), cidr


def _public_kafka(inputs: Json) -> bool:
    path = ("brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type")
    return at(inputs, *path) not in (None, "DISABLED")


def _ports(rule: Json) -> str:
    protocol = str(rule.get("ipProtocol") or rule.get("protocol") or "")
    if protocol in ("-1", "all"):
        return "all"
    first, last = rule.get("fromPort"), rule.get("toPort")
    return f"{protocol} {first}" if first == last else f"{protocol} {first} to {last}"
