"""What exists in the simulated cloud: a journal on disk, independent of Pulumi's state.

Because it outlives a run, a lost resource can be refreshed, an orphan found, a deletion refused
while something still points to its victim, and nothing can be created twice unseen.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

from simulator.cloud.model import Json


@dataclass(frozen=True)
class Record:
    """One existing resource."""

    type: str
    urn: str
    id: str
    inputs: Json = field(default_factory=dict[str, object])


class Inventory:
    """The resources that exist, and how often each URN was created."""

    def __init__(self, journal: Path | None = None) -> None:
        """Read `journal` if it exists; keep everything in memory when it is None."""
        self._journal = journal
        self._lock = threading.Lock()
        self._alive: dict[tuple[str, str], Record] = {}
        self._generations: dict[str, int] = {}
        self._issued: set[str] = set()
        if journal and journal.exists():
            for line in journal.read_text().splitlines():
                self._replay(cast("dict[str, object]", json.loads(line)))

    def generation(self, urn: str) -> int:
        """Return how many times `urn` was created so far."""
        return self._generations.get(urn, 0)

    def add(self, record: Record) -> None:
        """Note a created resource."""
        self._write({"op": "create", **asdict(record)})

    def change(self, record: Record) -> None:
        """Note a resource's new inputs."""
        self._write({"op": "update", **asdict(record)})

    def remove(self, type_: str, id_: str) -> None:
        """Note a deleted, or lost, resource."""
        self._write({"op": "delete", "type": type_, "id": id_})

    def exists(self, type_: str, id_: str) -> bool:
        """Tell whether a resource is there."""
        return (type_, id_) in self._alive

    def issued(self, id_: str) -> bool:
        """Tell whether this cloud ever gave out `id_`: others belong to what was there before."""
        return id_ in self._issued

    def users_of(self, id_: str) -> Iterator[Record]:
        """Yield the resources whose inputs name `id_`."""
        for record in self.alive():
            if record.id != id_ and _mentions(record.inputs, id_):
                yield record

    def alive(self) -> list[Record]:
        """Return all that exists."""
        with self._lock:
            return list(self._alive.values())

    def find(self, wanted: str) -> Record | None:
        """Return the resource with this URN or id."""
        return next((r for r in self.alive() if wanted in (r.urn, r.id)), None)

    def _write(self, entry: dict[str, object]) -> None:
        with self._lock:
            self._replay(entry)
            if self._journal:
                self._journal.touch(mode=0o600)  # like the real cloud, it knows its secrets
                with self._journal.open("a") as file:
                    file.write(json.dumps(entry, separators=(",", ":")) + "\n")

    def _replay(self, entry: Mapping[str, object]) -> None:
        type_, id_ = str(entry["type"]), str(entry["id"])
        if entry["op"] == "delete":
            self._alive.pop((type_, id_), None)
            return
        urn = str(entry["urn"])
        if entry["op"] == "create":
            self._generations[urn] = self.generation(urn) + 1
            self._issued.add(id_)
        self._alive[type_, id_] = Record(type_, urn, id_, cast("Json", entry["inputs"]))


def _mentions(value: object, id_: str) -> bool:
    if isinstance(value, str):
        return value == id_
    if isinstance(value, Mapping):
        return any(_mentions(item, id_) for item in cast("Json", value).values())
    if isinstance(value, list):
        return any(_mentions(item, id_) for item in cast("list[object]", value))
    return False
