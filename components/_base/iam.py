"""IAM policy documents as typed values, and the roles that use them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components._base.tags import Tags, named

POLICY_VERSION = "2012-10-17"
"""The version of IAM's policy language, https://docs.aws.amazon.com/IAM (2026-11)."""


Condition = Mapping[str, pulumi.Input[str] | Sequence[pulumi.Input[str]]]
"""Condition keys and what they are compared with."""

Conditions = Mapping[str, Condition]
"""By operator, e.g. `StringEquals`."""


class Effect(str, Enum):
    """Whether a statement allows or denies."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True)
class Statement:
    """One statement of a policy. Name actions one by one; never `*`."""

    sid: str
    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]] = ()
    """ARNs. Left out in trust policies only."""
    principals: Mapping[str, Sequence[pulumi.Input[str]]] = field(
        default_factory=dict[str, Sequence[pulumi.Input[str]]]
    )
    """By kind: `Service`, `AWS`, `Federated`."""
    conditions: Conditions = field(default_factory=dict[str, Condition])
    effect: Effect = Effect.ALLOW


def sid(name: str) -> str:
    """Return `name` as a statement's id takes it: `OrderService` for `order-service`."""
    return "".join(part.capitalize() for part in re.split(r"[^a-zA-Z0-9]+", name))


def document(*statements: Statement) -> pulumi.Output[str]:
    """Return the policy as JSON with sorted keys, so that equal policies never differ."""
    body = {"Version": POLICY_VERSION, "Statement": [_statement(s) for s in statements]}
    return pulumi.Output.json_dumps(body, sort_keys=True, separators=(",", ":"))


def _statement(statement: Statement) -> dict[str, object]:
    parts: dict[str, object] = {
        "Sid": statement.sid,
        "Effect": statement.effect.value,
        "Action": sorted(statement.actions),
    }
    if statement.resources:
        parts["Resource"] = list(statement.resources)
    if statement.principals:
        parts["Principal"] = {kind: list(names) for kind, names in statement.principals.items()}
    if statement.conditions:
        parts["Condition"] = statement.conditions
    return parts


def trust(
    service: str,
    *,
    actions: Sequence[str] = ("sts:AssumeRole",),
    conditions: Conditions | None = None,
) -> pulumi.Output[str]:
    """Return the trust policy of a role that `service` (e.g. `ec2.amazonaws.com`) assumes."""
    return document(
        Statement(
            sid="Trust",
            actions=actions,
            principals={"Service": [service]},
            conditions=conditions or {},
        )
    )


def pod_identity_trust() -> pulumi.Output[str]:
    """Return the trust policy of a role given to pods by EKS Pod Identity."""
    return trust("pods.eks.amazonaws.com", actions=("sts:AssumeRole", "sts:TagSession"))


@dataclass(frozen=True)
class ServiceRole:
    """A role with the policies attached to it."""

    role: aws.iam.Role
    policies: Sequence[pulumi.Resource]

    @property
    def arn(self) -> pulumi.Output[str]:
        """The role's ARN; whatever uses it waits until the policies are attached.

        Depending on the role alone would not do: its children are not part of that.
        """
        return after(self.role.arn, self.policies)

    @property
    def name(self) -> pulumi.Output[str]:
        """The role's name; whatever uses it waits until the policies are attached."""
        return after(self.role.name, self.policies)


def service_role(
    name: str,
    *,
    parent: pulumi.Resource,
    trust_policy: pulumi.Input[str],
    description: str,
    tags: Tags | None = None,
    managed: Mapping[str, pulumi.Input[str]] | None = None,
    inline: Mapping[str, pulumi.Input[str]] | None = None,
) -> ServiceRole:
    """Create a role with AWS-`managed` policies (suffix to ARN) and `inline` ones (suffix to JSON).

    The policies are children of the role.
    """
    role = aws.iam.Role(
        name,
        assume_role_policy=trust_policy,
        description=description,
        tags=named(tags, name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    own = pulumi.ResourceOptions(parent=role)
    attached = [
        aws.iam.RolePolicyAttachment(f"{name}-{suffix}", role=role.name, policy_arn=arn, opts=own)
        for suffix, arn in (managed or {}).items()
    ]
    inlined = [
        aws.iam.RolePolicy(f"{name}-{suffix}", role=role.name, policy=policy, opts=own)
        for suffix, policy in (inline or {}).items()
    ]
    return ServiceRole(role, (*attached, *inlined))
