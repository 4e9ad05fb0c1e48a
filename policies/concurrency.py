"""How many instances of a function may run, and how many are always warm."""

import fnmatch
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, same, some
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
    named = _named(function, shared)
    if named is True:
        return
    remedy = f"set {RESERVED}, or name it with the reason in the setting shared"
    for verdict in verdicts(function, Need(RESERVED, at_least(0), remedy)):
        if isinstance(verdict, Violation):
            yield from demanded(named, verdict)
        else:
            yield verdict


def _warm(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    cold = Violation(
        "is critical for latency and has no warm instances",
        "add a ProvisionedConcurrencyConfig of its alias, or snapStart for published versions",
    )
    critical = {
        each.urn: (each, named)
        for each in stack
        if each.type == FUNCTION
        and (named := _named(each, each.texts("latencyCritical"))) is not False
    }
    provisioned = [reference(each, "functionName") for each in stack if each.type == PROVISIONED]
    functions = [each for each, _ in critical.values()]
    for function, verdict in unnamed(functions, ("name",), provisioned, cold):
        restored = same(function.get("snapStart.applyOn"), "PublishedVersions")
        _, named = critical[function.urn]
        warm = verdict if isinstance(verdict, UnknownValueError) else False
        answer = some((restored, warm))
        yield from ((function, each) for each in demanded(answer, cold, of=named))


def _named(function: Subject, patterns: Collection[str]) -> Answer:
    """Tell whether patterns name a function: by its name, or by the one that Pulumi knows."""
    name = function.get("name")
    called = {function.name, name} if isinstance(name, str) else {function.name}
    if any(fnmatch.fnmatchcase(one, each) for one in called for each in patterns):
        return True
    return name if isinstance(name, UnknownValueError) and patterns else False


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
