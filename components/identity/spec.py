"""The structural inputs of an `Identity`, checked."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, model_validator

from components._base.spec import Spec
from components.identity.args import (
    CognitoMfa,
    CognitoPlan,
    CognitoThreatProtection,
    IdentityProvider,
)
from components.identity.scopes import STANDARD_SCOPES, scope_problems
from components.identity.values import (
    HOST,
    HttpsUrl,
    Identifier,
    Issuer,
    Minutes,
    ScopeName,
    Sender,
    ShortName,
    TokenScope,
    Words,
    counted,
)

DOMAIN_PREFIX = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
RESERVED_IN_PREFIX = ("aws", "amazon", "cognito")
"""https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
(2026-11)"""

MOST_SCOPES, MOST_CLIENT_SCOPES, MOST_URLS, MOST_SERVERS = 100, 50, 100, 25
"""Scopes of a resource server and of a client, URLs of a client, resource servers of a pool.

https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (2026-11)
"""

MOST_AUDIENCES = 50
"""Of a JWT authorizer, https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
(2026-11)."""

ClientScopes = Annotated[tuple[str, ...], counted(MOST_CLIENT_SCOPES)]


class CognitoPasswordSpec(Spec):
    """Which passwords users may have: small and capital letters, digits and symbols, all four."""

    min_length: int = Field(default=14, ge=8, le=99)
    """Characters that a password has at least."""
    history: int | None = Field(default=None, ge=0, le=24)
    """How many of the last passwords can't be used again; default: 5, in plan lite 0."""
    temporary_days: int = Field(default=3, ge=1, le=365)
    """Days until the password of an invitation ends."""


class ResourceServerSpec(Spec):
    """One API, or one part of it, and what tokens may allow there."""

    identifier: Identifier | None = None
    """What its scopes' full names begin with; default: its name."""
    scopes: Annotated[dict[ScopeName, Words], counted(MOST_SCOPES)]
    """What each scope allows, in words, by the scope's short name."""


class MachineClientSpec(Spec):
    """A program that signs in as itself."""

    scopes: ClientScopes
    """What its tokens may allow, e.g. `orders/read`."""
    access_token_minutes: Minutes = 60
    """Minutes that a token is good for."""


class InteractiveClientSpec(Spec):
    """An application that people sign in to."""

    callback_urls: Annotated[tuple[HttpsUrl, ...], counted(MOST_URLS)]
    """Where people come back to from the login page."""
    logout_urls: tuple[HttpsUrl, ...] = ()
    """Where people come to after logging out."""
    scopes: ClientScopes = ("openid", "email", "profile")
    """What its tokens may allow."""
    confidential: bool = False
    """It runs on a server and proves with a secret who it is."""
    access_token_minutes: Minutes = 15
    """Minutes that access and ID tokens are good for."""
    refresh_token_days: int = Field(default=7, ge=1, le=3650)
    """Days until people have to sign in again."""


class CognitoSpec(Spec):
    """A Cognito user pool."""

    plan: CognitoPlan = CognitoPlan.ESSENTIALS
    """What the pool can do, and costs by the active user."""
    threat_protection: CognitoThreatProtection | None = None
    """What is done about suspicious logins; default: enforced in plan plus, else off."""
    mfa: CognitoMfa = CognitoMfa.REQUIRED
    """Whether users need a second factor."""
    self_sign_up: bool = False
    """Let anybody create a user."""
    password: CognitoPasswordSpec = CognitoPasswordSpec()
    """Which passwords users may have."""
    email_from: Sender | None = None
    """Sender of Cognito's mails; default: Cognito's own address, 50 mails a day."""
    domain_prefix: str | None = None
    """Host of the login pages and of the token endpoint, under amazoncognito.com."""
    domain_name: str | None = None
    """The same under a name of your own."""
    resource_servers: dict[ShortName, ResourceServerSpec] = Field(
        default_factory=dict[str, ResourceServerSpec], max_length=MOST_SERVERS
    )
    """APIs and their scopes."""
    machine_clients: dict[ShortName, MachineClientSpec] = Field(
        default_factory=dict[str, MachineClientSpec]
    )
    """Programs that sign in."""
    interactive_clients: dict[ShortName, InteractiveClientSpec] = Field(
        default_factory=dict[str, InteractiveClientSpec]
    )
    """Applications that people sign in to."""

    @model_validator(mode="after")
    def _fits_together(self) -> "CognitoSpec":
        problems = [*_domain_problems(self), *_plan_problems(self), *_client_problems(self)]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def scopes(self) -> Mapping[str, str]:
        """Full names of the scopes, by what services and clients call them: `orders/read`."""
        return {
            f"{name}/{scope}": f"{server.identifier or name}/{scope}"
            for name, server in self.resource_servers.items()
            for scope in server.scopes
        }


class OidcSpec(Spec):
    """An issuer outside, which has its own clients and scopes."""

    issuer: Issuer
    """What its tokens say in `iss`, to the letter."""
    audiences: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], counted(MOST_AUDIENCES)]
    """What its tokens for us say in `aud`."""
    jwks_uri: HttpsUrl | None = None
    """Where its public keys are; default: consumers find it at the discovery URL."""
    token_endpoint: HttpsUrl | None = None
    """Where clients get tokens; default: consumers find it at the discovery URL."""
    scopes: tuple[TokenScope, ...] = ()
    """The scopes that it has; default: not known, and not checked."""


class IdentitySpec(Spec):
    """Who issues the tokens that the gateway and the services verify."""

    provider: IdentityProvider = IdentityProvider.COGNITO
    """A Cognito user pool, or an OpenID Connect issuer outside."""
    cognito: CognitoSpec | None = None
    """The user pool; required by provider cognito."""
    oidc: OidcSpec | None = None
    """The issuer; required by provider oidc."""
    protect: bool = False
    """Refuse to delete the user pool, and the secrets and their key."""

    @model_validator(mode="after")
    def _one_provider(self) -> "IdentitySpec":
        given = {IdentityProvider.COGNITO: self.cognito, IdentityProvider.OIDC: self.oidc}
        if given.pop(self.provider) is None:
            raise ValueError(f"provider {self.provider.value} needs {self.provider.value}")
        ((other, section),) = given.items()
        if section is not None:
            raise ValueError(
                f"{other.value} is for provider {other.value}, not {self.provider.value}"
            )
        return self


def _domain_problems(spec: CognitoSpec) -> Iterator[str]:
    prefix, name = spec.domain_prefix, spec.domain_name
    if (prefix is None) == (name is None):
        yield "one of domain_prefix and domain_name is needed, for the token endpoint"
    if prefix is not None:
        if not DOMAIN_PREFIX.fullmatch(prefix):
            yield (
                f"domain_prefix {prefix!r} is not valid: small letters, digits and hyphens between "
                "them, at most 63"
            )
        reserved = [word for word in RESERVED_IN_PREFIX if word in prefix]
        if reserved:
            yield f"domain_prefix {prefix!r} has a word in it that AWS reserves: {reserved[0]}"
    if name is not None and not HOST.fullmatch(name):
        yield f"domain_name {name!r} is no name of a host such as auth.example.com"


def _plan_problems(spec: CognitoSpec) -> Iterator[str]:
    protection = spec.threat_protection
    guarded = protection not in (None, CognitoThreatProtection.OFF)
    if guarded and spec.plan is not CognitoPlan.PLUS:
        yield f"threat_protection needs plan plus, not {spec.plan.value}"
    if spec.password.history and spec.plan is CognitoPlan.LITE:
        yield "password.history needs plan essentials or plus, not lite"


def _client_problems(spec: CognitoSpec) -> Iterator[str]:
    twice = set(spec.machine_clients) & set(spec.interactive_clients)
    if twice:
        yield f"machine_clients and interactive_clients both have {', '.join(sorted(twice))}"
    identifiers = [s.identifier or name for name, s in spec.resource_servers.items()]
    same = {each for each in identifiers if identifiers.count(each) > 1}
    if same:
        yield f"resource_servers: two have the identifier {', '.join(sorted(same))}"
    for name, machine in spec.machine_clients.items():
        for problem in scope_problems(spec.scopes, machine.scopes):
            yield f"machine_clients.{name}: {problem}"
    known = {**spec.scopes, **{scope: scope for scope in STANDARD_SCOPES}}
    for name, interactive in spec.interactive_clients.items():
        for problem in scope_problems(known, interactive.scopes):
            yield f"interactive_clients.{name}: {problem}"
