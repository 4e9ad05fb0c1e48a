"""docs/guidelines.md: all that it names is there, and it is what the code says."""

import ast
import re
from functools import cache

import pytest

from policies.guidelines import GUIDELINES
from policies.guidelines.guideline import Guideline
from policies.guidelines.page import PAGE, ROOT, rendered
from policies.pack import POLICIES

EACH = pytest.mark.parametrize("guideline", GUIDELINES, ids=lambda each: each.title)

WANTED = (
    *("stateless", "gateway", "circuit", "kafka", "rabbitmq", "kong", "api gateway", "rate"),
    *("transformation", "filtering", "load balancing", "mesh", "serverless", "workers"),
    *("databases", "autoscaling", "tracing", "structured logs", "central logs", "metrics"),
    *("alerts", "oauth2", "ddos", "security headers", "cors", "content security policy", "zap"),
    *("middleware", "throughput", "search", "redis or memcached"),
)
"""Of issue 8, by a word of the title."""


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))


@cache
def anchors(page: str) -> frozenset[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return frozenset(heading.replace(" ", "-") for heading in kept)


def test_no_guideline_is_forgotten() -> None:
    titles = [guideline.title.lower() for guideline in GUIDELINES]
    assert len(set(titles)) == len(titles)
    assert [word for word in WANTED if not any(word in title for title in titles)] == []


@EACH
def test_it_is_provided_proven_and_described(guideline: Guideline) -> None:
    assert guideline.components
    assert [each for each in guideline.folders if not (ROOT / each).is_dir()] == []
    assert guideline.tests
    for test in guideline.tests:
        path, _, function = test.partition("::")
        assert function in functions(path), f"no {function} in {path}"
    page, _, anchor = guideline.docs.partition("#")
    assert anchor in anchors(page)


@EACH
def test_a_policy_holds_it_or_it_says_why_not(guideline: Guideline) -> None:
    assert set(guideline.policies) <= {policy.name for policy in POLICIES}
    assert bool(guideline.policies) != bool(guideline.without)


def test_the_page_is_fresh() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == rendered(), "run: python -m policies.guidelines"
