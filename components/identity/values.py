"""Single values of an `Identity`'s inputs, checked."""

import re
from collections.abc import Sized
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

SHORT_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
SCOPE_NAME = re.compile(r"[a-z0-9]+([._:-][a-z0-9]+)*", re.ASCII)
IDENTIFIER = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]{1,256}")
"""https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html
(2026-11). Scopes are held to less than Cognito takes: a comma or a slash in one is a trap."""

TOKEN_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")
"""https://datatracker.ietf.org/doc/html/rfc6749#section-3.3"""

SENDER = re.compile(r"[^@<>\s]+@[^@<>\s]+|[^@<>\r\n]+ <[^@<>\s]+@[^@<>\s]+>")

HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)

LONGEST_NAME = 30
LONGEST_URL = 1024

Counted = TypeVar("Counted", bound=Sized)


def _short(name: str) -> str:
    if len(name) > LONGEST_NAME or not SHORT_NAME.fullmatch(name):
        raise ValueError(
            f"a short name of small letters, digits and single hyphens is needed, "
            f"at most {LONGEST_NAME}"
        )
    return name


def _scope_name(name: str) -> str:
    if len(name) > LONGEST_NAME or not SCOPE_NAME.fullmatch(name):
        raise ValueError(
            "a scope's short name is needed, of small letters and digits, with single '.', '_', "
            f"':' and '-' between them, at most {LONGEST_NAME}"
        )
    return name


def https_url(url: str) -> str:
    """Return `url` if browsers and clients can be sent there safely.

    :raises ValueError: when it is not https, or has a fragment, a wildcard or a user.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or not HOST.fullmatch(host) or len(url) > LONGEST_URL:
        raise ValueError("an https URL such as https://app.example.com/callback is needed")
    if parts.fragment or "#" in url or "*" in url or "@" in parts.netloc or re.search(r"\s", url):
        raise ValueError("a URL without '#', '*', a user and spaces is needed")
    return url


def _issuer(url: str) -> str:
    if "?" in https_url(url):  # https://openid.net/specs/openid-connect-core-1_0.html#IDToken
        raise ValueError("an issuer has no query")
    return url


def counted(most: int) -> AfterValidator:
    """Demand one or more, and `most` at most; told only when every member is right."""

    def check(value: Counted) -> Counted:
        if not value:
            raise ValueError("one or more is needed")
        if len(value) > most:
            raise ValueError(f"{len(value)} are too many; {most} allowed")
        return value

    return AfterValidator(check)


def _identifier(identifier: str) -> str:
    if not IDENTIFIER.fullmatch(identifier):
        raise ValueError("letters, digits and signs without spaces and quotes, at most 256")
    return identifier


def _sender(sender: str) -> str:
    if not SENDER.fullmatch(sender):
        raise ValueError("an address is needed, or a name and one: Example <no-reply@example.com>")
    return sender


def _token_scope(scope: str) -> str:
    if not TOKEN_SCOPE.fullmatch(scope):
        raise ValueError("a scope has no spaces and no quotes")
    return scope


ShortName = Annotated[str, AfterValidator(_short)]
ScopeName = Annotated[str, AfterValidator(_scope_name)]
HttpsUrl = Annotated[str, AfterValidator(https_url)]
Minutes = Annotated[int, Field(ge=5, le=1440)]
Words = Annotated[str, Field(min_length=1, max_length=256)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Sender = Annotated[str, AfterValidator(_sender)]
Issuer = Annotated[str, AfterValidator(_issuer)]
TokenScope = Annotated[str, AfterValidator(_token_scope)]
