"""Architecture, decisions, security model: what they draw and claim is so, and none is a stub."""

import re
from collections.abc import Collection

from tests import given
from tests.config.test_program import deployed
from tests.documented import DOCS, text_of
from tests.golden import configured, golden
from tests.harness import Registration

ARROW = re.compile(r"^  ([\w-]+(?: & [\w-]+)*) (-->|-\.->) ([\w-]+(?: & [\w-]+)*)$", re.MULTILINE)
RULES_OF_GROUPS = frozenset(
    {
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }
)


def drawn() -> dict[tuple[str, str], str]:
    """Return the arrows of the diagram of what stands on what."""
    chapter = text_of(DOCS / "architecture.md").split("\n## What stands on what\n")[1]
    block = chapter.split("```mermaid\n")[1].split("```")[0]
    return {
        (source, target): arrow
        for sources, arrow, targets in ARROW.findall(block)
        for source in sources.split(" & ")
        for target in targets.split(" & ")
    }


def component_of(resource: Registration) -> str | None:
    """Return the name of the outermost component that a resource is in."""
    line = (resource, *resource.ancestors)
    return next((r.name for r in line if r.type.startswith("fastapi-platform:")), None)


def needs() -> dict[tuple[str, str], set[str]]:
    """Return who needs whom in production's real graph, and the types that do."""
    own = golden(configured("prod"))  # the page draws no services that were added to them
    cloud = deployed("prod") if own == configured("prod") else given.deployed("prod", own)
    found = dict[tuple[str, str], set[str]]()
    owner = {resource.urn: component_of(resource) for resource in cloud.resources}
    for resource in cloud.resources:
        for urn in resource.depends_on:
            source, target = owner[resource.urn], owner.get(urn)
            if source and target and source != target:
                found.setdefault((source, target), set()).add(resource.type)
    return found


def reached(arrows: Collection[tuple[str, str]], start: str) -> set[str]:
    waiting, seen = [start], set[str]()
    while waiting:
        name = waiting.pop()
        following = {target for source, target in arrows if source == name} - seen
        seen |= following
        waiting.extend(following)
    return seen


def test_the_diagram_is_the_real_graph():
    arrows, real = drawn(), needs()
    assert len(arrows) > 40
    assert set(arrows) - set(real) == set(), "drawn, and not so"
    left_out = {(a, b) for a, b in real if b not in reached(arrows, a)}
    assert left_out == set(), "so, and not drawn"
    components = {name for pair in real for name in pair}
    assert components - {name for pair in arrows for name in pair} == set()


def test_only_rules_of_security_groups_wait_where_the_arrow_is_dotted():
    real = needs()
    dotted = {pair for pair, arrow in drawn().items() if arrow == "-.->"}
    assert len(dotted) == 4
    assert {pair for pair in dotted if real[pair] - RULES_OF_GROUPS} == set()


# --- decisions

PARTS = ("Context", "Decision", "Alternatives", "Consequences")


def test_decisions_are_whole_numbered_and_in_the_index():
    decided = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in decided] == list(range(1, len(decided) + 1))
    index = text_of(DOCS / "decisions" / "index.md")
    for number, page in enumerate(decided, 1):
        text = text_of(page)
        title = text.partition("\n")[0].removeprefix(f"# {number}. ")
        assert f"| {number} | [{title}]({page.name}) |" in index
        assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == PARTS
        assert 120 < len(text.split()) < 700, page.name
        assert "\nWhere: [" in text


# --- security

THREAT = re.compile(r"^\| ([STRIDE])(\d+) \| (.+) \|$", re.MULTILINE)


def test_every_threat_has_a_control_a_proof_and_says_what_is_left():
    found = THREAT.findall(text_of(DOCS / "security.md"))
    assert [int(number) for _, number, _ in found] == list(range(1, len(found) + 1))
    assert len(found) > 35
    assert "".join(dict.fromkeys(kind for kind, _, _ in found)) == "STRIDE"
    for _, _, row in found:
        threat, where, control, policy, proof, left = row.split(" | ")
        assert all((threat, where, control, left)), row
        assert policy == "none" or "policies.md#" in policy, row
        assert re.fullmatch(r"`tests/[\w/]+\.py::test_\w+`", proof), row
