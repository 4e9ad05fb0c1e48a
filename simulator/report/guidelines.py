"""The guideline matrix: each policy, what it holds to, its level per stack, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi_policy import Policy

from policies.document import STACKS
from policies.environments import configuration, level
from policies.pack import POLICIES
from simulator.report.model import Finding, Report


@dataclass(frozen=True)
class Guideline:
    name: str
    title: str
    holds: str
    severity: str
    remedy: str
    standard: str
    """The controls of a standard that it answers, or empty."""
    url: str
    levels: tuple[tuple[str, str], ...]
    """(stack, level), this report's stack included."""
    level: str
    """In this report's stack: `mandatory`, `advisory` or `disabled`."""
    findings: tuple[Finding, ...]

    @property
    def status(self) -> str:
        """`holds`, `violated`, `advised` or `off`."""
        if self.level == "disabled":
            return "off"
        if not self.findings:
            return "holds"
        return "violated" if any(f.level == "mandatory" for f in self.findings) else "advised"


def guidelines(report: Report, policies: Sequence[Policy] = POLICIES) -> tuple[Guideline, ...]:
    """Return the matrix, in the pack's order."""
    stacks = dict.fromkeys((*STACKS, report.stack))
    configured = {stack: configuration(stack) for stack in stacks}
    return tuple(
        Guideline(
            name=policy.name,
            title=policy.display_name or policy.name,
            holds=policy.description,
            severity=policy.severity.value if policy.severity else "",
            remedy=policy.remediation_steps or "",
            standard=policy.framework.reference or "" if policy.framework else "",
            url=policy.url or "",
            levels=tuple((stack, level(policy, configured[stack]).value) for stack in stacks),
            level=level(policy, configured[report.stack]).value,
            findings=tuple(f for f in report.findings if f.policy == policy.name),
        )
        for policy in policies
    )
