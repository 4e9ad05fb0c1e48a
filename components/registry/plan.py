"""What a `Registry` will make, computed before anything is made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from components._base.names import check_name
from components._base.spec import read_spec
from components.registry.args import ImageScanning, RegistryArgs
from components.registry.spec import PullThroughCacheSpec, RegistryRepositorySpec, RegistrySpec


@dataclass(frozen=True)
class RegistryPlan:
    """Repositories by short name, caches by prefix, and what holds for all."""

    repositories: Mapping[str, RegistryRepositorySpec]
    caches: Mapping[str, PullThroughCacheSpec]
    lifecycle: str
    """Lifecycle policy, JSON."""
    enhanced_scanning: bool
    force_delete: bool
    protect: bool


def plan_registry(
    args: RegistryArgs, name: str = "registry", owner: str = "Registry"
) -> RegistryPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    check_name(name, owner)
    spec = read_spec(RegistrySpec, RegistryArgs, args, owner)
    return RegistryPlan(
        repositories=dict(sorted(spec.repositories.items())),
        caches=dict(sorted(spec.caches.items())),
        lifecycle=lifecycle_policy(spec.keep_images, spec.untagged_days),
        enhanced_scanning=spec.scanning is ImageScanning.ENHANCED,
        force_delete=spec.force_delete,
        protect=spec.protect,
    )


def lifecycle_policy(keep_images: int, untagged_days: int) -> str:
    """Return the policy by which images expire, JSON with its rules in their order.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
    (2026-11)
    """
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": untagged_days,
    }
    tagged = {
        "tagStatus": "tagged",
        "tagPatternList": ["*"],
        "countType": "imageCountMoreThan",
        "countNumber": keep_images,
    }
    described = {
        f"Images without tag go after {untagged_days} days": untagged,
        f"The newest {keep_images} tagged images stay": tagged,
    }
    rules = [
        {
            "rulePriority": priority,
            "description": description,
            "selection": selection,
            "action": {"type": "expire"},
        }
        for priority, (description, selection) in enumerate(described.items(), 1)
    ]
    return json.dumps({"rules": rules}, separators=(",", ":"))
