"""What is wrong with the sections that watch a stack, taken together with the others."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components._base.errors import Problem

if TYPE_CHECKING:
    from stacks.settings import Settings

LOGIN = "grafana"
"""Name of the client of Cognito by which people log in to Grafana."""

ADDONS = ("metrics", "tracing", "logging")
METRICS = ("grafana", "alerts")


def watching_problems(settings: "Settings") -> Iterator[Problem]:
    """Give them."""
    for section in ADDONS:
        if getattr(settings, section) and not settings.addons:
            yield Problem(section, "needs the section addons")
    for section in METRICS:
        if getattr(settings, section) and not settings.metrics:
            yield Problem(section, "needs the section metrics")
    if settings.logging and settings.logging.elasticsearch and not settings.elasticsearch:
        reason = "needs search by Elasticsearch; without it there is cloudwatch"
        yield Problem("logging.elasticsearch", reason)
    if settings.grafana:
        yield from _login(settings)


def _login(settings: "Settings") -> Iterator[Problem]:
    """Give what keeps people from logging in to Grafana."""
    grafana, edge = settings.grafana, settings.edge
    if not grafana or not (grafana.host or grafana.roles):
        return
    if grafana.host and not settings.gateway:
        yield Problem("grafana.host", "needs the section gateway, which shows it")
    if not grafana.roles:
        yield Problem("grafana.host", "is for all the world to see: say in roles who gets in")
    if grafana.host:
        names = edge.domain.names if edge and edge.domain else ()
        if grafana.host not in names:
            given = ", ".join(names) or "none"
            reason = f"{grafana.host!r} is none of edge.domain.names: {given}"
            yield Problem("grafana.host", reason)
        elif set(names) == {grafana.host}:
            reason = "is the only one of edge.domain.names: there is none left for services"
            yield Problem("grafana.host", reason)
    cognito = settings.identity.cognito if settings.identity else None
    client = cognito.interactive_clients.get(LOGIN) if cognito else None
    if client is None:
        reason = f"people log in by the client {LOGIN!r}: add it to identity.cognito"
        yield Problem("grafana.roles", f"{reason}.interactiveClients")
        return
    path = f"identity.cognito.interactiveClients.{LOGIN}"
    if not client.confidential:
        yield Problem(f"{path}.confidential", "Grafana runs on a server: true is needed")
    back = f"https://{grafana.host or 'localhost:3000'}/login/generic_oauth"
    if back not in client.callback_urls:
        yield Problem(f"{path}.callbackUrls", f"Grafana's is missing: {back}")
