"""The roles of CI: who may take them, and how far they go."""

import functools
import json
from collections.abc import Mapping
from typing import cast

import pytest

from components._base.errors import InvalidInput
from examples.ci_roles.rights import SERVICES
from examples.ci_roles.roles import CiRoles, parse
from simulator.cloud.registry import models
from tests.harness import Recorder, build
from tests.iam_lint import lint
from tests.policies.verdict import complaints

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
GIVEN: Mapping[str, object] = {
    "repository": "acme/platform",
    "environment": "prod",
    "stateBucket": "acme-state",
    "stateKey": "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
    "regions": ["eu-west-1", "eu-central-1"],
}

Statements = Mapping[str, Mapping[str, object]]


def made(**more: object) -> Recorder[CiRoles]:
    return build(lambda: CiRoles("ci", parse({**GIVEN, **more})))


@functools.cache
def default() -> Recorder[CiRoles]:
    return made()


def statements(text: object) -> Statements:
    rows = cast("list[Mapping[str, object]]", json.loads(str(text))["Statement"])
    return {str(row["Sid"]): row for row in rows}


def rights(kind: str) -> Statements:
    return statements(default().one(POLICY, f"ci-{kind}-may").inputs["policy"])


def trusted(cloud: Recorder[CiRoles], kind: str) -> Mapping[str, object]:
    role = cloud.one(ROLE, f"ci-{kind}")
    return statements(role.inputs["assumeRolePolicy"])["Trust"]


def test_a_role_is_taken_by_jobs_of_one_repository_in_one_environment():
    issuer = "token.actions.githubusercontent.com"
    for kind, environment in (("deployer", "prod"), ("preview", "prod-preview")):
        trust = trusted(default(), kind)
        assert trust["Action"] == ["sts:AssumeRoleWithWebIdentity"]
        assert trust["Condition"] == {
            "StringEquals": {
                f"{issuer}:aud": ["sts.amazonaws.com"],
                f"{issuer}:sub": [f"repo:acme/platform:environment:{environment}"],
            }
        }
        arn = f"arn:aws:iam::123456789012:oidc-provider/{issuer}"
        assert trust["Principal"] == {"Federated": [arn]}
    assert default().one(PROVIDER).inputs["clientIdLists"] == ["sts.amazonaws.com"]


def test_gitlab_names_a_branch():
    trust = trusted(made(forge="gitlab"), "deployer")
    condition = cast("Mapping[str, Mapping[str, object]]", trust["Condition"])
    assert condition["StringEquals"]["gitlab.com:sub"] == [
        "project_path:acme/platform:ref_type:branch:ref:main"
    ]


def test_a_provider_that_is_there_is_used():
    arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    cloud = made(providerArn=arn)
    assert cloud.all(PROVIDER) == []
    assert trusted(cloud, "preview")["Principal"] == {"Federated": [arn]}
    assert len(made(providerArn="").all(PROVIDER)) == 1


def test_the_names_are_those_of_the_stack_files():
    names = {role.inputs["name"] for role in default().all(ROLE)}
    assert names == {"platform-deployer", "platform-preview"}
    assert default().one("aws:iam/policy:Policy").inputs["name"] == "platform-boundary"


def test_a_deployer_makes_roles_of_the_platform_within_the_boundary_and_no_others():
    may = rights("deployer")
    roles = "arn:aws:iam::123456789012:role/platform/*"
    boundary = "arn:aws:iam::123456789012:policy/platform-boundary"
    assert may["BoundRoles"]["Condition"] == {"ArnEquals": {"iam:PermissionsBoundary": [boundary]}}
    raising = ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PassRole")
    for sid, statement in may.items():
        if set(raising) & set(cast("list[str]", statement["Action"])):
            assert statement["Resource"] == [roles], sid
    everything = {a for s in may.values() for a in cast("list[str]", s["Action"])}
    assert "iam:CreateRole" in everything
    never = ("iam:*", "iam:DeleteRolePermissionsBoundary", "iam:CreatePolicyVersion")
    assert everything.isdisjoint((*never, "iam:CreateUser", "iam:CreateAccessKey"))


def test_the_boundary_makes_no_roles():
    text = default().one("aws:iam/policy:Policy").inputs["policy"]
    actions = {
        action
        for row in statements(text).values()
        for action in cast("list[str]", row["Action"])
        if action.startswith("iam:")
    }
    assert "iam:PassRole" in actions
    assert not [a for a in actions if "Policy" in a or a == "iam:CreateRole"]
    assert len("".join(str(text).split())) <= 6144, "IAM's limit of a managed policy"


def test_work_is_done_in_the_platforms_regions():
    work = rights("deployer")["Work"]
    regions = ["eu-central-1", "eu-west-1", "us-east-1"]
    assert work["Condition"] == {"StringEquals": {"aws:RequestedRegion": regions}}


def test_each_service_that_the_platform_has_resources_of_is_named():
    modules = {type_.split(":")[1].split("/")[0] for type_ in models() if type_.startswith("aws:")}
    assert modules - SERVICES.keys() <= {"iam", "index"}


def test_nobody_takes_the_state_away():
    may = rights("deployer")
    assert may["KeepState"]["Effect"] == may["KeepKey"]["Effect"] == "Deny"
    assert may["KeepState"]["Resource"] == ["arn:aws:s3:::acme-state", "arn:aws:s3:::acme-state/*"]
    assert may["KeepKey"]["Resource"] == [GIVEN["stateKey"]]


def test_a_preview_changes_nothing():
    reading = ("Get", "List", "Describe", "Decrypt")
    for sid, statement in rights("preview").items():
        for action in cast("list[str]", statement["Action"]):
            assert action.split(":")[1].startswith(reading), sid
    attached = default().all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert sorted(str(a.inputs["policyArn"]) for a in attached) == [
        "arn:aws:iam::aws:policy/SecurityAudit",
        "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
    ]


def test_all_of_it_passes_the_policies_and_iams_grammar():
    assert complaints(default().resources) == []
    found = [
        problem
        for policy in default().all(POLICY)
        # services as a whole, in the regions and within the boundary: docs/ci.md says why
        for problem in lint(str(policy.inputs["policy"]), allowed=("RESOURCE_STAR",))
        if not problem.startswith("WILDCARD_ACTION: Work:")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"repository": "acme"}, "repository"),
        ({"environment": "*"}, "environment"),
        ({"stateKey": "alias/pulumi"}, "stateKey"),
        ({"regions": []}, "regions"),
        ({"forge": "gitea"}, "forge"),
    ],
)
def test_wrong_settings_are_told_by_their_keys(given: Mapping[str, object], said: str):
    with pytest.raises(InvalidInput) as error:
        parse({**GIVEN, **given})
    assert [problem.path for problem in error.value.problems] == [said]
