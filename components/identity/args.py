"""What an `Identity` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class IdentityProvider(str, Enum):
    """Who issues the tokens."""

    COGNITO = "cognito"
    """A Cognito user pool of our own."""
    OIDC = "oidc"
    """Any OpenID Connect issuer outside."""


class CognitoPlan(str, Enum):
    """What a user pool can do, and costs by the active user.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
    (2026-11)
    """

    LITE = "lite"
    """Sign-in, machine clients, the classic login pages."""
    ESSENTIALS = "essentials"
    """Adds the managed login pages and the history of passwords."""
    PLUS = "plus"
    """Adds threat protection."""


class CognitoMfa(str, Enum):
    """Whether users need a second factor: a one-time password from an authenticator app."""

    OFF = "off"
    """Nobody has one."""
    OPTIONAL = "optional"
    """Who sets one up."""
    REQUIRED = "required"
    """Everybody."""


class CognitoThreatProtection(str, Enum):
    """What is done about leaked passwords and sign-ins that look like someone else's."""

    OFF = "off"
    """Nothing."""
    AUDIT = "audit"
    """They are counted and recorded."""
    ENFORCED = "enforced"
    """They are blocked, or need the second factor."""


class CognitoPasswordArgs(TypedDict):
    """Which passwords users may have: small and capital letters, digits and symbols, all four."""

    min_length: NotRequired[int]
    """Characters, 8 to 99. Default: 14."""
    history: NotRequired[int]
    """How many of the last passwords can't be used again, 0 to 24; needs plan essentials or plus.
    Default: 5, in plan lite 0."""
    temporary_days: NotRequired[int]
    """Days until the password of an invitation ends, 1 to 365. Default: 3."""


class ResourceServerArgs(TypedDict):
    """One API, or one part of it, and what tokens may allow there."""

    identifier: NotRequired[str]
    """What its scopes' full names begin with, e.g. `https://api.example.com/orders`. A change
    replaces it. Default: its name in the config."""
    scopes: Mapping[str, str]
    """What each scope allows, in words, by the scope's short name, e.g. `read`; 100 at most."""


class MachineClientArgs(TypedDict):
    """A program that signs in as itself (grant `client_credentials`)."""

    scopes: Sequence[str]
    """What its tokens may allow, e.g. `orders/read`; 50 at most."""
    access_token_minutes: NotRequired[int]
    """Minutes that a token is good for, 5 to 1440. Default: 60: Cognito bills each token."""


class InteractiveClientArgs(TypedDict):
    """An application that people sign in to (authorization code with PKCE)."""

    callback_urls: Sequence[str]
    """Where people come back to from the login page; https only, 100 at most."""
    logout_urls: NotRequired[Sequence[str]]
    """Where people come to after logging out; https only. Default: none."""
    scopes: NotRequired[Sequence[str]]
    """What its tokens may allow: `orders/read`, or OpenID Connect's own, e.g. `email`.
    Default: openid, email, profile."""
    confidential: NotRequired[bool]
    """It runs on a server and proves with a secret who it is; false: in a browser or on a phone,
    where nothing stays secret. Default: false."""
    access_token_minutes: NotRequired[int]
    """Minutes that access and ID tokens are good for, 5 to 1440. Default: 15."""
    refresh_token_days: NotRequired[int]
    """Days until people have to sign in again, 1 to 3650. Default: 7."""


class CognitoArgs(TypedDict):
    """A Cognito user pool. Users are told apart by e-mail address."""

    plan: NotRequired[CognitoPlan]
    """What Cognito does, and what each user costs. Default: essentials."""
    threat_protection: NotRequired[CognitoThreatProtection]
    """What is done about suspicious logins. Default: enforced in plan plus, else off."""
    mfa: NotRequired[CognitoMfa]
    """Whether people need a second factor. Default: required."""
    self_sign_up: NotRequired[bool]
    """Let anybody create a user. Default: false, only administrators do."""
    password: NotRequired[CognitoPasswordArgs]
    """Which passwords users may have."""
    email_from: NotRequired[str]
    """Sender of Cognito's mails, e.g. `Example <no-reply@example.com>`; needs `email_identity_arn`.
    Default: Cognito's own address, 50 mails a day."""
    domain_prefix: NotRequired[str]
    """Host of the login pages and of the token endpoint, under amazoncognito.com; nobody else in
    the region may have it. This or `domain_name`. A change replaces the domain."""
    domain_name: NotRequired[str]
    """The same under a name of your own, e.g. `auth.example.com`; needs `certificate_arn`, and
    `example.com` must resolve. A change replaces the domain."""
    resource_servers: NotRequired[Mapping[str, ResourceServerArgs]]
    """APIs and their scopes, by a short name for each, e.g. `orders`. Default: none."""
    machine_clients: NotRequired[Mapping[str, MachineClientArgs]]
    """Programs that sign in, by name. Default: none."""
    interactive_clients: NotRequired[Mapping[str, InteractiveClientArgs]]
    """Applications that people sign in to, by name. Default: none."""


class OidcArgs(TypedDict):
    """An issuer outside, which has its own clients and scopes."""

    issuer: str
    """What its tokens say in `iss`, an https URL, e.g. `https://example.eu.auth0.com/`: to the
    letter, with or without the last slash."""
    audiences: Sequence[str]
    """What its tokens for us say in `aud`: one or more."""
    jwks_uri: NotRequired[str]
    """Where its public keys are. Default: consumers find it at the discovery URL."""
    token_endpoint: NotRequired[str]
    """Where clients get tokens. Default: consumers find it at the discovery URL."""
    scopes: NotRequired[Sequence[str]]
    """The scopes that it has, so that a service which asks for another one is refused.
    Default: not known, and not checked."""


class IdentityArgs(TypedDict):
    """Inputs of `Identity`."""

    provider: NotRequired[IdentityProvider]
    """Who issues the tokens. Default: cognito."""
    cognito: NotRequired[CognitoArgs]
    """The user pool; required by provider cognito."""
    oidc: NotRequired[OidcArgs]
    """The issuer; required by provider oidc."""
    certificate_arn: NotRequired[pulumi.Input[str]]
    """Certificate of `cognito.domain_name`, in us-east-1 wherever the pool is."""
    zone_id: NotRequired[pulumi.Input[str]]
    """Route 53 zone in which `cognito.domain_name` gets its record. Default: the record is made
    elsewhere."""
    email_identity_arn: NotRequired[pulumi.Input[str]]
    """Verified identity in SES that `cognito.email_from` belongs to."""
    client_secret_arns: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Secrets of the clients that the issuer outside knows, by client; passed through, so that
    consumers find them where those of Cognito's clients are. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete the user pool, and the secrets and their key. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
