"""One guideline."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

UNIT, STACKS, SERVICES = "tests/unit/", "tests/stacks/", "examples/services/tests/"


@dataclass(frozen=True)
class Guideline:
    """One thing that a production platform for services should have."""

    title: str
    promise: str
    components: Sequence[str]
    """Folders under `components`, or other paths from the repository's root."""
    tests: Sequence[str]
    """Each a path and a function, as pytest takes it: `tests/unit/test_x.py::test_y`."""
    docs: str
    """A page under `docs`, with the chapter."""
    policies: Sequence[str] = ()
    without: str = ""
    """Why no policy holds it; empty where one does."""

    @property
    def folders(self) -> Sequence[Path]:
        """Where its components are, from the repository's root."""
        return [
            Path(each) if "/" in each else Path("components") / each for each in self.components
        ]
