"""Rights that lead to more rights, and roles that others can take."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.documents import IDENTITY, Statement, statements
from policies.rule import CONTROLS, Verdict, Violation, resource_policy
from policies.subject import Subject, items

ROLE = "aws:iam/role:Role"

ESCALATING = (
    *("iam:addusertogroup", "iam:attachgrouppolicy", "iam:attachrolepolicy"),
    *("iam:attachuserpolicy", "iam:createaccesskey", "iam:createloginprofile"),
    *("iam:createpolicyversion", "iam:deleterolepermissionsboundary", "iam:passrole"),
    *("iam:putgrouppolicy", "iam:putrolepolicy", "iam:putuserpolicy"),
    *("iam:setdefaultpolicyversion", "iam:updateassumerolepolicy", "iam:updateloginprofile"),
)
"""Actions by which a caller gives itself, or what it controls, more rights (in lower case),
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html and the list of
https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/ (2026-11)."""

BOUND = ("iam:permissionsboundary", "iam:policyarn")
"""Condition keys that keep what is given within known bounds."""

DEPUTIES = (
    *("bedrock.amazonaws.com", "events.amazonaws.com", "firehose.amazonaws.com"),
    *("pipes.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"),
    "vpc-flow-logs.amazonaws.com",
)
"""Services whose documentation asks for the source in the trust policy of their roles: see
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html (2026-11). Others are let
take a role by whoever may pass it."""

SOURCES = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")
COMPARED = ("stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase")

CREDENTIALS: Mapping[str, str] = {
    "aws:iam/accessKey:AccessKey": "is a key that never ends by itself",
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": (
        "is a password that never ends by itself"
    ),
    "aws:iam/userLoginProfile:UserLoginProfile": "is a password of a user",
    "aws:iam/userPolicy:UserPolicy": "gives rights to a user",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "gives rights to a user",
}

ATTACHED: Mapping[str, str] = {
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    ROLE: "managedPolicyArns",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
}
POWERFUL = ("AdministratorAccess*", "IAMFullAccess", "PowerUserAccess")


def _escalates(subject: Subject) -> Iterator[Verdict]:
    for statement in statements(subject, IDENTITY[subject.type]):
        if not isinstance(statement, Statement):
            yield statement
            continue
        if not statement.allows or not any(map(_every, statement.resources)):
            continue
        if any(key in BOUND for keys in statement.conditions.values() for key in keys):
            continue
        found = [
            action
            for action in ESCALATING
            if any(fnmatch.fnmatchcase(action, given) for given in statement.actions)
        ]
        if found:
            yield Violation(
                f"lets its bearer get more rights by {found[0]} in statement {statement.label}",
                "name the roles or policies by ARN, or require a permissions boundary",
            )


def _every(resource: str) -> bool:
    """Tell whether a pattern takes every role, user or policy."""
    return resource == "*" or (
        resource.startswith("arn:")
        and resource.split(":", 5)[-1] in ("*", "role/*", "user/*", "policy/*", "group/*")
    )


def _trust(role: Subject) -> Iterator[Verdict]:
    deputies = role.texts("services")
    for statement in statements(role, "assumeRolePolicy"):
        if not isinstance(statement, Statement):
            yield statement
        elif statement.allows:
            keys = dict(statement.compared(COMPARED))
            for service in statement.services:
                if service in deputies and not any(key in keys for key in SOURCES):
                    yield Violation(
                        f"lets {service} take it for anybody's resource",
                        "add a condition on aws:SourceArn or aws:SourceAccount",
                    )
            yield from _federated(statement, keys)


def _federated(statement: Statement, keys: Mapping[str, Sequence[str]]) -> Iterator[Verdict]:
    for provider in statement.federated:
        if "saml-provider" in provider or provider == "cognito-identity.amazonaws.com":
            continue
        subjects = [
            value for key, values in keys.items() if key.endswith(":sub") for value in values
        ]
        if not subjects or any(value.strip("*?") in ("", "repo:") for value in subjects):
            yield Violation(
                "lets everybody of an identity provider take it",
                "add a condition on the provider's key sub that names who may",
            )


def _static(subject: Subject) -> Iterator[Verdict]:
    yield Violation(
        CREDENTIALS[subject.type],
        "use a role: by Pod Identity, by OIDC from CI, or by Identity Center for people",
    )


def _attached(subject: Subject) -> Iterator[Verdict]:
    content = subject.get(ATTACHED[subject.type])
    for arn in items(content) if subject.type == ROLE else [content]:
        if isinstance(arn, UnknownValueError):
            yield arn
        elif isinstance(arn, str):
            called = arn.rpartition("/")[2]
            if any(fnmatch.fnmatchcase(called, each) for each in subject.texts("refused")):
                yield Violation(
                    f"gives {called}", "attach a policy with the actions that are needed"
                )


POLICIES: Sequence[Policy] = (
    resource_policy(
        _escalates,
        name="no-privilege-escalation",
        display_name="Nobody makes themselves administrator",
        description="No policy lets its bearer raise rights on every role, user or policy.",
        types=IDENTITY,
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Name in Resource the roles that may be passed or changed. Where a deployment role "
            "must make roles, require a permissions boundary by a condition on "
            "iam:PermissionsBoundary."
        ),
        tags=("identity",),
        url=f"{CONTROLS}iam-controls.html#iam-1",
    ),
    resource_policy(
        _trust,
        name="role-trust-narrow",
        display_name="A role is taken by whom it is for",
        description="Trust in services names the source, trust in OIDC providers the subject.",
        types=(ROLE,),
        severity=Severity.HIGH,
        remediation_steps=(
            "Add aws:SourceAccount and aws:SourceArn to the trust of a service that acts for "
            "others' resources; add sub (and aud) of the repository, branch or service account to "
            "the trust of an OIDC provider."
        ),
        tags=("identity",),
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        settings={
            "services": {
                "type": "array",
                "items": {"type": "string"},
                "default": list(DEPUTIES),
                "description": "Services that need a condition on the source.",
            }
        },
    ),
    resource_policy(
        _static,
        name="no-static-credentials",
        display_name="Credentials end by themselves",
        description="There are no access keys, no passwords and no rights of IAM users.",
        types=CREDENTIALS,
        severity=Severity.HIGH,
        remediation_steps=(
            "Give workloads roles by EKS Pod Identity, CI a role by OIDC, and people access by IAM "
            "Identity Center; then delete the user."
        ),
        tags=("identity", "secrets"),
        url=f"{CONTROLS}iam-controls.html#iam-2",
    ),
    resource_policy(
        _attached,
        name="no-admin-attached",
        display_name="Nothing runs as administrator",
        description="No role, group or user has a managed policy of an administrator.",
        types=ATTACHED,
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Detach the policy and attach one of the actions that IAM Access Analyzer finds used."
        ),
        tags=("identity",),
        url=f"{CONTROLS}iam-controls.html#iam-1",
        settings={
            "refused": {
                "type": "array",
                "items": {"type": "string"},
                "default": list(POWERFUL),
                "description": "Names of managed policies, * for any characters.",
            }
        },
    ),
)
