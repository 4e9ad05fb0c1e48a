"""The report as JSON: for programs, and to compare a later report with."""

import json
from dataclasses import asdict
from pathlib import Path

from simulator.errors import Exit, SimulatorError
from simulator.report.model import Finding, Report, Resource
from simulator.report.values import at, mapping, number, sequence, texts
from simulator.report.views import Views
from simulator.timeline import Span, Timeline

FORMAT = 1
"""Raised when an older program could no longer read it."""


def write(views: Views) -> str:
    """Return the report with its views as JSON."""
    report, cost = views.report, views.cost
    content = {
        "format": FORMAT,
        "stack": report.stack,
        "region": report.region,
        "made": report.made,
        "simulated": True,
        "cost": {
            "currency": "USD",
            "monthly": round(cost.total, 2),
            "lines": [
                {**asdict(line), "monthly": line.monthly and round(line.monthly, 2)}
                for line in cost.lines
            ],
        },
        "components": [
            {"name": c.name, "kind": c.kind, "layer": c.layer, "resources": len(c.resources)}
            for c in views.graph.components
        ],
        "needs": [asdict(edge) for edge in views.graph.edges],
        "rights": [asdict(grant) for grant in views.grants],
        "reach": [{**asdict(reach), "kind": reach.kind.value} for reach in views.reaches],
        "guidelines": [
            {"name": g.name, "level": g.level, "status": g.status} for g in views.guidelines
        ],
        "findings": [asdict(finding) for finding in report.findings],
        "timeline": [asdict(span) for span in report.timeline.spans.values()],
        "resources": [asdict(resource) for resource in report.resources],
    }
    return json.dumps(content, indent=1)


def read(path: Path) -> Report:
    """Read a report that `write` has written.

    :raises SimulatorError: when the file can't be read, or is something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SimulatorError(f"{path} is no report: {error}", Exit.BAD_INPUT) from None
    if at(content, "format") != FORMAT:
        reason = f"{path} is no report of this version: expected JSON of `--format json`"
        raise SimulatorError(reason, Exit.BAD_INPUT)
    spans = [_span(item) for item in sequence(at(content, "timeline"))]
    return Report(
        stack=str(at(content, "stack")),
        region=str(at(content, "region")),
        made=str(at(content, "made")),
        resources=tuple(_resource(item) for item in sequence(at(content, "resources"))),
        findings=tuple(_finding(item) for item in sequence(at(content, "findings"))),
        timeline=Timeline({span.urn: span for span in spans}),
    )


def _span(item: object) -> Span:
    urn, type_, waited_for = (str(at(item, key)) for key in ("urn", "type", "waited_for"))
    return Span(urn, type_, number(at(item, "start")), number(at(item, "end")), waited_for)


def _finding(item: object) -> Finding:
    return Finding(*(str(at(item, key)) for key in ("policy", "level", "urn", "message")))


def _resource(item: object) -> Resource:
    return Resource(
        urn=str(at(item, "urn")),
        type=str(at(item, "type")),
        parent=str(at(item, "parent")),
        inputs=mapping(at(item, "inputs")),
        dependencies=texts(at(item, "dependencies")),
        handles=texts(at(item, "handles")),
    )
