"""Where panels are: lines of Grafana's grid, filled from the left, none over another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.grafana.dashboards.model import COLUMNS, Panel

HEADING = 1
"""Height of a row's heading."""


@dataclass(frozen=True)
class Place:
    """Where a panel is, from the upper left corner, in columns and steps of 30 pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def json(self) -> dict[str, int]:
        """As Grafana has it."""
        return {"x": self.x, "y": self.y, "w": self.width, "h": self.height}


def lines(panels: Sequence[Panel]) -> Iterator[list[Panel]]:
    """Give the panels line by line, in their order."""
    line: list[Panel] = []
    for panel in panels:
        if line and sum(each.width for each in line) + panel.width > COLUMNS:
            yield line
            line = []
        line.append(panel)
    if line:
        yield line


def places(panels: Sequence[Panel], top: int) -> tuple[list[Place], int]:
    """Return the panels' places, and where what follows begins.

    Panels of one line are of one height, and together as wide as the page.
    """
    found: list[Place] = []
    for line in lines(panels):
        height = max(panel.height for panel in line)
        x = 0
        for width in _widths(line):
            found.append(Place(x, top, width, height))
            x += width
        top += height
    return found, top


def _widths(line: Sequence[Panel]) -> list[int]:
    """Return the widths, with what is left shared out in the ratio of those wanted."""
    wanted = sum(panel.width for panel in line)
    widths = [panel.width * COLUMNS // wanted for panel in line]
    for index in range(COLUMNS - sum(widths)):
        widths[index] += 1
    return widths
