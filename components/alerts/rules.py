"""What rules are made of: alerts and recordings, as Prometheus takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

RUNBOOKS = "docs/runbooks"
"""Where the pages are, in this repository."""

Rule = Mapping[str, object]


class Severity(str, Enum):
    """Whom an alert reaches; Alertmanager's routes go by it."""

    CRITICAL = "critical"
    """Somebody is woken up: users notice, or soon will."""
    WARNING = "warning"
    """Somebody looks at it in working hours."""


@dataclass(frozen=True)
class Recording:
    """A query that is answered beforehand."""

    name: str
    """`level:metric:operations`, https://prometheus.io/docs/practices/rules/ (2026-11)."""
    expression: str

    def rule(self) -> Rule:
        """Return it as Prometheus takes it."""
        return {"record": self.name, "expr": self.expression}


@dataclass(frozen=True)
class Alert:
    """Something that somebody has to do something about."""

    name: str
    """In CamelCase; the heading of its part of the runbook, too."""
    expression: str
    lasting: str
    """How long it must be so, e.g. `15m`."""
    severity: Severity
    summary: str
    """One line: what is wrong, and with what (`{{ $labels.pod }}`)."""
    description: str
    """What that means and where to look first."""
    page: str
    """The runbook's page, without `.md`."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Beside the severity."""

    def rule(self, runbooks: str = "") -> Rule:
        """Return it as Prometheus takes it.

        :param runbooks: URL below which this repository's files are shown.
        """
        return {
            "alert": self.name,
            "expr": self.expression,
            "for": self.lasting,
            "labels": {"severity": self.severity.value, **self.labels},
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "runbook_url": self.runbook(runbooks),
            },
        }

    def runbook(self, runbooks: str = "") -> str:
        """Return where its runbook is, as an address, or as a path in this repository."""
        base = f"{runbooks.rstrip('/')}/" if runbooks else ""
        return f"{base}{RUNBOOKS}/{self.page}.md#{self.name.lower()}"


@dataclass(frozen=True)
class Group:
    """Rules that are answered one after another, at the same time."""

    name: str
    rules: Sequence[Recording | Alert]

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Its alerts."""
        return tuple(rule for rule in self.rules if isinstance(rule, Alert))

    def body(self, runbooks: str = "") -> Rule:
        """Return it as Prometheus takes it."""
        rules = [
            rule.rule(runbooks) if isinstance(rule, Alert) else rule.rule() for rule in self.rules
        ]
        return {"name": self.name, "rules": rules}
