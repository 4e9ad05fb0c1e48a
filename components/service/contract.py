"""What the platform gives a pod: the variables, ports and paths of docs/runtime-contract.md."""

import re
from collections.abc import Iterator, Mapping

from components._base.errors import nearest

HTTP_PORT = 8000
LIVE, READY, METRICS = "/health/live", "/health/ready", "/metrics"

TUNABLE: Mapping[str, tuple[str, ...]] = {
    "SERVICE": (),
    "POD": (),
    "HTTP": ("KEEP_ALIVE_SECONDS", "DOCS"),
    # The gateway's own, see public.cors: the same header from both would be refused by browsers.
    "CORS": (),
    "LOG": ("LEVEL", "ACCESS"),
    "OTEL": ("TRACES_SAMPLER_ARG", "METRICS_EXPORTER"),
    "AUTH": ("ALGORITHMS", "LEEWAY_SECONDS", "JWKS_TTL_SECONDS", "JWKS_RETRY_SECONDS"),
    "CACHE": ("TIMEOUT_SECONDS", "TTL_SECONDS", "STALE_SECONDS"),
    "KAFKA": ("ATTEMPTS",),
    "SEARCH": ("TIMEOUT_SECONDS",),
    "TABLES": ("TIMEOUT_SECONDS",),
    "RABBITMQ": ("QUEUE",),
    "BUCKETS": ("TIMEOUT_SECONDS",),
    "PEER": ("TIMEOUT_SECONDS",),
    "WORKER": (),
}
"""Variables that a service may set itself, by the contract's sections; the others are given."""

STORES = ("CACHE", "KAFKA", "SEARCH", "TABLES", "RABBITMQ", "BUCKETS")
"""Sections of what `uses` names."""

VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,254}", re.ASCII)

SECRET_LIKE = re.compile(
    r"(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$", re.ASCII
)

OTHERS = ("AWS_", "KUBERNETES_", "LD_", "LINKERD")
"""Prefixes of variables by which others tell a pod who and where it is, or what it loads."""


def table_variable(name: str) -> str:
    """Return the variable that holds a table's name: `TABLES_ORDER_LINES` for `order-lines`."""
    return f"TABLES_{_upper(name)}"


def peer_variable(name: str) -> str:
    """Return the variable with the URL of a service that may be called."""
    return f"PEER_{_upper(name)}_URL"


def bucket_variable(name: str) -> str:
    """Return the variable that holds a bucket's name."""
    return f"BUCKETS_{_upper(name)}"


def variable_problems(env: Mapping[str, str], used: set[str]) -> Iterator[str]:
    """Give what is wrong with the variables that a service sets itself.

    :param used: sections of what the service uses.
    """
    for name in sorted(env):
        section, _, rest = name.partition("_")
        if not VARIABLE.fullmatch(name):
            yield f"{name!r} is no name of a variable: capital letters, digits and '_'"
        elif SECRET_LIKE.search(name):
            yield f"{name} is the name of a secret, and this is plain text for all to read"
        elif name.startswith(OTHERS):
            yield f"{name}: names that begin with {', '.join(OTHERS)} are set by others"
        elif section in TUNABLE and rest not in TUNABLE[section]:
            yield f"{name} is not yours to set: {_allowed(section, name)}"
        elif section in STORES and section not in used:
            yield f"{name} is for what uses.{section.lower()} names, which is not there"


def _allowed(section: str, name: str) -> str:
    known = [f"{section}_{rest}" for rest in TUNABLE[section]]
    if not known:
        return f"the platform sets all that begins with {section}_"
    return nearest(name, known)


def _upper(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name).upper()
