"""One page that holds everything: no request leaves it, and it works from a file."""

from pathlib import Path

from simulator.report import cost_section, difference_section, gantt, money, sections
from simulator.report.markup import html
from simulator.report.views import Views

_FOLDER = Path(__file__).parent

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
"""The page forbids itself every request."""

_NAVIGATION = (
    ("differences", "Differences"),
    ("architecture-section", "Architecture"),
    ("cost", "Cost"),
    ("timeline", "Provisioning"),
    ("policies", "Guidelines"),
    ("exposure", "Reach"),
    ("rights-section", "Rights"),
    ("inventory", "Inventory"),
)


def write(views: Views) -> str:
    """Return the page."""
    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    script = (_FOLDER / "page.js").read_text(encoding="utf-8")
    report = views.report
    body = "".join(
        (
            difference_section.differences(views),
            sections.architecture(views),
            cost_section.cost(views),
            sections.timeline(views),
            sections.policies(views),
            sections.exposure(views),
            sections.rights(views),
            sections.inventory(views),
        )
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="color-scheme" content="light dark">
<title>{html(report.stack)}: plan report</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<header>
<p class="kicker">fastapi-platform · plan report</p>
<h1>{html(report.stack)} <span>in {html(report.region)}</span></h1>
<p class="muted">Made on {html(report.made)} by the real Pulumi engine on a simulated cloud;
nothing was created.</p>
{_cards(views)}
</header>
<nav aria-label="Sections">{_navigation(views)}</nav>
<main>{body}</main>
<script>{script}</script>
</body>
</html>
"""


def _navigation(views: Views) -> str:
    shown = [item for item in _NAVIGATION if views.against or item[0] != "differences"]
    return "".join(f'<a href="#{id_}">{title}</a>' for id_, title in shown)


def _cards(views: Views) -> str:
    report, cost = views.report, views.cost
    violated, advised, off = map(views.guidelines_by, ("violated", "advised", "off"))
    outside = len(views.from_internet)
    cards = [
        (money.whole_dollars(cost.total), "a month", _cost_note(views), "cost"),
        (
            str(len(report.cloud_resources)),
            "resources",
            f"in {len(views.graph.components)} components",
            "inventory",
        ),
        (gantt.minutes(report.timeline.seconds), "first deployment", "typical", "timeline"),
        (
            f"{len(views.guidelines_by('holds'))} of {len(views.guidelines)}",
            "guidelines hold",
            f"{len(violated)} violated, {len(advised)} advised, {len(off)} off",
            "policies",
        ),
        (str(outside), "open to the internet", _reach_note(views), "exposure"),
    ]
    tones = {"policies": bool(violated), "exposure": _exposed(views), "cost": views.over_budget}
    return (
        '<div class="cards">'
        + "".join(
            f'<a class="card{" alert" if tones.get(target) else ""}" href="#{target}">'
            f"<b>{html(value)}</b><span>{html(name)}</span><small>{html(note)}</small></a>"
            for value, name, note, target in cards
        )
        + "</div>"
    )


def _cost_note(views: Views) -> str:
    if views.budget is not None:
        word = "over" if views.over_budget else "within"
        return f"{word} the budget of {money.dollars(views.budget)}"
    if views.against:
        difference = views.cost.total - views.against.cost.total
        return f"{money.change(difference)} against {views.against.comparison.base.stack}"
    unknown = len(views.cost.unknown)
    return f"and {money.unknown_prices(unknown)}" if unknown else "every price known"


def _exposed(views: Views) -> bool:
    """Tell whether the internet reaches anything but the edge, which is made for that."""
    edge = {component.name for component in views.graph.components if component.layer == "edge"}
    return any(reach.component not in edge for reach in views.from_internet)


def _reach_note(views: Views) -> str:
    where = ", ".join(dict.fromkeys(reach.component for reach in views.from_internet))
    inside = len(views.reaches) - len(views.from_internet)
    return f"in {where}" if where else f"{inside} openings within the network"
