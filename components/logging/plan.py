"""What `Logging` will make, computed before anything is made."""

from dataclasses import dataclass

import pulumi

from components._base.errors import InvalidInput, Problem
from components._base.names import check_name
from components._base.spec import read_spec
from components.logging.args import LoggingArgs, LoggingSearchArgs
from components.logging.pipeline import configuration, script
from components.logging.spec import LoggingSpec

SEARCH_NEEDED = (
    "needs `search`, the Elasticsearch of ElasticsearchCluster; an OpenSearch domain is not "
    "written to: use cloudwatch there"
)


@dataclass(frozen=True)
class LoggingPlan:
    """The agents, and where they send lines."""

    spec: LoggingSpec
    search: LoggingSearchArgs | None
    """The Elasticsearch that they send to, if any."""
    configuration: str
    """Fluent Bit's own."""
    script: str
    """The Lua that lines go through."""


def plan_logging(args: LoggingArgs, name: str = "logging") -> LoggingPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"Logging {name!r}"
    check_name(name, owner)
    spec = read_spec(LoggingSpec, LoggingArgs, args, owner)
    search = args.get("search") if spec.elasticsearch else None
    problems: list[Problem] = []
    if spec.elasticsearch and search is None:
        problems.append(Problem("elasticsearch", SEARCH_NEEDED))
    if search is not None:
        problems += _search_problems(search)
    if problems:
        raise InvalidInput(owner, problems)
    return LoggingPlan(spec, search, configuration(spec), script(spec))


def _search_problems(search: LoggingSearchArgs) -> list[Problem]:
    problems = [
        Problem(f"search.{key}", "is required")
        for key in ("endpoint", "ca_secret")
        if not search.get(key)
    ]
    endpoint, secret = search.get("endpoint"), search.get("ca_secret")
    if (
        endpoint
        and not isinstance(endpoint, pulumi.Output)
        and not str(endpoint).startswith("https://")
    ):
        problems.append(Problem("search.endpoint", f"{endpoint!r} is not valid: https://host:port"))
    if secret and not isinstance(secret, pulumi.Output) and str(secret).count("/") != 1:
        problems.append(Problem("search.ca_secret", f"{secret!r} is not valid: namespace/name"))
    return problems
