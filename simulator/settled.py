"""Tells whether an up would store anything that the state does not hold yet.

A preview says whether resources would change. It does not say whether the state would: options such
as `protect` or what depends on what are stored without a step of their own. So an up leaves behind
a digest of all that its program registered, and of the state file. A preview that changes no
resource, of a program that registers the very same, on the very same state, is the whole up.
"""

import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from google.protobuf.message import Message

CALLS = ("RegisterResource", "RegisterResourceOutputs", "ReadResource")
"""The calls of the SDK that end up in the state."""


class _Request(Protocol):
    """What the requests have that comes in any order."""

    dependencies: list[str]
    propertyDependencies: "dict[str, _Urns]"  # noqa: N815 (the protocol's name)


class _Urns(Protocol):
    urns: list[str]


class Registrations:
    """What one run of a program registered with the engine, as a digest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: list[bytes] = []

    def watch(self, monitor: object) -> None:
        """Note every registration that goes to `monitor`, the SDK's stub of the engine."""
        for name in CALLS:
            setattr(monitor, name, self._noting(name, getattr(monitor, name)))

    def digest(self) -> str:
        """Return what was registered, in whatever order."""
        with self._lock:
            return hashlib.sha256(b"".join(sorted(self._seen))).hexdigest()

    def _noting(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def noted(request: Message, *args: object, **options: object) -> object:
            found = _fingerprint(name, request)
            with self._lock:
                self._seen.append(found)
            return call(request, *args, **options)

        return noted


def _fingerprint(name: str, request: Message) -> bytes:
    same = type(request)()
    same.CopyFrom(request)
    ordered = cast("_Request", same)
    fields = same.DESCRIPTOR.fields_by_name
    if "dependencies" in fields:
        ordered.dependencies.sort()
    if "propertyDependencies" in fields:
        for found in ordered.propertyDependencies.values():
            found.urns.sort()
    return hashlib.sha256(name.encode() + same.SerializeToString(deterministic=True)).digest()


class Settled:
    """What the last up left behind: a file beside the state."""

    def __init__(self, file: Path, state: Path) -> None:
        self._file = file
        self._state = state

    def keep(self, registrations: Registrations) -> None:
        """Note that the state holds all of `registrations`."""
        self._file.write_text(json.dumps(self._of(registrations)))

    def forget(self) -> None:
        """Note that nobody knows."""
        self._file.unlink(missing_ok=True)

    def holds(self, registrations: Registrations) -> bool:
        """Tell whether the state, as it is now, holds just these."""
        if not self._file.exists() or not self._state.exists():
            return False
        try:
            return json.loads(self._file.read_text()) == self._of(registrations)
        except ValueError:
            return False

    def _of(self, registrations: Registrations) -> dict[str, str]:
        state = hashlib.sha256(self._state.read_bytes()).hexdigest()
        return {"registrations": registrations.digest(), "state": state}
