"""What one run of the engine did, read from its event stream."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from pulumi.automation import OpType
from pulumi.automation.events import (
    DiagnosticEvent,
    EngineEvent,
    PolicyEvent,
    StepEventMetadata,
    SummaryEvent,
)

from policies.exemptions import MARK
from simulator.cloud.model import Json
from simulator.cloud.values import is_unknown
from stacks.guard import Step

_NOISE = ("preview failed", "update failed", "resource monitor has terminated")
"""What the engine adds to the error that was the reason, and says of no resource."""

UNKNOWN = "[unknown]"
"""Stands for what only a deployment can tell, as `[secret]` does for what nobody should see."""


@dataclass
class RunRecord:
    """Steps, diagnostics and policy results of one run."""

    started: list[StepEventMetadata] = field(default_factory=list[StepEventMetadata])
    failed: list[StepEventMetadata] = field(default_factory=list[StepEventMetadata])
    diagnostics: list[DiagnosticEvent] = field(default_factory=list[DiagnosticEvent])
    policies: list[PolicyEvent] = field(default_factory=list[PolicyEvent])
    summary: SummaryEvent | None = None

    def add(self, event: EngineEvent) -> None:
        """Note one event."""
        if event.resource_pre_event:
            self.started.append(event.resource_pre_event.metadata)
        elif event.res_op_failed_event:
            self.failed.append(event.res_op_failed_event.metadata)
        elif event.diagnostic_event and not event.diagnostic_event.ephemeral:
            self.diagnostics.append(event.diagnostic_event)
        elif event.policy_event:
            self.policies.append(event.policy_event)
        elif event.summary_event:
            self.summary = event.summary_event

    def steps(self) -> list[Step]:
        """Return the steps as the replacement guard reads them."""
        return [
            Step(m.op.value, m.type, m.urn, tuple(m.keys or m.diffs or ())) for m in self.started
        ]

    def changes(self) -> dict[str, int]:
        """Return how many resources were created, updated, … as the engine counts them."""
        if self.summary is None:
            return dict(Counter(m.op.value for m in self.started))
        return {_value(op): count for op, count in self.summary.resource_changes.items() if count}

    def changed(self) -> bool:
        """Tell whether anything but `same` happened."""
        return bool(self.changes().keys() - {"same"})

    def resources(self) -> Iterator[Mapping[str, object]]:
        """Yield every resource that exists after the run, secrets masked by the engine."""
        for step in self.started:
            new = step.new
            if new is None or step.op in (OpType.DELETE, OpType.DELETE_REPLACED):
                continue
            yield {
                "urn": step.urn,
                "type": step.type,
                "name": step.urn.rsplit("::", 1)[-1],
                "parent": new.parent or None,
                "provider": new.provider or None,
                "protect": bool(new.protect),
                "inputs": _readable(new.inputs or {}),
                "outputs": _readable(new.outputs or {}),
            }

    def mandatory_violations(self) -> list[PolicyEvent]:
        """Return the policy results that stop a deployment."""
        return [p for p in self.policies if p.enforcement_level == "mandatory"]

    def advisories(self) -> list[PolicyEvent]:
        """Return the policy results that only advise."""
        return [p for p in self.policies if p.enforcement_level != "mandatory" and not undecided(p)]

    def exempted(self) -> list[PolicyEvent]:
        """Return the violations that the stack file answers for."""
        return [p for p in self.policies if MARK in p.message]

    def undecided(self) -> list[PolicyEvent]:
        """Return the checks that a preview could not make: the up makes them, before it creates."""
        return [p for p in self.policies if undecided(p)]

    def explain_failure(self) -> str:
        """Return the errors and violations of a failed run, each once."""
        lines = [_policy_line(p) for p in self.mandatory_violations()]
        for diagnostic in self.diagnostics:
            if diagnostic.severity != "error":
                continue
            text = plain(diagnostic.message).removeprefix("an unhandled error occurred: ")
            name = (diagnostic.urn or "").rsplit("::", 1)[-1]
            own = bool(name) and not name.startswith("fastapi-platform-")
            if text and (own or not text.lower().startswith(_NOISE)):
                lines.append(f"{name}: {text}" if own else text)
        return "\n".join(dict.fromkeys(lines))


def _policy_line(event: PolicyEvent) -> str:
    name = (event.resource_urn or "").rsplit("::", 1)[-1]
    text = " ".join(plain(event.message).split())
    return f"[{event.policy_name}] {name}: {text}" if name else f"[{event.policy_name}] {text}"


def undecided(event: PolicyEvent) -> bool:
    """Tell whether a policy met a value that only the deployment will tell."""
    return "can't run policy" in event.message and "during preview" in event.message


def plain(text: str) -> str:
    """Return an engine message without its colour marks."""
    for mark in ("<{%reset%}>", "<{%bold%}>", "<{%underline%}>"):
        text = text.replace(mark, "")
    while "<{%" in text:
        before, _, rest = text.partition("<{%")
        text = before + rest.partition("%}>")[2]
    return text.strip()


def _readable(value: object) -> object:
    """Replace the engine's mark of an unknown value by a readable one."""
    if is_unknown(value):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _readable(item) for key, item in cast("Json", value).items()}
    if isinstance(value, list):
        return [_readable(item) for item in cast("list[object]", value)]
    return value


def _value(op: object) -> str:
    return op.value if isinstance(op, OpType) else str(op)
