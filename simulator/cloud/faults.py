"""Faults on demand: make the simulated cloud fail, to prove that a deployment can be resumed."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """Fail the `nth` create of `type`, as `aws:ec2/subnet:Subnet:2` says on the command line."""

    type: str
    nth: int

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read `TYPE:N`.

        :raises ValueError: saying what is expected.
        """
        type_, _, nth = text.rpartition(":")
        if type_.count(":") != 2 or not nth.isdigit() or int(nth) < 1:
            raise ValueError(
                f"{text!r} is not a fault; write TYPE:N, e.g. aws:ec2/subnet:Subnet:2 "
                "to fail the second subnet"
            )
        return cls(type_, int(nth))


@dataclass
class Faults:
    """The faults of one run."""

    planned: Iterable[Fault] = ()
    slowness: float = 0
    """Seconds that every create takes, for who wants to interrupt one."""
    _seen: Counter[str] = field(default_factory=Counter[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def strikes(self, type_: str) -> bool:
        """Take the time of one create of `type_`, count it, and tell whether it must fail."""
        time.sleep(self.slowness)
        with self._lock:
            self._seen[type_] += 1
            return Fault(type_, self._seen[type_]) in self.planned
