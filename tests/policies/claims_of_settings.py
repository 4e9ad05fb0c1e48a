"""Ways to break what settings ask for, and what names what in Kafka and the gateway."""

from collections.abc import Iterator, Mapping, Sequence

from policies import families
from policies.ports import GROUPS
from policies.taggable import taggable_types
from tests.harness import Registration
from tests.policies.claims import (
    CLUSTER_PLUGIN,
    PLUGIN,
    ROUTE,
    RULE,
    Claim,
    Wanted,
    kind,
    without,
)
from tests.policies.claims_of_load import HPA, SCALED_OBJECT
from tests.policies.mutated import GONE, Change, Place, found, places

FUNCTION = "aws:lambda/function:Function"
PROVISIONED = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
INLINE = "aws:iam/rolePolicy:RolePolicy"
TOPIC = "aws:msk/topic:Topic"
CLUSTER = "aws:eks/cluster:Cluster"


def _allowed() -> Iterator[Claim]:
    regions: Mapping[str, object] = {"regions": ["eu-west-1"]}
    for type_ in taggable_types():
        yield Claim("allowed-regions", type_, {"region": "ap-south-1"}, settings=regions)
    policy, known = "allowed-networks", {"cidrs": ["10.0.0.0/8", "fd00::/8"]}
    assert RULE in GROUPS
    ssh = {"ipProtocol": "tcp", "fromPort": 8443, "toPort": 8443}
    for source in (
        {"cidrIpv4": "192.0.2.0/24"},
        {"cidrIpv4": "10.0.0.0/7"},
        {"cidrIpv4": GONE, "cidrIpv6": "2001:db8::/32"},
        {"cidrIpv4": "192.0.2.7/32", "toPort": 9000},
    ):
        yield Claim(policy, RULE, {**ssh, **source}, settings=known)
    for cidrs in (["192.0.2.0/24"], ["10.0.0.0/16", "192.0.2.0/24"], GONE):
        public = {"vpcConfig.endpointPublicAccess": True, "vpcConfig.publicAccessCidrs": cidrs}
        yield Claim(policy, CLUSTER, public, settings=known)


def _sized() -> Iterator[Claim]:
    policy, only = "allowed-instance-families", {"families": ["c7*", "m7g", "r7g"]}
    for type_, paths in families.SIZED.items():
        for path in paths:
            for kind_ in ("m3.large", "p5.48xlarge"):
                yield Claim(policy, type_, {path: _of_service(kind_)}, _says(path), settings=only)
    pool, requirements = families.NODE_POOL, "spec.template.spec.requirements"
    for key, values in (
        (families.OF_FAMILY, ["m7g", "p5"]),
        (families.OF_TYPE, ["t4g.large"]),
        (families.OF_CATEGORY, ["c", "t"]),
    ):
        change = {requirements: [{"key": key, "operator": "In", "values": values}]}
        yield Claim(policy, pool, change, settings=only)
    yield Claim(policy, pool, {requirements: []}, settings=only)
    old = {"key": families.OF_FAMILY, "operator": "In", "values": ["m1"]}
    yield Claim(policy, pool, {requirements: [old]}, settings={"families": []})


def _of_service(kind_: str) -> Change:
    """Return the change to another type of instance, of the same service."""

    def change(present: object) -> object:
        service = str(present).partition(".")[0]
        return f"{service}.{kind_}" if service in families.SERVICES else kind_

    return change


def _says(path: str) -> Wanted:
    def says(resource: Registration) -> bool:
        named: Sequence[Place] = list(places(resource.inputs, path))
        return bool(named) and all(found(resource.inputs, place) for place in named)

    return says


def _called(name: str) -> Wanted:
    return lambda resource: resource.name == name


def _counted() -> Iterator[Claim]:
    policy = "minimum-replicas"
    yield Claim(policy, HPA, {"spec.minReplicas": 1})
    yield Claim(policy, HPA, {"spec.minReplicas": GONE})
    yield Claim(policy, HPA)
    yield Claim(
        policy, SCALED_OBJECT, {"spec.minReplicaCount": 0}, _called("notifications-scaledobject")
    )
    yield Claim(
        policy, SCALED_OBJECT, {"spec.idleReplicaCount": 0}, _called("notifications-scaledobject")
    )
    for number in (GONE, -1):
        change = {"reservedConcurrentExecutions": number}
        yield Claim("lambda-concurrency-reserved", FUNCTION, change, _called("spending-api"))
    yield Claim("lambda-provisioned", PROVISIONED)


def _kafka() -> Iterator[Claim]:
    policy = "kafka-topic-used"
    writes, reads = _called("orders-role-uses"), _called("notifications-role-uses")
    yield Claim(policy, INLINE, {"policy": without("KafkaProduce")}, writes)
    yield Claim(policy, INLINE, {"policy": without("KafkaConsume")}, reads)
    yield Claim(policy, INLINE, meant=writes)
    yield Claim(policy, TOPIC, {"name": "other"})


def _plugins() -> Iterator[Claim]:
    for type_ in (PLUGIN, CLUSTER_PLUGIN):
        yield Claim("plugin-loaded", type_, {"plugin": "rate-limitting"})
        yield Claim("plugin-loaded", type_, {"plugin": "pre-function"})
    yield Claim("plugin-exists", PLUGIN)
    yield Claim("plugin-exists", PLUGIN, {"metadata.namespace": "other"})
    yield Claim("plugin-exists", ROUTE, {"metadata.annotations": {"konghq.com/plugins": "jwtt"}})
    yield Claim("plugin-used", PLUGIN, {"metadata.name": "other"})
    yield Claim("plugin-used", CLUSTER_PLUGIN, {"metadata.labels": GONE}, kind("prometheus"))


CLAIMS: tuple[Claim, ...] = (*_allowed(), *_sized(), *_counted(), *_kafka(), *_plugins())
