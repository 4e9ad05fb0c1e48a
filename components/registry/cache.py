"""Pull-through caches: images of public registries, out of one's own."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components._base.iam import ServiceRole, Statement, document, service_role, trust
from components._base.place import Place
from components._base.scope import Scope
from components.registry.plan import RegistryPlan
from components.registry.spec import UPSTREAM_URLS

TEMPLATE_ACTIONS = ("ecr:CreateRepository", "ecr:TagResource")
GRANT_ACTIONS = ("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant")
"""Both: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html
(2026-11)"""


def make_caches(
    scope: Scope, plan: RegistryPlan, *, key: aws.kms.Key, place: Place
) -> Mapping[str, pulumi.Output[str]]:
    """Create a cache for each upstream registry; return their URLs by prefix."""
    if not plan.caches:
        return {}
    role = _role(scope, plan, key, place)
    urls: dict[str, pulumi.Output[str]] = {}
    for prefix, cache in plan.caches.items():
        template = aws.ecr.RepositoryCreationTemplate(
            f"{scope.name}-{prefix}-template",
            prefix=prefix,
            applied_fors=["PULL_THROUGH_CACHE"],
            description=f"Repositories of images from {UPSTREAM_URLS[cache.upstream]}",
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
            # tags are the upstream's: the cache has to follow when one moves
            image_tag_mutability="MUTABLE",
            lifecycle_policy=plan.lifecycle,
            custom_role_arn=role.arn,
            resource_tags=dict(scope.tags),
            opts=scope.own,
        )
        rule = aws.ecr.PullThroughCacheRule(
            f"{scope.name}-{prefix}",
            ecr_repository_prefix=prefix,
            upstream_registry_url=UPSTREAM_URLS[cache.upstream],
            credential_arn=cache.credential_arn,
            opts=pulumi.ResourceOptions(
                parent=scope.parent,
                # the first pull makes a repository, which is not changed by a later template
                depends_on=[template],
                # of a prefix there is one: a rule for another upstream can't come before the old
                # one is gone
                delete_before_replace=True,
            ),
        )
        urls[prefix] = pulumi.Output.concat(
            rule.registry_id,
            ".dkr.ecr.",
            place.region,
            ".amazonaws.com/",
            rule.ecr_repository_prefix,
        )
    return urls


def _role(scope: Scope, plan: RegistryPlan, key: aws.kms.Key, place: Place) -> ServiceRole:
    """Create the role with which ECR makes repositories: its own can neither encrypt nor tag."""
    arns = [place.arn("ecr", f"repository/{prefix}/*") for prefix in plan.caches]
    return service_role(
        f"{scope.name}-caches",
        parent=scope.parent,
        trust_policy=trust("ecr.amazonaws.com"),
        description=f"Makes the repositories of registry {scope.name}'s caches",
        inline={
            "create": document(
                Statement("CreateRepositories", TEMPLATE_ACTIONS, arns),
                Statement("EncryptThem", GRANT_ACTIONS, [key.arn]),
            )
        },
        tags=scope.tags,
    )
