"""What the pages name is there: pages, chapters, pictures, files, make targets, modules."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.docs.guides import ROOT
from scripts.docs.markdown import slug
from tests.docs.pages import DOCS, Link, name, read, written

OUTSIDE = re.compile(r"^([a-z]+:|//)")
MAKE = re.compile(
    r"(?:^|[\s(`;&|])make((?: -C \S+| -s| --no-print-directory)*) ([a-z][\w-]*)(?=[\s`).,;]|$)"
)
MODULE = re.compile(r"python3? (?:-u )?-m ([\w.]+)")
FILE = re.compile(
    r"(components|stacks|policies|simulator|tests|docs|examples|scripts)/[\w./*-]*[\w*/]"
)
YOURS = re.compile(r"[A-Z]{4}|^stacks/Pulumi\.|^policies/config/")
"""Files that a reader makes: with a name in capitals to fill in, or those of another stack."""

FOREIGN = {"pip", "venv", "http.server", "mkdocs", "pytest"}
"""Modules that are no part of this repository."""

PAGES = pytest.mark.parametrize("path", written(), ids=name)


@PAGES
def test_links_lead_somewhere(path: Path):
    broken = [link.target for link in read(path).links() if not leads(path, link)]
    assert broken == []


def leads(path: Path, link: Link) -> bool:
    """Tell whether a link leads somewhere; nobody asks the internet."""
    if OUTSIDE.match(link.target):
        return True
    file, _, anchor = link.target.partition("#")
    target = (path.parent / file).resolve() if file else path
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    if link.image:
        return target.is_file() and target.stat().st_size > 1000
    return not anchor or (target.suffix == ".md" and anchor in read(target).anchors())


def test_a_broken_link_is_found():
    page = DOCS / "configuration.md"
    assert leads(page, Link("upgrades.md", image=False))
    assert leads(page, Link("upgrades.md#definitions", image=False))
    assert leads(page, Link("#checking", image=False))
    assert leads(page, Link("images/report.png", image=True))
    assert leads(page, Link("https://example.com/nothing", image=False))
    assert not leads(page, Link("nothing.md", image=False))
    assert not leads(page, Link("upgrades.md#nothing", image=False))
    assert not leads(page, Link("#nothing", image=False))
    assert not leads(page, Link("images/nothing.png", image=True))
    assert not leads(page, Link("../../../etc/passwd", image=False))


@PAGES
def test_no_link_counts_headings_that_come_again(path: Path):
    """GitHub and MkDocs number them differently."""
    counted: list[str] = []
    for link in read(path).links():
        file, _, anchor = link.target.partition("#")
        target = (path.parent / file).resolve() if file else path
        if anchor and not OUTSIDE.match(link.target) and target.suffix == ".md":
            once = {slug(heading) for heading in read(target).headings()}
            counted += [] if anchor in once else [link.target]
    assert counted == []


@PAGES
def test_make_targets_exist(path: Path):
    missing = [f"make {t}" for folder, t in made(path) if t not in targets(folder)]
    assert missing == []


def made(path: Path) -> Iterator[tuple[Path, str]]:
    for code in read(path).code():
        for options, target in MAKE.findall(code):
            folder = re.search(r"-C (\S+)", options)
            yield ROOT / (folder[1] if folder else "."), target


def targets(folder: Path) -> set[str]:
    heads = re.findall(r"^([a-z][\w -]*):", (folder / "Makefile").read_text(), re.MULTILINE)
    return {target for head in heads for target in head.split()}


@PAGES
def test_modules_exist(path: Path):
    named = {module for code in read(path).code() for module in MODULE.findall(code)}
    missing = [module for module in named - FOREIGN if not runs(module)]
    assert missing == []


def runs(module: str) -> bool:
    """Tell whether `python -m module` runs something here or in the example services."""
    if (ROOT / module.split(".", maxsplit=1)[0]).is_dir():
        return importlib.util.find_spec(module) is not None
    relative = Path(*module.split("."))
    places = [*(ROOT / "examples" / "services").glob("*/src"), ROOT / "examples" / "services"]
    found = [p / relative for p in places]
    return any(p.with_suffix(".py").is_file() or (p / "__main__.py").is_file() for p in found)


@PAGES
def test_files_exist(path: Path):
    if path.name == "CHANGELOG.md":
        pytest.skip("it names what there was")
    named = {code.rstrip("/") for code in read(path).code() if FILE.fullmatch(code)}
    missing = sorted(file for file in named if not (YOURS.search(file) or is_there(file)))
    assert missing == []


def is_there(file: str) -> bool:
    """Tell whether a file is in the repository, or among the example services."""
    return any(any(place.glob(file)) for place in (ROOT, ROOT / "examples" / "services"))


def test_all_pages_are_looked_at():
    assert {"README.md", "CONTRIBUTING.md", "docs/index.md", "docs/runbooks/kafka.md"} <= {
        name(path) for path in written()
    }
    assert "preview" in targets(ROOT)
    assert "check" in targets(ROOT / "examples" / "services")
    assert sum(1 for page in written() for _ in read(page).links()) > 500
    assert sum(1 for page in written() for _ in made(page)) > 50
