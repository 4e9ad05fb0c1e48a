"""What never leaves the collectors: credentials, and what looks like one.

Applied by the first collector that a span reaches, so that neither a queue on disk nor a backend
has it. Patterns are RE2, https://github.com/google/re2/wiki/Syntax (2026-11).
"""

from collections.abc import Mapping

Config = Mapping[str, object]

NAMES = (
    r"(?i)(authorization|cookie|passw(or)?d|secret|credential|private[._-]?key|api[._-]?key"
    r"|session[._-]?id|csrf|xsrf|x[._-]amz[._-]security"
    r"|(^|[._-])(access|auth|bearer|id|jwt|refresh|session)[._-]?token$|(^|[._-])token$)"
)
"""Attributes that are deleted, whatever their type: headers such as
`http.request.header.authorization` are lists. Counts of tokens, e.g. `gen_ai.usage.input_tokens`,
are not meant."""

PARAMETERS = (
    r"(?i)([?&;#](?:[\w.-]*(?:token|secret|passw(?:or)?d|api[_-]?key|signature|credential)[\w.-]*"
    r"|code|sig|key|auth|jwt|session|state)=)[^&#;\s]+"
)
"""Parameters in a URL, with their names in the first group: OAuth's `code` and `state`, and the
signature of presigned URLs among them. Any attribute may hold a URL."""

QUERY = PARAMETERS.replace("[?&;#]", "(?:^|[?&;#])", 1)
"""The same in `url.query`, which begins without a question mark."""

VALUES = (
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*",
    r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}",
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*",
    r"(?i)\b[a-z][a-z0-9+.-]*://[^\s:/@]+:[^\s/@]+@",
)
"""Values that are masked wherever they stand: JSON web tokens, credentials of HTTP, AWS' key ids,
private keys, and passwords in URLs."""

MASK = "****"


def redaction_processors() -> dict[str, Config]:
    """Return the processors, in the order in which they are to be run."""
    return {
        "transform/secrets": {
            # A statement that fails is logged, and the span goes on without it: the others hold.
            "error_mode": "ignore",
            "trace_statements": [
                _delete("resource"),
                {"context": "span", "statements": [*_attributes(), *_texts()]},
                {"context": "spanevent", "statements": _attributes()},
            ],
        },
        "redaction": {
            "allow_all_keys": True,
            "blocked_values": list(VALUES),
            # Lists and maps too.
            "redact_all_types": True,
            "summary": "silent",
        },
    }


def _delete(context: str) -> Config:
    return {"context": context, "statements": [_deleted()]}


def _deleted() -> str:
    return f"delete_matching_keys(attributes, {_quoted(NAMES)})"


def _attributes() -> list[str]:
    parameters = f"{_quoted(PARAMETERS)}, {_quoted('$$1' + MASK)}"
    query = f"{_quoted(QUERY)}, {_quoted('$$1' + MASK)}"
    return [
        _deleted(),
        f'replace_all_patterns(attributes, "value", {parameters})',
        f'replace_pattern(attributes["url.query"], {query})',
    ]


def _texts() -> list[str]:
    """Return what is done to a span's name and status, which no processor looks into."""
    found = [f"{_quoted(pattern)}, {_quoted(MASK)}" for pattern in VALUES]
    found.append(f"{_quoted(PARAMETERS)}, {_quoted('$$1' + MASK)}")
    return [
        f"replace_pattern({field}, {pattern})"
        for field in ("name", "status.message")
        for pattern in found
    ]


def _quoted(text: str) -> str:
    """Return a literal of the transformation language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
