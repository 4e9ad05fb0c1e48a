"""Exemptions: violations that somebody answers for, with a reason, until a date.

They are the setting `exempt` of the policy `justified-exemptions`, so that they reach the pack by
`--policy-pack-config`, as everything that is configured. The pack's server (`policies/server.py`)
turns the violations they cover into notes; one that has expired covers nothing and is a violation.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import cast

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from policies.mistakes import nearest
from policies.standards import own

NAME = "justified-exemptions"
SETTING = "exempt"

LONGEST = timedelta(days=366)
"""What is exempted for longer than a year is a change of the rules."""

RESOURCE = re.compile(r"urn:pulumi:[^*]+::.+|[\w-]+:[\w./-]+:\w+::.+")
"""An URN, or a type and a name."""

EXAMPLE = "aws:s3/bucket:Bucket::storage-logs"

MARK = "Exempted until"
"""What the note of an exempted violation says after the violation."""

FIELDS: Mapping[str, str] = {
    "policy": "Id of the policy that need not hold.",
    "resource": "Of what: TYPE::NAME, in whose name * stands for any characters, or an URN.",
    "reason": "Why that is right, for whoever reads the file later.",
    "owner": "Team that answers for it.",
    "expires": "Last day, at most a year ahead, e.g. 2027-01-31.",
}


@dataclass(frozen=True)
class Exemption:
    """One policy that need not hold of some resources, for a time."""

    policy: str
    resource: str
    reason: str
    owner: str
    expires: str
    """ISO date, the last day on which it holds (UTC)."""

    @cached_property
    def _wanted(self) -> tuple[str, re.Pattern[str]]:
        kind, _, name = self.resource.partition("::")
        return kind, re.compile(re.escape(name).replace(r"\*", ".*"), re.DOTALL)

    def covers(self, urn: str) -> bool:
        """Tell whether it speaks of a resource."""
        if self.resource.startswith("urn:"):
            return urn == self.resource
        parts = urn.split("::", 3)
        kind, name = self._wanted
        return (
            len(parts) == 4
            and parts[2].rpartition("$")[2] == kind
            and bool(name.fullmatch(parts[3]))
        )

    def problems(self, known: Collection[str], now: date) -> Iterator[tuple[str, str]]:
        """Give what keeps it from holding, each with its field.

        :param known: ids of the policies that there are; empty: that is not asked.
        """
        if self.policy == NAME:
            yield "policy", f"{NAME} itself can't be exempted"
        elif known and self.policy not in known:
            yield "policy", f"{self.policy!r} is no policy; {nearest(self.policy, known)}"
        if not RESOURCE.fullmatch(self.resource):
            yield "resource", f"{self.resource!r} names no resource; write e.g. {EXAMPLE}"
        elif not self.resource.partition("::")[2].strip("*"):
            yield "resource", f"{self.resource!r} is every resource of a type; name some"
        for field in ("reason", "owner"):
            if not cast("str", getattr(self, field)).strip():
                yield field, "is empty"
        yield from (("expires", problem) for problem in self._time(now))

    def _time(self, now: date) -> Iterator[str]:
        try:
            end = date.fromisoformat(self.expires)
        except ValueError:
            yield f"{self.expires!r} is no date; write e.g. {now + timedelta(days=90)}"
            return
        if end < now:
            yield f"expired on {self.expires}; comply, or justify it anew"
        elif end - now > LONGEST:
            yield f"{self.expires} is more than a year ahead; at most {now + LONGEST}"

    def __str__(self) -> str:
        return f"{MARK} {self.expires} by {self.owner}: {self.reason}"


def today() -> date:
    """Return the day by which exemptions are judged."""
    return datetime.now(UTC).date()


def read(entries: object) -> list[Exemption]:
    """Return the exemptions of a configuration, which the engine has checked by its schema."""
    found = cast("Sequence[Mapping[str, object]]", entries or ())
    return [Exemption(**{key: str(each.get(key, "")) for key in FIELDS}) for each in found]


class Exemptions:
    """Those of a run that hold, and which of them there was use for."""

    def __init__(self, entries: object = (), known: Collection[str] = ()) -> None:
        now = today()
        self._valid: dict[str, list[Exemption]] = {}
        self._used: set[Exemption] = set()
        for each in read(entries):
            if not any(each.problems(known, now)):
                self._valid.setdefault(each.policy, []).append(each)

    def covering(self, policy: str, urn: str) -> Exemption | None:
        """Return the one that covers a resource, which is used with that."""
        for each in self._valid.get(policy, ()):
            if each.covers(urn):
                self._used.add(each)
                return each
        return None

    def unused(self) -> list[Exemption]:
        """Return those that covered nothing."""
        return [each for some in self._valid.values() for each in some if each not in self._used]


def justified(known: Collection[str]) -> StackValidationPolicy:
    """Return the policy that holds the exemptions of a pack, and judges them.

    :param known: ids of the pack's other policies.
    """

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        for each in read(args.get_config().get(SETTING)):
            about = f"{NAME}: the exemption of {each.resource} from {each.policy}"
            for field, problem in each.problems(known, today()):
                report(f"{about}: {field} {problem}.", None)

    return StackValidationPolicy(
        NAME,
        "Exemptions are of known policies, justified, owned, and end within a year.",
        validate,
        EnforcementLevel.MANDATORY,
        PolicyConfigSchema(properties={SETTING: dict(SCHEMA)}),
        display_name="Exceptions have an end",
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Take the exemption away and comply. Where that can't be yet, the owner says why and "
            "until when, in the stack file. One that covers nothing is told, and can go."
        ),
        tags=["governance"],
        framework=own(NAME),
        url="https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    )


SCHEMA: Mapping[str, object] = {
    "type": "array",
    "default": [],
    "description": f"Exemptions, each with {', '.join(FIELDS)}.",
    "items": {
        "type": "object",
        "properties": {
            key: {"type": "string", "minLength": 1, "description": text}
            for key, text in FIELDS.items()
        },
        "required": list(FIELDS),
        "additionalProperties": False,
    },
}
