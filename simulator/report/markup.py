"""HTML in small pieces. What comes from a stack is escaped here, and only here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Markup:
    """Text that is HTML already."""

    html: str


Cell = str | Markup


def html(cell: Cell) -> str:
    """Return a cell as HTML."""
    return cell.html if isinstance(cell, Markup) else escape(cell)


def code(text: str) -> Markup:
    """Return a name as it is written in code."""
    return Markup(f"<code>{escape(text)}</code>")


def badge(text: str, tone: str) -> Markup:
    """Return a short word on colour: `good`, `bad`, `warn`, `off` or a layer's name."""
    return Markup(f'<span class="badge {escape(tone)}">{escape(text)}</span>')


def strong(text: str) -> Markup:
    """Return a name that leads its row."""
    return Markup(f"<strong>{escape(text)}</strong>")


def lines(*cells: Cell) -> Markup:
    """Stack cells on each other."""
    return Markup("".join(f"<div>{html(cell)}</div>" for cell in cells if cell))


def muted(text: str) -> Markup:
    """Return what is said beside the main thing."""
    return Markup(f'<span class="muted">{escape(text)}</span>')


def listed(items: Sequence[str], shown: int = 3) -> Markup:
    """Return names, those after the first few behind a click."""
    first = "".join(f"<code>{escape(item)}</code> " for item in items[:shown])
    rest = items[shown:]
    if not rest:
        return Markup(first)
    more = "".join(f"<code>{escape(item)}</code> " for item in rest)
    return Markup(f"{first}<details><summary>{len(rest)} more</summary>{more}</details>")


def folded(summary: str, content: str) -> Markup:
    """Return a text behind a click."""
    inside = f"<pre>{escape(content)}</pre>"
    return Markup(f"<details><summary>{escape(summary)}</summary>{inside}</details>")


@dataclass(frozen=True)
class Table:
    """A table that can be filtered by what its rows say."""

    id: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int] = ()
    """Columns of numbers, which stand on the right."""
    groups: Sequence[str] = ()
    """One for each row, for the select beside the search; none for a table without one."""
    searchable: bool = True

    def html(self) -> str:
        """Return the table with its controls."""
        head = "".join(f"<th{self._class(i)}>{escape(h)}</th>" for i, h in enumerate(self.headers))
        body = "".join(self._row(i, row) for i, row in enumerate(self.rows))
        return (
            f'<div class="table" id="{self.id}">{self._controls()}<div class="scroll"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div>"
        )

    def _row(self, index: int, row: Sequence[Cell]) -> str:
        group = f' data-group="{escape(self.groups[index])}"' if self.groups else ""
        cells = "".join(f"<td{self._class(i)}>{html(cell)}</td>" for i, cell in enumerate(row))
        return f"<tr{group}>{cells}</tr>"

    def _class(self, column: int) -> str:
        return ' class="number"' if column in self.numbers else ""

    def _controls(self) -> str:
        if not self.searchable:
            return ""
        select = ""
        if self.groups:
            names = "".join(f"<option>{escape(name)}</option>" for name in _sorted(self.groups))
            label = 'aria-label="Component"'
            select = f'<select {label}><option value="">all components</option>{names}</select>'
        search = '<input type="search" placeholder="Search" aria-label="Search this table">'
        count = f"<output>{len(self.rows)} of {len(self.rows)}</output>"
        return f'<div class="controls">{search}{select}{count}</div>'


def _sorted(groups: Iterable[str]) -> list[str]:
    return sorted({name for group in groups for name in group.split("|")})


def section(id_: str, title: str, lead: str, *content: str) -> str:
    """Return a section of the page with its heading; `lead` is a sentence on what it shows."""
    about = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    return f'<section id="{id_}"><h2>{escape(title)}</h2>{about}{"".join(content)}</section>'
