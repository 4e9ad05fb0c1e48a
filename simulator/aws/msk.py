"""Amazon Managed Streaming for Apache Kafka."""

import re
from collections.abc import Iterable, Iterator
from typing import cast

from components.kafka.versions import EXPRESS_PREFIX, EXPRESS_VERSIONS, STANDARD_VERSIONS
from simulator.cloud.core import CloudError
from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request, Seconds

CLUSTER_TIME = "22 minutes in a published Terraform log, 15 to 30 by AWS's workshops (2026-11)"
SERVERLESS_TIME = (
    "a few minutes, by https://docs.aws.amazon.com/msk/latest/developerguide (2026-11)"
)
TOPIC_TIME = (
    "topic calls are seen after about a minute, "
    "https://docs.aws.amazon.com/msk/latest/developerguide/msk-topic-operations-information.html"
)
CONFIGURATION_TIME = "typical of MSK control-plane calls that write a record and wait for it"

IAM_PORT = 9098
"""https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html (2026-11)"""

SHOWN_BROKERS = 3
"""As many brokers as GetBootstrapBrokers names."""

CONFIGURATION_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
TOPIC_NAME = re.compile(r"(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}")
"""Apache Kafka's own rule, org.apache.kafka.common.internals.Topic."""


def _arn(request: Request, suffix: int | str) -> str:
    return request.arn("kafka", f"cluster/{request.text('clusterName')}/{request.uuid()}-{suffix}")


def _host(request: Request) -> str:
    """Return what the brokers' names have in common."""
    name = re.sub(r"[^a-z0-9]", "", request.text("clusterName").lower())[:20]
    return f"{name}.{request.token(6, 'host')}.c2.kafka.{request.region}.amazonaws.com"


def _cluster_outputs(request: Request) -> Json:
    sasl = _part(request.part("clientAuthentication"), "sasl")
    number = request.inputs.get("numberOfBrokerNodes")
    shown = min(int(number), SHOWN_BROKERS) if isinstance(number, int | float) else SHOWN_BROKERS
    brokers = [f"b-{i}.{_host(request)}:{IAM_PORT}" for i in range(1, shown + 1)]
    return {
        "arn": request.id,
        "clusterUuid": request.id.rsplit("/", 1)[-1],
        "currentVersion": f"K{request.token(13, 'version').upper()}",
        "bootstrapBrokersSaslIam": ",".join(brokers) if sasl.get("iam") is True else "",
        "customerActionStatus": "NONE",
    }


def _refuse_cluster(request: Request) -> Iterator[str]:
    nodes = request.part("brokerNodeGroupInfo")
    subnets = cast("list[str]", nodes.get("clientSubnets") or [])
    count = request.inputs.get("numberOfBrokerNodes")
    if isinstance(count, int | float) and subnets and count % len(subnets):
        yield (
            f"numberOfBrokerNodes: the target number of broker nodes, {count:g}, must be a "
            f"multiple of the number of Availability Zones, {len(subnets)}"
        )
    kind = nodes.get("instanceType")
    if not isinstance(kind, str):
        return
    express = kind.startswith(EXPRESS_PREFIX)
    versions = EXPRESS_VERSIONS if express else STANDARD_VERSIONS
    version = request.text("kafkaVersion")
    if version and version not in versions:
        yield f"kafkaVersion: unsupported KafkaVersion {version}. Valid values: {list(versions)}"
    if express and nodes.get("storageInfo"):
        yield "brokerNodeGroupInfo.storageInfo: express brokers take no storage info"
    if kind == "kafka.t3.small" and version.endswith(".kraft"):
        yield "brokerNodeGroupInfo.instanceType: kafka.t3.small is not for KRaft mode"


def _update_cluster(request: Request, olds: Json) -> Json:
    """Refuse what UpdateBrokerStorage and the like refuse; else give the new version."""
    _refuse_less("volumeSize", _volume(olds), _volume(request.inputs))
    old, new = _version(olds), _version(request.inputs)
    if new < old:
        raise CloudError("BadRequest: kafkaVersion: Kafka can't be downgraded")
    if _express(olds) != _express(request.inputs):
        raise CloudError("BadRequest: instanceType: standard and express can't be exchanged")
    if olds.get("storageMode") == "TIERED" and request.inputs.get("storageMode") != "TIERED":
        raise CloudError("BadRequest: storageMode: tiered storage can't be turned off")
    return {"currentVersion": f"K{request.token(13, repr(sorted(request.inputs.items()))).upper()}"}


def _update_topic(request: Request, olds: Json) -> Json:
    key = "partitionCount"
    _refuse_less(key, olds.get(key), request.inputs.get(key))
    return {"configsActual": request.text("configs", "{}")}


def _refuse_less(key: str, old: object, new: object) -> None:
    if isinstance(old, int | float) and isinstance(new, int | float) and new < old:
        raise CloudError(f"BadRequest: {key}: is {old:g} and can't be reduced to {new:g}")


def _volume(inputs: Json) -> object:
    storage = _part(_part(inputs, "brokerNodeGroupInfo"), "storageInfo")
    return _part(storage, "ebsStorageInfo").get("volumeSize")


def _version(inputs: Json) -> tuple[int, ...]:
    found = re.match(r"(\d+)\.(\d+)", str(inputs.get("kafkaVersion")))
    return tuple(map(int, found.groups())) if found else (10**6,)  # not known yet: no downgrade


def _express(inputs: Json) -> bool:
    kind = _part(inputs, "brokerNodeGroupInfo").get("instanceType")
    return isinstance(kind, str) and kind.startswith(EXPRESS_PREFIX)


def _part(inputs: Json, key: str) -> Json:
    value = inputs.get(key)
    return cast("Json", value) if isinstance(value, dict) else {}


def _next_revision(_: Request, olds: Json) -> Json:
    """Every UpdateConfiguration makes a revision, whatever was changed."""
    latest = olds.get("latestRevision")
    return {"latestRevision": int(latest) + 1 if isinstance(latest, int | float) else 1}


def _refuse_configuration(request: Request) -> Iterable[str]:
    name = request.inputs.get("name")
    if isinstance(name, str) and not CONFIGURATION_NAME.fullmatch(name):
        yield f"name: {name!r} is not valid: letters, digits and '-', at most 64"


def _topic_arn(request: Request) -> str:
    cluster = request.text("clusterArn")
    return f"{cluster.replace(':cluster/', ':topic/', 1)}/{request.text('name')}"


def _refuse_topic(request: Request) -> Iterable[str]:
    name = request.inputs.get("name")
    if isinstance(name, str) and not TOPIC_NAME.fullmatch(name):
        yield f"name: {name!r} is not valid: letters, digits, '.', '_' and '-', at most 249"
    if re.search(r"-s\d+$", request.text("clusterArn")):
        yield "clusterArn: the topic API is not for serverless clusters"


def _serverless_outputs(request: Request) -> Json:
    host = f"boot-{request.token(8, 'host')}.c2.kafka-serverless.{request.region}.amazonaws.com"
    return {
        "arn": request.id,
        "clusterUuid": request.id.rsplit("/", 1)[-1],
        "bootstrapBrokersSaslIam": f"{host}:{IAM_PORT}",
    }


MODELS = {
    "aws:msk/cluster:Cluster": Model(
        identity=lambda r: _arn(r, 2),
        outputs=_cluster_outputs,
        updates=_update_cluster,
        replaces=frozenset(
            {
                "brokerNodeGroupInfo.azDistribution",
                "brokerNodeGroupInfo.clientSubnets",
                "brokerNodeGroupInfo.securityGroups",
                "clusterName",
                "encryptionInfo.encryptionAtRestKmsKeyArn",
                "encryptionInfo.encryptionInTransit.inCluster",
            }
        ),
        seconds=Seconds(1335, 1335, 300, CLUSTER_TIME),
        autoname=AutoName("clusterName", 64),
        # the call's own model says 15 brokers at most; with KRaft MSK's quota is 60
        api=ApiCall("kafka", "CreateCluster", (("numberOfBrokerNodes", ""),)),
        refuses=_refuse_cluster,
    ),
    "aws:msk/serverlessCluster:ServerlessCluster": Model(
        identity=lambda r: _arn(r, "s1"),
        outputs=_serverless_outputs,
        replaces=frozenset({"clientAuthentication", "clusterName", "vpcConfigs"}),
        seconds=Seconds(180, 5, 180, SERVERLESS_TIME),
        autoname=AutoName("clusterName", 64),
        api=ApiCall("kafka", "CreateClusterV2"),
    ),
    "aws:msk/configuration:Configuration": Model(
        identity=lambda r: r.arn("kafka", f"configuration/{r.text('name')}/{r.uuid()}-2"),
        outputs=lambda r: {"arn": r.id, "latestRevision": 1},
        updates=_next_revision,
        replaces=frozenset({"kafkaVersions", "name"}),
        seconds=Seconds(5, 5, 5, CONFIGURATION_TIME),
        autoname=AutoName(limit=64),
        refuses=_refuse_configuration,
    ),
    "aws:msk/topic:Topic": Model(
        identity=lambda r: f"{r.text('clusterArn')},{r.text('name')}",
        outputs=lambda r: {"arn": _topic_arn(r), "configsActual": r.text("configs", "{}")},
        updates=_update_topic,
        replaces=frozenset({"clusterArn", "name", "replicationFactor"}),
        seconds=Seconds(60, 60, 60, TOPIC_TIME),
        autoname=AutoName(limit=249),
        api=ApiCall("kafka", "CreateTopic", (("name", "topicName"),)),
        refuses=_refuse_topic,
    ),
}
"""What replaces: what UpdateBrokerCount, UpdateBrokerStorage, UpdateBrokerType, UpdateConnectivity,
UpdateClusterConfiguration, UpdateClusterKafkaVersion, UpdateMonitoring, UpdateSecurity and
UpdateTopic don't take (2026-11). What they take and then refuse is refused here too, already in the
preview; only of a downgrade does the real provider make a replacement."""
