"""How a policy of this pack is written: a check over one resource, and all that describes it.

A check yields violations, and the `UnknownValueError` of whatever it could not decide. Violations
are always reported; what stays undecided becomes one advisory note, and is decided by the same
policy at the latest during the update, before the resource is created or changed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass

from pulumi_policy import (
    EnforcementLevel,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
)
from pulumi_policy.proxy import UnknownValueError

from policies.subject import Subject

FSBP = "AWS Foundational Security Best Practices"
"""https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html"""

CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/"
"""Where AWS documents each control of its standards."""

Setting = Mapping[str, object]
"""One configuration property: a JSON schema with a `default`."""


@dataclass(frozen=True)
class Violation:
    """What is wrong with a resource, and what to do. Never quotes a value that may be secret."""

    problem: str
    """Completes "Queue 'jobs' …"."""
    remedy: str
    """An order: "set x to y"."""


Verdict = Violation | UnknownValueError

Check = Callable[[Subject], Iterator[Verdict]]

Condition = Callable[[object], str | None]
"""Says what is wrong with a value, e.g. "is not set", or None."""


class UndecidedError(UnknownValueError):
    """Everything that one policy could not decide of one resource, in one message."""

    def __init__(self, causes: Sequence[UnknownValueError]) -> None:
        super().__init__(causes[0].unknown_type_sentinel, causes[0].props)
        self.message = "; ".join(dict.fromkeys(cause.message for cause in causes))


def framework(
    reference: str, name: str = FSBP, version: str = "1.0.0"
) -> PolicyComplianceFramework:
    """Return the control of a compliance standard that a policy answers."""
    return PolicyComplianceFramework(name=name, version=version, reference=reference)


def resource_policy(
    check: Check,
    *,
    name: str,
    display_name: str,
    description: str,
    types: Collection[str],
    severity: Severity,
    remediation_steps: str,
    tags: Sequence[str],
    url: str,
    maps_to: PolicyComplianceFramework | None = None,
    settings: Mapping[str, Setting] | None = None,
) -> ResourceValidationPolicy:
    """Return a mandatory policy that runs `check` on every resource of `types`.

    :param name: the rule's stable id, used in configuration and in messages.
    :param settings: what a pack configuration may set, each with a default.
    """
    schemas = {key: dict(schema) for key, schema in (settings or {}).items()}
    defaults = {key: schema["default"] for key, schema in schemas.items()}

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type not in types:
            return
        subject = Subject.of(args, defaults)
        undecided: list[UnknownValueError] = []
        for verdict in check(subject):
            if isinstance(verdict, UnknownValueError):
                undecided.append(verdict)
            else:
                report(_sentence(name, subject, verdict), None)
        if undecided:
            raise UndecidedError(undecided)

    return ResourceValidationPolicy(
        name=name,
        display_name=display_name,
        description=description,
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
        severity=severity,
        remediation_steps=remediation_steps,
        tags=list(tags),
        framework=maps_to,
        url=url,
        config_schema=PolicyConfigSchema(properties=schemas) if schemas else None,
    )


def _sentence(rule: str, subject: Subject, violation: Violation) -> str:
    return f"{rule}: {subject.type} '{subject.name}' {violation.problem}; {violation.remedy}."


@dataclass(frozen=True)
class Need:
    """One row of a table-driven check: what must hold of each value at `path`."""

    path: str
    """As in `Subject.each`."""
    accepts: Condition
    remedy: str
    default: object = None
    """What AWS takes when the property is left out."""
    unless: "Need | None" = None
    """Another way to comply; its path names one value."""


def verdicts(subject: Subject, *needs: Need) -> Iterator[Verdict]:
    """Check a resource against a table."""
    for need in needs:
        findings = list(_failures(subject, need))
        if findings and need.unless:
            others = list(_failures(subject, need.unless))
            if not others:
                continue  # it complies in the other way
            if all(isinstance(other, UnknownValueError) for other in others):
                findings = others  # it may yet comply in the other way
        yield from findings


def _failures(subject: Subject, need: Need) -> Iterator[Verdict]:
    for value in subject.each(need.path):
        content = need.default if value.content is None else value.content
        complaint = judge(need.accepts, content)
        if isinstance(complaint, UnknownValueError):
            yield complaint
        elif complaint:
            yield Violation(f"is not compliant, as {value.path} {complaint}", need.remedy)


def judge(condition: Condition, content: object) -> str | UnknownValueError | None:
    """Ask a condition about a value of which all or parts may be unknown."""
    if isinstance(content, UnknownValueError):
        return content
    try:
        return condition(content)
    except UnknownValueError as error:
        return error


def is_set(content: object) -> str | None:
    """Accept anything but nothing: not null, not empty."""
    empty = isinstance(content, Sized) and not len(content)
    return "is not set" if content is None or empty else None


def is_true(content: object) -> str | None:
    """Accept true. Some AWS properties spell booleans as strings."""
    if content is None:
        return "is not set"
    return None if content is True or content == "true" else "is not true"


def is_false(content: object) -> str | None:
    """Accept false, said explicitly."""
    if content is None:
        return "is not set"
    return None if content is False or content == "false" else "is not false"


def one_of(*allowed: str) -> Condition:
    """Accept one of some words."""

    def condition(content: object) -> str | None:
        if content is None:
            return "is not set"
        return None if content in allowed else f"is not {' or '.join(allowed)}"

    return condition


def at_most(limit: int) -> Condition:
    """Accept a number up to `limit`."""

    def condition(content: object) -> str | None:
        if not isinstance(content, int | float):
            return "is not set"
        return None if content <= limit else f"is {content:g}, above {limit}"

    return condition
