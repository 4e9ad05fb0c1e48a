"""Amazon ElastiCache."""

import re
from collections.abc import Iterable, Iterator
from typing import cast

from simulator.aws.vpc import zone_id
from simulator.cloud.model import NAMED, ApiCall, AutoName, Json, Model, Request, Seconds

GROUP_TIME = (
    "one node: 480 to 610 s, created and deleted, in acceptance tests "
    "(https://github.com/hashicorp/terraform-provider-aws/pull/46950, 2026); an upgrade of the "
    "engine 20 minutes (https://github.com/aws-samples/dify-self-hosted-on-aws/issues/24, 2025-01)"
)
SERVERLESS_TIME = (
    "439 s, created and deleted, in acceptance tests "
    "(https://github.com/hashicorp/terraform-provider-aws/pull/39745, 2024-10)"
)
USER_TIME = (
    "133 s, created, updated and deleted, in acceptance tests "
    "(https://github.com/hashicorp/terraform-provider-aws/pull/40764, 2025-01)"
)
USER_GROUP_TIME = "the provider waits 30 s before it looks for the first time"

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""No hyphen at the end, nor two in a row.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(2026-11)
"""

ID_LIMIT, CLUSTER_ID_LIMIT = 40, 50
SNAPSHOT_DAYS = 35
PASSWORD_LENGTHS = range(16, 129)
READER_PORT = 6380

PLACEMENT = frozenset({"networkType", "port", "subnetGroupName"})


def _short_region(request: Request) -> str:
    """Return e.g. `euw1`, as in host names."""
    return zone_id(f"{request.region}a").partition("-")[0]


def _host(request: Request, *, prefix: str = "", suffix: str = "") -> str:
    """Return a host name, e.g. `master.cache-1a2b3c4.x1y2z3.euw1.cache.amazonaws.com`."""
    parts = (prefix, request.id, request.token(6, "account"), suffix, _short_region(request))
    return ".".join(part for part in parts if part) + ".cache.amazonaws.com"


def _number(inputs: Json, key: str, default: int = 0) -> int:
    value = inputs.get(key, default)
    return int(value) if isinstance(value, int | float) else default


def _bad_id(request: Request, key: str, limit: int = ID_LIMIT) -> Iterator[str]:
    value = request.inputs.get(key)
    if isinstance(value, str) and not (len(value) <= limit and ID.fullmatch(value)):
        yield f"{key}: {value!r} is not valid: small letters, digits, single '-', at most {limit}"


def _group_members(inputs: Json, group_id: str) -> list[str]:
    if "numNodeGroups" in inputs:
        shards, nodes = (
            _number(inputs, "numNodeGroups"),
            1 + _number(inputs, "replicasPerNodeGroup"),
        )
        prefixes = [f"{group_id}-{shard:04}-" for shard in range(1, shards + 1)]
    else:
        nodes, prefixes = _number(inputs, "numCacheClusters", 1), [f"{group_id}-"]
    return [f"{prefix}{node:03}" for prefix in prefixes for node in range(1, nodes + 1)]


def _group_state(request: Request, _: Json | None = None) -> Json:
    """Return what follows from the inputs, now and after an update."""
    members = _group_members(request.inputs, request.id)
    mode = request.text("clusterMode", "disabled")
    version = request.text("engineVersion", "7.2")
    endpoints = {
        "configurationEndpointAddress": _host(request, prefix="clustercfg"),
        "primaryEndpointAddress": _host(request, prefix="master"),
        "readerEndpointAddress": _host(request, prefix="replica"),
    }
    hidden = {
        "disabled": {"configurationEndpointAddress"},
        "enabled": {"primaryEndpointAddress", "readerEndpointAddress"},
    }.get(mode, set[str]())
    return {
        **{key: value for key, value in endpoints.items() if key not in hidden},
        "memberClusters": members,
        "clusterEnabled": mode != "disabled",
        "engineVersionActual": version if version.count(".") > 1 else f"{version}.0",
    }


def _refuse_group(request: Request) -> Iterable[str]:
    yield from _bad_id(request, "replicationGroupId")
    inputs = request.inputs
    failover = inputs.get("automaticFailoverEnabled") is True
    nodes = len(_group_members(inputs, ""))
    if inputs.get("multiAzEnabled") is True and not failover:
        yield "multiAzEnabled: automatic failover must be enabled if multi-az is enabled"
    if inputs.get("multiAzEnabled") is True and nodes < 2:
        yield "multiAzEnabled: two or more nodes are needed"
    if failover and "numNodeGroups" not in inputs and nodes < 2:
        yield "automaticFailoverEnabled: two or more nodes are needed"
    if inputs.get("clusterMode") in ("enabled", "compatible") and not failover:
        yield "automaticFailoverEnabled: must be enabled with cluster mode"
    if inputs.get("userGroupIds") and inputs.get("transitEncryptionEnabled") is not True:
        yield "userGroupIds: need transitEncryptionEnabled"
    if inputs.get("userGroupIds") and "authToken" in inputs:
        yield "authToken: can't be combined with userGroupIds"
    tiering = inputs.get("dataTieringEnabled") is True
    if "nodeType" in inputs and tiering is not (".r6gd." in request.text("nodeType")):
        yield "dataTieringEnabled: r6gd nodes need it, and no others can have it"
    if request.text("engine") == "valkey" and "engineVersion" not in inputs:
        yield "engineVersion: is required for valkey"
    yield from _refuse_snapshots(request)


def _refuse_snapshots(request: Request) -> Iterable[str]:
    if _number(request.inputs, "snapshotRetentionLimit") > SNAPSHOT_DAYS:
        yield f"snapshotRetentionLimit: at most {SNAPSHOT_DAYS} days"


def _serverless_host(request: Request) -> str:
    """Return e.g. `cache-1a2b3c4-x1y2z3.serverless.euw1.cache.amazonaws.com`."""
    name = f"{request.id}-{request.token(6, 'account')}"
    return f"{name}.serverless.{_short_region(request)}.cache.amazonaws.com"


def _serverless_outputs(request: Request) -> Json:
    address = _serverless_host(request)
    major = request.text("majorEngineVersion", "8")
    return {
        "arn": request.arn("elasticache", f"serverlesscache:{request.id}"),
        "endpoints": [{"address": address, "port": 6379}],
        "readerEndpoints": [{"address": address, "port": READER_PORT}],
        "fullEngineVersion": f"{major}.0",
        "status": "available",
        "createTime": "2026-01-01T00:00:00Z",
    }


def _refuse_serverless(request: Request) -> Iterable[str]:
    yield from _bad_id(request, "name")
    yield from _refuse_snapshots(request)


def _refuse_user(request: Request) -> Iterable[str]:
    yield from _bad_id(request, "userId")
    mode = request.part("authenticationMode")
    passwords = mode.get("passwords", request.inputs.get("passwords"))
    if isinstance(passwords, list):
        found = cast("list[object]", passwords)
        if len(found) > 2:
            yield "authenticationMode.passwords: at most two"
        if any(isinstance(p, str) and len(p) not in PASSWORD_LENGTHS for p in found):
            yield "authenticationMode.passwords: 16 to 128 characters are needed"
    id_, name = request.inputs.get("userId"), request.inputs.get("userName")
    if mode.get("type") == "iam" and id_ and name and id_ != name:
        yield "userName: User Id and User name must be same for authentication type: iam"
    if request.text("engine") == "valkey" and mode.get("type") == "no-password-required":
        yield "authenticationMode.type: Valkey users need a password or IAM"


def _cluster_nodes(request: Request) -> list[Json]:
    zones = ("a", "b", "c")
    cross = request.text("azMode") == "cross-az"
    return [
        {
            "id": f"{index + 1:04}",
            "address": _host(request, suffix=f"{index + 1:04}"),
            "port": _number(request.inputs, "port", 11211),
            "availabilityZone": f"{request.region}{zones[index % 3 if cross else 0]}",
        }
        for index in range(_number(request.inputs, "numCacheNodes", 1))
    ]


def _cluster_outputs(request: Request) -> Json:
    address = _host(request, suffix="cfg")
    return {
        "arn": request.arn("elasticache", f"cluster:{request.id}"),
        "clusterAddress": address,
        "configurationEndpoint": f"{address}:{_number(request.inputs, 'port', 11211)}",
        "engineVersionActual": request.text("engineVersion", "1.6.22"),
        "cacheNodes": _cluster_nodes(request),
    }


def _refuse_cluster(request: Request) -> Iterable[str]:
    yield from _bad_id(request, "clusterId", CLUSTER_ID_LIMIT)
    inputs = request.inputs
    if inputs.get("azMode") == "cross-az" and _number(inputs, "numCacheNodes", 1) < 2:
        yield "azMode: cross-az needs two or more nodes"
    version = inputs.get("engineVersion")
    memcached = inputs.get("engine") == "memcached"
    if memcached and isinstance(version, str) and not re.fullmatch(r"\d+(\.\d+){2}", version):
        yield f"engineVersion: {version!r} is not major.minor.patch"


MODELS = {
    "aws:elasticache/replicationGroup:ReplicationGroup": Model(
        identity=lambda r: r.text("replicationGroupId").lower(),
        outputs=lambda r: {
            **_group_state(r),
            "arn": r.arn("elasticache", f"replicationgroup:{r.id}"),
        },
        updates=_group_state,
        replaces=PLACEMENT
        | {
            *("atRestEncryptionEnabled", "dataTieringEnabled", "globalReplicationGroupId"),
            *("kmsKeyId", "nodeGroupConfigurations", "replicationGroupId", "securityGroupNames"),
            *("snapshotArns", "snapshotName"),
        },
        autoname=AutoName("replicationGroupId", ID_LIMIT),
        seconds=Seconds(420, 600, 180, GROUP_TIME),
        refuses=_refuse_group,
        api=ApiCall("elasticache", "CreateReplicationGroup"),
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": Model(
        outputs=_serverless_outputs,
        replaces=frozenset({"kmsKeyId", "name", "networkType", "snapshotArnsToRestores"})
        | {"subnetIds"},
        autoname=AutoName(limit=ID_LIMIT),
        seconds=Seconds(180, 120, 240, SERVERLESS_TIME),
        refuses=_refuse_serverless,
        api=ApiCall("elasticache", "CreateServerlessCache"),
    ),
    "aws:elasticache/user:User": Model(
        identity=lambda r: r.text("userId").lower(),
        outputs=lambda r: {"arn": r.arn("elasticache", f"user:{r.id}")},
        replaces=frozenset({"userId", "userName"}),
        seconds=Seconds(30, 30, 30, USER_TIME),
        refuses=_refuse_user,
        api=ApiCall("elasticache", "CreateUser"),
    ),
    "aws:elasticache/userGroup:UserGroup": Model(
        identity=lambda r: r.text("userGroupId").lower(),
        outputs=lambda r: {"arn": r.arn("elasticache", f"usergroup:{r.id}")},
        replaces=frozenset({"userGroupId"}),
        seconds=Seconds(40, 40, 40, USER_GROUP_TIME),
        refuses=lambda r: _bad_id(r, "userGroupId"),
        api=ApiCall("elasticache", "CreateUserGroup"),
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": Model(
        outputs=lambda r: {"arn": r.arn("elasticache", f"parametergroup:{r.id}")},
        replaces=frozenset({"description", "family", "name"}),
        autoname=NAMED,
        refuses=lambda r: _bad_id(r, "name", NAMED.limit),
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": Model(
        outputs=lambda r: {
            "arn": r.arn("elasticache", f"subnetgroup:{r.id}"),
            "vpcId": r.hex("vpc-"),
        },
        replaces=frozenset({"name"}),
        autoname=NAMED,
        refuses=lambda r: _bad_id(r, "name", NAMED.limit),
    ),
    "aws:elasticache/cluster:Cluster": Model(
        identity=lambda r: r.text("clusterId").lower(),
        outputs=_cluster_outputs,
        updates=lambda r, _: _cluster_outputs(r),
        replaces=PLACEMENT
        | {
            *("availabilityZone", "clusterId", "engine", "nodeType", "outpostMode"),
            *("preferredOutpostArn", "replicationGroupId", "snapshotArns", "snapshotName"),
            "transitEncryptionEnabled",
        },
        autoname=AutoName("clusterId", CLUSTER_ID_LIMIT),
        seconds=Seconds(300, 300, 120, GROUP_TIME),
        refuses=_refuse_cluster,
        api=ApiCall("elasticache", "CreateCacheCluster", (("clusterId", "cacheClusterId"),)),
    ),
}
"""What replaces: what the provider marks as such (its `ForceNew`), which is what the API's Modify
calls don't take. Of a cluster, `nodeType` replaces Memcached only, which is all that we make by it.
Not said here: an older `engineVersion`, and `engine` from Valkey back to Redis, replace too."""
