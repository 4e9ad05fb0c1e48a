"""What scopes are called, and which exist: services ask for them by name."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from components._base.errors import nearest

if TYPE_CHECKING:
    from components.identity.spec import IdentitySpec

STANDARD_SCOPES = ("email", "openid", "phone", "profile")
"""OpenID Connect's own, for people's tokens only.

https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
"""


def known_scopes(spec: "IdentitySpec") -> Mapping[str, str] | None:
    """Return the full names of the scopes that services may ask for, by what they call them.

    A Cognito scope is called after its resource server's name in the config (`orders/read`); its
    full name, the one in tokens, begins with the server's identifier. An issuer outside has full
    names only. None: the issuer outside does not say which scopes it has.
    """
    if spec.cognito is not None:
        return spec.cognito.scopes
    if spec.oidc is None or not spec.oidc.scopes:
        return None
    return {scope: scope for scope in spec.oidc.scopes}


def full_scope_name(spec: "IdentitySpec", scope: str) -> str:
    """Return how `scope`, e.g. `orders/read`, is written in tokens.

    :raises ValueError: when there is no such scope.
    """
    known = known_scopes(spec)
    if known is None:
        return scope
    problems = scope_problems(known, [scope])
    if problems:
        raise ValueError(problems[0])
    return known[scope]


def unknown_scope_problems(spec: "IdentitySpec", asked: Iterable[str]) -> list[str]:
    """Return what is wrong with the scopes that a service asks for, one message for each."""
    known = known_scopes(spec)
    return [] if known is None else scope_problems(known, asked)


def scope_problems(known: Mapping[str, str], asked: Iterable[str]) -> list[str]:
    """Return a message for each scope of `asked` that does not exist or is there twice."""
    asked = list(asked)
    problems = [
        f"there is no scope {scope!r}; {nearest(scope, known)}"
        for scope in sorted(set(asked) - set(known))
    ]
    twice = sorted({scope for scope in asked if asked.count(scope) > 1})
    return problems + [f"scope {scope!r} is listed twice" for scope in twice]
