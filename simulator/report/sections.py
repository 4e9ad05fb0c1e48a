"""The sections of the page that have no module of their own, each from its view."""

import json

from simulator.cloud.model import Json
from simulator.report import diagram, gantt
from simulator.report.exposure import Origin, Reach
from simulator.report.guidelines import Guideline
from simulator.report.iam import Grant
from simulator.report.layers import LAYERS
from simulator.report.markup import (
    Cell,
    Markup,
    Table,
    badge,
    code,
    folded,
    html,
    lines,
    listed,
    muted,
    section,
    strong,
)
from simulator.report.references import References
from simulator.report.values import mapping
from simulator.report.views import Views


def architecture(views: Views) -> str:
    """Return the diagram with its controls."""
    drawing = diagram.draw(views.graph, views.cost.by_component())
    controls = (
        '<div class="controls zoom">'
        '<button type="button" data-zoom="1.25" aria-label="Zoom in">+</button>'
        '<button type="button" data-zoom="0.8" aria-label="Zoom out">&minus;</button>'
        '<button type="button" data-zoom="0">Fit</button>'
        '<span class="muted">An arrow points to what a component needs; point at '
        "one for all that it needs. Drag to move; choose one for its resources.</span></div>"
    )
    lead = "Every component of the stack, its resources and its monthly cost, layer by layer."
    canvas = f'{controls}<div class="canvas" tabindex="0">{drawing}</div>'
    return section("architecture-section", "Architecture", lead, canvas)


def timeline(views: Views) -> str:
    """Return how long a first deployment takes."""
    clock = views.report.timeline
    path = [span for span in clock.critical_path() if span.end - span.start >= 30]
    chain = " → ".join(span.name for span in path)
    lead = (
        f"A first deployment takes about {gantt.minutes(clock.seconds)}, by AWS's typical times. "
        f"The longest chain: {chain or 'none'}."
    )
    drawing = f'<div class="canvas">{gantt.draw(clock, views.graph)}</div>'
    return section("timeline", "Provisioning", lead, drawing)


_STATUS = {"holds": "good", "violated": "bad", "advised": "warn", "off": "off"}


def policies(views: Views) -> str:
    """Return the guideline matrix and what was found."""
    stacks = [stack for stack, _ in views.guidelines[0].levels] if views.guidelines else []
    table = Table(
        "guidelines",
        ("Guideline", "Here", "Severity", *stacks),
        [_guideline_row(guideline) for guideline in views.guidelines],
    )
    findings = [
        (badge(f.level, "bad" if f.level == "mandatory" else "warn"), code(f.policy), f.message)
        for f in views.report.findings
    ]
    found = ""
    if findings:
        headers = ("Level", "Guideline", "What to do")
        found = "<h3>Findings</h3>" + Table("findings", headers, findings).html()
    lead = "What the policy pack holds the stack to, how strictly in each stack, and how it went."
    return section("policies", "Guidelines", lead, found, table.html())


def _guideline_row(guideline: Guideline) -> tuple[Cell, ...]:
    name = Markup(f'<a href="{html(guideline.url)}">{html(guideline.title)}</a>')
    about = lines(name, muted(guideline.holds), code(guideline.name), muted(guideline.standard))
    count = len(guideline.findings)
    status = f"{count} {guideline.status}" if count else guideline.status
    tones = {"mandatory": "plain", "advisory": "warn"}
    levels = [badge(level, tones.get(level, "off")) for _, level in guideline.levels]
    return (about, badge(status, _STATUS[guideline.status]), guideline.severity, *levels)


def rights(views: Views) -> str:
    """Return who may do what."""
    table = Table(
        "rights",
        ("Who", "May", "On", "If", "Said by"),
        [_right_row(grant) for grant in views.grants],
        groups=["|".join(grant.components) for grant in views.grants],
    )
    broad = sum(grant.broad for grant in views.grants)
    lead = (
        f"{len(views.grants)} statements of roles, resource policies and cluster access. "
        f"{broad or 'No'} of them {'name' if broad != 1 else 'names'} neither a resource nor a "
        "condition (actions that AWS can't narrow)."
    )
    if not broad:
        lead = f"{len(views.grants)} statements of roles, resource policies and cluster access."
    return section("rights-section", "Who may do what", lead, table.html())


def _right_row(grant: Grant) -> tuple[Cell, ...]:
    who = lines(*grant.who)
    if grant.denied:
        may: Cell = lines(badge("denied", "bad"), listed(grant.actions))
    elif grant.broad:
        may = lines(badge("any resource", "warn"), listed(grant.actions))
    else:
        may = listed(grant.actions)
    conditions = listed(grant.conditions, 2)
    return (who, may, listed(grant.resources), conditions, listed(grant.sources, 1))


_ORIGINS = {
    Origin.INTERNET: ("internet", "bad"),
    Origin.NETWORK: ("addresses", "plain"),
    Origin.COMPONENT: ("component", "good"),
}


def exposure(views: Views) -> str:
    """Return what is reachable from where."""
    rows: list[tuple[Cell, ...]] = [_reach_row(reach) for reach in views.reaches]
    table = Table("reach", ("From", "", "To", "Ports", "Component", "Opened by"), rows)
    outside = len(views.from_internet)
    lead = (
        f"{outside} openings to the internet." if outside else "Nothing listens to the internet."
    ) + " Everything else is closed: a connection that no row allows is refused."
    return section("exposure", "What is reachable", lead, table.html(), _ways_out(views))


def _ways_out(views: Views) -> str:
    items = "".join(f"<li>{html(owner)}: {html(way)}</li>" for owner, way in views.ways_out)
    title = "<h3>Ways out to the internet</h3>"
    return f'<div class="aside">{title}<ul>{items}</ul></div>' if items else ""


def _reach_row(reach: Reach) -> tuple[Cell, ...]:
    word, tone = _ORIGINS[reach.kind]
    origin = strong(reach.origin)
    return (
        origin,
        badge(word, tone),
        reach.target,
        reach.ports,
        reach.component,
        code(reach.source),
    )


def inventory(views: Views) -> str:
    """Return every resource, layer by layer, with its inputs behind a click."""
    references = References.of(views.report)
    order = [layer.key for layer in LAYERS]
    components = sorted(views.graph.components, key=lambda c: (order.index(c.layer), c.name))
    rows: list[tuple[Cell, ...]] = []
    groups: list[str] = []
    for component in components:
        for resource in component.resources:
            inputs = mapping(references.readable(resource.inputs))
            content = json.dumps(_documents(inputs), indent=2, ensure_ascii=False)
            shown = folded(_preview(inputs), f"{resource.type}\n{content}")
            owner = badge(component.name, f"layer-{component.layer}")
            rows.append((strong(resource.name), resource.short_type, owner, shown))
            groups.append(component.name)
    headers = ("Resource", "Type", "Component", "Inputs")
    table = Table("inventory-table", headers, rows, groups=groups)
    lead = f"All {len(rows)} resources. Secrets are masked; ${{name}} stands for a resource's id."
    return section("inventory", "Inventory", lead, table.html())


def _preview(inputs: Json) -> str:
    """Return the first few inputs that are short, to tell resources of a kind apart."""
    short = [
        f"{key}: {value if isinstance(value, str) else json.dumps(value)}"
        for key, value in inputs.items()
        if isinstance(value, str | int | float) and key not in _TELLS_LITTLE
    ]
    text = ", ".join(item for item in short[:4] if len(item) <= 60)
    return text or "inputs"


_TELLS_LITTLE = ("name", "description", "policy", "assumeRolePolicy", "namePrefix")


def _documents(inputs: Json) -> dict[str, object]:
    """Unfold the JSON documents among the inputs, which would be one long line."""
    unfolded: dict[str, object] = {}
    for key, value in inputs.items():
        unfolded[key] = value
        if isinstance(value, str) and value.startswith("{"):
            try:
                unfolded[key] = json.loads(value)
            except ValueError:
                continue
    return unfolded
