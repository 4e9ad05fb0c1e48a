"""README.md: what it shows of a stack file, a preview, an error and the costs is so."""

import re
from pathlib import Path

import pytest

from components._base.errors import InvalidInput
from scripts.docs.costs import BEGIN, END, README, replaced
from stacks import load_stack
from tests.docs.mocked import deployed, stack_file
from tests.docs.pages import read
from tests.golden import configured, golden

BILLING = "Pulumi.dev.yaml"


def block(start: str) -> list[str]:
    """Return the lines of the block of code that begins with `start`."""
    (found,) = [code for code in read(README).blocks() if code.startswith(start)]
    return found.splitlines()


def changed(folder: Path, *, table: str = "orders") -> Path:
    """Write the stack file `dev` with the README's diff applied."""
    if golden(configured("dev")) != configured("dev"):
        pytest.skip(
            "services were added to stacks/Pulumi.dev.yaml; the README's diff is of its first"
        )
    lines = stack_file("dev").read_text().splitlines()
    at = 0
    for line in block("     repositories:"):
        kind, content = line[0], line[1:]
        if kind == "+":
            lines.insert(at, content.replace("orders: read}", f"{table}: read}}"))
        else:
            at = lines.index(content, at)
        if kind == "-":
            del lines[at]
        else:
            at += 1
    path = folder / BILLING
    path.write_text("\n".join(lines))
    return path


def test_the_preview_of_a_new_service_is_what_it_makes(tmp_path: Path):
    before = {r.urn for r in deployed(stack_file("dev")).resources}
    after = [r for r in deployed(changed(tmp_path)).resources if r.urn not in before]
    made = {f"+ {r.type} {r.name}" for r in after}
    shown = [line for line in block("+ ") if line.startswith("+ ")]
    assert len(shown) > 8
    assert set(shown) <= made
    summary = re.search(r"(\d+) resources, among them these", README.read_text())
    assert summary
    assert int(summary[1]) == len(after)


def test_a_wrong_name_is_told_as_shown(tmp_path: Path):
    changed(tmp_path, table="order")
    with pytest.raises(InvalidInput) as caught:
        load_stack("dev", tmp_path)
    told = str(caught.value).replace(f"{tmp_path.resolve()}/", "stacks/").splitlines()
    (shown,) = block("stacks/Pulumi.dev.yaml:")
    assert shown in [line.strip() for line in told]


def test_a_wrong_value_is_told_as_shown(tmp_path: Path):
    text = stack_file("dev").read_text()
    (tmp_path / BILLING).write_text(text.replace("zoneCount: 2", "zoneCount: 7"))
    with pytest.raises(InvalidInput) as caught:
        load_stack("dev", tmp_path)
    told = str(caught.value).replace(f"{tmp_path.resolve()}/", "stacks/").splitlines()
    assert told == block("stack 'dev': 1 problem")


def test_the_table_of_costs_is_replaced_and_nothing_else():
    text = f"a\n{BEGIN}\nold\n{END}\nb"
    assert replaced(text, "new\n") == f"a\n{BEGIN}\nnew\n\n{END}\nb"
    assert replaced(replaced(text, "new\n"), "new\n") == replaced(text, "new\n")
