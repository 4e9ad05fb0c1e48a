"""Who may call an OpenSearch domain, and what a consumer's IAM role needs for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import ServiceRole, Statement, document, service_role, sid
from components._base.place import Place
from components._base.scope import Scope

READ_ACTIONS = ("es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost")
"""A search is a POST. What a role may do to which index is the domain's own matter, see
docs/search.md: IAM sees methods and paths only."""

WRITE_ACTIONS = (*READ_ACTIONS, "es:ESHttpDelete", "es:ESHttpPatch", "es:ESHttpPut")


@dataclass(frozen=True)
class Caller:
    """An IAM role that may call the domain."""

    sid: str
    role_arn: pulumi.Input[str]


def read_statements(domain_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what a consumer's role needs to search in a domain whose `auth` is iam."""
    return [Statement("SearchRead", READ_ACTIONS, [_inside(domain_arn)])]


def read_write_statements(domain_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what a consumer's role needs to search and index in a domain whose `auth` is iam."""
    return [Statement("SearchReadWrite", WRITE_ACTIONS, [_inside(domain_arn)])]


def make_admin_role(scope: Scope, place: Place, domain_arn: pulumi.Input[str]) -> ServiceRole:
    """Create the role that administers the domain: who may assume it is up to IAM."""
    root = place.arn("iam", "root", region=False)
    return service_role(
        f"{scope.name}-admin",
        parent=scope.parent,
        trust_policy=document(
            Statement("AccountPrincipals", ["sts:AssumeRole"], principals={"AWS": [root]})
        ),
        description=f"Administers the search domain {scope.name}",
        inline={"domain": document(*read_write_statements(domain_arn))},
        tags=scope.tags,
    )


def make_domain_policy(
    scope: Scope,
    domain: aws.opensearch.Domain,
    *,
    domain_arn: pulumi.Input[str],
    callers: Sequence[Caller],
) -> aws.opensearch.DomainPolicy:
    """Create the domain's policy; apart from the domain, which needs no client to be there.

    :param callers: none: whoever reaches the domain may call it, and has to give a password.
    """
    inside = [_inside(domain_arn)]
    statements = [
        Statement(caller.sid, WRITE_ACTIONS, inside, {"AWS": [caller.role_arn]})
        for caller in callers
    ] or [Statement("WithPassword", WRITE_ACTIONS, inside, {"AWS": ["*"]})]
    return aws.opensearch.DomainPolicy(
        f"{scope.name}-policy",
        domain_name=domain.domain_name,
        access_policies=document(*statements),
        opts=scope.own,
    )


def callers_of(
    admin_arn: pulumi.Input[str], client_roles: Mapping[str, pulumi.Input[str]]
) -> list[Caller]:
    """Return the admin and the clients, in an order that does not change."""
    clients = [Caller(f"Client{sid(name)}", arn) for name, arn in sorted(client_roles.items())]
    return [Caller("Admin", admin_arn), *clients]


def _inside(domain_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat(domain_arn, "/*")
