"""The images that services run."""

from collections.abc import Mapping, Sequence
from typing import Optional

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document
from components._base.kms import domain_key
from components._base.order import after
from components._base.outputs import by_name
from components._base.place import Place, place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.registry.access import LAMBDA_ACTIONS, PULL_ACTIONS, PUSH_ACTIONS
from components.registry.args import RegistryArgs
from components.registry.cache import make_caches
from components.registry.plan import RegistryPlan, plan_registry
from components.registry.spec import RegistryRepositorySpec


class Registry(pulumi.ComponentResource):
    """ECR repositories with immutable tags, scanned and encrypted, and caches of public registries.

    Pipelines are given what `push_statements` returns, whoever pulls what `pull_statements` or
    `cached_pull_statements` return.

    Example: `Registry("registry", {"repositories": {"orders": {}},
    "caches": {"k8s": {"upstream": UpstreamRegistry.KUBERNETES}}})`.
    """

    repository_urls: pulumi.Output[Mapping[str, str]]
    """Where to push to and pull from, by short name, without a tag."""
    repository_arns: pulumi.Output[Mapping[str, str]]
    """ARNs by short name."""
    cache_urls: pulumi.Output[Mapping[str, str]]
    """What takes the place of the upstream's host in an image's name, by prefix."""
    key_arn: pulumi.Output[str]
    """ARN of the key that encrypts the layers."""

    @all_given
    def __init__(
        self, name: str, args: RegistryArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_registry(args, name, f"Registry {name!r}")
        super().__init__("fastapi-platform:index:Registry", name, dict(args), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        place = place_of(self)
        key = domain_key(
            f"{name}-key",
            parent=self,
            description=f"Images in registry {name}",
            tags=scope.tags,
            protect=plan.protect,
        )
        if plan.enhanced_scanning:
            _scan_all(scope)
        made = {
            label: _repository(scope, plan, label, spec, key)
            for label, spec in plan.repositories.items()
        }
        urls: dict[str, pulumi.Output[str]] = {}
        for label, repository in made.items():
            statements = _statements(plan.repositories[label], args, place)
            settings = _settings(scope, plan, label, repository, statements)
            urls[label] = after(repository.repository_url, settings)
        self._urls = urls
        self.repository_urls = by_name(urls)
        self.repository_arns = by_name({label: r.arn for label, r in made.items()})
        self.cache_urls = by_name(make_caches(scope, plan, key=key, place=place))
        self.key_arn = key.arn
        self.register_outputs(
            {
                "repositoryUrls": self.repository_urls,
                "repositoryArns": self.repository_arns,
                "cacheUrls": self.cache_urls,
                "keyArn": self.key_arn,
            }
        )

    def repository_url(self, label: str) -> pulumi.Output[str]:
        """Return where one repository is: known even while others are still to be made.

        :param label: its short name.
        """
        return self._urls[label]


def _repository(
    scope: Scope, plan: RegistryPlan, label: str, spec: RegistryRepositorySpec, key: aws.kms.Key
) -> aws.ecr.Repository:
    name = f"{scope.name}-{label}"
    return aws.ecr.Repository(
        name,
        name=spec.repository_name,
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration={"scan_on_push": True},
        encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
        force_delete=plan.force_delete,
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )


def _settings(
    scope: Scope,
    plan: RegistryPlan,
    label: str,
    repository: aws.ecr.Repository,
    statements: Sequence[Statement],
) -> list[pulumi.Resource]:
    settings: list[pulumi.Resource] = [
        aws.ecr.LifecyclePolicy(
            f"{scope.name}-{label}-lifecycle",
            repository=repository.name,
            policy=plan.lifecycle,
            opts=pulumi.ResourceOptions(
                parent=scope.parent,
                # The provider replaces it, and of a repository there is one: deleting the old
                # one last would delete the new one.
                delete_before_replace=True,
            ),
        )
    ]
    if statements:
        settings.append(
            aws.ecr.RepositoryPolicy(
                f"{scope.name}-{label}-policy",
                repository=repository.name,
                policy=document(*statements),
                opts=scope.own,
            )
        )
    return settings


def _statements(
    spec: RegistryRepositorySpec, args: RegistryArgs, place: Place
) -> Sequence[Statement]:
    """Return who may use a repository without an IAM policy of this account."""
    pullers, pushers = args.get("pullers") or {}, args.get("pushers") or {}
    statements: list[Statement] = []
    for sid, principals, actions in (
        ("Pull", pullers, PULL_ACTIONS),
        ("Push", pushers, (*PULL_ACTIONS, *PUSH_ACTIONS)),
    ):
        arns = [principals[who] for who in sorted(principals)]
        if arns:
            statements.append(Statement(sid, actions, principals={"AWS": arns}))
    if spec.lambda_pull:
        statements.append(
            Statement(
                "LambdaPull",
                LAMBDA_ACTIONS,
                principals={"Service": ["lambda.amazonaws.com"]},
                # only for functions of this account: the service acts for others too
                conditions={"ArnLike": {"aws:SourceArn": place.arn("lambda", "function:*")}},
            )
        )
    return statements


def _scan_all(scope: Scope) -> None:
    aws.ecr.RegistryScanningConfiguration(
        f"{scope.name}-scanning",
        scan_type="ENHANCED",
        rules=[
            {
                "scan_frequency": "CONTINUOUS_SCAN",
                "repository_filters": [{"filter": "*", "filter_type": "WILDCARD"}],
            }
        ],
        opts=scope.own,
    )
