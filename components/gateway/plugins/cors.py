"""CORS: which pages of other origins may call."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from components.gateway.plugins.plugin import Plugin, given, refuse

NAME = "cors"

ANY = "*"

METHODS = ("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT")
"""https://github.com/Kong/kong/blob/3.9.3/kong/plugins/cors/schema.lua (2026-11)"""

NEVER = ("TRACE", "CONNECT")
"""No browser lets a page use them: https://fetch.spec.whatwg.org/#forbidden-method."""

LONGEST_AGE = 86_400
"""Seconds; Firefox keeps a preflight's answer no longer, others even less:
https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age (2026-11)."""

EXAMPLE = "https://app.example.com"
LOCAL = ("localhost", "127.0.0.1")

HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?", re.ASCII)
"""No patterns: what Kong takes for plain text it compares as a whole."""


@dataclass(frozen=True)
class Cors:
    """What pages of other origins may do."""

    origins: tuple[str, ...]
    """Such as `https://app.example.com`, to the letter; or `*` alone, without credentials."""
    methods: tuple[str, ...] = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
    headers: tuple[str, ...] | None = None
    """Request headers that they may set; None: those they ask for."""
    exposed_headers: tuple[str, ...] | None = None
    """Response headers that they may read beside the harmless ones."""
    credentials: bool = False
    """Send cookies and client certificates along."""
    max_age_seconds: int = 3600
    """For which browsers remember the answer."""


def cors(settings: Cors) -> Plugin:
    """Return the plugin that answers preflight requests.

    Kong itself would answer any origin, with credentials, by echoing it.

    :raises InvalidInput: for origins that a browser never sends, or that are any with credentials.
    """
    refuse(NAME, _problems(settings))
    return Plugin(
        NAME,
        given(
            origins=list(settings.origins),
            methods=list(settings.methods),
            headers=_list(settings.headers),
            exposed_headers=_list(settings.exposed_headers),
            credentials=settings.credentials,
            max_age=settings.max_age_seconds,
            preflight_continue=False,
            private_network=False,
        ),
    )


def _problems(settings: Cors) -> Iterator[tuple[str, str]]:
    if not settings.origins:
        yield "origins", "one or more are needed"
    if ANY in settings.origins and settings.credentials:
        yield (
            "credentials",
            "with any origin, every page could act as its visitor: name the origins",
        )
    if ANY in settings.origins and len(settings.origins) > 1:
        yield "origins", "'*' stands alone"
    wrong = [o for o in settings.origins if o != ANY and not _is_origin(o)]
    if wrong:
        yield "origins", f"{', '.join(wrong)}: no origin such as {EXAMPLE}; http is for localhost"
    wrong = [m for m in settings.methods if m not in METHODS or m in NEVER]
    if wrong or not settings.methods:
        allowed = ", ".join(method for method in METHODS if method not in NEVER)
        yield "methods", f"{', '.join(wrong) or 'none given'}: allowed: {allowed}"
    if settings.credentials and ANY in (settings.headers or ()):
        yield "headers", "with credentials, '*' is the name of a header: name them, or leave it out"
    if not 0 <= settings.max_age_seconds <= LONGEST_AGE:
        yield "max_age_seconds", f"{settings.max_age_seconds} is not valid: 0 to {LONGEST_AGE}"


def _list(names: tuple[str, ...] | None) -> list[str] | None:
    return None if names is None else list(names)


def _is_origin(origin: str) -> bool:
    parts = urlsplit(origin)
    plain = f"{parts.scheme}://{parts.netloc}" == origin and HOST.fullmatch(parts.netloc)
    if parts.scheme == "http":
        return bool(plain) and parts.hostname in LOCAL
    return parts.scheme == "https" and bool(plain)
