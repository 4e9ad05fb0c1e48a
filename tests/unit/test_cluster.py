"""What a cluster registers: every resource's inputs, and the order between them."""

import functools
import json
from collections.abc import Callable
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.cluster import Cluster, ClusterArgs, in_cluster, in_cluster_provider
from components.cluster.args import AccessLevel
from components.cluster.versions import ADDONS, DEFAULT_VERSION
from simulator.cloud.model import Json, Request
from simulator.cloud.registry import invokes
from tests.harness import Recorder, Registration, build

EKS = "aws:eks/cluster:Cluster"
NODES = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
ADDON = "aws:eks/addon:Addon"
ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY = "aws:kms/key:Key"
ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROVIDER = "pulumi:providers:kubernetes"
CALLER = "aws:index/getCallerIdentity:getCallerIdentity"

WIRING: ClusterArgs = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": ["subnet-0000000000000a001", "subnet-0000000000000a002"],
}
ACCESS: ClusterArgs = cast(
    "ClusterArgs",
    {
        "access": {
            "deployer": {"principal": "role/platform-deployer", "level": "admin"},
            "shop": {
                "principal": "arn:aws:iam::210987654321:role/shop",
                "level": "edit",
                "namespaces": ["shop"],
            },
        }
    },
)


def cluster(extra: object = None) -> Recorder[Cluster]:
    args = cast("ClusterArgs", {**WIRING, **cast("dict[str, object]", extra or {})})
    return build(lambda: Cluster("main", args))


@functools.cache
def default() -> Recorder[Cluster]:
    return cluster()


@functools.cache
def full() -> Recorder[Cluster]:
    """A cluster with everything, its provider, and something put into it."""

    def program() -> Cluster:
        made = Cluster(
            "main",
            {
                **WIRING,
                **ACCESS,
                "version": "1.35",
                "api_endpoint": {
                    "private_cidrs": ["10.0.0.0/16", "192.168.7.0/24"],
                    "public_cidrs": ["203.0.113.0/24"],
                },
                "log_retention_days": 90,
                "system_nodes": {
                    "instance_types": ["c7g.xlarge"],
                    "min_size": 2,
                    "max_size": 9,
                    "desired_size": 4,
                    "disk_gib": 80,
                    "max_unavailable": 2,
                },
                "protect": True,
                "tags": {"team": "core"},
            },
        )
        provider = in_cluster_provider("main", made)
        kubernetes.core.v1.Namespace("inmate", opts=in_cluster(made, provider))
        return made

    return build(program)


def part(resource: Registration, key: str) -> dict[str, object]:
    return cast("dict[str, object]", resource.inputs[key])


def addon(cloud: Recorder[Cluster], name: str) -> Registration:
    return cloud.one(ADDON, f"main-{name}")


# The whole


def test_default_cluster_has_exactly_these_resources() -> None:
    kinds = (EKS, NODES, TEMPLATE, ADDON, ENTRY, ASSOCIATION, GROUP, LOG_GROUP, KEY, ROLE)
    assert {kind: len(default().all(kind)) for kind in kinds} == {
        EKS: 1,
        NODES: 1,
        TEMPLATE: 1,
        ADDON: 5,
        ENTRY: 1,  # of Karpenter's nodes
        ASSOCIATION: 0,
        GROUP: 1,
        LOG_GROUP: 1,
        KEY: 2,
        ROLE: 6,
    }
    assert default().none(INGRESS)
    assert default().none(PROVIDER)


def test_every_resource_is_named_after_the_cluster_and_belongs_to_it() -> None:
    component = default().one("fastapi-platform:index:Cluster")
    assert component.inputs == WIRING
    for resource in default().resources:
        assert resource.name.startswith("main")
        assert resource is component or component in resource.ancestors


def test_every_taggable_resource_carries_the_tags_and_its_name() -> None:
    tagged = [r for r in full().resources if r.custom and "tags" in r.inputs]
    assert len(tagged) > 25
    for resource in tagged:
        assert part(resource, "tags") == {"team": "core", "Name": resource.name}


def test_what_cannot_be_had_again_is_protected_when_asked() -> None:
    """Field report 12: a replaced cluster takes everybody's workloads with it."""
    assert sorted(r.type for r in full().resources if r.protect) == sorted(
        [EKS, LOG_GROUP, KEY, KEY]
    )
    assert full().one(EKS).inputs["deletionProtection"] is True
    assert not [r.name for r in default().resources if r.protect]
    assert default().one(EKS).inputs["deletionProtection"] is False


# The control plane


def test_control_plane_is_as_it_should_be() -> None:
    eks = default().one(EKS)
    assert eks.inputs["version"] == DEFAULT_VERSION
    assert eks.inputs["upgradePolicy"] == {"supportType": "STANDARD"}
    assert eks.inputs["zonalShiftConfig"] == {"enabled": True}
    assert eks.inputs["bootstrapSelfManagedAddons"] is False
    assert eks.inputs["enabledClusterLogTypes"] == [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    ]


def test_creator_gets_no_admin_rights_and_a_late_change_of_that_replaces_nothing() -> None:
    """Field reports 1 and 3: always told, always false, and ignored ever after."""
    for cloud in (default(), full()):
        assert cloud.one(EKS).inputs["accessConfig"] == {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        }
        assert cloud.one(EKS).ignore_changes == (
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
        )


def test_secrets_are_encrypted_with_a_key_of_their_own() -> None:
    eks, key = default().one(EKS), default().one(KEY, "main-secrets")
    config = part(eks, "encryptionConfig")
    assert config["resources"] == ["secrets"]
    assert str(cast("Json", config["provider"])["keyArn"]).startswith("arn:aws:kms:eu-west-1:")
    assert key.urn in eks.property_dependencies["encryptionConfig"]
    assert key.inputs["enableKeyRotation"] is True
    statements = json.loads(str(key.inputs["policy"]))["Statement"]
    assert [statement["Sid"] for statement in statements] == ["Administer", "DelegateToIam"]


def test_log_group_is_there_before_the_cluster_that_would_make_it_otherwise() -> None:
    logs, eks = full().one(LOG_GROUP), full().one(EKS)
    assert logs.inputs["name"] == f"/aws/eks/{eks.inputs['name']}/cluster"
    assert logs.inputs["retentionInDays"] == 90
    assert str(logs.inputs["kmsKeyId"]).startswith("arn:aws:kms:eu-west-1:")
    assert full().one(KEY, "main-logs").urn in logs.property_dependencies["kmsKeyId"]
    assert logs.urn in eks.depends_on
    assert default().one(LOG_GROUP).inputs["retentionInDays"] == 365


def test_cluster_name_is_its_own_and_has_a_suffix_that_stays() -> None:
    suffix = default().one("random:index/randomString:RandomString")
    assert suffix.inputs == {"length": 6, "special": False, "upper": False}
    name = str(default().one(EKS).inputs["name"])
    assert name.startswith("main-")
    assert len(name) == len("main-") + 6


def test_endpoint_is_private_unless_networks_are_listed() -> None:
    private, public = part(default().one(EKS), "vpcConfig"), part(full().one(EKS), "vpcConfig")
    assert (private["endpointPrivateAccess"], private["endpointPublicAccess"]) == (True, False)
    assert "publicAccessCidrs" not in private
    assert (public["endpointPrivateAccess"], public["endpointPublicAccess"]) == (True, True)
    assert public["publicAccessCidrs"] == ["203.0.113.0/24"]
    for config in (private, public):
        assert config["subnetIds"] == WIRING["subnet_ids"]


def test_listed_networks_reach_the_private_endpoint_and_not_the_nodes() -> None:
    group = full().one(GROUP)
    assert group.inputs["vpcId"] == WIRING["vpc_id"]
    assert group.urn in full().one(EKS).property_dependencies["vpcConfig"]
    rules = full().all(INGRESS)
    assert [rule.name for rule in rules] == [
        "main-endpoint-10-0-0-0-16",
        "main-endpoint-192-168-7-0-24",
    ]
    for rule, cidr in zip(rules, ("10.0.0.0/16", "192.168.7.0/24"), strict=True):
        assert group.urn in rule.property_dependencies["securityGroupId"]
        assert rule.inputs["cidrIpv4"] == cidr
        assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == (
            "tcp",
            443,
            443,
        )


# Access


def test_each_principal_has_an_entry_and_its_policy() -> None:
    given = {
        entry.name: (
            entry.inputs["principalArn"],
            entry.inputs["type"],
            str(policy.inputs["policyArn"]),
            policy.inputs["accessScope"],
        )
        for entry in full().all(ENTRY)
        for policy in full().all(ASSOCIATION)
        if entry.name == policy.name
    }
    prefix = "arn:aws:eks::aws:cluster-access-policy"
    assert given == {
        "main-access-deployer": (
            "arn:aws:iam::123456789012:role/platform-deployer",
            "STANDARD",
            f"{prefix}/AmazonEKSClusterAdminPolicy",
            {"type": "cluster"},
        ),
        "main-access-shop": (
            "arn:aws:iam::210987654321:role/shop",
            "STANDARD",
            f"{prefix}/AmazonEKSEditPolicy",
            {"type": "namespace", "namespaces": ["shop"]},
        ),
    }


@pytest.mark.parametrize("level", AccessLevel)
def test_each_level_is_one_of_eks_own_policies(level: AccessLevel) -> None:
    entry = {"principal": "role/ci", "level": level.value}
    (policy,) = cluster({"access": {"ci": entry}}).all(ASSOCIATION)
    assert str(policy.inputs["policyArn"]).rpartition("/")[2] == {
        AccessLevel.ADMIN: "AmazonEKSClusterAdminPolicy",
        AccessLevel.EDIT: "AmazonEKSEditPolicy",
        AccessLevel.VIEW: "AmazonEKSViewPolicy",
        AccessLevel.ADMIN_VIEW: "AmazonEKSAdminViewPolicy",
    }.get(level)


def test_who_runs_the_program_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Field report 5: CI and a laptop must not take the access entry from each other."""
    table = cast("dict[str, Callable[[Request], Json]]", invokes())
    usual = table[CALLER]

    def other(request: Request) -> Json:
        arn = "arn:aws:iam::123456789012:user/jane"
        return {**usual(request), "arn": arn, "userId": "AIDASIMULATED"}

    first = {r.urn: r.inputs for r in cluster(ACCESS).resources}
    monkeypatch.setitem(table, CALLER, other)
    second = {r.urn: r.inputs for r in cluster(ACCESS).resources}
    assert len(first) > 40
    assert first == second


# Add-ons


def test_addons_are_those_pinned_for_the_version() -> None:
    for cloud, version in ((default(), "1.36"), (full(), "1.35")):
        assert {a.inputs["addonName"]: a.inputs["addonVersion"] for a in cloud.all(ADDON)} == {
            name.value: pinned for name, pinned in ADDONS[version].items()
        }
        for made in cloud.all(ADDON):
            assert made.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
            assert made.inputs["resolveConflictsOnUpdate"] == "PRESERVE"


def test_addons_are_in_order_around_the_nodes() -> None:
    nodes = default().one(NODES)
    for name in ("vpc-cni", "kube-proxy", "eks-pod-identity-agent"):
        assert addon(default(), name).urn in nodes.depends_on
    for name in ("coredns", "aws-ebs-csi-driver"):
        assert nodes.urn in addon(default(), name).depends_on


def test_addon_settings_are_sorted_and_say_what_they_should() -> None:
    settings = {
        str(a.inputs["addonName"]): str(a.inputs["configurationValues"])
        for a in default().all(ADDON)
        if "configurationValues" in a.inputs
    }
    tolerations = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
    assert {name: json.loads(text) for name, text in settings.items()} == {
        "vpc-cni": {
            "enableNetworkPolicy": "true",
            "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
        },
        "coredns": {
            "autoScaling": {"enabled": True, "maxReplicas": 10, "minReplicas": 2},
            "tolerations": tolerations,
        },
        "aws-ebs-csi-driver": {"controller": {"tolerations": tolerations}},
    }
    for text in settings.values():
        assert text == json.dumps(json.loads(text), sort_keys=True)


@pytest.mark.parametrize(
    ("name", "account", "policy"),
    [
        ("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
        (
            "aws-ebs-csi-driver",
            "ebs-csi-controller-sa",
            "service-role/AmazonEBSCSIDriverPolicy",
        ),
    ],
)
def test_addons_that_call_aws_have_an_identity_of_their_own(
    name: str, account: str, policy: str
) -> None:
    made = addon(default(), name)
    (identity,) = cast("list[dict[str, str]]", made.inputs["podIdentityAssociations"])
    attachment = default().one(ATTACHMENT, f"main-{name}-addon")
    role = default().one(ROLE, f"main-{name}")
    assert identity["serviceAccount"] == account
    assert identity["roleArn"].startswith(f"arn:aws:iam::123456789012:role/main-{name}-")
    assert attachment.inputs["policyArn"] == f"arn:aws:iam::aws:policy/{policy}"
    assert attachment.urn in made.depends_on
    (statement,) = json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"]
    assert statement["Principal"] == {"Service": ["pods.eks.amazonaws.com"]}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]


# Nodes


def test_system_nodes_are_graviton_tainted_and_repaired() -> None:
    nodes = default().one(NODES).inputs
    assert nodes["amiType"] == "BOTTLEROCKET_ARM_64"
    assert nodes["instanceTypes"] == ["m7g.large", "m6g.large"]
    assert nodes["capacityType"] == "ON_DEMAND"
    assert nodes["version"] == DEFAULT_VERSION
    assert nodes["scalingConfig"] == {"minSize": 3, "maxSize": 6, "desiredSize": 3}
    assert nodes["updateConfig"] == {"maxUnavailable": 1}
    assert nodes["nodeRepairConfig"] == {"enabled": True}
    assert nodes["labels"] == {"node-role.platform/system": "true"}
    assert nodes["taints"] == [
        {"key": "CriticalAddonsOnly", "value": "true", "effect": "NO_SCHEDULE"}
    ]


def test_sizes_are_those_asked_for_and_the_number_of_nodes_is_left_alone_later() -> None:
    nodes = full().one(NODES)
    assert nodes.inputs["instanceTypes"] == ["c7g.xlarge"]
    assert nodes.inputs["scalingConfig"] == {"minSize": 2, "maxSize": 9, "desiredSize": 4}
    assert nodes.inputs["updateConfig"] == {"maxUnavailable": 2}
    assert nodes.ignore_changes == ("scalingConfig.desiredSize",)


@pytest.mark.parametrize(
    ("system", "ami_type", "volumes"),
    [
        ("bottlerocket", "BOTTLEROCKET_ARM_64", {"/dev/xvda": 4, "/dev/xvdb": 60}),
        ("al2023", "AL2023_ARM_64_STANDARD", {"/dev/xvda": 60}),
    ],
)
def test_every_volume_of_the_image_is_encrypted(
    system: str, ami_type: str, volumes: dict[str, int]
) -> None:
    cloud = cluster({"system_nodes": {"os": system, "disk_gib": 60}})
    assert cloud.one(NODES).inputs["amiType"] == ami_type
    assert cloud.one(TEMPLATE).inputs["blockDeviceMappings"] == [
        {
            "deviceName": device,
            "ebs": {
                "volumeType": "gp3",
                "volumeSize": size,
                "encrypted": "true",
                "deleteOnTermination": "true",
            },
        }
        for device, size in volumes.items()
    ]


def test_pods_get_no_credentials_of_the_node() -> None:
    assert default().one(TEMPLATE).inputs["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
        "instanceMetadataTags": "disabled",
    }


def test_what_a_launch_makes_is_tagged() -> None:
    tags = {"team": "core", "Name": "main-system"}
    assert full().one(TEMPLATE).inputs["tagSpecifications"] == [
        {"resourceType": kind, "tags": tags} for kind in ("instance", "network-interface", "volume")
    ]


def test_nodes_take_the_version_of_the_template_that_was_made_last() -> None:
    nodes, template = default().one(NODES), default().one(TEMPLATE)
    assert template.inputs["updateDefaultVersion"] is True
    assert part(nodes, "launchTemplate")["version"] == "1"
    assert template.urn in nodes.property_dependencies["launchTemplate"]


def test_node_role_has_the_least_that_a_node_needs() -> None:
    attached = {
        a.name: a.inputs["policyArn"]
        for a in default().all(ATTACHMENT)
        if a.parent is default().one(ROLE, "main-node")
    }
    assert attached == {
        "main-node-worker": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy",
        "main-node-images": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    }
    for name in attached:
        assert default().one(ATTACHMENT, name).urn in default().one(NODES).depends_on


def test_nodes_are_gone_before_the_subnets_of_their_pods() -> None:
    """Field report 6: interfaces of the CNI hold the subnet that they are in."""

    def program() -> Cluster:
        pods = aws.ec2.Subnet("pods", vpc_id=WIRING["vpc_id"], cidr_block="100.64.0.0/24")
        return Cluster("main", {**WIRING, "pod_subnet_ids": [pods.id]})

    cloud = build(program)
    nodes = cloud.one(NODES)
    assert cloud.comes_after(nodes, cloud.named("pods"))
    assert nodes.inputs["subnetIds"] == WIRING["subnet_ids"]


# Outputs, and the way in


def test_outputs_are_those_of_the_resources() -> None:
    made, result = full(), full().result
    name = made.one(EKS).inputs["name"]
    assert made.output(result.cluster_name) == name
    assert made.output(result.arn) == f"arn:aws:eks:eu-west-1:123456789012:cluster/{name}"
    assert str(made.output(result.endpoint)).endswith(".gr7.eu-west-1.eks.amazonaws.com")
    assert str(made.output(result.certificate_authority)).startswith("LS0tLS1CRUdJTi")
    assert str(made.output(result.security_group_id)).startswith("sg-")
    assert made.output(result.version) == "1.35"
    node_role = made.output(result.node_role_name)
    assert str(node_role).startswith("main-node-")
    assert made.output(result.node_role_arn) == f"arn:aws:iam::123456789012:role/{node_role}"
    assert part(made.one(NODES), "tags")["Name"] == "main-system"
    assert made.one(NODES).inputs["nodeRoleArn"] == made.output(result.node_role_arn)
    assert str(made.output(result.karpenter_role_arn)).startswith("arn:aws:iam::123456789012:role/")
    assert str(made.output(result.karpenter_node_role_name)).startswith("main-karpenter-node")
    assert str(made.output(result.karpenter_queue_name)).startswith("main-interruptions-")


def test_kubeconfig_fetches_a_token_and_holds_none() -> None:
    text = str(full().output(full().result.kubeconfig))
    config = json.loads(text)
    name = full().one(EKS).inputs["name"]
    assert text == json.dumps(config, sort_keys=True)
    assert config["current-context"] == name
    assert config["clusters"][0]["cluster"] == {
        "server": full().output(full().result.endpoint),
        "certificate-authority-data": full().output(full().result.certificate_authority),
    }
    assert config["users"] == [
        {
            "name": name,
            "user": {
                "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1beta1",
                    "command": "aws",
                    "args": [
                        *("eks", "get-token", "--cluster-name", name),
                        *("--region", "eu-west-1", "--output", "json"),
                    ],
                    "interactiveMode": "Never",
                }
            },
        }
    ]


def test_provider_is_known_by_the_cluster_not_by_its_kubeconfig() -> None:
    """Field report 11: another proxy in the kubeconfig must not replace every workload."""
    provider = full().one(PROVIDER)
    assert provider.inputs["clusterIdentifier"] == full().output(full().result.arn)
    assert provider.inputs["kubeconfig"] == full().output(full().result.kubeconfig)
    assert provider.inputs["enableServerSideApply"] == "true"
    assert "deleteUnreachable" not in provider.inputs


@pytest.mark.parametrize("kind", [ENTRY, ASSOCIATION, INGRESS, ADDON, NODES])
def test_what_is_in_the_cluster_goes_before_the_ways_into_it(kind: str) -> None:
    """Field reports 4 and 8: the entry deleted first leaves the rest behind, Unauthorized; nodes
    or Karpenter's queue deleted first leave finalizers that nobody serves."""
    cloud = full()
    provider = cloud.one(PROVIDER)
    assert cloud.all(kind)
    for resource in cloud.all(kind):
        assert cloud.comes_after(provider, resource)
    assert cloud.named("inmate").provider.startswith(provider.urn)


@pytest.mark.parametrize(
    "kind",
    [
        "aws:sqs/queue:Queue",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/rolePolicy:RolePolicy",
    ],
)
def test_karpenter_in_the_cluster_goes_before_its_half_in_aws(kind: str) -> None:
    """Field report 8: nodes survive when their controller can't act any more."""
    provider = full().one(PROVIDER)
    assert full().all(kind)
    for resource in full().all(kind):
        assert full().comes_after(provider, resource)


def test_what_is_in_the_cluster_is_deleted_with_it() -> None:
    """Field report 10: a cluster that is gone must not hold up the destroy."""
    inmate = full().named("inmate")
    assert inmate.deleted_with == full().one(EKS).urn
    assert inmate.parent is None


def test_bad_input_stops_before_anything_is_registered() -> None:
    def program() -> list[str]:
        try:
            Cluster("main", {**WIRING, "version": "1.31"})
        except pulumi.RunError as error:
            return [str(error)]
        return []

    cloud = build(program)
    (message,) = cloud.result
    assert message.startswith(
        "Cluster 'main': 1 problem\n"
        "  version: Kubernetes 1.31 left standard support on 2025-11-26; supported: "
    )
    assert cloud.resources == []
