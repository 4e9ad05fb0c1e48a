"""What Karpenter's controller may do in AWS: only to what carries its cluster's tags.

The actions and conditions are those that Karpenter documents for 1.14,
https://karpenter.sh/v1.14/reference/cloudformation/ (2026-11).
"""

from collections.abc import Sequence

import pulumi

from components._base.iam import Conditions, Statement
from components._base.place import Place

CREATED_WITH = (
    "fleet",
    "instance",
    "launch-template",
    "network-interface",
    "spot-instances-request",
    "volume",
)
"""What a launch creates, and Karpenter tags as it does."""

LAUNCHED_FROM = ("capacity-reservation", "placement-group", "security-group", "subnet")
"""What a launch uses and others own."""

CLUSTER_TAG = "eks:eks-cluster-name"
NODECLASS_TAG = "karpenter.k8s.aws/ec2nodeclass"
NODEPOOL_TAG = "karpenter.sh/nodepool"
REGION_TAG = "topology.kubernetes.io/region"
"""What Karpenter tags all that it creates with."""


def controller_statements(
    cluster_name: str, place: Place, node_role_arn: pulumi.Input[str], queue_arn: pulumi.Input[str]
) -> list[Statement]:
    """Return the policy of the controller."""
    return [
        *_launch(cluster_name, place),
        *_tag_and_delete(cluster_name, place),
        *_instance_profiles(cluster_name, place, node_role_arn),
        *_find(place),
        *_of_cluster(place.arn("eks", f"cluster/{cluster_name}")),
        Statement(
            "ReadInterruptions",
            ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
            [queue_arn],
        ),
    ]


def _asked(cluster_name: str, label: str, **more: pulumi.Input[str]) -> Conditions:
    """Return the condition that what is to be created gets the tags of its cluster.

    :param label: a tag that it gets too, whatever its value.
    """
    return {
        "StringEquals": {
            f"aws:RequestTag/kubernetes.io/cluster/{cluster_name}": "owned",
            f"aws:RequestTag/{CLUSTER_TAG}": cluster_name,
            **more,
        },
        "StringLike": {f"aws:RequestTag/{label}": "*"},
    }


def _owned(cluster_name: str, label: str, **more: pulumi.Input[str]) -> Conditions:
    """Return the condition that a resource has the tags of its cluster, and `label`."""
    owner = {f"aws:ResourceTag/kubernetes.io/cluster/{cluster_name}": "owned"}
    return {
        "StringEquals": {**owner, **more},
        "StringLike": {f"aws:ResourceTag/{label}": "*"},
    }


def _ec2(place: Place, kinds: Sequence[str]) -> list[pulumi.Output[str]]:
    # Any account: subnets and reservations may be shared with ours.
    return [place.arn("ec2", f"{kind}/*", account="*") for kind in kinds]


def _launch(cluster_name: str, place: Place) -> list[Statement]:
    launch = ["ec2:CreateFleet", "ec2:RunInstances"]
    images = [place.unowned_arn("ec2", f"{kind}/*") for kind in ("image", "snapshot")]
    return [
        Statement("LaunchFrom", launch, [*images, *_ec2(place, LAUNCHED_FROM)]),
        Statement(
            "LaunchFromOwnTemplates",
            launch,
            _ec2(place, ["launch-template"]),
            conditions=_owned(cluster_name, NODEPOOL_TAG),
        ),
        Statement(
            "LaunchTagged",
            [*launch, "ec2:CreateLaunchTemplate"],
            _ec2(place, CREATED_WITH),
            conditions=_asked(cluster_name, NODEPOOL_TAG),
        ),
    ]


def _tag_and_delete(cluster_name: str, place: Place) -> list[Statement]:
    asked = _asked(cluster_name, NODEPOOL_TAG)
    creating = ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]
    return [
        Statement(
            "TagAtCreation",
            ["ec2:CreateTags"],
            _ec2(place, CREATED_WITH),
            conditions={
                **asked,
                "StringEquals": {**asked["StringEquals"], "ec2:CreateAction": creating},
            },
        ),
        Statement(
            "TagOwnInstances",
            ["ec2:CreateTags"],
            _ec2(place, ["instance"]),
            conditions={
                **_owned(cluster_name, NODEPOOL_TAG),
                "StringEqualsIfExists": {f"aws:RequestTag/{CLUSTER_TAG}": cluster_name},
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["Name", CLUSTER_TAG, "karpenter.sh/nodeclaim"]
                },
            },
        ),
        Statement(
            "DeleteOwn",
            ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
            _ec2(place, ["instance", "launch-template"]),
            conditions=_owned(cluster_name, NODEPOOL_TAG),
        ),
    ]


def _instance_profiles(
    cluster_name: str, place: Place, node_role_arn: pulumi.Input[str]
) -> list[Statement]:
    profiles = [place.arn("iam", "instance-profile/*", region=False)]
    asked = _asked(cluster_name, NODECLASS_TAG, **{f"aws:RequestTag/{REGION_TAG}": place.region})
    own = _owned(cluster_name, NODECLASS_TAG, **{f"aws:ResourceTag/{REGION_TAG}": place.region})
    both: Conditions = {operator: {**asked[operator], **own[operator]} for operator in asked}
    return [
        Statement(
            "PassNodeRole",
            ["iam:PassRole"],
            [node_role_arn],
            conditions={
                "StringEquals": {
                    "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]
                }
            },
        ),
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
        # Listing knows no resource.
        Statement("ListProfiles", ["iam:ListInstanceProfiles"], ["*"]),
    ]


def _find(place: Place) -> list[Statement]:
    subjects = (
        *("CapacityReservations", "Images", "Instances", "InstanceStatus"),
        *("InstanceTypeOfferings", "InstanceTypes", "LaunchTemplates", "PlacementGroups"),
        *("SecurityGroups", "SpotPriceHistory", "Subnets"),
    )
    return [
        Statement(
            # EC2's Describe calls know no resource either.
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
        # The price list knows no resource.
        Statement("ReadPrices", ["pricing:GetProducts"], ["*"]),
    ]


def _of_cluster(cluster_arn: pulumi.Output[str]) -> list[Statement]:
    return [
        Statement("FindCluster", ["eks:DescribeCluster"], [cluster_arn]),
        Statement(
            "ReadZonalShift",
            ["arc-zonal-shift:GetManagedResource"],
            # Clusters are no resource type of this action: the condition names ours.
            ["*"],
            conditions={"StringEquals": {"arc-zonal-shift:ResourceIdentifier": cluster_arn}},
        ),
    ]
