"""References to container images in a `Spec`: what they name must never change."""

import re
from typing import Annotated

import pulumi
from pydantic import AfterValidator

TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", re.ASCII)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
REPOSITORY = re.compile(
    r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:\d+)?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*"
)
"""https://github.com/opencontainers/distribution-spec/blob/main/spec.md (2026-11)"""

MOVING_TAGS = frozenset(
    {
        *("latest", "stable", "edge", "nightly", "current", "main", "master", "head", "develop"),
        *("dev", "test", "staging", "prod", "production", "release"),
    }
)
"""By habit they name another image tomorrow: no rollout would notice, and no rollback bring back
what was there."""

SHOWN_DIGITS = 12
"""Of a digest, where it stands for a version."""

NEEDED = "a tag such as 1.4.2 or a digest sha256:… is needed"


def _fixed(image: str) -> str:
    repository, version = split_image(image)
    if repository and not REPOSITORY.fullmatch(repository):
        raise ValueError(f"{NEEDED}, after the repository if at all; {repository!r} is none")
    if DIGEST.fullmatch(version):
        return image
    # a name alone, such as `orders`, is a repository without a tag
    if not version or not (repository or re.search(r"\d", version)):
        raise ValueError(f"{NEEDED}: there is no tag, which means latest")
    check_tag(version)
    return image


def check_tag(tag: str) -> None:
    """Refuse what is no tag, or one that moves.

    :raises ValueError: saying which.
    """
    if not TAG.fullmatch(tag):
        raise ValueError("a tag has letters, digits, '_', '.' and '-', at most 128")
    if tag.lower() in MOVING_TAGS:
        raise ValueError("the tag moves from image to image; give a version or a digest")


def pull_address(repository_url: pulumi.Input[str], version: str) -> pulumi.Output[str]:
    """Return where the image with a tag or digest of a repository is pulled from."""
    return pulumi.Output.concat(repository_url, "@" if DIGEST.fullmatch(version) else ":", version)


ImageReference = Annotated[str, AfterValidator(_fixed)]
"""`1.4.2`, `sha256:…`, `REPOSITORY:1.4.2` or `REPOSITORY@sha256:…`."""


def split_image(image: str) -> tuple[str, str]:
    """Return the repository, empty if it is not named, and the tag or digest, likewise."""
    if DIGEST.fullmatch(image):
        return "", image
    if "@" in image:
        repository, _, digest = image.partition("@")
        return repository, digest
    head, colon, tail = image.rpartition(":")
    if colon and "/" not in tail:
        return head, tail
    return (image, "") if "/" in image else ("", image)


def image_version(image: str) -> str:
    """Return what people call the image's version: its tag, or the beginning of its digest."""
    version = split_image(image)[1]
    return version.removeprefix("sha256:")[:SHOWN_DIGITS] if DIGEST.fullmatch(version) else version
