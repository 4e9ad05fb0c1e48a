"""OAuth2 bearer tokens: verified here, whatever the gateway has done before."""

from dataclasses import dataclass
from typing import Annotated, cast

import jwt
import structlog
from fastapi import Depends, Request, Security
from fastapi.security import OpenIdConnect, SecurityScopes

from platform_runtime.jwks import KeySet, KeysUnavailable
from platform_runtime.problems import Problem, Unavailable
from platform_runtime.settings import AuthSettings

log = structlog.stdlib.get_logger("auth")

REQUIRED = ("exp", "iss", "sub")
LONGEST = 8192
"""Bytes of a token; headers of that size are refused by gateways anyway."""

scheme = OpenIdConnect(
    openIdConnectUrl="/.well-known/openid-configuration",
    scheme_name="oauth2",
    auto_error=False,
    description="Access token of the platform's issuer",
)


@dataclass(frozen=True)
class Principal:
    """Who calls."""

    subject: str
    scopes: frozenset[str]
    claims: dict[str, object]

    @property
    def machine(self) -> bool:
        """Tell a client that speaks for itself from one that speaks for a person.

        https://www.rfc-editor.org/rfc/rfc9068#section-2.2: its subject is the client then.
        """
        return self.claims.get("client_id") == self.subject


class Verifier:
    """Checks signature, issuer, audience and times of a token."""

    def __init__(self, settings: AuthSettings, keys: KeySet) -> None:
        self._settings = settings
        self.keys = keys

    async def verify(self, token: str) -> Principal:
        """Return who a token speaks for.

        :raises Problem: 401 when the token is no good.
        :raises Unavailable: when the issuer's keys can't be had.
        """
        try:
            claims = await self._claims(token)
        except jwt.PyJWTError as error:
            log.info("token refused", reason=type(error).__name__)
            raise _unauthorized("the token is not valid") from None
        except KeysUnavailable:
            raise Unavailable("the issuer's keys can't be fetched", retry_after=5) from None
        return Principal(str(claims["sub"]), _scopes(claims), claims)

    async def _claims(self, token: str) -> dict[str, object]:
        if len(token) > LONGEST:
            raise jwt.InvalidTokenError("too long")
        header = cast("dict[str, object]", jwt.get_unverified_header(token))
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in self._settings.algorithms or not isinstance(key_id, str):
            raise jwt.InvalidAlgorithmError("algorithm or key id")
        key = await self.keys.get(key_id)
        # the key says what it is for: a token can't make an RSA key serve as another kind
        if key is None or key.algorithm_name != algorithm:
            raise jwt.InvalidKeyError("unknown key")
        claims = cast(
            "dict[str, object]",
            jwt.decode(
                token,
                key,
                algorithms=[str(algorithm)],
                issuer=self._settings.issuer,
                leeway=self._settings.leeway_seconds,
                options={"require": list(REQUIRED), "verify_aud": False},
            ),
        )
        if not _named(claims) & set(self._settings.audience):
            raise jwt.InvalidAudienceError("for somebody else")
        return claims


def _named(claims: dict[str, object]) -> set[object]:
    """Return whom a token is for.

    Cognito's access tokens have no `aud`, but the client that they were given to:
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    if "aud" not in claims:
        return {claims.get("client_id")} if claims.get("token_use") == "access" else set()
    audience = claims["aud"]
    return set(cast("list[object]", audience)) if isinstance(audience, list) else {audience}


def _scopes(claims: dict[str, object]) -> frozenset[str]:
    """Read `scope` (RFC 8693) or `scp`, a string or a list."""
    value = claims.get("scope", claims.get("scp", ""))
    if isinstance(value, str):
        return frozenset(value.split())
    items = cast("list[object]", value) if isinstance(value, list) else []
    return frozenset(str(item) for item in items)


def _unauthorized(detail: str) -> Problem:
    challenge = 'Bearer error="invalid_token"'
    return Problem(401, detail, kind="unauthorized", headers={"WWW-Authenticate": challenge})


async def authenticate(
    request: Request,
    scopes: SecurityScopes,
    authorization: Annotated[str | None, Depends(scheme)],
) -> Principal:
    """Return the caller, who must have all the scopes that the route asks for."""
    verifier = cast("Verifier | None", request.app.state.verifier)
    if verifier is None:
        raise Unavailable("no issuer is configured (AUTH_ISSUER)", retry_after=60)
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(401, "a bearer token is needed", kind="unauthorized", headers=headers)
    principal = await verifier.verify(token.strip())
    missing = sorted(set(scopes.scopes) - principal.scopes)
    if missing:
        challenge = f'Bearer error="insufficient_scope", scope="{" ".join(scopes.scopes)}"'
        headers = {"WWW-Authenticate": challenge}
        raise Problem(403, f"scope {', '.join(missing)} is missing", kind="scope", headers=headers)
    structlog.contextvars.bind_contextvars(subject=principal.subject)
    return principal


def caller(*scopes: str) -> object:
    """Return the dependency of a route that asks for scopes.

    Example: `who: Annotated[Principal, caller("orders/write")]`.
    """
    return Security(authenticate, scopes=list(scopes))
