"""Models of IAM, SQS, EventBridge and EKS: shapes of ids and ARNs, what replaces, what is refused.

Shapes are those of the AWS provider's own `id` and of the services' ARNs (2026-11).
"""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Protocol, cast

import botocore.loaders
import botocore.model
import pytest

from simulator.cloud.core import Cloud, CloudError
from simulator.cloud.registry import model_of

Inputs = dict[str, object]

TRUST = '{"Statement": [], "Version": "2012-10-17"}'
ACCOUNT = "123456789012"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/r"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
ACCESS: Inputs = {
    "authenticationMode": "API_AND_CONFIG_MAP",
    "bootstrapClusterCreatorAdminPermissions": False,
}
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

ROLE, ROLE_POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
POLICY, ATTACHMENT = "aws:iam/policy:Policy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
OIDC = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
QUEUE, QUEUE_POLICY = "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"
RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
CLUSTER, NODES = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
ADDON, ENTRY = "aws:eks/addon:Addon", "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
FARGATE = "aws:eks/fargateProfile:FargateProfile"

QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/q"

GOOD: Mapping[str, Inputs] = {
    ROLE: {"name": "r", "assumeRolePolicy": TRUST},
    ROLE_POLICY: {"name": "p", "role": "r", "policy": TRUST},
    POLICY: {"name": "p", "policy": TRUST, "description": "What it is for"},
    ATTACHMENT: {"role": "r", "policyArn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"},
    PROFILE: {"name": "i", "role": "r"},
    OIDC: {"url": "https://token.example.com/id/1", "clientIdLists": ["sts.amazonaws.com"]},
    QUEUE: {"name": "q", "sqsManagedSseEnabled": True, "messageRetentionSeconds": 300},
    QUEUE_POLICY: {"queueUrl": QUEUE_URL, "policy": TRUST},
    RULE: {"name": "e", "eventPattern": '{"source": ["aws.ec2"]}', "description": "For the queue"},
    TARGET: {"rule": "e", "targetId": "t", "arn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"},
    CLUSTER: {
        "name": "c",
        "roleArn": ROLE_ARN,
        "version": "1.35",
        "accessConfig": ACCESS,
        "enabledClusterLogTypes": ["api", "audit"],
        "vpcConfig": {
            "subnetIds": ["a", "b"],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
        },
    },
    NODES: {
        "nodeGroupName": "n",
        "clusterName": "c",
        "nodeRoleArn": ROLE_ARN,
        "subnetIds": ["a"],
        "amiType": "BOTTLEROCKET_ARM_64",
        "capacityType": "ON_DEMAND",
        "launchTemplate": {"id": "lt-0123456789abcdef0", "version": "1"},
        "scalingConfig": {"minSize": 1, "desiredSize": 2, "maxSize": 3},
        "taints": [{"key": "CriticalAddonsOnly", "value": "true", "effect": "NO_SCHEDULE"}],
    },
    ADDON: {
        "clusterName": "c",
        "addonName": "coredns",
        "resolveConflictsOnCreate": "OVERWRITE",
        "resolveConflictsOnUpdate": "PRESERVE",
    },
    ENTRY: {"clusterName": "c", "principalArn": ROLE_ARN, "type": "EC2_LINUX"},
    ASSOCIATION: {
        "clusterName": "c",
        "principalArn": ROLE_ARN,
        "policyArn": ADMIN,
        "accessScope": {"type": "namespace", "namespaces": ["apps"]},
    },
    IDENTITY: {
        "clusterName": "c",
        "namespace": "kube-system",
        "serviceAccount": "karpenter",
        "roleArn": ROLE_ARN,
    },
    FARGATE: {
        "clusterName": "c",
        "fargateProfileName": "f",
        "podExecutionRoleArn": ROLE_ARN,
        "selectors": [{"namespace": "batch"}],
        "subnetIds": ["a"],
    },
}
"""Sane inputs of each type."""


def create(type_: str, changes: Inputs | None = None) -> tuple[str, Inputs]:
    return Cloud().create(type_, f"urn:{type_}", "logical", {**GOOD[type_], **(changes or {})})


def refused(type_: str, changes: Inputs) -> list[str]:
    _, problems = Cloud().check(type_, "logical", {**GOOD[type_], **changes})
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("type_", GOOD)
def test_sane_inputs_are_accepted(type_: str):
    assert refused(type_, {}) == []


@pytest.mark.parametrize(
    ("type_", "id_"),
    [
        (ROLE, "r"),
        (ROLE_POLICY, "r:p"),
        (POLICY, f"arn:aws:iam::{ACCOUNT}:policy/p"),
        (ATTACHMENT, "r/arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
        (PROFILE, "i"),
        (OIDC, f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.com/id/1"),
        (QUEUE, QUEUE_URL),
        (QUEUE_POLICY, QUEUE_URL),
        (RULE, "e"),
        (TARGET, "e-t"),
        (CLUSTER, "c"),
        (NODES, "c:n"),
        (ADDON, "c:coredns"),
        (ENTRY, f"c:{ROLE_ARN}"),
        (ASSOCIATION, f"c#{ROLE_ARN}#{ADMIN}"),
        (FARGATE, "c:f"),
    ],
)
def test_ids_are_those_of_the_real_provider(type_: str, id_: str):
    assert create(type_)[0] == id_


def test_a_pod_identity_association_has_the_id_that_eks_gives_it():
    id_, outputs = create(IDENTITY)
    assert re.fullmatch(r"a-[a-z0-9]{17}", id_)
    assert outputs["associationId"] == id_
    assert outputs["associationArn"] == (
        f"arn:aws:eks:eu-west-1:{ACCOUNT}:podidentityassociation/c/{id_}"
    )


@pytest.mark.parametrize(
    ("type_", "output", "arn"),
    [
        (ROLE, "arn", f"arn:aws:iam::{ACCOUNT}:role/r"),
        (PROFILE, "arn", f"arn:aws:iam::{ACCOUNT}:instance-profile/i"),
        (QUEUE, "arn", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"),
        (RULE, "arn", f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/e"),
        (CLUSTER, "arn", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/c"),
        (NODES, "arn", f"arn:aws:eks:eu-west-1:{ACCOUNT}:nodegroup/c/n/{UUID}"),
        (ADDON, "arn", f"arn:aws:eks:eu-west-1:{ACCOUNT}:addon/c/coredns/{UUID}"),
        (ENTRY, "accessEntryArn", f"arn:aws:eks:eu-west-1:{ACCOUNT}:access-entry/c/{UUID}"),
        (FARGATE, "arn", f"arn:aws:eks:eu-west-1:{ACCOUNT}:fargateprofile/c/f/{UUID}"),
    ],
)
def test_arns_are_of_the_real_shape(type_: str, output: str, arn: str):
    assert re.fullmatch(arn, str(create(type_)[1][output]))


def test_a_path_is_a_part_of_the_arn():
    assert create(ROLE, {"path": "/ci/"})[1]["arn"] == f"arn:aws:iam::{ACCOUNT}:role/ci/r"
    assert create(POLICY, {"path": "/ci/"})[0] == f"arn:aws:iam::{ACCOUNT}:policy/ci/p"


def test_a_rule_of_another_bus_is_named_with_it():
    id_, outputs = create(RULE, {"eventBusName": "orders"})
    assert id_ == "orders/e"
    assert outputs["arn"] == f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/orders/e"
    assert create(RULE, {"eventBusName": "default"})[0] == "e"
    assert create(TARGET, {"eventBusName": "orders"})[0] == "orders-e-t"


def test_a_target_without_an_id_gets_one():
    id_, outputs = create(TARGET, {"targetId": None})
    assert re.fullmatch(r"terraform-\d{26}", str(outputs["targetId"]))
    assert id_ == f"e-{outputs['targetId']}"


def test_unique_ids_of_iam_say_what_they_are():
    assert re.fullmatch(r"AROA[A-Z2-7]{17}", str(create(ROLE)[1]["uniqueId"]))
    assert re.fullmatch(r"AIPA[A-Z2-7]{17}", str(create(PROFILE)[1]["uniqueId"]))
    assert re.fullmatch(r"ANPA[A-Z2-7]{17}", str(create(POLICY)[1]["policyId"]))


def test_a_queue_in_another_region_is_there():
    id_, outputs = create(QUEUE, {"region": "us-east-1"})
    assert id_ == outputs["url"] == f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q"
    assert outputs["arn"] == f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"


def test_a_cluster_has_what_clients_need():
    outputs = create(CLUSTER)[1]
    endpoint = re.fullmatch(
        r"https://([0-9A-F]{32})\.gr7\.eu-west-1\.eks\.amazonaws\.com", str(outputs["endpoint"])
    )
    assert endpoint
    assert outputs["identities"] == [
        {"oidcs": [{"issuer": f"https://oidc.eks.eu-west-1.amazonaws.com/id/{endpoint[1]}"}]}
    ]
    authority = cast("Mapping[str, str]", outputs["certificateAuthority"])["data"]
    assert base64.b64decode(authority).startswith(b"-----BEGIN CERTIFICATE-----\n")
    assert outputs["status"] == "ACTIVE"
    vpc = cast("Mapping[str, object]", outputs["vpcConfig"])
    assert vpc["subnetIds"] == ["a", "b"]
    assert re.fullmatch(r"sg-[0-9a-f]{17}", str(vpc["clusterSecurityGroupId"]))
    assert re.fullmatch(r"vpc-[0-9a-f]{17}", str(vpc["vpcId"]))


@pytest.mark.parametrize(
    ("type_", "limit"), [(ROLE, 64), (ROLE_POLICY, 128), (QUEUE, 80), (RULE, 64), (CLUSTER, 100)]
)
def test_an_invented_name_is_as_long_as_the_service_takes(type_: str, limit: int):
    rest = {key: value for key, value in GOOD[type_].items() if key != "name"}
    longest = "n" * (limit - 8)
    checked, problems = Cloud().check(type_, longest, dict(rest))
    assert problems == []
    assert len(str(checked["name"])) == limit
    _, problems = Cloud().check(type_, longest + "n", dict(rest))
    assert [p.reason for p in problems] == [
        f"'{longest}n' is too long to name it; at most {limit - 8} allowed"
    ]


@pytest.mark.parametrize(
    ("type_", "path", "new"),
    [
        (ROLE, "name", "s"),
        (ROLE, "path", "/ci/"),
        (ROLE_POLICY, "role", "s"),
        (POLICY, "description", "new"),
        (ATTACHMENT, "policyArn", "arn:aws:iam::aws:policy/Other"),
        (OIDC, "url", "https://other.example.com"),
        (QUEUE, "fifoQueue", True),
        (QUEUE_POLICY, "queueUrl", QUEUE_URL + "2"),
        (RULE, "eventBusName", "orders"),
        (TARGET, "targetId", "u"),
        (CLUSTER, "name", "d"),
        (CLUSTER, "roleArn", ROLE_ARN + "2"),
        (CLUSTER, "bootstrapSelfManagedAddons", False),
        (CLUSTER, "accessConfig", {**ACCESS, "bootstrapClusterCreatorAdminPermissions": True}),
        (NODES, "amiType", "AL2023_ARM_64_STANDARD"),
        (NODES, "instanceTypes", ["m8g.large"]),
        (NODES, "subnetIds", ["a", "b"]),
        (ADDON, "addonName", "kube-proxy"),
        (ENTRY, "type", "STANDARD"),
        (ENTRY, "principalArn", ROLE_ARN + "2"),
        (ASSOCIATION, "accessScope", {"type": "cluster"}),
        (IDENTITY, "serviceAccount", "other"),
        (FARGATE, "podExecutionRoleArn", ROLE_ARN + "2"),
    ],
)
def test_what_the_cloud_can_not_change_replaces(type_: str, path: str, new: object):
    found = Cloud().compare(type_, GOOD[type_], {**GOOD[type_], path: new})
    assert {replaced.split(".")[0].split("[")[0] for replaced in found.replaces} == {path}


@pytest.mark.parametrize(
    ("type_", "path", "new"),
    [
        (ROLE, "assumeRolePolicy", TRUST.replace("[]", "[{}]")),
        (ROLE, "description", "new"),
        (ROLE_POLICY, "policy", TRUST.replace("[]", "[{}]")),
        (PROFILE, "role", "s"),
        (OIDC, "clientIdLists", ["other"]),
        (QUEUE, "messageRetentionSeconds", 600),
        (RULE, "eventPattern", '{"source": ["aws.health"]}'),
        (TARGET, "arn", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:p"),
        (CLUSTER, "version", "1.36"),
        (CLUSTER, "deletionProtection", True),
        (CLUSTER, "vpcConfig", {"subnetIds": ["a", "b", "c"]}),
        (CLUSTER, "accessConfig", {**ACCESS, "authenticationMode": "API"}),
        (CLUSTER, "enabledClusterLogTypes", ["api"]),
        (NODES, "version", "1.36"),
        (NODES, "launchTemplate", {"id": "lt-0123456789abcdef0", "version": "2"}),
        (NODES, "scalingConfig", {"minSize": 2, "desiredSize": 2, "maxSize": 4}),
        (NODES, "taints", []),
        (ADDON, "configurationValues", "{}"),
        (ENTRY, "kubernetesGroups", ["team"]),
        (IDENTITY, "roleArn", ROLE_ARN + "2"),
    ],
)
def test_what_the_cloud_can_change_does_not_replace(type_: str, path: str, new: object):
    found = Cloud().compare(type_, GOOD[type_], {**GOOD[type_], path: new})
    assert found.differences
    assert found.replaces == []


class _Members(Protocol):
    members: Mapping[str, object]


def members(*operations: str) -> Iterator[str]:
    service = botocore.model.ServiceModel(
        cast(
            "Mapping[str, object]", botocore.loaders.Loader().load_service_model("eks", "service-2")
        )
    )
    for operation in operations:
        yield from cast("_Members", service.operation_model(operation).input_shape).members


RENAMED = {"nodeRole": "nodeRoleArn", "subnets": "subnetIds"}
BY_OTHER_CALLS = {"clientRequestToken", "tags"}


@pytest.mark.parametrize(
    ("type_", "creates", "updates"),
    [
        (
            CLUSTER,
            "CreateCluster",
            ("UpdateClusterConfig", "UpdateClusterVersion", "AssociateEncryptionConfig"),
        ),
        (NODES, "CreateNodegroup", ("UpdateNodegroupConfig", "UpdateNodegroupVersion")),
        (ADDON, "CreateAddon", ("UpdateAddon",)),
        (ENTRY, "CreateAccessEntry", ("UpdateAccessEntry",)),
        (IDENTITY, "CreatePodIdentityAssociation", ("UpdatePodIdentityAssociation",)),
        (FARGATE, "CreateFargateProfile", ()),
    ],
)
def test_what_no_update_call_of_eks_takes_replaces(
    type_: str, creates: str, updates: tuple[str, ...]
):
    fixed = set(members(creates)) - set(members(*updates)) - BY_OTHER_CALLS
    assert fixed
    assert {RENAMED.get(name, name) for name in fixed} <= model_of(type_).replaces


def test_a_protected_cluster_is_not_deleted():
    cloud = Cloud()
    inputs = {**GOOD[CLUSTER], "deletionProtection": True}
    id_, state = cloud.create(CLUSTER, "urn:c", "c", inputs)
    with pytest.raises(CloudError, match="'c' has deletionProtection on; turn it off"):
        cloud.delete(CLUSTER, id_, state)
    assert [record.id for record in cloud.inventory.alive()] == ["c"]
    cloud.delete(CLUSTER, id_, {**state, "deletionProtection": False})
    assert cloud.inventory.alive() == []


LONG = '{"Statement": [{"Resource": "%s"}], "Version": "2012-10-17"}'


@pytest.mark.parametrize(
    ("type_", "changes", "expected"),
    [
        (ROLE, {"name": "r" * 65}, "name: has 65 characters, at most 64 allowed"),
        (ROLE, {"description": "Kürbis—"}, "description: 'Kürbis—' does not match"),
        (ROLE, {"maxSessionDuration": 60}, "maxSessionDuration: is 60, at least 3600 allowed"),
        (
            ROLE,
            {"assumeRolePolicy": LONG % ("a" * 3000)},
            "assumeRolePolicy: LimitExceeded: has 3054 characters, at most 2048 allowed",
        ),
        (
            ROLE_POLICY,
            {"policy": LONG % ("a" * 10200)},
            "policy: LimitExceeded: has 10254 characters, at most 10240 allowed",
        ),
        (
            POLICY,
            {"policy": LONG % ("a" * 6100)},
            "policy: LimitExceeded: has 6154 characters, at most 6144 allowed",
        ),
        (POLICY, {"policy": "[]"}, "policy: MalformedPolicyDocument: has no Statement"),
        (
            ATTACHMENT,
            {"policyArn": ROLE_ARN},
            f"policyArn: {ROLE_ARN!r} is not the ARN of a policy",
        ),
        (PROFILE, {"name": "a b"}, "name: 'a b' does not match"),
        (OIDC, {"url": "http://a.example.com"}, "must start with https://"),
        (QUEUE, {"messageRetentionSeconds": 30}, "is 30, 60 to 1209600 allowed"),
        (QUEUE, {"name": "q.fifo"}, "name: only that of a FIFO queue may end in .fifo"),
        (QUEUE, {"kmsMasterKeyId": "alias/a"}, "can't be on with a kmsMasterKeyId"),
        (QUEUE_POLICY, {"policy": "{"}, "policy: MalformedPolicyDocument: is not JSON"),
        (RULE, {"name": "a b"}, "name: 'a b' does not match"),
        (RULE, {"state": "ON"}, "state: 'ON' is not one of ENABLED, DISABLED"),
        (RULE, {"eventPattern": "source"}, "eventPattern: InvalidEventPattern: is not JSON"),
        (RULE, {"eventPattern": "{}"}, "must be an object that is not empty"),
        (TARGET, {"targetId": "a b"}, "targetId: 'a b' is not valid"),
        (TARGET, {"input": "{}", "inputPath": "$"}, "only one of input, inputPath is allowed"),
        (CLUSTER, {"name": "-c"}, "name: '-c' does not match"),
        (
            CLUSTER,
            {"vpcConfig": {"subnetIds": ["a", "b"], "endpointPublicAccess": False}},
            "vpcConfig: private or public endpoint access must be on",
        ),
        (CLUSTER, {"vpcConfig": {"subnetIds": ["a"]}}, "subnets in two or more zones are needed"),
        (
            CLUSTER,
            {"enabledClusterLogTypes": ["audits"]},
            "enabledClusterLogTypes: 'audits' is not one of api, audit",
        ),
        (
            CLUSTER,
            {"accessConfig": {"authenticationMode": "IAM"}},
            "accessConfig.authenticationMode: 'IAM' is not one of API,",
        ),
        (NODES, {"amiType": "BOTTLEROCKET"}, "amiType: 'BOTTLEROCKET' is not one of"),
        (NODES, {"capacityType": "SPOTTY"}, "capacityType: 'SPOTTY' is not one of ON_DEMAND, SPOT"),
        (NODES, {"diskSize": 20}, "diskSize: belongs into the launch template"),
        (
            NODES,
            {"taints": [{"key": "k", "effect": "NoSchedule"}]},
            "taints[0].effect: 'NoSchedule' is not one of NO_SCHEDULE",
        ),
        (
            NODES,
            {"scalingConfig": {"minSize": 3, "desiredSize": 2, "maxSize": 3}},
            "scalingConfig: minSize <= desiredSize <= maxSize is needed",
        ),
        (ADDON, {"resolveConflictsOnCreate": "PRESERVE"}, "there is nothing to preserve yet"),
        (ENTRY, {"type": "LINUX"}, "type: 'LINUX' is not one of STANDARD"),
        (ENTRY, {"kubernetesGroups": ["team"]}, "kubernetesGroups: only entries of type STANDARD"),
        (
            ENTRY,
            {"principalArn": f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session"},
            "is not the ARN of an IAM role or user",
        ),
        (
            ASSOCIATION,
            {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
            "is not an access policy's",
        ),
        (
            ASSOCIATION,
            {"accessScope": {"type": "cluster", "namespaces": ["apps"]}},
            "accessScope.namespaces: only for the type 'namespace'",
        ),
        (ASSOCIATION, {"accessScope": {"type": "all"}}, "accessScope.type: 'all' is not one of"),
    ],
)
def test_what_the_services_refuse_is_refused(type_: str, changes: Inputs, expected: str):
    problems = refused(type_, changes)
    assert len(problems) == 1, problems
    assert expected in problems[0]


def test_white_space_does_not_count_against_the_length_of_a_policy():
    assert refused(ROLE_POLICY, {"policy": TRUST + " " * 11_000}) == []
