"""How a policy of this pack is written: a check over one resource, and all that describes it.

A check yields violations, and the `UnknownValueError` of whatever it could not decide. Violations
are always reported; what stays undecided becomes one advisory note, and is decided by the same
policy at the latest during the update, before the resource is created or changed.
"""

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from typing import cast

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceRemediation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UnknownValueError

from policies.applied import applied
from policies.certainty import Answer, every, opposite
from policies.remedies import Correct, corrected, known
from policies.standards import own
from policies.subject import Subject

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

StackCheck = Callable[[Sequence[Subject]], Iterator[tuple[Subject, Verdict]]]


class PolicyOfTypes(ResourceValidationPolicy):
    """A policy that has nothing to say of resources of other types, and need not be asked."""

    types: Collection[str] = ()


class UndecidedError(UnknownValueError):
    """Everything that one policy could not decide, in one message."""

    def __init__(self, causes: Sequence[UnknownValueError], messages: Iterable[str]) -> None:
        super().__init__(causes[0].unknown_type_sentinel, causes[0].props)
        self.message = "; ".join(dict.fromkeys(messages))


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
    settings: Mapping[str, Setting] | None = None,
    correct: Correct | None = None,
) -> ResourceValidationPolicy:
    """Return a mandatory policy that runs `check` on every resource of `types`.

    :param name: the rule's stable id, used in configuration and in messages.
    :param settings: what a pack configuration may set, each with a default.
    :param correct: what a violating resource gets where the level is set to `remediate`.
    """
    schemas, defaults = _settings(settings)

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type not in types:
            return
        subject = Subject.of(args, defaults)
        _tell(name, ((subject, None, verdict) for verdict in check(subject)), report)

    def remediate(args: ResourceValidationArgs) -> Mapping[str, object] | None:
        if correct is None or args.resource_type not in types:
            return None
        subject = Subject.of(args, defaults, known(args.props))
        if not any(isinstance(verdict, Violation) for verdict in check(subject)):
            return None
        return corrected(args.props, correct(subject))

    policy = PolicyOfTypes(
        name=name,
        display_name=display_name,
        description=description,
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
        severity=severity,
        remediation_steps=remediation_steps,
        tags=list(tags),
        framework=own(name),
        url=url,
        config_schema=PolicyConfigSchema(properties=schemas) if schemas else None,
        remediate=cast("ResourceRemediation", remediate) if correct else None,
    )
    policy.types = types
    return policy


def stack_policy(
    check: StackCheck,
    *,
    name: str,
    display_name: str,
    description: str,
    types: Collection[str],
    severity: Severity,
    remediation_steps: str,
    tags: Sequence[str],
    url: str,
    settings: Mapping[str, Setting] | None = None,
) -> StackValidationPolicy:
    """Return a mandatory policy that runs `check` on all resources of `types` together.

    It is for what one resource does not tell, such as whether another one goes with it. Each of
    the resources has the policy's `settings`.
    """
    schemas, defaults = _settings(settings)

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        configured = {**defaults, **args.get_config()}
        subjects = [
            _member(resource, configured)
            for resource in args.resources
            if resource.resource_type in types
        ]
        if not all(subject.properties for subject in subjects):
            # A preview knows nothing of what is in a cluster that is still to be made.
            raise UnknownValueError(UNKNOWN_OBJECT_VALUE, ["properties"])
        found = check(subjects)
        _tell(name, ((each, each.urn, verdict) for each, verdict in found), report)

    return StackValidationPolicy(
        name=name,
        display_name=display_name,
        description=description,
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
        severity=severity,
        remediation_steps=remediation_steps,
        tags=list(tags),
        framework=own(name),
        url=url,
        config_schema=PolicyConfigSchema(properties=schemas) if schemas else None,
    )


def demanded(answer: Answer, violation: Violation, *, of: Answer = True) -> Iterator[Verdict]:
    """Give the verdict on what must be so: nothing if it is, nor if it is not demanded.

    :param of: whether it is demanded.
    """
    wrong = every((of, opposite(answer)))
    if wrong is True:
        yield violation
    elif wrong is not False:
        yield wrong


def _member(resource: PolicyResource, settings: Mapping[str, object]) -> Subject:
    """Return a resource of a stack."""
    return Subject(
        type=resource.resource_type,
        name=resource.name,
        properties=applied(resource.props, resource.opts.ignore_changes),
        provider=resource.provider.props if resource.provider else {},
        settings=settings,
        protected=resource.opts.protect,
        urn=resource.urn,
        refers={
            key: frozenset(other.urn for other in others)
            for key, others in resource.property_dependencies.items()
        },
    )


def _settings(
    settings: Mapping[str, Setting] | None,
) -> tuple[dict[str, dict[str, object]], dict[str, object]]:
    """Return the schema and the default of each setting."""
    schemas = {key: dict(schema) for key, schema in (settings or {}).items()}
    return schemas, {key: schema["default"] for key, schema in schemas.items()}


def _tell(
    rule: str, found: Iterable[tuple[Subject, str | None, Verdict]], report: ReportViolation
) -> None:
    """Report the violations among verdicts on resources, each with the URN to report, if any.

    :raises UndecidedError: with all that could not be decided.
    """
    undecided: list[UnknownValueError] = []
    messages: list[str] = []
    for subject, urn, verdict in found:
        if isinstance(verdict, UnknownValueError):
            undecided.append(verdict)
            about = f"{subject.type} '{subject.name}': " if urn else ""
            messages.append(f"{about}{verdict.message}")
        else:
            report(_sentence(rule, subject, verdict), urn)
    if undecided:
        raise UndecidedError(undecided, messages)


def _sentence(rule: str, subject: Subject, violation: Violation) -> str:
    return f"{rule}: {subject.type} '{subject.name}' {violation.problem}; {violation.remedy}."
