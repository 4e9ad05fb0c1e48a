"""Dashboards: a typed builder, and one module for each."""

from collections.abc import Callable, Mapping, Sequence

from components.grafana.dashboards.cache import cache
from components.grafana.dashboards.cost import cost
from components.grafana.dashboards.declared import Declared, Objective
from components.grafana.dashboards.gateway import gateway
from components.grafana.dashboards.kafka import kafka
from components.grafana.dashboards.mesh import mesh
from components.grafana.dashboards.model import Dashboard
from components.grafana.dashboards.overview import UID as OVERVIEW
from components.grafana.dashboards.overview import overview
from components.grafana.dashboards.render import dashboard_json, render
from components.grafana.dashboards.request import LOGS, REQUEST, logs, request
from components.grafana.dashboards.search import search
from components.grafana.dashboards.serverless import serverless
from components.grafana.dashboards.service import service_dashboard
from components.grafana.dashboards.shapes import Around
from components.grafana.dashboards.telemetry import telemetry
from components.grafana.dashboards.worker import worker_dashboard
from components.grafana.dashboards.workers import workers

PARTS: Mapping[str, Callable[[Around], Dashboard]] = {
    "cache": cache,
    "cost": cost,
    "kafka": kafka,
    "kong": gateway,
    "linkerd": mesh,
    "search": search,
    "serverless": serverless,
    "telemetry": telemetry,
    "workers": workers,
}
"""Dashboards of parts that a platform may have, by uid."""


def dashboards(around: Around, declared: Sequence[Declared] = ()) -> list[Dashboard]:
    """Return all dashboards of a platform: the overview first, then its parts and workloads."""
    made = [overview(around), *(PARTS[part](around) for part in PARTS if part in around.parts)]
    if around.logs:
        made.append(logs(around))
    if around.logs or around.traces:
        made.append(request(around))
    made += [
        worker_dashboard(each, around) if each.worker else service_dashboard(each, around)
        for each in declared
    ]
    return made


__all__ = [
    "LOGS",
    "OVERVIEW",
    "PARTS",
    "REQUEST",
    "Around",
    "Dashboard",
    "Declared",
    "Objective",
    "dashboard_json",
    "dashboards",
    "render",
]
