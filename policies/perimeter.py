"""The walls of the network: default groups, flow logs, who reaches data stores."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import among, same, some
from policies.links import Reference, reference, unnamed
from policies.needs import Need, includes, verdicts
from policies.rule import (
    CONTROLS,
    Verdict,
    Violation,
    demanded,
    resource_policy,
    stack_policy,
)
from policies.subject import Subject, item, items

VPC = "aws:ec2/vpc:Vpc"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CLASSIC = "aws:ec2/securityGroupRule:SecurityGroupRule"
CLUSTER = "aws:eks/cluster:Cluster"
SERVICE = "kubernetes:core/v1:Service"

INTERNET = ("0.0.0.0/0", "::/0")

GROUPS: Mapping[str, str] = {
    "aws:docdb/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:efs/mountTarget:MountTarget": "securityGroups",
    "aws:elasticache/cluster:Cluster": "securityGroupIds",
    "aws:elasticache/replicationGroup:ReplicationGroup": "securityGroupIds",
    "aws:elasticache/serverlessCache:ServerlessCache": "securityGroupIds",
    "aws:memorydb/cluster:Cluster": "securityGroupIds",
    "aws:mq/broker:Broker": "securityGroups",
    "aws:msk/cluster:Cluster": "brokerNodeGroupInfo.securityGroups",
    "aws:neptune/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:opensearch/domain:Domain": "vpcOptions.securityGroupIds",
    "aws:rds/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:rds/instance:Instance": "vpcSecurityGroupIds",
    "aws:redshift/cluster:Cluster": "vpcSecurityGroupIds",
}
"""Where each data store names its security groups."""

PLANES = ("api", "audit", "authenticator", "controllerManager", "scheduler")

SCHEMES = (
    "service.beta.kubernetes.io/aws-load-balancer-scheme",
    "service.beta.kubernetes.io/aws-load-balancer-internal",
)


def _flow_logs(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    logged = [
        # one of accepted traffic only is none
        Reference(kind) if isinstance(kind, UnknownValueError) else reference(each, "vpcId")
        for each in stack
        if each.type == FLOW_LOG and (kind := each.get("trafficType")) != "ACCEPT"
    ]
    yield from unnamed(
        [each for each in stack if each.type == VPC],
        ("id",),
        logged,
        Violation("keeps no log of its traffic", "add a FlowLog with trafficType REJECT or ALL"),
    )


def _default_group(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    groups = [each for each in stack if each.type == DEFAULT_GROUP]
    for group in groups:
        for way in ("ingress", "egress"):
            rules = group.get(way)
            if isinstance(rules, UnknownValueError):
                yield group, rules
            elif any(True for _ in items(rules)):
                yield group, Violation(f"has {way} rules", f"leave {way} empty, and use others")
    yield from unnamed(
        [each for each in stack if each.type == VPC],
        ("id",),
        [reference(group, "vpcId") for group in groups],
        Violation(
            "has a default security group that lets its members talk to each other",
            "take it over by a DefaultSecurityGroup without rules",
        ),
    )


def _reachable(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    """Look for stores whose groups, or the groups that these let in, are open to the internet."""
    rules = [rule for each in stack if each.type in (INGRESS, CLASSIC) for rule in admitted(each)]
    opened = [group for group, source in rules if source in INTERNET]
    for store in stack:
        if store.type not in GROUPS:
            continue
        own = list(items(store.get(GROUPS[store.type])))
        sources = [source for group, source in rules if group in own and source not in INTERNET]
        near = [*own, *sources]
        if any(isinstance(group, str) and group in opened for group in near):
            yield (
                store,
                Violation(
                    "is reached from a security group that is open to the internet",
                    "let in the services' own group, and keep load balancers' out of it",
                ),
            )
            continue
        doubts = [group for group in near if isinstance(group, UnknownValueError)]
        if opened and doubts:
            yield store, doubts[0]


def admitted(rule: Subject) -> Iterator[tuple[object, object]]:
    """Give the group of a rule with each source that it lets in."""
    group = rule.get("securityGroupId")
    if rule.type == INGRESS:
        for key in ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"):
            if (source := rule.get(key)) is not None:
                yield group, source
    elif rule.get("type") == "ingress":
        for path in ("cidrBlocks", "ipv6CidrBlocks"):
            yield from ((group, source) for source in items(rule.get(path)))
        if (source := rule.get("sourceSecurityGroupId")) is not None:
            yield group, source


def _planes(cluster: Subject) -> Iterator[Verdict]:
    kinds = cluster.texts("types")
    path = "enabledClusterLogTypes"
    yield from verdicts(cluster, Need(path, includes(*kinds), f"list {', '.join(kinds)} in {path}"))


def _published(service: Subject) -> Iterator[Verdict]:
    annotations = service.get("metadata.annotations")
    scheme, internal = (item(annotations, key) for key in SCHEMES)
    meant = (
        same(scheme, "internal"),
        among(internal, ("true", "True", True)),
        among(service.get("metadata.name"), service.texts("public")),
    )
    missing = Violation(
        "opens a load balancer of its own to the internet",
        f"make it a ClusterIP behind the gateway, or set {SCHEMES[0]} to internal",
    )
    yield from demanded(some(meant), missing, of=same(service.get("spec.type"), "LoadBalancer"))


POLICIES: Sequence[Policy] = (
    stack_policy(
        _flow_logs,
        name="vpc-flow-logs",
        display_name="It is known who talked to whom",
        description="Every VPC has a flow log, of what was rejected at least.",
        types=(VPC, FLOW_LOG),
        severity=Severity.MEDIUM,
        remediation_steps="Add a FlowLog of the VPC to a log group or a bucket.",
        tags=("network", "logging"),
        url=f"{CONTROLS}ec2-controls.html#ec2-6",
    ),
    stack_policy(
        _default_group,
        name="default-security-group-closed",
        display_name="What names no security group is closed",
        description="The default security group of every VPC is taken over, without rules.",
        types=(VPC, DEFAULT_GROUP),
        severity=Severity.HIGH,
        remediation_steps=(
            "Add a DefaultSecurityGroup of the VPC with empty ingress and egress: whatever is made "
            "without a group of its own then reaches nothing."
        ),
        tags=("network", "exposure"),
        url=f"{CONTROLS}ec2-controls.html#ec2-2",
    ),
    stack_policy(
        _reachable,
        name="data-store-apart",
        display_name="The internet is two steps from data",
        description="No data store is in or lets in a security group that is open to the internet.",
        types=(INGRESS, CLASSIC, *GROUPS),
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Give the store a group of its own that lets in the services' group. What is open to "
            "the internet, as a load balancer, talks to services, not to stores."
        ),
        tags=("network", "data-protection"),
        url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    ),
    resource_policy(
        _planes,
        name="eks-control-plane-logs",
        display_name="It is known who changed the cluster",
        description="EKS clusters log what their control plane did, and for whom.",
        types=(CLUSTER,),
        severity=Severity.MEDIUM,
        remediation_steps="List all types in enabledClusterLogTypes, and keep the log group.",
        tags=("eks", "logging"),
        url=f"{CONTROLS}eks-controls.html#eks-8",
        settings={
            "types": {
                "type": "array",
                "items": {"type": "string", "enum": list(PLANES)},
                "minItems": 1,
                "default": list(PLANES),
                "description": "Logs that a cluster must have.",
            }
        },
    ),
    resource_policy(
        _published,
        name="service-not-public",
        display_name="There is one way in",
        description="No Kubernetes Service opens a load balancer to the internet past the gateway.",
        types=(SERVICE,),
        severity=Severity.HIGH,
        remediation_steps=(
            "Show the service by a route of the gateway, which limits, authenticates and logs; "
            "name those that are meant to be public in the setting public."
        ),
        tags=("kubernetes", "exposure"),
        url="https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/",
        settings={
            "public": {
                "type": "array",
                "items": {"type": "string"},
                "default": [],
                "description": "Names of services that may have a public load balancer.",
            }
        },
    ),
)
