"""What Karpenter's controller may do in AWS: only to what carries its cluster's tags.

The actions and conditions are those that Karpenter documents for v1,
https://karpenter.sh/docs/reference/cloudformation/ (2026-11).
"""

from collections.abc import Sequence

import pulumi

from components._base.iam import Condition, Conditions, Statement
from components._base.place import Place

CREATED_WITH = ("fleet", "instance", "volume", "network-interface", "launch-template")
"""What a launch creates, and Karpenter tags as it does."""

LAUNCHED_FROM = ("security-group", "subnet", "spot-instances-request", "capacity-reservation")
"""What a launch uses."""


def controller_statements(
    cluster_name: str, place: Place, node_role_arn: pulumi.Input[str], queue_arn: pulumi.Input[str]
) -> list[Statement]:
    """Return the policy of the controller."""
    return [
        *_launch(cluster_name, place),
        *_tag_and_delete(cluster_name, place),
        *_instance_profiles(cluster_name, place),
        *_read(place),
        Statement(
            "PassNodeRole",
            ["iam:PassRole"],
            [node_role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
        Statement(
            "ReadInterruptions",
            [
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
            ],
            [queue_arn],
        ),
        Statement(
            "FindCluster", ["eks:DescribeCluster"], [place.arn("eks", f"cluster/{cluster_name}")]
        ),
    ]


def _owned(cluster_name: str, kind: str, label: str, **more: pulumi.Input[str]) -> Conditions:
    """Return the condition that a request's or a resource's tags say whose it is.

    :param kind: `RequestTag` or `ResourceTag`.
    :param label: what Karpenter always tags: `nodepool` or `nodeclass`.
    """
    owner: Condition = {f"aws:{kind}/kubernetes.io/cluster/{cluster_name}": "owned"}
    return {"StringEquals": {**owner, **more}, "StringLike": {f"aws:{kind}/{label}": "*"}}


NODEPOOL = "karpenter.sh/nodepool"
NODECLASS = "karpenter.k8s.aws/ec2nodeclass"


def _ec2(place: Place, kinds: Sequence[str]) -> list[pulumi.Output[str]]:
    return [place.arn("ec2", f"{kind}/*", account="*") for kind in kinds]


def _launch(cluster_name: str, place: Place) -> list[Statement]:
    images = [place.unowned_arn("ec2", f"{kind}/*") for kind in ("image", "snapshot")]
    templates = _ec2(place, ["launch-template"])
    return [
        Statement(
            "LaunchFrom",
            ["ec2:CreateFleet", "ec2:RunInstances"],
            [*images, *_ec2(place, LAUNCHED_FROM)],
        ),
        Statement(
            "LaunchFromOwnTemplates",
            ["ec2:CreateFleet", "ec2:RunInstances"],
            templates,
            conditions=_owned(cluster_name, "ResourceTag", NODEPOOL),
        ),
        Statement(
            "LaunchTagged",
            ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
            _ec2(place, [*CREATED_WITH, "spot-instances-request"]),
            conditions=_owned(
                cluster_name,
                "RequestTag",
                NODEPOOL,
                **{"aws:RequestTag/eks:eks-cluster-name": cluster_name},
            ),
        ),
    ]


def _tag_and_delete(cluster_name: str, place: Place) -> list[Statement]:
    at_creation = _owned(cluster_name, "RequestTag", NODEPOOL)
    creating = ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]
    return [
        Statement(
            "TagAtCreation",
            ["ec2:CreateTags"],
            _ec2(place, [*CREATED_WITH, "spot-instances-request"]),
            conditions={
                **at_creation,
                "StringEquals": {**at_creation["StringEquals"], "ec2:CreateAction": creating},
            },
        ),
        Statement(
            "TagOwnInstances",
            ["ec2:CreateTags"],
            _ec2(place, ["instance"]),
            conditions={
                **_owned(cluster_name, "ResourceTag", NODEPOOL),
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["Name", "eks:eks-cluster-name", "karpenter.sh/nodeclaim"]
                },
            },
        ),
        Statement(
            "DeleteOwn",
            ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
            _ec2(place, ["instance", "launch-template"]),
            conditions=_owned(cluster_name, "ResourceTag", NODEPOOL),
        ),
    ]


def _instance_profiles(cluster_name: str, place: Place) -> list[Statement]:
    profiles = [place.arn("iam", "instance-profile/*", region=False)]
    region = "topology.kubernetes.io/region"
    asked = _owned(
        cluster_name, "RequestTag", NODECLASS, **{f"aws:RequestTag/{region}": place.region}
    )
    own = _owned(
        cluster_name, "ResourceTag", NODECLASS, **{f"aws:ResourceTag/{region}": place.region}
    )
    both: Conditions = {operator: {**asked[operator], **own[operator]} for operator in asked}
    return [
        Statement("CreateProfiles", ["iam:CreateInstanceProfile"], profiles, conditions=asked),
        Statement("TagOwnProfiles", ["iam:TagInstanceProfile"], profiles, conditions=both),
        Statement(
            "ChangeOwnProfiles",
            [
                "iam:AddRoleToInstanceProfile",
                "iam:DeleteInstanceProfile",
                "iam:RemoveRoleFromInstanceProfile",
            ],
            profiles,
            conditions=own,
        ),
        Statement("ReadProfiles", ["iam:GetInstanceProfile"], profiles),
        # listing knows no resource
        Statement("ListProfiles", ["iam:ListInstanceProfiles"], ["*"]),
    ]


def _read(place: Place) -> list[Statement]:
    subjects = (
        *("AvailabilityZones", "CapacityReservations", "Images", "Instances"),
        *("InstanceTypeOfferings", "InstanceTypes", "LaunchTemplates", "SecurityGroups"),
        *("SpotPriceHistory", "Subnets"),
    )
    return [
        Statement(
            # EC2's Describe calls know no resource either
            "DescribeRegion",
            [f"ec2:Describe{subject}" for subject in subjects],
            ["*"],
            conditions={"StringEquals": {"aws:RequestedRegion": place.region}},
        ),
        Statement(
            "FindImages",
            ["ssm:GetParameter"],
            [place.unowned_arn("ssm", "parameter/aws/service/*")],
        ),
        # the price list knows no resource
        Statement("ReadPrices", ["pricing:GetProducts"], ["*"]),
    ]
