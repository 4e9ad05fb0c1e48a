"""Security groups: data ports are not open to the internet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.networks import WIDEST, too_wide
from policies.rule import CONTROLS, Setting, Verdict, Violation, resource_policy
from policies.subject import Subject, item, items

DATA_PORTS: Mapping[str, str] = {
    "1433": "SQL Server",
    "2049": "EFS",
    "2181-2182": "ZooKeeper",
    "3306": "MySQL",
    "5432": "PostgreSQL",
    "5601": "Kibana",
    "5671-5672": "RabbitMQ",
    "6379-6380": "Redis and Valkey",
    "8111": "DAX",
    "9092-9098": "Kafka",
    "9200": "Elasticsearch",
    "9300": "Elasticsearch's nodes",
    "11211": "Memcached",
    "15671-15672": "RabbitMQ's console",
    "27017": "DocumentDB",
}
"""Where data stores listen by default. OpenSearch domains take HTTPS on 443, as gateways do; that
they are in a VPC is what `no-public-data-store` holds."""

REMEDY = "name the clients' security group instead of a range of addresses"


@dataclass(frozen=True)
class Opening:
    """One rule of a security group, with the parts as they are known."""

    protocol: object
    first: object
    last: object
    sources: tuple[object, ...]
    """CIDRs."""


def openings(group: Subject) -> Iterator[Opening]:
    """Give the rules for ingress, in whatever form the resource has them."""
    if group.type.endswith(":SecurityGroupIngressRule"):
        sources = (group.get("cidrIpv4"), group.get("cidrIpv6"))
        first, last = group.get("fromPort"), group.get("toPort")
        yield Opening(group.get("ipProtocol"), first, last, sources)
    elif group.type.endswith(":SecurityGroupRule"):
        direction = group.get("type")
        if isinstance(direction, UnknownValueError):
            yield replace(_classic(group.properties), protocol=direction)
        elif direction == "ingress":
            yield _classic(group.properties)
    else:
        for rule in group.each("ingress[]"):
            yield _classic(rule.content)


def _classic(rule: object) -> Opening:
    ranges = (item(rule, "cidrBlocks"), item(rule, "ipv6CidrBlocks"))
    sources = [source for each in ranges for source in items(each)]
    first, last = item(rule, "fromPort"), item(rule, "toPort")
    return Opening(item(rule, "protocol"), first, last, tuple(sources))


def _reached(opening: Opening, ports: Sequence[str]) -> str | UnknownValueError | None:
    """Name the first data ports that an opening covers, or what keeps us from knowing."""
    for known in (opening.protocol, opening.first, opening.last):
        if isinstance(known, UnknownValueError):
            return known
    if opening.protocol in ("-1", "all"):
        return "every port"
    if opening.protocol not in ("tcp", "6", "udp", "17"):
        return None
    for named in ports:
        low, _, high = named.partition("-")
        if _number(opening.first) <= int(high or low) and int(low) <= _number(opening.last):
            return f"port {named} ({DATA_PORTS[named]})" if named in DATA_PORTS else f"port {named}"
    return None


def _number(port: object) -> float:
    return port if isinstance(port, int | float) else -1


def _check(group: Subject) -> Iterator[Verdict]:
    for opening in openings(group):
        reached = _reached(opening, group.texts("ports"))
        if reached is None:
            continue
        for source in opening.sources:
            wide = _wide(source, group)
            if isinstance(wide, UnknownValueError):
                yield wide
            elif wide and isinstance(reached, UnknownValueError):
                yield reached
            elif wide:
                yield Violation(f"opens {reached} to {source}, {wide}", REMEDY)


def _wide(source: object, group: Subject) -> str | UnknownValueError | None:
    if source is None or isinstance(source, UnknownValueError):
        return source
    return too_wide(source, group)


GROUPS = (
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)

ADMINISTRATION = ("22", "3389", "5985-5986", "10250", "2379-2380", "6443")
"""SSH, RDP, WinRM; kubelet, etcd and the API server of Kubernetes."""


def _ports(default: Sequence[str], of: str) -> Mapping[str, Setting]:
    return {
        **WIDEST,
        "ports": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[0-9]+(-[0-9]+)?$"},
            "default": list(default),
            "description": f"Ports of {of}, one by one or as ranges.",
        },
    }


POLICIES: Sequence[Policy] = (
    resource_policy(
        _check,
        name="no-public-data-port",
        display_name="Data ports are closed to the internet",
        description="No security group opens a port of a data store to the internet.",
        types=GROUPS,
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Refer to the clients' security group, as the components do; or list the addresses of "
            "the networks that may connect."
        ),
        tags=("exposure", "data-protection"),
        url=f"{CONTROLS}ec2-controls.html#ec2-19",
        settings=_ports(tuple(DATA_PORTS), "data stores"),
    ),
    resource_policy(
        _check,
        name="no-public-admin-port",
        display_name="Nobody outside finds a shell",
        description="No security group opens SSH, RDP or a port of the cluster to the internet.",
        types=GROUPS,
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Take the rule out: Session Manager opens a shell without an open port, and EKS has "
            "its own endpoint."
        ),
        tags=("exposure",),
        url=f"{CONTROLS}ec2-controls.html#ec2-13",
        settings=_ports(ADMINISTRATION, "administration"),
    ),
)
