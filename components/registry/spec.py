"""The structural inputs of a `Registry`, checked."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator, model_validator

from components._base.names import LOGICAL
from components._base.spec import Spec
from components.registry.args import ImageScanning, UpstreamRegistry

UPSTREAM_URLS = {
    UpstreamRegistry.DOCKER_HUB: "registry-1.docker.io",
    UpstreamRegistry.ECR_PUBLIC: "public.ecr.aws",
    UpstreamRegistry.GITHUB: "ghcr.io",
    UpstreamRegistry.GITLAB: "registry.gitlab.com",
    UpstreamRegistry.KUBERNETES: "registry.k8s.io",
    UpstreamRegistry.QUAY: "quay.io",
}

NEED_CREDENTIALS = (UpstreamRegistry.DOCKER_HUB, UpstreamRegistry.GITHUB, UpstreamRegistry.GITLAB)
"""Both: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
(2026-11)"""

CREDENTIAL = re.compile(
    r"arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:ecr-pullthroughcache/[\w/+=.@-]+",
    re.ASCII,
)
REPOSITORY = re.compile(r"(?=.{2,256}$)[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*")
PREFIX_LENGTHS = range(2, 31)
"""https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html,
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html (2026-11)"""

MOST_IMAGES = 20_000
"""Images in a repository until AWS is asked for more.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html (2026-11)
"""


def _repository(name: str) -> str:
    if not REPOSITORY.fullmatch(name):
        raise ValueError(
            "2 to 256 small letters and digits, parted by '-', '_', '.' and '/', are needed"
        )
    return name


def _credential(arn: str) -> str:
    if not CREDENTIAL.fullmatch(arn):
        raise ValueError("the ARN of a secret named ecr-pullthroughcache/… is needed")
    return arn


class RegistryRepositorySpec(Spec):
    """One repository."""

    repository_name: Annotated[str, AfterValidator(_repository)] | None = None
    """Name in ECR, where a pipeline wants to know it beforehand; default: generated."""
    lambda_pull: bool = False
    """Let Lambda functions of this account run its images."""


class PullThroughCacheSpec(Spec):
    """One registry whose images are cached."""

    upstream: UpstreamRegistry
    """Where images come from."""
    credential_arn: Annotated[str, AfterValidator(_credential)] | None = None
    """ARN of a Secrets Manager secret named `ecr-pullthroughcache/…`."""

    @model_validator(mode="after")
    def _authenticated(self) -> "PullThroughCacheSpec":
        if self.upstream in NEED_CREDENTIALS and self.credential_arn is None:
            raise ValueError(
                f"{self.upstream.value} needs a credential_arn: it takes authenticated pulls only"
            )
        if self.upstream not in NEED_CREDENTIALS and self.credential_arn is not None:
            raise ValueError(f"{self.upstream.value} takes no credential_arn")
        return self


class RegistrySpec(Spec):
    """ECR repositories and caches of public registries."""

    repositories: dict[str, RegistryRepositorySpec] = Field(
        default_factory=dict[str, RegistryRepositorySpec]
    )
    """The repositories, by a short name of each."""
    caches: dict[str, PullThroughCacheSpec] = Field(default_factory=dict[str, PullThroughCacheSpec])
    """Cached registries, by the prefix under which they are found here."""
    keep_images: int = Field(default=100, ge=1, le=MOST_IMAGES)
    """How many tagged images each repository keeps: the newest."""
    untagged_days: int = Field(default=14, ge=1, le=3650)
    """Days until an image without tag is deleted."""
    scanning: ImageScanning = ImageScanning.ON_PUSH
    """How images are searched for known vulnerabilities."""
    force_delete: bool = False
    """Delete repositories even with images in them."""
    protect: bool = False
    """Refuse to delete repositories and their key."""

    @field_validator("repositories")
    @classmethod
    def _once_each(
        cls, repositories: dict[str, RegistryRepositorySpec]
    ) -> dict[str, RegistryRepositorySpec]:
        wrong = [name for name in repositories if not LOGICAL.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"no short names of small letters, digits and hyphens: {', '.join(wrong)}"
            )
        names = [each.repository_name for each in repositories.values() if each.repository_name]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two repositories can't share a name: {', '.join(twice)}")
        return repositories

    @field_validator("caches")
    @classmethod
    def _prefixes(cls, caches: dict[str, PullThroughCacheSpec]) -> dict[str, PullThroughCacheSpec]:
        wrong = [
            prefix
            for prefix in caches
            if not LOGICAL.fullmatch(prefix) or len(prefix) not in PREFIX_LENGTHS
        ]
        if wrong:
            allowed = f"{PREFIX_LENGTHS.start} to {PREFIX_LENGTHS.stop - 1}"
            raise ValueError(
                f"no prefixes of {allowed} small letters, digits and hyphens: {', '.join(wrong)}"
            )
        return caches

    @model_validator(mode="after")
    def _something_and_kept(self) -> "RegistrySpec":
        if not self.repositories and not self.caches:
            raise ValueError("nothing to make: name repositories or caches")
        if self.protect and self.force_delete:
            raise ValueError("protect and force_delete exclude each other")
        return self
