"""Structured logs: one JSON object a line, with trace ids, without secrets."""

import logging
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from platform_runtime.context import current
from platform_runtime.settings import LogLevel, ServiceSettings

HIDDEN = "[redacted]"

SECRET_KEYS = re.compile(
    r"pass(word|wd)?$|secret|token|authorization|cookie|credential|api[_-]?key|private[_-]?key",
    re.IGNORECASE,
)
"""Names of fields whose value is never logged."""

SECRET_VALUES = re.compile(
    r"(?P<scheme>(?i:bearer|basic)\s+)[\w.~+/=-]{8,}"  # an Authorization header
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # a JSON web token
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"  # the credentials of a URL
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # an AWS access key id
)
MARKS = (" ", "\t", "\n", "://", "eyJ", "AKIA", "ASIA")
"""One of them is in whatever `SECRET_VALUES` finds."""

DEEPEST = 6

CHATTY = ("aiokafka", "botocore", "elastic_transport", "httpx2", "kombu.transport")
"""Libraries whose `info` is one line for each call."""


def configure_logging(service: ServiceSettings, level: LogLevel = LogLevel.INFO) -> None:
    """Send structlog's and the standard library's records to standard output, as JSON lines."""
    stamped: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
        add_trace,
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        redact,
    ]
    number = logging.getLevelNamesMapping()[level.value.upper()]
    structlog.configure(
        processors=[*stamped, structlog.processors.JSONRenderer(serializer=_to_json)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_Stdout,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *stamped],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_to_text),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=number, force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error"):
        quiet = logging.getLogger(name)
        quiet.handlers.clear()
        quiet.propagate = True


class _Stdout:
    """Writes a line to whatever standard output is now; loggers outlive a change of it."""

    def __init__(self, *_: object) -> None:
        pass

    def msg(self, line: bytes) -> None:
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()

    debug = info = warning = error = critical = exception = msg


def _named(service: ServiceSettings) -> Processor:
    fields = {
        "service": service.name,
        "version": service.version,
        "environment": service.environment,
    }

    def add(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.update(fields)
        return event

    return add


def add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Add the ids of the request and of the current span, as Tempo and Kibana look for them."""
    if request_id := current().request_id:
        event.setdefault("request_id", request_id)
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
        event["span_id"] = f"{context.span_id:016x}"
    return event


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Hide secrets, by the name of the field or by what the value looks like."""
    return cast("EventDict", _redacted(event, DEEPEST))


def _redacted(value: object, depth: int) -> object:
    if isinstance(value, str):
        return _clean(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        fields = cast("Mapping[object, object]", value)
        return (
            HIDDEN
            if depth == 0
            else {
                str(name): HIDDEN if _is_secret(str(name)) else _redacted(inner, depth - 1)
                for name, inner in fields.items()
            }
        )
    if isinstance(value, list | tuple | set | frozenset):
        items = cast("list[object]", value)
        return [_redacted(item, depth - 1) for item in items] if depth else HIDDEN
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return _clean(text)


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return SECRET_KEYS.search(name) is not None


def _clean(text: str) -> str:
    """Hide secrets in a text. Most have none of the marks, and need no search."""
    for mark in MARKS:  # any() is slower, and each line of the access log comes here ten times
        if mark in text:
            return SECRET_VALUES.sub(_hide, text)
    return text


def _hide(match: re.Match[str]) -> str:
    return f"{match['scheme'] or ''}{HIDDEN}"


def _to_json(event: object, **_: object) -> bytes:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS)


def _to_text(event: object, **_: object) -> str:
    return _to_json(event).decode()
