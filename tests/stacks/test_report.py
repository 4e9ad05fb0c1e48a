"""The report of the `local` stack from the real engine, opened in a real browser."""

import fcntl
import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import cast

import pytest

from simulator import __main__ as cli
from simulator.errors import Exit
from simulator.report import archive, html, markdown
from simulator.report.views import Views, views_of

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)

PROBE = """
const say = {};
const inventory = document.querySelector("#inventory-table");
const shown = () => [...inventory.querySelectorAll("tbody tr")].filter((row) => !row.hidden).length;
const type = (text) => {
  const search = inventory.querySelector("input");
  search.value = text;
  search.dispatchEvent(new Event("input"));
  return shown();
};
say.all = shown();
say.subnets = type("ec2 subnet");
say.counted = inventory.querySelector("output").textContent;
say.nothing = type("nosuchthing");
type("");
const drawing = document.querySelector("#architecture");
say.drawing = drawing.getBoundingClientRect().width;
const overflow = (box) => {
  const text = box.querySelector(".box-kinds").getBoundingClientRect();
  return text.right - box.querySelector(".box").getBoundingClientRect().right;
};
say.overflow = Math.max(...[...drawing.querySelectorAll(".component")].map(overflow));
document.querySelector('[data-zoom="1.25"]').click();
say.zoomed = drawing.getBoundingClientRect().width;
const component = drawing.querySelector('[data-component="network"]');
component.dispatchEvent(new PointerEvent("pointerenter"));
say.lit = drawing.querySelectorAll(".edge.on").length;
component.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
say.network = shown();
say.wide = document.documentElement.scrollWidth;
const result = document.body.appendChild(document.createElement("pre"));
result.id = "probe";
result.textContent = JSON.stringify(say);
"""


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as JSON, which the other forms are made from.

    One deployment is enough: the workers of a parallel run share it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path = shared / "report-local.json"
    with (shared / "report-local.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            arguments = ["report", "--stack", "local", "--format", "json", "--out", str(path)]
            assert cli.main(arguments) == Exit.OK
    return path


@pytest.fixture(scope="module")
def views(archived: Path) -> Views:
    report = archive.read(archived)
    return views_of(report, base=report)


def test_the_whole_stack_is_in_the_report(views: Views):
    names = {component.name for component in views.graph.components}
    assert {"network", "cluster", "kafka", "cache"} <= names
    assert len(views.report.cloud_resources) > 100
    assert ("cluster", "network") in {(e.source, e.target) for e in views.graph.edges}
    assert views.report.timeline.seconds > 15 * 60
    assert views.against is not None
    assert views.against.comparison.nothing


def test_every_check_of_every_policy_was_decided(views: Views):
    assert not views.guidelines_by("violated")
    assert len(views.guidelines_by("holds")) > 10


def test_the_money_is_counted(views: Views):
    priced = {line.what for line in views.cost.lines if line.price}
    assert {"control plane", "t4g.large nodes", "kafka.m7g.large brokers"} <= priced
    assert 200 < views.cost.total < 2000


def test_rights_and_reach_are_read(views: Views):
    assert any("pods of kube-system/karpenter" in who for g in views.grants for who in g.who)
    assert any(r.component == "cache" and r.ports == "tcp 6379" for r in views.reaches)
    data = {c.name for c in views.graph.components if c.layer == "data"}
    assert not [reach for reach in views.from_internet if reach.component in data]


def test_no_secret_is_in_any_form(archived: Path, views: Views):
    """Passwords of the caches and brokers are in the engine's state, in the clear."""
    for text in (archived.read_text(), html.write(views), markdown.write(views)):
        assert "plaintext" not in text
        assert "ciphertext" not in text
    assert "[secret]" in archived.read_text()


def test_the_comment_fits_into_a_pull_request(views: Views):
    assert len(markdown.write(views)) < 65_536


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt-get install chromium")
@pytest.mark.parametrize("width", [1400, 500])
def test_the_page_works_in_a_browser(views: Views, tmp_path: Path, width: int):
    page = tmp_path / "report.html"
    probe = f"<script>{{{PROBE}}}</script></body>"  # braces: names of its own
    page.write_text(html.write(views).replace("</body>", probe))
    said, messages = opened(page, width)
    assert messages == []
    assert said["all"] == len(views.report.cloud_resources)
    assert 0 < said["subnets"] < 20
    assert said["nothing"] == 0
    network = next(c for c in views.graph.components if c.name == "network")
    assert said["network"] == len(network.resources)
    assert said["lit"] > 1
    assert said["drawing"] >= 850  # readable, on a phone by scrolling
    assert said["zoomed"] > said["drawing"]
    assert said["overflow"] <= 0
    assert said["wide"] <= width  # the page itself never scrolls sideways


def opened(page: Path, width: int) -> tuple[dict[str, float], list[str]]:
    """Open a page headless; return what the probe found, and what the console said."""
    command = [
        CHROMIUM,
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"),
        *(f"--user-data-dir={page.parent / 'profile'}", f"--window-size={width},1200"),
        *("--virtual-time-budget=3000", "--dump-dom", page.as_uri()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = re.search(r'<pre id="probe">(.*?)</pre>', done.stdout)
    assert found, done.stderr[-2000:]
    messages = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return cast("dict[str, float]", json.loads(unescape(found[1]))), messages
