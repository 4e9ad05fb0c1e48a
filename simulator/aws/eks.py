"""Amazon Elastic Kubernetes Service."""

import base64
import re
from collections.abc import Iterable
from typing import cast

from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request, Seconds

CLUSTER_TIME = "8 to 12 minutes in AWS's own workshops (https://www.eksworkshop.com, 2026-11)"
NODES_TIME = "2 to 3 minutes from launch to Ready, likewise"
ADDON_TIME = "20 to 60 seconds until healthy, likewise"

CLUSTER_NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
"""https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html (2026-11)"""


def _certificate(request: Request) -> str:
    body = request.token(64, "ca").encode()
    text = (
        b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(body) + b"\n-----END CERTIFICATE-----\n"
    )
    return base64.b64encode(text).decode()


def _cluster_outputs(request: Request) -> Json:
    number = request.hex("", 32).upper()
    endpoint = f"{number}.gr7.{request.region}.eks.amazonaws.com"
    vpc_config = {
        **request.part("vpcConfig"),
        "clusterSecurityGroupId": request.hex("sg-", salt="cluster"),
        "vpcId": request.hex("vpc-", salt="vpc"),
    }
    return {
        "arn": request.arn("eks", f"cluster/{request.id}"),
        "endpoint": f"https://{endpoint}",
        "certificateAuthority": {"data": _certificate(request)},
        "identities": [
            {"oidcs": [{"issuer": f"https://oidc.eks.{request.region}.amazonaws.com/id/{number}"}]}
        ],
        "platformVersion": "eks.1",
        "status": "ACTIVE",
        "createdAt": "2026-01-01T00:00:00Z",
        "vpcConfig": vpc_config,
    }


def _refuse_cluster(request: Request) -> Iterable[str]:
    name = request.inputs.get("name")
    if isinstance(name, str) and not CLUSTER_NAME.fullmatch(name):
        yield f"name: {name!r} is not valid: letters, digits, '-' and '_', at most 100"
    vpc = request.part("vpcConfig")
    if vpc.get("endpointPublicAccess") is False and vpc.get("endpointPrivateAccess") is not True:
        yield "vpcConfig: private or public endpoint access must be on"
    subnets = vpc.get("subnetIds")
    if isinstance(subnets, list) and subnets and len(cast("list[str]", subnets)) < 2:
        yield "vpcConfig.subnetIds: subnets in two or more zones are needed"


def _refuse_nodes(request: Request) -> Iterable[str]:
    scaling = request.part("scalingConfig")
    sizes = [scaling.get(key) for key in ("minSize", "desiredSize", "maxSize")]
    numbers = [size for size in sizes if isinstance(size, int | float)]
    if len(numbers) == 3 and numbers != sorted(numbers):
        yield "scalingConfig: minSize <= desiredSize <= maxSize is needed"


def _in_cluster(request: Request, rest: str) -> str:
    return f"{request.text('clusterName')}:{rest}"


def _node_group_outputs(request: Request) -> Json:
    cluster, name = request.text("clusterName"), request.text("nodeGroupName")
    return {
        "arn": request.arn("eks", f"nodegroup/{cluster}/{name}/{request.uuid()}"),
        "status": "ACTIVE",
        "resources": [{"autoscalingGroups": [{"name": f"eks-{name}-{request.uuid()}"}]}],
    }


MODELS = {
    "aws:eks/cluster:Cluster": Model(
        outputs=_cluster_outputs,
        replaces=frozenset(
            {
                "name",
                "roleArn",
                "encryptionConfig",
                "kubernetesNetworkConfig.ipFamily",
                "kubernetesNetworkConfig.serviceIpv4Cidr",
                "outpostConfig",
                "accessConfig.bootstrapClusterCreatorAdminPermissions",
                "bootstrapSelfManagedAddons",
            }
        ),
        autoname=AutoName(limit=100),
        seconds=Seconds(570, 480, 180, CLUSTER_TIME),
        api=ApiCall("eks", "CreateCluster"),
        refuses=_refuse_cluster,
        guards_deletion="deletionProtection",
    ),
    "aws:eks/nodeGroup:NodeGroup": Model(
        identity=lambda r: _in_cluster(r, r.text("nodeGroupName")),
        outputs=_node_group_outputs,
        replaces=frozenset(
            {
                "amiType",
                "capacityType",
                "clusterName",
                "diskSize",
                "instanceTypes",
                "launchTemplate.id",
                "launchTemplate.name",
                "nodeGroupName",
                "nodeRoleArn",
                "remoteAccess",
                "subnetIds",
            }
        ),
        autoname=AutoName("nodeGroupName", 63),
        seconds=Seconds(140, 420, 240, NODES_TIME),
        refuses=_refuse_nodes,
    ),
    "aws:eks/addon:Addon": Model(
        identity=lambda r: _in_cluster(r, r.text("addonName")),
        outputs=lambda r: {
            "arn": r.arn("eks", f"addon/{r.text('clusterName')}/{r.text('addonName')}/{r.uuid()}")
        },
        replaces=frozenset({"addonName", "clusterName"}),
        seconds=Seconds(40, 40, 10, ADDON_TIME),
    ),
    "aws:eks/accessEntry:AccessEntry": Model(
        identity=lambda r: _in_cluster(r, r.text("principalArn")),
        outputs=lambda r: {
            "accessEntryArn": r.arn("eks", f"access-entry/{r.text('clusterName')}/{r.uuid()}"),
            "userName": r.text("userName") or r.text("principalArn"),
        },
        replaces=frozenset({"clusterName", "principalArn", "type"}),
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Model(
        identity=lambda r: (
            f"{r.text('clusterName')}#{r.text('principalArn')}#{r.text('policyArn')}"
        ),
        replaces=frozenset({"accessScope", "clusterName", "policyArn", "principalArn"}),
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Model(
        identity=lambda r: r.token(17, "association"),
        outputs=lambda r: {
            "associationId": "a-" + r.id,
            "associationArn": r.arn(
                "eks", f"podidentityassociation/{r.text('clusterName')}/a-{r.id}"
            ),
        },
        replaces=frozenset({"clusterName", "namespace", "serviceAccount"}),
    ),
}
"""What replaces: what the API's UpdateClusterConfig, UpdateNodegroupConfig, UpdateNodegroupVersion,
UpdateAddon, UpdateAccessEntry and UpdatePodIdentityAssociation don't take (2026-11)."""
