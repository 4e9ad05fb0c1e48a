"""Kong's plugins as typed builders: settings in, a checked `Plugin` out.

Field names are those of Kong 3.9: https://github.com/Kong/kong/tree/3.9.3/kong/plugins (2026-11).
"""

from components.gateway.plugins.callers import acl, bot_detection, ip_restriction, key_auth
from components.gateway.plugins.cors import Cors, cors
from components.gateway.plugins.headers import (
    HeaderChanges,
    SecurityHeaders,
    request_transformation,
    response_transformation,
    security_headers,
)
from components.gateway.plugins.plugin import Plugin, SecretValue
from components.gateway.plugins.rate_limiting import Counters, LimitBy, RateLimits, rate_limiting
from components.gateway.plugins.telemetry import (
    access_log,
    correlation_id,
    opentelemetry,
    prometheus,
)
from components.gateway.plugins.tokens import TokenCheck, token_check
from components.gateway.plugins.traffic import ProxyCache, proxy_cache, request_size_limit

NAMES = (
    "acl",
    "bot-detection",
    "correlation-id",
    "cors",
    "file-log",
    "ip-restriction",
    "jwt",
    "key-auth",
    "opentelemetry",
    "prometheus",
    "proxy-cache",
    "rate-limiting",
    "redirect",
    "request-size-limiting",
    "request-termination",
    "request-transformer",
    "response-transformer",
)
"""All that Kong loads: those built here, and the two by which the controller answers itself. What
runs code of its own, such as `pre-function`, is not there to be used."""

__all__ = [
    "NAMES",
    "Cors",
    "Counters",
    "HeaderChanges",
    "LimitBy",
    "Plugin",
    "ProxyCache",
    "RateLimits",
    "SecretValue",
    "SecurityHeaders",
    "TokenCheck",
    "access_log",
    "acl",
    "bot_detection",
    "correlation_id",
    "cors",
    "ip_restriction",
    "key_auth",
    "opentelemetry",
    "prometheus",
    "proxy_cache",
    "rate_limiting",
    "request_size_limit",
    "request_transformation",
    "response_transformation",
    "security_headers",
    "token_check",
]
