"""What an `OpenSearchDomain` will make, computed before anything is made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.names import check_name, short_name
from components._base.spec import read_spec
from components.search.opensearch_args import OpenSearchArgs, OpenSearchAuth
from components.search.opensearch_spec import OpenSearchSpec

LONGEST_DOMAIN = 28
"""https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html
(2026-11)"""

SUFFIX_LENGTH = 6

CLIENT = re.compile(r"[a-z][a-z0-9-]{0,30}")

LOG_TYPES: Mapping[str, str] = {
    "application": "ES_APPLICATION_LOGS",
    "audit": "AUDIT_LOGS",
    "index-slow": "INDEX_SLOW_LOGS",
    "search-slow": "SEARCH_SLOW_LOGS",
}
"""All that the service has, by the suffix of the log group.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
(2026-11)
"""


@dataclass(frozen=True)
class OpenSearchPlan:
    """A domain and what comes with it."""

    spec: OpenSearchSpec
    domain_prefix: str
    """What the domain's name begins with; a hyphen and a random suffix follow."""


def plan_opensearch(args: OpenSearchArgs, name: str = "search") -> OpenSearchPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"OpenSearchDomain {name!r}"
    check_name(name, owner)
    spec = read_spec(OpenSearchSpec, OpenSearchArgs, args, owner)
    problems = [*_bad_clients(args), *_useless_roles(args, spec)]
    if problems:
        raise InvalidInput(owner, problems)
    return OpenSearchPlan(spec, short_name(name, LONGEST_DOMAIN - SUFFIX_LENGTH - 1))


def _bad_clients(args: OpenSearchArgs) -> list[Problem]:
    return [
        Problem(f"{key}.{client}", "a short name of small letters, digits and hyphens is needed")
        for key, clients in (
            ("clients", args.get("clients") or {}),
            ("client_roles", args.get("client_roles") or {}),
        )
        for client in clients
        if not CLIENT.fullmatch(client)
    ]


def _useless_roles(args: OpenSearchArgs, spec: OpenSearchSpec) -> list[Problem]:
    if spec.auth is OpenSearchAuth.IAM:
        return []
    given = {"client_roles": args.get("client_roles"), "admin_role_arn": args.get("admin_role_arn")}
    reason = "only when auth is iam: a request with a password is signed by no role"
    return [Problem(key, reason) for key, value in given.items() if value]
