"""What is written: the page, the comment and the archive."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from simulator.errors import Exit, SimulatorError
from simulator.report import archive, html, markdown, money
from simulator.report.guidelines import guidelines
from simulator.report.model import Report
from simulator.report.views import Views, views_of
from tests.unit.reports import PASSWORD, Deployment, finding, platform


def views(*, budget: float | None = None, base: Report | None = None) -> Views:
    return views_of(platform().report(), base=base, budget=budget)


class Balanced(HTMLParser):
    """Fails on a tag that is not closed, or closed in the wrong place."""

    VOID = frozenset({"meta", "link", "input", "path", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_page_is_well_formed_and_its_links_lead_somewhere():
    page = html.write(views(base=platform(zones=2).report()))
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    targets = set(re.findall(r'href="#([\w-]+)"', page))
    assert targets
    assert targets <= set(parser.ids)


def test_the_page_asks_for_nothing_from_outside():
    page = html.write(views())
    assert "default-src 'none'" in page
    assert not re.search(r'(src|srcset|action)="', page)
    assert not re.search(r"@import|url\((?!#)|fetch\(|XMLHttpRequest|<link[^>]+stylesheet", page)


def test_the_page_has_both_themes_and_prints():
    page = html.write(views())
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


@pytest.mark.parametrize("write", [html.write, markdown.write, archive.write])
def test_no_form_shows_a_secret(write: Callable[[Views], str]):
    made = views(base=platform(zones=2).report())
    assert PASSWORD not in write(made)


def test_hostile_names_are_only_text_on_the_page():
    made = Deployment()
    component = made.component("Cache", "<script>alert(1)</script>")
    inputs = {"description": "</pre><script>alert(2)</script>"}
    made.add("aws:kms/key:Key", "<img src=x>", parent=component, inputs=inputs)
    page = html.write(views_of(made.report()))
    assert page.count("<script") == 1
    assert "<img" not in page


def test_the_page_shows_each_view():
    page = html.write(views(base=platform(zones=2).report()))
    for text in ("network-private-3", "kafka.m7g.large brokers", "us-east-1 price", "multi-az"):
        assert text in page, text
    assert "Nothing listens to the internet." in page
    assert "1 more, 0 fewer, 1 different resources" in page


def test_a_stack_without_anything_still_has_a_page():
    page = html.write(views_of(Deployment().report()))
    assert "All 0 resources" in page


def test_a_broken_budget_stands_out():
    assert 'class="card alert"' in html.write(views(budget=1))
    assert 'class="card alert"' not in html.write(views(budget=1_000_000))
    assert "over the budget of $1.00" in markdown.write(views(budget=1))
    assert "within the budget of $1,000,000.00" in markdown.write(views(budget=1_000_000))


def test_an_unknown_price_is_told_in_both_forms():
    made = Deployment()
    made.add("aws:neptune/cluster:Cluster", "graph")
    both = views_of(made.report())
    assert "No price is known for: Cluster" in html.write(both)
    assert "1 unknown price |" in markdown.write(both)
    assert "| unknown |" in markdown.write(both)


def test_the_comment_fits_into_a_pull_request():
    made = Deployment()
    for number in range(2000):
        component = made.component("Cache", f"cache-{number}")
        made.add("aws:kms/key:Key", f"cache-{number}-key", parent=component)
    comment = markdown.write(views_of(made.report(), base=Deployment().report()))
    assert len(comment) < 65_536


def test_the_comment_s_tables_hold_whatever_is_in_them():
    said = finding("multi-az", message="a | b\nc")
    comment = markdown.write(views_of(platform().report(said)))
    assert "| mandatory | `multi-az` | a \\| b c |" in comment


def test_the_comment_s_folds_are_closed_and_it_draws_the_components():
    comment = markdown.write(views(base=platform(zones=2).report()))
    assert comment.count("<details>") == comment.count("</details>")
    assert "c_kafka --> c_cluster" in comment
    assert comment.count("```") == 2


def test_the_archive_gives_the_report_back(tmp_path: Path):
    made = views_of(platform().report(finding("multi-az")))
    path = tmp_path / "report.json"
    path.write_text(archive.write(made))
    read = archive.read(path)
    assert read.timeline.spans == made.report.timeline.spans
    assert read.findings == made.report.findings
    assert [r.urn for r in read.resources] == [r.urn for r in made.report.resources]
    assert views_of(read, base=made.report).against is not None
    assert views_of(read).cost == made.cost


def test_the_archive_tells_the_cost_to_programs():
    content = json.loads(archive.write(views()))
    assert content["simulated"] is True
    assert content["cost"]["monthly"] == pytest.approx(views().cost.total, abs=0.01)


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"format": 99}'])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: str):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(SimulatorError, match="is no report") as caught:
        archive.read(path)
    assert caught.value.code == Exit.BAD_INPUT


def test_guidelines_have_the_stack_s_level_and_their_findings():
    made = {g.name: g for g in guidelines(platform("local").report(finding("kms-rotation")))}
    assert (made["kms-rotation"].status, made["multi-az"].status) == ("violated", "off")
    assert made["kms-rotation"].levels[-1][0] == "prod"
    assert made["encryption-at-rest"].status == "holds"
    other = guidelines(platform("qa").report(finding("multi-az", "advisory")))
    assert [g.status for g in other if g.findings] == ["advised"]
    assert other[0].levels[-1] == ("qa", "mandatory")


@pytest.mark.parametrize(("amount", "text"), [(12, "+$12.00"), (-1.5, "-$1.50"), (0.001, "±$0.00")])
def test_changes_of_amounts(amount: float, text: str):
    assert money.change(amount) == text
