"""How many instances of a function may run, and how many are always warm."""

import fnmatch
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast

from pulumi_policy import Policy, Severity

from policies.certainty import opposite, same
from policies.links import reference, unnamed
from policies.needs import Need, at_least, verdicts
from policies.rule import Verdict, Violation, demanded, resource_policy, stack_policy
from policies.serverless import FUNCTION
from policies.subject import Subject

PROVISIONED = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"

RESERVED = "reservedConcurrentExecutions"
"""-1, as nothing, is a share of the account's,
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html (2026-11)."""


def _reserved(function: Subject) -> Iterator[Verdict]:
    shared = cast("Mapping[str, str]", function.settings["shared"])
    if not _named(function, shared):
        remedy = f"set {RESERVED}, or name it with the reason in the setting shared"
        yield from verdicts(function, Need(RESERVED, at_least(0), remedy))


def _warm(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    cold = Violation(
        "is critical for latency and has no warm instances",
        "add a ProvisionedConcurrencyConfig of its alias, or snapStart for published versions",
    )
    critical = [
        each
        for each in stack
        if each.type == FUNCTION and _named(each, each.texts("latencyCritical"))
    ]
    provisioned = [reference(each, "functionName") for each in stack if each.type == PROVISIONED]
    for function, verdict in unnamed(critical, ("name",), provisioned, cold):
        restored = same(function.get("snapStart.applyOn"), "PublishedVersions")
        if isinstance(verdict, Violation):
            yield from ((function, each) for each in demanded(restored, verdict))
        elif opposite(restored) is not False:
            yield function, verdict


def _named(function: Subject, patterns: Collection[str]) -> bool:
    """Tell whether patterns name a function: by its name, else by the one that Pulumi knows."""
    name = function.get("name")
    called = {function.name, name} if isinstance(name, str) else {function.name}
    return any(fnmatch.fnmatchcase(one, each) for one in called for each in patterns)


POLICIES: Sequence[Policy] = (
    resource_policy(
        _reserved,
        name="lambda-concurrency-reserved",
        display_name="One function does not take the account's concurrency",
        description="A function reserves its concurrency, or shares the account's for a reason.",
        types=(FUNCTION,),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Reserve what the stores behind the function bear: without it, one function under load "
            "throttles every other one of the account and the region. An account with the least "
            "quota can reserve nothing: say so in shared, for the name *."
        ),
        tags=("serverless", "scaling"),
        url="https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
        settings={
            "shared": {
                "type": "object",
                "additionalProperties": {"type": "string", "minLength": 1},
                "default": {},
                "description": (
                    "Why functions share the account's concurrency, by name; * stands for any "
                    "characters."
                ),
            }
        },
    ),
    stack_policy(
        _warm,
        name="lambda-provisioned",
        display_name="What must answer at once is warm",
        description="Functions that are critical for latency have provisioned concurrency.",
        types=(FUNCTION, PROVISIONED),
        severity=Severity.LOW,
        remediation_steps=(
            "Provision as many instances as requests come at once at least, for the alias that "
            "callers use; or restore new ones from a snapshot (SnapStart)."
        ),
        tags=("serverless", "availability"),
        url="https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
        settings={
            "latencyCritical": {
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "default": [],
                "description": "Names of such functions; * stands for any characters.",
            }
        },
    ),
)
