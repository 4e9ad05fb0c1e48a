"""What a registry accepts and refuses, and what it registers."""

import functools
import json
from collections.abc import Mapping
from typing import cast

import pulumi
import pytest

from components._base.errors import InvalidInput
from components._base.iam import Statement, document
from components._base.place import Place
from components.registry import (
    Registry,
    RegistryArgs,
    cached_pull_statements,
    plan_registry,
    pull_statements,
    push_statements,
)
from components.registry.args import UpstreamRegistry
from components.registry.spec import NEED_CREDENTIALS, UPSTREAM_URLS
from simulator.aws import ecr
from tests.harness import Recorder, build
from tests.iam_lint import lint

REPOSITORY = "aws:ecr/repository:Repository"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
TEMPLATE = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"
SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
KEY = "aws:kms/key:Key"

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf"
OTHER = "arn:aws:iam::210987654321:role/deploy"
HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"

Json = Mapping[str, object]


def registry(name: str = "registry", **args: object) -> Recorder[Registry]:
    return build(lambda: Registry(name, cast("RegistryArgs", args)))


@functools.cache
def default() -> Recorder[Registry]:
    return registry(repositories={"orders": {}, "billing": {}})


@functools.cache
def full() -> Recorder[Registry]:
    return registry(
        repositories={"orders": {"lambda_pull": True}, "tools": {"repository_name": "shop/tools"}},
        caches={
            "docker-hub": {"upstream": "dockerHub", "credential_arn": SECRET},
            "k8s": {"upstream": "kubernetes"},
        },
        pullers={"staging": OTHER},
        pushers={"pipeline": f"{OTHER}-push"},
        keep_images=30,
        scanning="enhanced",
        protect=True,
        tags={"team": "core"},
    )


def statements(policy: object) -> dict[str, Json]:
    parsed = cast("dict[str, list[Json]]", json.loads(str(policy)))
    return {str(statement["Sid"]): statement for statement in parsed["Statement"]}


# What is accepted


def problems(**args: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        plan_registry(cast("RegistryArgs", args))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        ({}, "nothing to make: name repositories or caches"),
        (
            {"repositories": {"Orders": {}}},
            "repositories: no short names of small letters, digits and hyphens: Orders",
        ),
        (
            {"repositories": {"a": {"repository_name": "x/y"}, "b": {"repository_name": "x/y"}}},
            "repositories: two repositories can't share a name: x/y",
        ),
        (
            {"repositories": {"a": {"repository_name": "Shop//orders"}}},
            (
                "repositories.a.repository_name: 'Shop//orders' is not valid: 2 to 256 small "
                "letters and digits, parted by '-', '_', '.' and '/', are needed"
            ),
        ),
        (
            {"repositories": {"a": {}}, "keep_images": 0},
            "keep_images: 0 is not valid: greater than or equal to 1",
        ),
        (
            {"repositories": {"a": {}}, "force_delete": True, "protect": True},
            "protect and force_delete exclude each other",
        ),
        (
            {"caches": {"hub": {"upstream": "dockerHub"}}},
            "caches.hub: dockerHub needs a credential_arn: it takes authenticated pulls only",
        ),
        (
            {"caches": {"quay": {"upstream": "quay", "credential_arn": SECRET}}},
            "caches.quay: quay takes no credential_arn",
        ),
        (
            {
                "caches": {
                    "hub": {
                        "upstream": "dockerHub",
                        "credential_arn": SECRET.replace("pullthroughcache", "secrets"),
                    }
                }
            },
            (
                "caches.hub.credential_arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
                "ecr... is not valid: the ARN of a secret named ecr-pullthroughcache/… is needed"
            ),
        ),
        (
            {"caches": {"ROOT": {"upstream": "quay"}, "q": {"upstream": "quay"}}},
            "caches: no prefixes of 2 to 30 small letters, digits and hyphens: ROOT, q",
        ),
        (
            {"caches": {"hub": {"upstream": "docker"}}},
            (
                "caches.hub.upstream: 'docker' is not valid: allowed: 'dockerHub', 'ecrPublic', "
                "'github', 'gitlab', 'kubernetes' or 'quay'"
            ),
        ),
    ],
)
def test_wrong_input_is_named(args: dict[str, object], wanted: str) -> None:
    assert problems(**args) == [wanted]


def test_the_simulated_cloud_wants_credentials_for_the_same_registries() -> None:
    assert {UPSTREAM_URLS[each] for each in NEED_CREDENTIALS} <= ecr.NEED_CREDENTIALS
    free = set(UpstreamRegistry) - set(NEED_CREDENTIALS)
    assert not {UPSTREAM_URLS[each] for each in free} & ecr.NEED_CREDENTIALS


def test_images_expire() -> None:
    plan = plan_registry({"repositories": {"a": {}}, "keep_images": 50, "untagged_days": 7})
    untagged, tagged = json.loads(plan.lifecycle)["rules"]
    assert untagged["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 7,
    }
    assert tagged["selection"] == {
        "tagStatus": "tagged",
        "tagPatternList": ["*"],
        "countType": "imageCountMoreThan",
        "countNumber": 50,
    }
    assert (untagged["rulePriority"], tagged["rulePriority"]) == (1, 2)
    assert all(rule["action"] == {"type": "expire"} for rule in (untagged, tagged))


# What is registered


def test_default_registry_has_exactly_these_resources() -> None:
    kinds = (REPOSITORY, LIFECYCLE, POLICY, RULE, TEMPLATE, SCANNING, KEY, "aws:iam/role:Role")
    assert {kind: len(default().all(kind)) for kind in kinds} == {
        **dict.fromkeys(kinds, 0),
        REPOSITORY: 2,
        LIFECYCLE: 2,
        KEY: 1,
    }
    component = default().one("fastapi-platform:index:Registry")
    assert all(component in r.ancestors for r in default().resources if r is not component)


def test_what_was_tested_is_what_runs() -> None:
    for repository in (*default().all(REPOSITORY), *full().all(REPOSITORY)):
        assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
        assert repository.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
        assert repository.inputs["forceDelete"] is False


def test_layers_are_encrypted_with_the_registrys_key() -> None:
    encryption = default().one(REPOSITORY, "registry-orders").inputs["encryptionConfigurations"]
    arn = default().output(default().result.key_arn)
    assert encryption == [{"encryptionType": "KMS", "kmsKey": arn}]


def test_protected_images_are_not_deleted() -> None:
    assert all(r.protect for r in (*full().all(REPOSITORY), *full().all(KEY)))
    assert not any(r.protect for r in (*default().all(REPOSITORY), *default().all(KEY)))


def test_images_are_deleted_with_the_repository_only_where_asked() -> None:
    cloud = registry(repositories={"a": {}}, force_delete=True)
    assert cloud.one(REPOSITORY).inputs["forceDelete"] is True


def test_a_new_lifecycle_policy_is_not_deleted_with_the_old_one() -> None:
    """The provider replaces it, and a repository has one: create-before-delete would lose it."""
    assert all(policy.delete_before_replace for policy in full().all(LIFECYCLE))
    assert (
        json.loads(str(full().one(LIFECYCLE, "registry-orders-lifecycle").inputs["policy"]))[
            "rules"
        ][1]["selection"]["countNumber"]
        == 30
    )


def test_only_named_principals_pull_and_push() -> None:
    policy = full().one(POLICY, "registry-tools-policy").inputs["policy"]
    assert lint(str(policy)) == []
    found = statements(policy)
    assert set(found) == {"Pull", "Push"}
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    assert (found["Pull"]["Principal"], found["Pull"]["Action"]) == ({"AWS": [OTHER]}, pull)
    assert found["Push"]["Principal"] == {"AWS": [f"{OTHER}-push"]}
    assert found["Push"]["Action"] == sorted(
        [
            *pull,
            "ecr:CompleteLayerUpload",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ]
    )


def test_functions_of_this_account_pull_where_asked() -> None:
    """Else Lambda writes the policy itself, which would differ from the program for ever."""
    policy = full().one(POLICY, "registry-orders-policy").inputs["policy"]
    assert lint(str(policy)) == []
    assert statements(policy)["LambdaPull"] == {
        "Sid": "LambdaPull",
        "Effect": "Allow",
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        "Principal": {"Service": ["lambda.amazonaws.com"]},
        "Condition": {
            "ArnLike": {"aws:SourceArn": "arn:aws:lambda:eu-west-1:123456789012:function:*"}
        },
    }


def test_enhanced_scanning_is_the_registrys() -> None:
    assert default().none(SCANNING)
    assert full().one(SCANNING).inputs == {
        "scanType": "ENHANCED",
        "rules": [
            {
                "scanFrequency": "CONTINUOUS_SCAN",
                "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
            }
        ],
    }


def test_caches_name_their_upstream_and_where_the_credentials_are() -> None:
    rules = {str(r.inputs["ecrRepositoryPrefix"]): r for r in full().all(RULE)}
    assert rules["docker-hub"].inputs["upstreamRegistryUrl"] == "registry-1.docker.io"
    assert rules["docker-hub"].inputs["credentialArn"] == SECRET
    assert rules["k8s"].inputs["upstreamRegistryUrl"] == "registry.k8s.io"
    assert "credentialArn" not in rules["k8s"].inputs
    assert all(rule.delete_before_replace for rule in rules.values())


def test_cached_repositories_are_like_the_others_but_follow_the_upstreams_tags() -> None:
    template = full().one(TEMPLATE, "registry-k8s-template")
    arn = full().output(full().result.key_arn)
    assert template.inputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": arn}]
    assert template.inputs["imageTagMutability"] == "MUTABLE"
    assert template.inputs["appliedFors"] == ["PULL_THROUGH_CACHE"]
    assert template.inputs["resourceTags"] == {"team": "core"}
    own = full().one(LIFECYCLE, "registry-orders-lifecycle").inputs["policy"]
    assert template.inputs["lifecyclePolicy"] == own
    # a repository made before its template stays as it was
    rule = full().one(RULE, "registry-k8s")
    assert template.urn in rule.depends_on
    assert full().comes_after(template, full().one(ROLE_POLICY))


def test_the_role_of_the_caches_makes_repositories_under_their_prefixes_only() -> None:
    policy = full().one(ROLE_POLICY).inputs["policy"]
    assert lint(str(policy)) == []
    found = statements(policy)
    assert found["CreateRepositories"]["Resource"] == [
        f"arn:aws:ecr:eu-west-1:123456789012:repository/{prefix}/*"
        for prefix in ("docker-hub", "k8s")
    ]
    assert found["EncryptThem"]["Resource"] == [full().output(full().result.key_arn)]
    trust = full().one("aws:iam/role:Role").inputs["assumeRolePolicy"]
    assert statements(trust)["Trust"]["Principal"] == {"Service": ["ecr.amazonaws.com"]}


def test_outputs() -> None:
    made = full().result
    urls = cast("dict[str, str]", full().output(made.repository_urls))
    assert urls["tools"] == f"{HOST}/shop/tools"
    assert urls["orders"].startswith(f"{HOST}/registry-orders-")
    assert full().output(made.cache_urls) == {
        "docker-hub": f"{HOST}/docker-hub",
        "k8s": f"{HOST}/k8s",
    }
    assert default().output(default().result.cache_urls) == {}


def test_names_fit_for_the_longest_logical_names() -> None:
    cloud = registry("r" * 40, repositories={"o" * 63: {}}, caches={"c" * 30: {"upstream": "quay"}})
    assert len(cloud.all(REPOSITORY)) == 1
    with pytest.raises(InvalidInput, match="at most 40"):
        plan_registry({"repositories": {"a": {}}}, "r" * 41)


# What users get

ARN = "arn:aws:ecr:eu-west-1:123456789012:repository/orders"


def rendered(wanted: list[Statement]) -> dict[str, Json]:
    cloud = build(lambda: {"policy": document(*wanted)})
    text = str(cloud.output(cloud.result["policy"]))
    assert lint(text) == []
    return statements(text)


@pytest.mark.parametrize(
    ("wanted", "sid", "writes"),
    [
        (pull_statements([ARN]), "RegistryPull", False),
        (push_statements([ARN]), "RegistryPush", True),
    ],
)
def test_whoever_pulls_does_not_push(wanted: list[Statement], sid: str, *, writes: bool) -> None:
    found = rendered(wanted)
    assert set(found) == {"RegistryLogIn", sid}
    assert found["RegistryLogIn"]["Resource"] == ["*"]
    assert found[sid]["Resource"] == [ARN]
    assert ("ecr:PutImage" in cast("list[str]", found[sid]["Action"])) is writes


def test_whoever_pulls_from_a_cache_has_it_filled() -> None:
    def program() -> dict[str, pulumi.Output[str]]:
        parts = ("aws", "eu-west-1", "123456789012")
        place = Place(*(pulumi.Output.from_input(part) for part in parts))
        return {"policy": document(*cached_pull_statements(place, ["k8s"]))}

    cloud = build(program)
    text = str(cloud.output(cloud.result["policy"]))
    # parliament does not know yet that BatchImportUpstreamImage is about a repository
    assert lint(text, allowed={"RESOURCE_MISMATCH"}) == []
    found = statements(text)["RegistryCachedPull"]
    assert found["Resource"] == ["arn:aws:ecr:eu-west-1:123456789012:repository/k8s/*"]
    assert {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository"} <= set(
        cast("list[str]", found["Action"])
    )
