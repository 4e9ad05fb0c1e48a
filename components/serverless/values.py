"""Single values of a `ServerlessApi`'s inputs, checked."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from components._base.images import DIGEST, check_tag
from components.serverless.limits import RESERVED_VARIABLES

METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
SEGMENT = re.compile(r"\{[A-Za-z0-9._-]+\}|[A-Za-z0-9._~!$&'()*,;=:@%-]+", re.ASCII)
GREEDY = re.compile(r"\{[A-Za-z0-9._-]+\+\}", re.ASCII)
CATCH_ALL = "$default"
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
(2026-11)"""

SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")
"""https://datatracker.ietf.org/doc/html/rfc6749#section-3.3"""

VERSION = re.compile(r"[1-9][0-9]*", re.ASCII)

HANDLER = re.compile(r"[A-Za-z_][\w/]*(\.[A-Za-z_]\w*)+", re.ASCII)
VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]+", re.ASCII)
SECRET_LIKE = re.compile(
    r"(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$", re.IGNORECASE
)
"""Names of what nobody may read in the console: whoever sees a function sees its variables."""

HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)
LOCAL_HOSTS = ("localhost", "127.0.0.1")


def _image(image: str) -> str:
    if DIGEST.fullmatch(image):
        return image
    if "/" in image or "@" in image or ":" in image:
        raise ValueError(
            "a tag such as 1.4.2 or a digest sha256:… is needed, without the repository"
        )
    check_tag(image)
    return image


def _route_key(key: str) -> str:
    if key == CATCH_ALL:
        return key
    method, _, path = key.partition(" ")
    if method not in METHODS or not path.startswith("/"):
        raise ValueError(
            f"a method and a path are needed, e.g. 'GET /orders/{{id}}', or {CATCH_ALL}; "
            f"methods: {', '.join(METHODS)}"
        )
    *inner, last = path[1:].split("/") if path != "/" else [""]
    wrong = [part for part in inner if not SEGMENT.fullmatch(part)]
    if wrong or (path != "/" and not (SEGMENT.fullmatch(last) or GREEDY.fullmatch(last))):
        raise ValueError(
            "a path has parts such as orders and {id} between single slashes, and {proxy+} at the "
            "end only"
        )
    return key


def _handler(handler: str) -> str:
    if not HANDLER.fullmatch(handler):
        raise ValueError("a module and a function are needed, e.g. orders.main.handler")
    return handler


def variable_problem(name: str) -> str | None:
    """Return what is wrong with the name of an environment variable."""
    if not VARIABLE.fullmatch(name):
        return f"{name!r} is no name of a variable: letters, digits and '_', a letter first"
    if name in RESERVED_VARIABLES:
        return f"{name} is set by Lambda"
    if SECRET_LIKE.search(name):
        return f"{name} is the name of a secret; pass its ARN in secret_arns"
    return None


def _origin(origin: str) -> str:
    if origin == "*":
        return origin
    parts = urlsplit(origin)
    host = (parts.hostname or "").lower()
    plain = origin == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    secure = parts.scheme == "https" and HOST.fullmatch(host)
    local = parts.scheme in ("http", "https") and host in LOCAL_HOSTS
    if not plain or not (secure or local) or "*" in origin:
        raise ValueError("https:// and a host without a path, or http://localhost:PORT, or '*'")
    return origin


def _header(header: str) -> str:
    if not HEADER.fullmatch(header) or header == "*":
        raise ValueError("a header's name such as x-request-id is needed")
    return header.lower()


def _host(host: str) -> str:
    if not HOST.fullmatch(host):
        raise ValueError("a host such as api.example.com is needed")
    return host


def _version(version: str) -> str:
    if not VERSION.fullmatch(version):
        raise ValueError("the number of a published version is needed, e.g. '12'")
    return version


def _scope(scope: str) -> str:
    if not SCOPE.fullmatch(scope):
        raise ValueError("a scope has no spaces and no quotes")
    return scope


Image = Annotated[str, AfterValidator(_image)]
RouteKey = Annotated[str, AfterValidator(_route_key)]
Handler = Annotated[str, AfterValidator(_handler)]
Origin = Annotated[str, AfterValidator(_origin)]
Header = Annotated[str, AfterValidator(_header)]
Host = Annotated[str, AfterValidator(_host)]
Command = Annotated[str, Field(min_length=1)]
ScopeName = Annotated[str, AfterValidator(_scope)]
Version = Annotated[str, AfterValidator(_version)]
Concurrency = Annotated[int, Field(ge=0)]
