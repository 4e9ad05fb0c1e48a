"""A small stack as the engine exports it, for the tests of the report."""

from collections.abc import Mapping, Sequence

from pulumi.automation.events import PolicyEvent

from simulator.record import RunRecord
from simulator.report.collect import from_state
from simulator.report.model import Report

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
PASSWORD = "correct-horse-battery-staple"

Entry = dict[str, object]


def urn(type_: str, name: str, stack: str = "prod") -> str:
    return f"urn:pulumi:{stack}::fastapi-platform::{type_}::{name}"


class Deployment:
    """Builds an exported deployment, resource by resource, in the order of their creation."""

    def __init__(self, stack: str = "prod") -> None:
        self.stack = stack
        self.root = urn("pulumi:pulumi:Stack", f"fastapi-platform-{stack}", stack)
        self.resources: list[Entry] = [{"urn": self.root, "type": "pulumi:pulumi:Stack"}]

    def component(self, kind: str, name: str, parent: str | None = None) -> str:
        type_ = f"fastapi-platform:index:{kind}"
        return self._add({"type": type_, "parent": parent or self.root}, name)

    def add(
        self,
        type_: str,
        name: str,
        *,
        parent: str | None = None,
        id: str = "",  # noqa: A002 - the engine's word
        inputs: Mapping[str, object] | None = None,
        outputs: Mapping[str, object] | None = None,
        needs: Sequence[str] = (),
        provider: str = "",
    ) -> str:
        entry: Entry = {
            "type": type_,
            "custom": True,
            "id": id,
            "parent": parent or self.root,
            "inputs": dict(inputs or {}),
            "outputs": dict(outputs or {}),
            "dependencies": list(needs),
        }
        if provider:
            entry["provider"] = f"{provider}::some-id"
        return self._add(entry, name)

    def report(self, *findings: PolicyEvent, region: str = "eu-west-1") -> Report:
        record = RunRecord(policies=list(findings))
        deployment = {"resources": self.resources}
        return from_state(deployment, record, stack=self.stack, region=region)

    def _add(self, entry: Entry, name: str) -> str:
        entry["urn"] = urn(str(entry["type"]), name, self.stack)
        self.resources.append(entry)
        return str(entry["urn"])


def platform(stack: str = "prod", *, zones: int = 3) -> Deployment:
    """A network with its subnets and NAT, a cluster on it, Kafka reached from the cluster."""
    made = Deployment(stack)
    network = made.component("Network", "network")
    cluster = made.component("Cluster", "cluster")
    kafka = made.component("Kafka", "kafka")
    vpc = made.add("aws:ec2/vpc:Vpc", "network-vpc", parent=network, id="vpc-0a1b2c3d4e5f")
    subnets = [
        made.add(
            "aws:ec2/subnet:Subnet",
            f"network-private-{zone}",
            parent=network,
            id=f"subnet-00000000{zone}",
            inputs={"vpcId": "vpc-0a1b2c3d4e5f", "cidrBlock": f"10.0.{zone}.0/24"},
            needs=[vpc],
        )
        for zone in range(1, zones + 1)
    ]
    made.add(
        "aws:ec2/natGateway:NatGateway", "network-nat-1", parent=network, id="nat-1", needs=subnets
    )
    eks = made.add(
        "aws:eks/cluster:Cluster",
        "cluster-eks",
        parent=cluster,
        id="cluster-9w2u84",
        inputs={"vpcConfig": {"endpointPublicAccess": False}},
        outputs={"vpcConfig": {"clusterSecurityGroupId": "sg-0c1a55e2"}},
        needs=subnets,
    )
    group = made.add(
        "aws:ec2/securityGroup:SecurityGroup",
        "kafka-brokers",
        parent=kafka,
        id="sg-0badcafe",
        inputs={"vpcId": "vpc-0a1b2c3d4e5f"},
        needs=[vpc],
    )
    made.add(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "kafka-from-cluster",
        parent=kafka,
        id="sgr-0000001",
        inputs={
            "securityGroupId": "sg-0badcafe",
            "referencedSecurityGroupId": "sg-0c1a55e2",
            "ipProtocol": "tcp",
            "fromPort": 9098,
            "toPort": 9098,
        },
        needs=[group, eks],
    )
    made.add(
        "aws:msk/cluster:Cluster",
        "kafka-cluster",
        parent=kafka,
        id="arn:aws:kafka:eu-west-1:123456789012:cluster/kafka-1/0",
        inputs={
            "numberOfBrokerNodes": zones,
            "brokerNodeGroupInfo": {
                "instanceType": "kafka.m7g.large",
                "securityGroups": ["sg-0badcafe"],
                "storageInfo": {"ebsStorageInfo": {"volumeSize": 100}},
            },
        },
        needs=[group, *subnets],
    )
    made.add(
        "aws:secretsmanager/secretVersion:SecretVersion",
        "kafka-password",
        parent=kafka,
        inputs={"secretString": {**SECRET, "plaintext": f'"{PASSWORD}"'}},
        outputs={"secretString": {**SECRET, "plaintext": f'"{PASSWORD}"'}},
    )
    return made


def finding(policy: str, level: str = "mandatory", message: str = "set x to y") -> PolicyEvent:
    return PolicyEvent(
        resource_urn=urn("aws:msk/cluster:Cluster", "kafka-cluster"),
        message=message,
        color="never",
        policy_name=policy,
        policy_pack_name="fastapi-platform",
        policy_pack_version="1",
        policy_pack_version_tag="1",
        enforcement_level=level,
    )
