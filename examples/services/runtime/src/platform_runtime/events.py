"""Events: CloudEvents 1.0 in Kafka's binary mode, with the trace of what caused them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from opentelemetry import propagate
from opentelemetry.context import Context

Header = tuple[str, bytes]


@dataclass(frozen=True)
class Event:
    """Something that happened.

    https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md
    """

    type: str
    """What happened, e.g. `order.placed`."""
    key: str
    """What it happened to: events of a key stay in order."""
    data: bytes
    """JSON."""
    source: str
    """The service."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Consumers know it again by its id."""
    time: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    trace: Mapping[str, str] = field(default_factory=dict[str, str])
    """`traceparent` and `tracestate` of where it began."""

    def headers(self) -> list[Header]:
        """Return the record's headers."""
        values = {
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_time": self.time,
            "content-type": "application/json",
            **self.trace,
        }
        return [(name, value.encode()) for name, value in values.items()]

    def context(self) -> Context:
        """Return the trace context that the event was made in."""
        return propagate.extract(self.trace)


def here() -> dict[str, str]:
    """Return the current trace, to be kept in an event."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


def read_event(key: bytes | None, value: bytes | None, headers: Sequence[Header]) -> Event:
    """Return the event of a record.

    :raises ValueError: when it is none of ours.
    """
    found = {name: data.decode(errors="replace") for name, data in headers}
    missing = [name for name in ("ce_id", "ce_type", "ce_source") if not found.get(name)]
    if missing or value is None:
        raise ValueError(f"no event: {', '.join(missing) or 'value'} is missing")
    return Event(
        type=found["ce_type"],
        key=(key or b"").decode(errors="replace"),
        data=value,
        source=found["ce_source"],
        id=found["ce_id"],
        time=found.get("ce_time", ""),
        trace={name: found[name] for name in ("traceparent", "tracestate") if name in found},
    )
