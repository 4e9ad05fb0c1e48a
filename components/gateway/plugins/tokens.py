"""Bearer tokens: JWTs of an OAuth2 or OpenID Connect issuer, by their signatures.

Kong's open-source edition knows no issuer: each public key is a credential of a consumer, found by
the token's `kid`. So the gateway refuses what is unsigned, forged or expired; issuer, audience and
scopes are the service's to verify, which reads the issuer's keys itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.gateway.plugins.plugin import Plugin, refuse

NAME = "jwt"

ALGORITHM = "RS256"
"""What Cognito signs with, and what every OpenID Connect issuer can:
https://openid.net/specs/openid-connect-core-1_0.html#IDToken."""

KEY_CLAIM = "kid"
"""Kong looks for it among the claims, then in the header, where it is. Whichever key is named, the
signature has to be that key's."""

LONGEST_SECONDS = 31_536_000

PUBLIC_KEY = re.compile(
    r"-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*", re.ASCII
)


@dataclass(frozen=True)
class TokenCheck:
    """What a bearer token must be."""

    longest_seconds: int = 86_400
    """Tokens that are good for longer than this are refused."""
    realm: str = "api"
    """What the answer 401 names."""


def token_check(check: TokenCheck | None = None) -> Plugin:
    """Return the plugin that lets through what bears a valid token in `Authorization`.

    Never in a URL or a cookie: URLs are logged, and cookies are sent by any page. Preflight
    requests bear none and get through.

    :raises InvalidInput: for a time of none or beyond a year.
    """
    check = check or TokenCheck()
    refuse(NAME, _problems(check))
    return Plugin(
        NAME,
        {
            "key_claim_name": KEY_CLAIM,
            "claims_to_verify": ["exp"],
            "maximum_expiration": check.longest_seconds,
            "header_names": ["authorization"],
            "uri_param_names": [],
            "cookie_names": [],
            "run_on_preflight": False,
            "realm": check.realm,
        },
    )


def token_credential(key_id: str, public_key: str) -> dict[str, str]:
    """Return the data of the Secret that is a consumer's credential: one key of the issuer.

    :param public_key: as PEM, see `components/gateway/jwks.py`.
    """
    return {"algorithm": ALGORITHM, "key": key_id, "rsa_public_key": public_key}


def key_problems(keys: Mapping[str, str]) -> Iterator[str]:
    """Give what is wrong with an issuer's public keys by their ids."""
    for key_id, key in keys.items():
        if not key_id.strip():
            yield "a key without an id"
        if "PRIVATE" in key:
            yield f"{key_id}: this is a private key, which only the issuer may have"
        elif not PUBLIC_KEY.fullmatch(key):
            yield f"{key_id}: a public key as PEM is needed, '-----BEGIN PUBLIC KEY-----' first"


def _problems(check: TokenCheck) -> Iterator[tuple[str, str]]:
    if not 0 < check.longest_seconds <= LONGEST_SECONDS:
        yield "longest_seconds", f"{check.longest_seconds} is not valid: 1 to {LONGEST_SECONDS}"
    if not check.realm or '"' in check.realm:
        yield "realm", "a name without quotes is needed"
