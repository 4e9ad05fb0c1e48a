"""What CI's roles may do, as statements of IAM policies."""

from collections.abc import Mapping, Sequence

import pulumi

from components._base.iam import Conditions, Effect, Statement
from components._base.place import Place

PATH = "/platform/"
"""Of all roles that the platform makes (`platform:roles`)."""

SERVICES: Mapping[str, Sequence[str]] = {
    "acm": ("acm",),
    "amp": ("aps",),
    "apigatewayv2": ("apigateway",),
    "appautoscaling": ("application-autoscaling",),
    "backup": ("backup", "backup-storage"),
    "cloudfront": ("cloudfront",),
    "cloudwatch": ("cloudwatch", "events", "logs"),
    "cognito": ("cognito-idp",),
    "dynamodb": ("dynamodb",),
    "ec2": ("ec2",),
    "ecr": ("ecr",),
    "eks": ("eks", "eks-auth"),
    "elasticache": ("elasticache",),
    "kms": ("kms",),
    "lambda": ("lambda",),
    "lb": ("elasticloadbalancing",),
    "mq": ("mq",),
    "msk": ("kafka", "kafka-cluster"),
    "opensearch": ("es",),
    "route53": ("route53",),
    "s3": ("s3",),
    "scheduler": ("scheduler",),
    "secretsmanager": ("secretsmanager",),
    "shield": ("shield",),
    "sns": ("sns",),
    "sqs": ("sqs",),
    "ssm": ("ec2messages", "ssm", "ssmmessages"),  # Karpenter's images, shells on nodes
    "vpc": ("ec2",),
    "wafv2": ("wafv2",),
    "xray": ("xray",),
}
"""IAM's names of the services of which the platform has resources, by Pulumi's module."""

GLOBAL_REGION = "us-east-1"
"""Where requests to CloudFront, Route 53 and Shield, and of certificates for CloudFront, are
counted, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
(2026-11)."""

BOUND_ACTIONS = (
    *("iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
    *("iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"),
)
"""Those that can be let through for roles with a certain boundary only,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
(2026-11)."""

ROLE_ACTIONS = (
    *("iam:DeleteRole", "iam:PassRole", "iam:TagRole", "iam:UntagRole"),
    *("iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"),
)
PROFILE_ACTIONS = (
    *("iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:DeleteInstanceProfile"),
    *("iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:UntagInstanceProfile"),
)
KEEP_ACTIONS = (
    *("s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:DeleteObjectVersion"),
    *("s3:PutBucketPolicy", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"),
)
SECRET_ACTIONS = (
    *("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"),
    "secretsmanager:GetSecretValue",
)
READ_ACTIONS = (
    *("iam:GetInstanceProfile", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRole"),
    *("iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole"),
    *("iam:ListInstanceProfiles", "iam:ListPolicyVersions", "iam:ListRolePolicies"),
    *("iam:ListInstanceProfileTags", "iam:ListRoleTags"),
)

VIEWS = {"view": "job-function/ViewOnlyAccess", "audit": "SecurityAudit"}
"""AWS's own policies that read how things are, and no data:
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ViewOnlyAccess.html (2026-11)"""


def services() -> list[str]:
    """Return the actions of all services of the platform, `SERVICE:*`."""
    return sorted({f"{name}:*" for names in SERVICES.values() for name in names})


def work(regions: Sequence[str]) -> Statement:
    """Let it do whatever the platform's services have, in its regions."""
    where = {"StringEquals": {"aws:RequestedRegion": sorted({*regions, GLOBAL_REGION})}}
    return Statement("Work", services(), ["*"], conditions=where)


def nodes(place: Place) -> list[Statement]:
    """Let a role of the platform start nodes, as Karpenter does: pass roles, keep profiles."""
    return [
        Statement("Pass", ["iam:PassRole"], [_roles(place)]),
        Statement("Profiles", [*PROFILE_ACTIONS, "iam:GetInstanceProfile"], [_profiles(place)]),
        Statement("Prices", ["pricing:GetProducts"], ["*"]),
    ]


def deploy(place: Place, boundary: pulumi.Input[str], regions: Sequence[str]) -> list[Statement]:
    """Let it keep the platform: its services, and roles of its path within the boundary."""
    bound: Conditions = {"ArnEquals": {"iam:PermissionsBoundary": [boundary]}}
    linked = place.arn("iam", "role/aws-service-role/*", region=False)
    return [
        work(regions),
        Statement("BoundRoles", BOUND_ACTIONS, [_roles(place)], conditions=bound),
        Statement("Roles", ROLE_ACTIONS, [_roles(place)]),
        Statement("Profiles", PROFILE_ACTIONS, [_profiles(place)]),
        Statement("LinkedRoles", ["iam:CreateServiceLinkedRole"], [linked]),
        Statement("Read", READ_ACTIONS, ["*"]),
        Statement("Prices", ["pricing:GetProducts"], ["*"]),
    ]


def keep_state(place: Place, bucket: str, key: str) -> list[Statement]:
    """Keep it from taking away the state, what decrypts it, and who may read it."""
    return [
        Statement("KeepState", KEEP_ACTIONS, _state(place, bucket), effect=Effect.DENY),
        Statement(
            "KeepKey",
            ["kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"],
            [key],
            effect=Effect.DENY,
        ),
    ]


def look(place: Place, bucket: str, key: str, project: str) -> list[Statement]:
    """Let it read the state, and what a look for drift compares: secrets of the project, too."""
    ours = {"StringEquals": {"aws:ResourceTag/project": [project]}}
    secrets = place.arn("secretsmanager", "secret:*")
    reports = pulumi.Output.concat("arn:", place.partition, ":s3:::scans-reports-*")
    return [
        Statement("ReadState", ["s3:GetObject", "s3:ListBucket"], _state(place, bucket)),
        Statement("DecryptState", ["kms:Decrypt"], [key]),
        Statement("ReadSecrets", SECRET_ACTIONS, [secrets], conditions=ours),
        Statement("ListScans", ["s3:ListBucket"], [reports]),
        Statement("ReadScans", ["s3:GetObject"], [pulumi.Output.concat(reports, "/reports/*")]),
        Statement("Decrypt", ["kms:Decrypt"], [place.arn("kms", "key/*")], conditions=ours),
    ]


def _roles(place: Place) -> pulumi.Output[str]:
    return place.arn("iam", f"role{PATH}*", region=False)


def _profiles(place: Place) -> pulumi.Output[str]:
    return place.arn("iam", "instance-profile/*", region=False)


def _state(place: Place, bucket: str) -> list[pulumi.Input[str]]:
    arn = pulumi.Output.concat("arn:", place.partition, f":s3:::{bucket}")
    return [arn, pulumi.Output.concat(arn, "/*")]
