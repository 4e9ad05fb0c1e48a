"""Rights that lead to more rights, trust in strangers, credentials without an end."""

import json

import pytest

from policies.escalation import ATTACHED, CREDENTIALS
from tests.policies.verdict import UNKNOWN, Inputs, verdict

POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE = "aws:iam/role:Role"
ESCALATION, TRUST, ADMIN = "no-privilege-escalation", "role-trust-narrow", "no-admin-attached"
ANY_ROLE = "arn:aws:iam::123456789012:role/*"


def document(key: str = "policy", **statement: object) -> Inputs:
    return {key: json.dumps({"Statement": [{"Effect": "Allow", **statement}]})}


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:PassRole", "*"),
        ("iam:PassRole", ANY_ROLE),
        ("iam:Create*", "*"),
        ("iam:*", "*"),
        (["s3:GetObject", "iam:AttachRolePolicy"], "*"),
        ("IAM:PutRolePolicy", ["arn:aws:s3:::b", "*"]),
    ],
)
def test_rights_over_every_role_are_a_violation(action: object, resource: object) -> None:
    (message,) = verdict(ESCALATION, POLICY, document(Action=action, Resource=resource)).violations
    assert "lets its bearer get more rights by iam:" in message


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/nodes-*"},
        {"Action": "iam:GetRole", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
        {
            "Action": "iam:PutRolePolicy",
            "Resource": ANY_ROLE,
            "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/b"}},
        },
    ],
)
def test_named_roles_and_a_boundary_pass(statement: Inputs) -> None:
    assert verdict(ESCALATION, POLICY, document("policy", **statement)).passed
    assert verdict(ESCALATION, POLICY, {"policy": UNKNOWN}).undecided


def test_all_resources_but_some_are_too_many() -> None:
    but = document(Action="s3:GetObject", NotResource="arn:aws:s3:::b")
    (message,) = verdict("no-wildcard-iam", POLICY, but).violations
    assert "allows some actions on all resources but some" in message


GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
SUB = "token.actions.githubusercontent.com:sub"


def trust(principal: Inputs, **condition: object) -> Inputs:
    return document("assumeRolePolicy", Principal=principal, Condition=condition)


@pytest.mark.parametrize(
    ("role", "passes"),
    [
        (trust({"Service": "scheduler.amazonaws.com"}), False),
        (trust({"Service": "ec2.amazonaws.com"}), True),
        (
            trust(
                {"Service": "scheduler.amazonaws.com"},
                StringEquals={"aws:SourceAccount": "123456789012"},
            ),
            True,
        ),
        (trust({"Federated": GITHUB}), False),
        (trust({"Federated": GITHUB}, StringLike={SUB: "repo:*"}), False),
        (trust({"Federated": GITHUB}, StringLike={SUB: "*"}), False),
        (trust({"Federated": GITHUB}, StringEquals={SUB: "repo:example/shop:ref:x"}), True),
        (trust({"Federated": "arn:aws:iam::123456789012:saml-provider/idp"}), True),
        ({"assumeRolePolicy": "{"}, False),
    ],
)
def test_trust_says_on_whose_behalf(role: Inputs, *, passes: bool) -> None:
    assert verdict(TRUST, ROLE, role).passed is passes


def test_trust_to_come_is_waited_for() -> None:
    assert verdict(TRUST, ROLE, {"assumeRolePolicy": UNKNOWN}).undecided
    others = {"services": ["ec2.amazonaws.com"]}
    assert verdict(TRUST, ROLE, trust({"Service": "ec2.amazonaws.com"}), config=others).violations


@pytest.mark.parametrize("type_", CREDENTIALS)
def test_credentials_without_an_end_are_refused(type_: str) -> None:
    (message,) = verdict("no-static-credentials", type_, {"user": "u"}).violations
    assert message.startswith(f"no-static-credentials: {type_} 'it' ")
    assert verdict("no-static-credentials", "aws:iam/user:User", {"name": "u"}).passed


@pytest.mark.parametrize(("type_", "path"), ATTACHED.items())
def test_policies_of_administrators_are_refused(type_: str, path: str) -> None:
    def given(arn: str) -> Inputs:
        return {path: [arn] if type_ == ROLE else arn}

    for name in ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess"):
        arn = f"arn:aws:iam::aws:policy/{name}"
        assert len(verdict(ADMIN, type_, given(arn)).violations) == 1
    ordinary = given("arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy")
    assert verdict(ADMIN, type_, ordinary).passed
    assert verdict(ADMIN, type_, ordinary, config={"refused": ["AmazonEKS*"]}).violations
    assert verdict(ADMIN, type_, given(UNKNOWN)).undecided
