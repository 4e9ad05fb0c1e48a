"""IAM: who may do what, and who is allowed in."""

import ipaddress
from collections.abc import Callable, Iterator, Sequence

from pulumi_policy import Policy, Severity

from policies.documents import IDENTITY, RESOURCE, Statement, statements
from policies.rule import CONTROLS, Verdict, Violation, resource_policy
from policies.subject import Subject

EXACT = ("stringequals", "stringequalsignorecase", "arnequals", "stringlike", "arnlike")
"""Operators that compare with given values. Their `…IfExists` let in whoever has no such value."""

CALLER_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
    }
)
"""Condition keys that say who is calling, after what S3 takes for not public,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
(2026-11), with KMS's own and those of organizations."""

SHORTEST_PREFIX = 8
"""Bits of the prefix: ranges wider than any network of one owner are no restriction."""

SEARCH_HTTP = "es:eshttp"
"""Prefix of the actions of a search domain's own HTTP interface, in lower case. A policy may open
it to anybody, as AWS advises for domains with users of their own: that the domain is in a VPC and
authenticates is what `no-public-data-store` and `no-unauthenticated-access` hold.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html (2026-11)
"""


Problem = Callable[[Statement], str | None]


def _least_privilege(subject: Subject) -> Iterator[Verdict]:
    remedy = "name the actions that are needed one by one, and the resources by ARN"
    for table, problem in ((IDENTITY, _excess), (RESOURCE, _everything)):
        if subject.type in table:
            yield from _problems(subject, table[subject.type], problem, remedy)


def _problems(subject: Subject, path: str, problem: Problem, remedy: str) -> Iterator[Verdict]:
    for statement in statements(subject, path):
        if not isinstance(statement, Statement):
            yield statement
        elif statement.allows and (found := problem(statement)):
            yield Violation(f"{found} in statement {statement.label} of {path}", remedy)


def _everything(statement: Statement) -> str | None:
    if statement.not_actions:
        return "allows all actions but some"
    return "allows every action" if {"*", "*:*"} & set(statement.actions) else None


def _excess(statement: Statement) -> str | None:
    everything = _everything(statement)
    services = [a.removesuffix(":*") for a in statement.actions if a.endswith(":*")]
    if everything or statement.conditions or "*" not in statement.resources:
        return everything
    if not services:
        return "allows some actions on all resources but some" if statement.excepting else None
    return f"allows all of {' and '.join(services)} on every resource"


def _no_strangers(subject: Subject) -> Iterator[Verdict]:
    remedy = "name the principals, or add a condition on aws:PrincipalOrgID or aws:SourceAccount"
    yield from _problems(subject, RESOURCE[subject.type], _anybody, remedy)


def _anybody(statement: Statement) -> str | None:
    searches = statement.actions and all(a.startswith(SEARCH_HTTP) for a in statement.actions)
    if "*" not in statement.principals or searches or _says_who(statement):
        return None
    return "lets in anybody"


def _says_who(statement: Statement) -> bool:
    """Tell whether a condition admits certain callers only: all conditions must hold."""
    compared = statement.compared(EXACT)
    if any(key in CALLER_KEYS and all(map(_fixed, values)) for key, values in compared):
        return True
    ranges = statement.compared(("ipaddress",))
    return any(all(map(_narrow, values)) for key, values in ranges if key == "aws:sourceip")


def _fixed(value: str) -> bool:
    """Tell whether a value stands for one account, organization or network."""
    if not value.startswith("arn:"):
        return bool(value.strip("*?"))
    *_, account, resource = value.split(":", 5)
    return not {"*", "?"} & set(account or resource[:1])


def _narrow(cidr: str) -> bool:
    try:
        return ipaddress.ip_network(cidr, strict=False).prefixlen >= SHORTEST_PREFIX
    except ValueError:
        return False


POLICIES: Sequence[Policy] = (
    resource_policy(
        _least_privilege,
        name="no-wildcard-iam",
        display_name="Permissions are named",
        description="No policy allows every action, or all of a service on every resource.",
        types={**IDENTITY, **RESOURCE},
        severity=Severity.HIGH,
        remediation_steps=(
            "List the actions that the caller really uses, on the resources it uses: the "
            "components have helpers that give a consumer's statements. CloudTrail and IAM Access "
            "Analyzer tell what has been used."
        ),
        tags=("identity",),
        url=f"{CONTROLS}iam-controls.html#iam-1",
    ),
    resource_policy(
        _no_strangers,
        name="no-public-access-policy",
        display_name="Nobody unknown is let in",
        description="Policies of buckets, queues, topics, keys, roles and the like name who may.",
        types=RESOURCE,
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Name accounts, roles or services as principals. Where anybody of the organization or "
            "of a network may, say so by a condition on a key of AWS: a statement for `*` without "
            "one is open to every AWS account, and of some services to the internet."
        ),
        tags=("identity", "exposure"),
        url=f"{CONTROLS}s3-controls.html#s3-2",
    ),
)
