"""Amazon Elastic Container Registry."""

import json
from collections.abc import Iterable, Mapping
from typing import cast

from simulator.cloud.model import ACCOUNT, ApiCall, AutoName, Json, Model, Request

NEED_CREDENTIALS = frozenset({"registry-1.docker.io", "ghcr.io", "registry.gitlab.com", "cgr.dev"})
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
(2026-11)"""


def _repository_outputs(request: Request) -> Json:
    return {
        "arn": request.arn("ecr", f"repository/{request.id}"),
        "registryId": ACCOUNT,
        "repositoryUrl": f"{ACCOUNT}.dkr.ecr.{request.region}.amazonaws.com/{request.id}",
    }


def _refuse_lifecycle(request: Request) -> Iterable[str]:
    """Refuse what PutLifecyclePolicy does.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
    (2026-11)
    """
    text = request.inputs.get("policy")
    if not isinstance(text, str):
        return
    try:
        rules = cast("list[Json]", json.loads(text)["rules"])
    except (KeyError, TypeError, ValueError):
        yield "policy: InvalidParameter: is not JSON with rules"
        return
    priorities = [rule.get("rulePriority") for rule in rules]
    if len(set(priorities)) < len(priorities):
        yield "policy: InvalidParameter: two rules have one rulePriority"
    for rule in rules:
        selection = cast("Json", rule.get("selection") or {})
        named = "tagPrefixList" in selection or "tagPatternList" in selection
        if (selection.get("tagStatus") == "tagged") != named:
            yield "policy: InvalidParameter: tagPrefixList or tagPatternList go with tagged images"
        aged = selection.get("countType") == "sinceImagePushed"
        if aged != ("countUnit" in selection):
            yield "policy: InvalidParameter: countUnit goes with sinceImagePushed"


def _refuse_cache(request: Request) -> Iterable[str]:
    upstream = request.text("upstreamRegistryUrl")
    if upstream in NEED_CREDENTIALS and not request.inputs.get("credentialArn"):
        yield f"credentialArn: {upstream} takes authenticated pulls only"


MODELS: Mapping[str, Model] = {
    "aws:ecr/repository:Repository": Model(
        outputs=_repository_outputs,
        replaces=frozenset({"name", "encryptionConfigurations"}),
        autoname=AutoName(limit=256),
        api=ApiCall("ecr", "CreateRepository", (("name", "repositoryName"),)),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Model(
        identity=lambda r: r.text("repository"),
        outputs=lambda _: {"registryId": ACCOUNT},
        # The API could, the provider can't: internal/service/ecr has no update of it (2026-11).
        replaces=frozenset({"policy", "repository"}),
        api=ApiCall(
            "ecr",
            "PutLifecyclePolicy",
            (("policy", "lifecyclePolicyText"), ("repository", "repositoryName")),
        ),
        refuses=_refuse_lifecycle,
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": Model(
        identity=lambda r: r.text("repository"),
        outputs=lambda _: {"registryId": ACCOUNT},
        replaces=frozenset({"repository"}),
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Model(
        identity=lambda r: r.text("ecrRepositoryPrefix"),
        outputs=lambda _: {"registryId": ACCOUNT},
        replaces=frozenset(
            {"ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"}
        ),
        api=ApiCall("ecr", "CreatePullThroughCacheRule"),
        refuses=_refuse_cache,
    ),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": Model(
        identity=lambda r: r.text("prefix"),
        outputs=lambda _: {"registryId": ACCOUNT},
        replaces=frozenset({"prefix"}),
        api=ApiCall("ecr", "CreateRepositoryCreationTemplate", (("appliedFors", "appliedFor"),)),
    ),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": Model(
        identity=lambda _: ACCOUNT,
        outputs=lambda _: {"registryId": ACCOUNT},
        api=ApiCall("ecr", "PutRegistryScanningConfiguration"),
    ),
}
