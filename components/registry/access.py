"""What a pipeline or a node must be allowed to push and pull.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html (2026-11)
"""

from collections.abc import Sequence

import pulumi

from components._base.iam import Statement
from components._base.place import Place

PULL_ACTIONS = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
)
PUSH_ACTIONS = (
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
LAMBDA_ACTIONS = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
(2026-11)"""

CACHE_ACTIONS = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
"""To have an image fetched, and its repository made, by the first who pulls it."""

_LOG_IN = Statement("RegistryLogIn", ("ecr:GetAuthorizationToken",), ["*"])
"""The one action that is not about a repository."""


def pull_statements(repository_arns: Sequence[pulumi.Input[str]]) -> list[Statement]:
    """Return what is needed to pull from these repositories."""
    return [_LOG_IN, Statement("RegistryPull", PULL_ACTIONS, repository_arns)]


def push_statements(repository_arns: Sequence[pulumi.Input[str]]) -> list[Statement]:
    """Return what is needed to push to these repositories, and to pull from them."""
    return [_LOG_IN, Statement("RegistryPush", (*PULL_ACTIONS, *PUSH_ACTIONS), repository_arns)]


def cached_pull_statements(place: Place, prefixes: Sequence[str]) -> list[Statement]:
    """Return what is needed to pull images of the caches with these prefixes.

    Nodes' own managed policy does not let them have a repository made for an image's first pull.

    :param place: of the registry.
    """
    arns = [place.arn("ecr", f"repository/{prefix}/*") for prefix in prefixes]
    return [_LOG_IN, Statement("RegistryCachedPull", (*PULL_ACTIONS, *CACHE_ACTIONS), arns)]
