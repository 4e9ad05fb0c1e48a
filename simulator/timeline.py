"""The provisioning clock: how long the real cloud would take, and what it would wait for.

A resource can start when all that it depends on is there. Durations come from the models; the
order comes from the engine's own state. Nobody waits: the times are added up, not slept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from simulator.cloud.registry import model_of


@dataclass(frozen=True)
class Span:
    """One resource on the clock, in seconds from the start of the deployment."""

    urn: str
    type: str
    start: float
    end: float
    waited_for: str
    """URN of the dependency that ended last, or empty."""

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]


@dataclass(frozen=True)
class Timeline:
    """A whole deployment on the clock."""

    spans: Mapping[str, Span]

    @property
    def seconds(self) -> float:
        """From the first create to the last."""
        return max((span.end for span in self.spans.values()), default=0)

    def critical_path(self) -> list[Span]:
        """Return the chain that decides how long the deployment takes, first resource first."""
        chain: list[Span] = []
        last = max(self.spans.values(), key=lambda span: span.end, default=None)
        while last is not None:
            chain.append(last)
            last = self.spans.get(last.waited_for)
        return [span for span in reversed(chain) if span.end > span.start]


def timeline(deployment: Mapping[str, object]) -> Timeline:
    """Put an exported deployment on the clock; its resources come in dependency order."""
    spans: dict[str, Span] = {}
    resources = cast("Sequence[Mapping[str, object]]", deployment.get("resources") or [])
    for resource in resources:
        if resource.get("delete"):
            continue
        urn, type_ = str(resource["urn"]), str(resource["type"])
        ends = [(spans[d].end, d) for d in _dependencies(resource) if d in spans]
        start, waited_for = max(ends, default=(0.0, ""))
        own = bool(resource.get("custom")) and not type_.startswith("pulumi:")
        seconds = model_of(type_).seconds.create if own else 0
        spans[urn] = Span(urn, type_, start, start + seconds, waited_for)
    return Timeline(spans)


def _dependencies(resource: Mapping[str, object]) -> set[str]:
    found = set(cast("Sequence[str]", resource.get("dependencies") or []))
    by_property = cast("Mapping[str, Sequence[str]]", resource.get("propertyDependencies") or {})
    for urns in by_property.values():
        found.update(urns or [])
    provider = str(resource.get("provider") or "")
    if provider:
        found.add(provider.rsplit("::", 1)[0])
    return found


def describe(clock: Timeline) -> str:
    """Return the critical path for a person."""
    path = clock.critical_path()
    lines = [f"A real deployment would take about {_minutes(clock.seconds)}; the longest chain:"]
    lines += [
        f"  {_minutes(span.start):>7} to {_minutes(span.end):<7} {_kind(span.type)} {span.name}"
        for span in path
        if span.end - span.start >= 30  # shorter ones would only be noise
    ]
    return "\n".join(lines)


def _kind(type_: str) -> str:
    return type_.rsplit(":", 1)[-1]


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)}m{int(seconds % 60):02d}s"
