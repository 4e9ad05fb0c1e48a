"""What a `Registry` takes: the edge that other languages see."""

from collections.abc import Mapping
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class ImageScanning(str, Enum):
    """How images are searched for known vulnerabilities."""

    ON_PUSH = "onPush"
    """Each image once, when it is pushed; free."""
    ENHANCED = "enhanced"
    """By Amazon Inspector, again whenever a vulnerability becomes known. A setting of the whole
    account in a region: choose it in one stack of an account."""


class UpstreamRegistry(str, Enum):
    """Registries whose images can be cached.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html (2026-11)
    """

    DOCKER_HUB = "dockerHub"
    """docker.io; needs credentials."""
    ECR_PUBLIC = "ecrPublic"
    """public.ecr.aws."""
    GITHUB = "github"
    """ghcr.io; needs credentials."""
    GITLAB = "gitlab"
    """registry.gitlab.com; needs credentials."""
    KUBERNETES = "kubernetes"
    """registry.k8s.io."""
    QUAY = "quay"
    """quay.io."""


class RegistryRepositoryArgs(TypedDict):
    """One repository. Tags are immutable, each push is scanned, layers are encrypted."""

    repository_name: NotRequired[str]
    """Name in ECR, where a pipeline wants to know it beforehand, e.g. `shop/orders`. There is one
    of a name in an account and region. Default: generated."""
    lambda_pull: NotRequired[bool]
    """Let Lambda functions of this account run its images. Default: false."""


class PullThroughCacheArgs(TypedDict):
    """One registry whose images are cached; ECR makes a repository for each that is pulled."""

    upstream: UpstreamRegistry
    """Where images come from."""
    credential_arn: NotRequired[str]
    """ARN of a Secrets Manager secret with `username` and `accessToken`, named
    `ecr-pullthroughcache/…`. Default: none."""


class RegistryArgs(TypedDict):
    """Inputs of `Registry`."""

    repositories: NotRequired[Mapping[str, RegistryRepositoryArgs]]
    """The repositories, by a short name of each, e.g. `orders`. Default: none."""
    caches: NotRequired[Mapping[str, PullThroughCacheArgs]]
    """Cached registries, by the prefix under which they are found here, e.g. `docker-hub`: there
    is one of a prefix in an account and region. Default: none."""
    keep_images: NotRequired[int]
    """How many tagged images each repository keeps: the newest. More than are deployed or may be
    gone back to. Default: 100."""
    untagged_days: NotRequired[int]
    """Days until an image without tag is deleted. Default: 14."""
    scanning: NotRequired[ImageScanning]
    """When images are scanned for known vulnerabilities. Default: onPush."""
    pullers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Other accounts' roles (ARNs) that may pull, by a name of each. Principals of this account
    need an IAM policy only, see `pull_statements`. Default: none."""
    pushers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Other accounts' roles (ARNs) that may pull and push, by a name of each. Default: none."""
    force_delete: NotRequired[bool]
    """Delete repositories even with images in them. Only without `protect`. Default: false."""
    protect: NotRequired[bool]
    """Refuse to delete repositories and their key. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
