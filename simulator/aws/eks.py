"""Amazon Elastic Kubernetes Service."""

import base64
import re
from collections.abc import Iterable
from typing import cast

from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request, Seconds

CLUSTER_TIME = "8 to 12 minutes in AWS's own workshops (https://www.eksworkshop.com, 2026-11)"
NODES_TIME = "2 to 3 minutes from launch to Ready, likewise"
ADDON_TIME = "20 to 60 seconds until healthy, likewise"

FARGATE_TIME = "1 to 2 minutes in public apply logs of the AWS provider (2026-11)"

CREATED = "2026-01-01T00:00:00Z"

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""https://docs.aws.amazon.com/eks/latest/APIReference/API_LogSetup.html (2026-11)"""

ENTRY_TYPES = (
    *("STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS"),
    *("FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX"),
)
"""https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html (2026-11)"""

PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/.+")
ACCESS_POLICY = re.compile(r"arn:aws[a-z-]*:eks::aws:cluster-access-policy/\w+")


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
        "createdAt": CREATED,
        "vpcConfig": vpc_config,
    }


def _refuse_cluster(request: Request) -> Iterable[str]:
    vpc = request.part("vpcConfig")
    if vpc.get("endpointPublicAccess") is False and vpc.get("endpointPrivateAccess") is not True:
        yield "vpcConfig: private or public endpoint access must be on"
    subnets = vpc.get("subnetIds")
    if isinstance(subnets, list) and subnets and len(cast("list[str]", subnets)) < 2:
        yield "vpcConfig.subnetIds: subnets in two or more zones are needed"
    for kind in cast("Iterable[object]", request.inputs.get("enabledClusterLogTypes") or ()):
        if isinstance(kind, str) and kind not in LOG_TYPES:
            yield f"enabledClusterLogTypes: {kind!r} is not one of {', '.join(LOG_TYPES)}"


def _refuse_nodes(request: Request) -> Iterable[str]:
    scaling = request.part("scalingConfig")
    sizes = [scaling.get(key) for key in ("minSize", "desiredSize", "maxSize")]
    numbers = [size for size in sizes if isinstance(size, int | float)]
    if len(numbers) == 3 and numbers != sorted(numbers):
        yield "scalingConfig: minSize <= desiredSize <= maxSize is needed"
    if "launchTemplate" in request.inputs:
        for key in ("diskSize", "remoteAccess"):
            if key in request.inputs:
                yield f"{key}: belongs into the launch template when there is one"


def _refuse_addon(request: Request) -> Iterable[str]:
    if request.inputs.get("resolveConflictsOnCreate") == "PRESERVE":
        yield "resolveConflictsOnCreate: there is nothing to preserve yet; NONE or OVERWRITE"


def _refuse_entry(request: Request) -> Iterable[str]:
    kind = request.text("type", "STANDARD")
    if kind not in ENTRY_TYPES:
        yield f"type: {kind!r} is not one of {', '.join(ENTRY_TYPES)}"
    elif kind != "STANDARD":
        for key in ("kubernetesGroups", "userName"):
            if request.inputs.get(key):
                yield f"{key}: only entries of type STANDARD have their own, not {kind}"
    yield from _refuse_principal(request)


def _refuse_principal(request: Request) -> Iterable[str]:
    arn = request.inputs.get("principalArn")
    if isinstance(arn, str) and not PRINCIPAL.fullmatch(arn):
        yield f"principalArn: {arn!r} is not the ARN of an IAM role or user"


def _refuse_association(request: Request) -> Iterable[str]:
    yield from _refuse_principal(request)
    arn = request.inputs.get("policyArn")
    if isinstance(arn, str) and not ACCESS_POLICY.fullmatch(arn):
        yield f"policyArn: {arn!r} is not an access policy's: …:eks::aws:cluster-access-policy/…"
    scope = request.part("accessScope")
    if scope.get("type") == "cluster" and scope.get("namespaces"):
        yield "accessScope.namespaces: only for the type 'namespace'"


def _in_cluster(request: Request, rest: str) -> str:
    return f"{request.text('clusterName')}:{rest}"


def _pod_identity_outputs(request: Request) -> Json:
    arn = request.arn("eks", f"podidentityassociation/{request.text('clusterName')}/{request.id}")
    return {"associationId": request.id, "associationArn": arn}


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
        api=ApiCall("eks", "CreateCluster", (("vpcConfig", "resourcesVpcConfig"),)),
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
                "nodeGroupNamePrefix",
                "nodeRoleArn",
                "remoteAccess",
                "subnetIds",
            }
        ),
        autoname=AutoName("nodeGroupName", 63),
        seconds=Seconds(140, 420, 240, NODES_TIME),
        api=ApiCall(
            "eks", "CreateNodegroup", (("nodeRoleArn", "nodeRole"), ("subnetIds", "subnets"))
        ),
        refuses=_refuse_nodes,
    ),
    "aws:eks/addon:Addon": Model(
        identity=lambda r: _in_cluster(r, r.text("addonName")),
        outputs=lambda r: {
            "arn": r.arn("eks", f"addon/{r.text('clusterName')}/{r.text('addonName')}/{r.uuid()}"),
            "createdAt": CREATED,
            "modifiedAt": CREATED,
        },
        replaces=frozenset({"addonName", "clusterName", "namespaceConfig"}),
        seconds=Seconds(40, 40, 10, ADDON_TIME),
        api=ApiCall("eks", "CreateAddon", (("resolveConflictsOnCreate", "resolveConflicts"),)),
        refuses=_refuse_addon,
    ),
    "aws:eks/accessEntry:AccessEntry": Model(
        identity=lambda r: _in_cluster(r, r.text("principalArn")),
        outputs=lambda r: {
            "accessEntryArn": r.arn("eks", f"access-entry/{r.text('clusterName')}/{r.uuid()}"),
            "userName": r.text("userName") or r.text("principalArn"),
            "createdAt": CREATED,
            "modifiedAt": CREATED,
        },
        replaces=frozenset({"clusterName", "principalArn", "type"}),
        refuses=_refuse_entry,
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Model(
        identity=lambda r: (
            f"{r.text('clusterName')}#{r.text('principalArn')}#{r.text('policyArn')}"
        ),
        outputs=lambda _: {"associatedAt": CREATED, "modifiedAt": CREATED},
        replaces=frozenset({"accessScope", "clusterName", "policyArn", "principalArn"}),
        api=ApiCall("eks", "AssociateAccessPolicy"),
        refuses=_refuse_association,
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Model(
        identity=lambda r: "a-" + r.token(17, "association"),
        outputs=_pod_identity_outputs,
        replaces=frozenset({"clusterName", "namespace", "serviceAccount"}),
        api=ApiCall("eks", "CreatePodIdentityAssociation"),
    ),
    "aws:eks/fargateProfile:FargateProfile": Model(
        identity=lambda r: _in_cluster(r, r.text("fargateProfileName")),
        outputs=lambda r: {
            "arn": r.arn("eks", f"fargateprofile/{r.id.replace(':', '/')}/{r.uuid()}"),
            "status": "ACTIVE",
        },
        replaces=frozenset(
            {
                "clusterName",
                "fargateProfileName",
                "podExecutionRoleArn",
                "selectors",
                "subnetIds",
            }
        ),
        autoname=AutoName("fargateProfileName", 100),
        seconds=Seconds(90, 2, 120, FARGATE_TIME),
    ),
}
"""What replaces: all of a Fargate profile, and what the API's UpdateClusterConfig,
UpdateNodegroupConfig, UpdateNodegroupVersion, UpdateAddon, UpdateAccessEntry and
UpdatePodIdentityAssociation don't take (2026-11).

An encryption key can be added to a cluster in place, and not be changed or taken away: any change
replaces here, for the guard to stop it."""
