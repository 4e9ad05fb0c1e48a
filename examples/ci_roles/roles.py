"""Two roles for CI in one account, to deploy and to look, and the boundary of all others."""

from collections.abc import Mapping
from enum import Enum
from typing import Optional

import pulumi
import pulumi_aws as aws
from pydantic import Field, ValidationError, field_validator

from components._base.errors import InvalidInput
from components._base.iam import Statement, document
from components._base.place import Place, place_of
from components._base.spec import Spec, describe
from examples.ci_roles import rights

SESSION_SECONDS = 4 * 3600
"""As long as the job that deploys."""

AUDIENCE = "sts.amazonaws.com"


class Forge(str, Enum):
    """Whose tokens are taken."""

    GITHUB = "github"
    GITLAB = "gitlab"


ISSUERS: Mapping[Forge, str] = {
    Forge.GITHUB: "token.actions.githubusercontent.com",
    Forge.GITLAB: "gitlab.com",
}
"""https://docs.github.com/en/actions/reference/security/oidc,
https://docs.gitlab.com/ci/cloud_services/aws/ (2026-11)"""


class CiRolesSettings(Spec):
    """Who may take the roles, and what these work on."""

    repository: str = Field(pattern=r"^[\w.-]+(/[\w.-]+)+$")
    """Such as `acme/platform`."""
    environment: str = Field(pattern=r"^[a-z][a-z0-9-]{0,38}$")
    """Environment of this account, e.g. `prod`."""
    state_bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    """Bucket with Pulumi's state."""
    state_key: str = Field(pattern=r"^arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+$")
    """ARN of the KMS key of the state's secrets."""
    regions: tuple[str, ...] = Field(min_length=1)
    """Where the platform is, its copies of backups too."""
    forge: Forge = Forge.GITHUB
    """Whose tokens are taken."""
    branch: str = Field("main", pattern=r"^[\w./-]+$")
    """On GitLab, whose tokens name no environment, jobs of this branch may take the roles."""
    provider_arn: str | None = None
    """OIDC provider of the forge; default: it is made."""
    project: str = "fastapi-platform"
    """Tag `project` of what the platform makes (`platform:tags.project`)."""
    prefix: str = Field("platform", pattern=r"^[a-z][a-z0-9-]{0,30}$")
    """Roles are called `PREFIX-deployer` and `PREFIX-preview`."""

    @field_validator("provider_arn")
    @classmethod
    def _empty_is_none(cls, arn: str | None) -> str | None:
        return arn or None

    def subject(self, environment: str) -> str:
        """Return whose tokens are taken for an environment."""
        if self.forge is Forge.GITLAB:
            return f"project_path:{self.repository}:ref_type:branch:ref:{self.branch}"
        return f"repo:{self.repository}:environment:{environment}"


def read_settings(config: pulumi.Config) -> CiRolesSettings:
    """Read the configuration of the program.

    :raises InvalidInput: with every problem.
    """
    given: dict[str, object] = {
        name: config.get(name)
        for name in ("repository", "environment", "stateBucket", "stateKey", "forge")
    }
    given |= {"regions": config.get_object("regions"), "providerArn": config.get("providerArn")}
    return parse({key: value for key, value in given.items() if value is not None})


def parse(given: Mapping[str, object]) -> CiRolesSettings:
    """Check settings by their names in the stack file.

    :raises InvalidInput: with every problem.
    """
    try:
        return CiRolesSettings.model_validate(given, by_alias=True, by_name=False)
    except ValidationError as error:
        raise InvalidInput(
            "ci-roles", list(describe(error, CiRolesSettings, by_alias=True))
        ) from None


class CiRoles(pulumi.ComponentResource):
    """The roles of CI in one account.

    `prod` may only be deployed by a job of the environment `prod`, whose approval the forge asks
    for; a job of `prod-preview` may look. Neither can make a role outside the boundary.
    """

    deploy_arn: pulumi.Output[str]
    """For the variable AWS_ROLE of the environment."""
    preview_arn: pulumi.Output[str]
    """For the variable AWS_ROLE of the environment `NAME-preview`."""
    boundary_arn: pulumi.Output[str]
    """For `platform:roles.boundary`."""

    def __init__(
        self,
        name: str,
        settings: CiRolesSettings,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Create the roles, the boundary and, unless it is given, the OIDC provider."""
        super().__init__("ci-roles:index:CiRoles", name, {}, opts)
        self._name, self._settings = name, settings
        place = place_of(self)
        boundary = self._boundary(place)
        self.boundary_arn = boundary.arn
        provider = self._issuer()
        bucket, key = settings.state_bucket, settings.state_key
        self.deploy_arn = self._role(
            "deployer",
            provider,
            settings.environment,
            [
                *rights.deploy(place, boundary.arn, settings.regions),
                *rights.keep_state(place, bucket, key),
            ],
        ).arn
        preview = self._role(
            "preview",
            provider,
            f"{settings.environment}-preview",
            rights.look(place, bucket, key, settings.project),
        )
        for suffix, policy in rights.VIEWS.items():
            aws.iam.RolePolicyAttachment(
                f"{name}-preview-{suffix}",
                role=preview.name,
                policy_arn=place.aws_policy(policy),
                opts=pulumi.ResourceOptions(parent=preview),
            )
        self.preview_arn = preview.arn
        self.register_outputs(
            {
                "deployArn": self.deploy_arn,
                "previewArn": self.preview_arn,
                "boundaryArn": self.boundary_arn,
            }
        )

    def _boundary(self, place: Place) -> aws.iam.Policy:
        return aws.iam.Policy(
            f"{self._name}-boundary",
            name=f"{self._settings.prefix}-boundary",
            description="The most that a role of the platform may do",
            policy=document(rights.work(self._settings.regions), *rights.nodes(place)),
            tags=self._tags(f"{self._name}-boundary"),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _issuer(self) -> pulumi.Input[str]:
        if self._settings.provider_arn:
            return self._settings.provider_arn
        return aws.iam.OpenIdConnectProvider(
            f"{self._name}-provider",
            url=f"https://{ISSUERS[self._settings.forge]}",
            client_id_lists=[AUDIENCE],
            tags=self._tags(f"{self._name}-provider"),
            opts=pulumi.ResourceOptions(parent=self),
        ).arn

    def _role(
        self,
        kind: str,
        provider: pulumi.Input[str],
        environment: str,
        may: list[Statement],
    ) -> aws.iam.Role:
        issuer = ISSUERS[self._settings.forge]
        token = {
            f"{issuer}:aud": [AUDIENCE],
            f"{issuer}:sub": [self._settings.subject(environment)],
        }
        taken = Statement(
            "Trust",
            ["sts:AssumeRoleWithWebIdentity"],
            principals={"Federated": [provider]},
            conditions={"StringEquals": token},
        )
        role = aws.iam.Role(
            f"{self._name}-{kind}",
            name=f"{self._settings.prefix}-{kind}",
            description=f"Taken by CI in the environment {environment}",
            assume_role_policy=document(taken),
            max_session_duration=SESSION_SECONDS,
            tags=self._tags(f"{self._name}-{kind}"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.iam.RolePolicy(
            f"{self._name}-{kind}-may",
            role=role.name,
            policy=document(*may),
            opts=pulumi.ResourceOptions(parent=role),
        )
        return role

    def _tags(self, name: str) -> dict[str, str]:
        return {
            "Name": name,
            "environment": self._settings.environment,
            "managed-by": "pulumi",
            "owner": "platform-team",
            "project": "ci-roles",
        }
