"""Lint of the IAM policies that components build, with parliament and two rules of our own.

    assert lint(str(cloud.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])) == []

parliament knows which actions exist, which resources and conditions they take, and says when a
wildcard stands where a resource could be named. https://github.com/duo-labs/parliament
"""

import json
import warnings
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol, cast

STAR_OF_RESOURCE_POLICY = frozenset({"RESOURCE_STAR"})
"""In a policy of a resource (a key, a secret, a queue), `*` is that resource itself."""

LOGS_KEY = frozenset({"MISMATCHED_TYPE", "UNKNOWN_CONDITION_FOR_ACTION"})
"""To allow in a key policy with `kms.log_delivery`, which is AWS's own: it compares an ARN in the
encryption context, which parliament knows as text, and names kms:DescribeKey, which has no context.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (2026-11)
"""

NEGATIONS = ("NotAction", "NotResource", "NotPrincipal")
"""They allow whatever AWS invents next."""

Json = Mapping[str, object]


class _Finding(Protocol):
    issue: str
    detail: object
    location: Mapping[str, object]


def lint(document: str, *, allowed: Collection[str] = ()) -> list[str]:
    """Return what is wrong with a policy, a trust policy or a policy of a resource.

    :param allowed: parliament's names of findings that the caller answers for, each with a reason
        beside it, e.g. `RESOURCE_STAR` for actions on what does not exist yet.
    """
    policy = cast("dict[str, object]", json.loads(document))
    statements = _listed(policy.get("Statement", []))
    problems = [problem for statement in statements for problem in _own_rules(statement)]
    ignored = set(allowed)
    if any("Principal" in statement for statement in statements):
        ignored |= STAR_OF_RESOURCE_POLICY
        # a trust policy has no resource: it is that of its role
        policy["Statement"] = [{"Resource": "*", **statement} for statement in statements]
    found = [finding for finding in _findings(json.dumps(policy)) if finding.issue not in ignored]
    return problems + [
        f"{finding.issue}: {finding.detail or finding.location}" for finding in found
    ]


def _own_rules(statement: Json) -> Iterator[str]:
    sid = statement.get("Sid", "a statement without Sid")
    wild = [action for action in _texts(statement.get("Action", [])) if "*" in action]
    if wild:
        yield f"WILDCARD_ACTION: {sid}: {', '.join(wild)}"
    for key in NEGATIONS:
        if key in statement:
            yield f"NEGATION: {sid}: {key}"


def _findings(document: str) -> list[_Finding]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parliament's own, of its use of pkg_resources
        import parliament  # pyright: ignore[reportMissingTypeStubs] - two seconds, when needed

        policy = cast("object", parliament.analyze_policy_string(document))
    return cast("list[_Finding]", getattr(policy, "findings"))  # noqa: B009 - it has no types


def _listed(value: object) -> list[Json]:
    return cast("list[Json]", value) if isinstance(value, list) else [cast("Json", value)]


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else cast("list[str]", value)
