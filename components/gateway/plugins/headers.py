"""Headers: those of security, and what a route adds, renames or takes away."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from components.gateway.plugins.plugin import Plugin, refuse

REQUEST, RESPONSE = "request-transformer", "response-transformer"

HEADER = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
TEMPLATE = "$("
"""What begins an expression in a value of the request transformer, which Kong would run as Lua."""

NOTHING = "there is nothing to change"

YEAR = 31_536_000
"""Seconds; what browsers' preload lists ask for at least: https://hstspreload.org (2026-11)."""

UNSAFE = ("'unsafe-inline'", "'unsafe-eval'")

REFERRER_POLICIES = (
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
)
"""https://www.w3.org/TR/referrer-policy/ without `unsafe-url`, which tells others whole URLs."""

FRAMES = {"'none'": "DENY", "'self'": "SAMEORIGIN"}
"""Who may frame a page, and the same for browsers that know X-Frame-Options only."""

REVEALING = ("Server", "X-Powered-By")
"""What tells strangers which software answers."""


@dataclass(frozen=True)
class SecurityHeaders:
    """Response headers that make browsers careful. The defaults are an API's: it serves no pages.

    https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html (2026-11)
    """

    hsts_seconds: int = YEAR
    """For which browsers use HTTPS only."""
    hsts_subdomains: bool = True
    content_security_policy: str = "default-src 'none'"
    """Without `frame-ancestors`, which is below."""
    frame_ancestors: str = "'none'"
    """`'none'` or `'self'`: who may show a page in a frame."""
    referrer_policy: str = "no-referrer"
    permissions_policy: str = "camera=(), geolocation=(), microphone=()"

    @property
    def values(self) -> dict[str, str]:
        """Return the headers and their values."""
        subdomains = "; includeSubDomains" if self.hsts_subdomains else ""
        policy = f"{self.content_security_policy}; frame-ancestors {self.frame_ancestors}"
        return {
            "Strict-Transport-Security": f"max-age={self.hsts_seconds}{subdomains}",
            "Content-Security-Policy": policy,
            "X-Frame-Options": FRAMES.get(self.frame_ancestors, "DENY"),
            "Referrer-Policy": self.referrer_policy,
            "Permissions-Policy": self.permissions_policy,
            "X-Content-Type-Options": "nosniff",
        }


@dataclass(frozen=True)
class HeaderChanges:
    """Changes to the headers of a request or a response, in this order."""

    remove: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict[str, str])
    """New names by old ones."""
    replace: Mapping[str, str] = field(default_factory=dict[str, str])
    """Values of headers that are there."""
    add: Mapping[str, str] = field(default_factory=dict[str, str])
    """Values of headers that are not there yet."""

    @property
    def settings(self) -> dict[str, object]:
        """Return them as both transformers want them."""
        lists = {
            "remove": list(self.remove),
            "rename": _pairs(self.rename),
            "replace": _pairs(self.replace),
            "add": _pairs(self.add),
        }
        return {change: {"headers": headers} for change, headers in lists.items() if headers}


def request_transformation(changes: HeaderChanges) -> Plugin:
    """Return the plugin that changes a request's headers before the service sees them.

    :raises InvalidInput: for what is no header, or would be run as code.
    """
    nothing = [] if changes.settings else [("", NOTHING)]
    refuse(REQUEST, [*nothing, *_header_problems(changes), *_template_problems(changes)])
    return Plugin(REQUEST, changes.settings)


def response_transformation(
    changes: HeaderChanges | None = None, security: SecurityHeaders | None = None
) -> Plugin:
    """Return the plugin that changes a response's headers before the caller sees them.

    Kong runs one instance of a plugin on a request, the nearest: a route with its own takes no part
    in the gateway's, so the route's has to set the security headers too. Theirs is the last word:
    what a service says of them is removed.

    :param security: None: the gateway's apply, but only if there are no `changes`.
    :raises InvalidInput: for what is no header, or no careful value.
    """
    changes = changes or HeaderChanges()
    nothing = [] if changes.settings or security else [("", NOTHING)]
    refuse(RESPONSE, [*nothing, *_header_problems(changes), *_security_problems(changes, security)])
    if security is None:
        return Plugin(RESPONSE, changes.settings)
    own = security.values
    together = HeaderChanges(
        remove=(*changes.remove, *(n for n in (*REVEALING, *own) if n not in changes.remove)),
        rename=changes.rename,
        replace=changes.replace,
        add={**changes.add, **own},
    )
    return Plugin(RESPONSE, together.settings)


def security_headers(security: SecurityHeaders) -> Plugin:
    """Return the plugin that sets the security headers, and nothing else."""
    return response_transformation(security=security)


def _pairs(values: Mapping[str, str]) -> list[str]:
    return [f"{name}:{value}" for name, value in values.items()]


def _header_problems(changes: HeaderChanges) -> Iterator[tuple[str, str]]:
    names = {
        "remove": changes.remove,
        "rename": (*changes.rename, *changes.rename.values()),
        "replace": tuple(changes.replace),
        "add": tuple(changes.add),
    }
    for change, headers in names.items():
        for header in headers:
            if not HEADER.fullmatch(header):
                yield change, f"{header!r} is no name of a header"
    for change, values in {"replace": changes.replace, "add": changes.add}.items():
        for header, value in values.items():
            if not value or re.search(r"[\r\n]", value):
                yield f"{change}.{header}", "a value on one line is needed"


def _template_problems(changes: HeaderChanges) -> Iterator[tuple[str, str]]:
    for change, values in {"replace": changes.replace, "add": changes.add}.items():
        for header, value in values.items():
            if TEMPLATE in value:
                yield f"{change}.{header}", f"{TEMPLATE!r} begins an expression, which Kong runs"


def _security_problems(
    changes: HeaderChanges, security: SecurityHeaders | None
) -> Iterator[tuple[str, str]]:
    if security is None:
        return
    if security.hsts_seconds < YEAR:
        yield "hsts_seconds", f"{security.hsts_seconds} is not valid: a year, {YEAR}, or more"
    if security.frame_ancestors not in FRAMES:
        yield "frame_ancestors", f"allowed: {', '.join(FRAMES)}"
    if security.referrer_policy not in REFERRER_POLICIES:
        yield "referrer_policy", f"allowed: {', '.join(REFERRER_POLICIES)}"
    policy = security.content_security_policy
    if "default-src" not in policy or "frame-ancestors" in policy or re.search(r"[\r\n]", policy):
        yield (
            "content_security_policy",
            "one line with default-src, and without frame-ancestors, is needed",
        )
    unsafe = sorted({word for word in _script_sources(policy) if word in UNSAFE})
    if unsafe:
        yield "content_security_policy", f"{', '.join(unsafe)}: injected scripts would run"
    taken = sorted({*changes.add, *changes.replace} & set(security.values))
    if taken:
        yield "add", f"{', '.join(taken)}: set by security"


def _script_sources(policy: str) -> Iterator[str]:
    """Give the sources of all but styles, on which no script depends."""
    for directive in policy.split(";"):
        name, *sources = directive.split() or [""]
        if not name.startswith("style-src"):
            yield from sources
