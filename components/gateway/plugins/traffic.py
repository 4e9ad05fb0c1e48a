"""What a request may weigh, and which answers are kept for the next one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from components.gateway.plugins.plugin import Plugin, refuse

SIZE_LIMIT, CACHE = "request-size-limiting", "proxy-cache"

LARGEST_MB = 512

CACHE_MEMORY = "kong_proxy_cache"
"""Of nginx, and of each gateway pod its own; made by the chart's values, so that answers of
services never push Kong's own configuration out of memory."""

CACHE_MIB = 64

METHODS = ("GET", "HEAD")
"""What is safe to keep: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.3."""

HEADER = re.compile(r"[A-Za-z0-9-]+", re.ASCII)


def request_size_limit(megabytes: int) -> Plugin:
    """Return the plugin that answers 413 to larger requests.

    The gateway as a whole takes no more than its own `request_megabytes`, whatever stands here.

    :raises InvalidInput: for less than 1 and more than 512.
    """
    wrong = not 1 <= megabytes <= LARGEST_MB
    problem = ("megabytes", f"{megabytes} is not valid: 1 to {LARGEST_MB}")
    refuse(SIZE_LIMIT, [problem] if wrong else [])
    return Plugin(
        SIZE_LIMIT,
        {
            "allowed_payload_size": megabytes,
            "size_unit": "megabytes",
            "require_content_length": False,
        },
    )


@dataclass(frozen=True)
class ProxyCache:
    """Answers that are the same for everybody who asks the same."""

    seconds: int = 60
    """For which an answer is kept, if it does not say itself (`Cache-Control`)."""
    vary_headers: tuple[str, ...] = ("Accept", "Accept-Encoding")
    """Request headers on which the answer depends."""
    content_types: tuple[str, ...] = ("application/json",)
    """To the letter, `charset` and all."""
    statuses: tuple[int, ...] = (200,)


def proxy_cache(cache: ProxyCache) -> Plugin:
    """Return the plugin that answers from memory.

    Never for a route that knows who calls: Kong keeps an answer by method, URL, consumer and
    `vary_headers`, and all tokens of one issuer are one consumer (`tokens.py`).

    :raises InvalidInput: for what can't be kept, or would be shown to others.
    """
    refuse(CACHE, _problems(cache))
    return Plugin(
        CACHE,
        {
            "strategy": "memory",
            "memory": {"dictionary_name": CACHE_MEMORY},
            "cache_ttl": cache.seconds,
            "cache_control": True,
            "request_method": list(METHODS),
            "response_code": list(cache.statuses),
            "content_type": list(cache.content_types),
            "vary_headers": list(cache.vary_headers),
        },
    )


def _problems(cache: ProxyCache) -> Iterator[tuple[str, str]]:
    if not 1 <= cache.seconds <= 86_400:
        yield "seconds", f"{cache.seconds} is not valid: 1 to 86400"
    if not cache.content_types:
        yield "content_types", "one or more are needed"
    wrong = [status for status in cache.statuses if not 200 <= status < 500]
    if wrong or not cache.statuses:
        yield "statuses", f"{wrong or 'none'}: only 200 to 499 are worth keeping"
    for header in cache.vary_headers:
        if not HEADER.fullmatch(header):
            yield "vary_headers", f"{header!r} is no name of a header"
        if header.lower() in ("authorization", "cookie"):
            yield "vary_headers", f"{header}: what only one caller may see is not for a cache"
