"""What an `Identity` will make, computed before anything is made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.spec import read_spec
from components.identity.args import CognitoPlan, CognitoThreatProtection, IdentityArgs
from components.identity.scopes import STANDARD_SCOPES
from components.identity.spec import CognitoSpec, IdentitySpec, OidcSpec

DISCOVERY_PATH = "/.well-known/openid-configuration"
"""https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest"""

DEFAULT_HISTORY = 5
"""Passwords that can't be used again, where the plan knows of it."""


@dataclass(frozen=True)
class MachinePlan:
    """A client that signs in as itself."""

    servers: Sequence[str]
    """Names of the resource servers whose scopes it has: it can't exist before them."""
    scopes: Sequence[str]
    """Full names."""
    access_token_minutes: int


@dataclass(frozen=True)
class InteractivePlan:
    """A client that people sign in to."""

    servers: Sequence[str]
    """Names of the resource servers whose scopes it has: it can't exist before them."""
    scopes: Sequence[str]
    """Full names."""
    callback_urls: Sequence[str]
    logout_urls: Sequence[str]
    confidential: bool
    access_token_minutes: int
    refresh_token_days: int


@dataclass(frozen=True)
class UserPoolPlan:
    """A user pool and all that belongs to it, with nothing left to default."""

    spec: CognitoSpec
    threat_protection: CognitoThreatProtection
    password_history: int
    managed_login: bool
    """Today's login pages; else the classic ones."""
    identifiers: Mapping[str, str]
    """Of the resource servers, by name."""
    machine_clients: Mapping[str, MachinePlan]
    interactive_clients: Mapping[str, InteractivePlan]

    @property
    def has_secrets(self) -> bool:
        """Whether any client has one."""
        return bool(self.machine_clients) or any(
            client.confidential for client in self.interactive_clients.values()
        )


@dataclass(frozen=True)
class IdentityPlan:
    """Who issues the tokens: exactly one of the two."""

    pool: UserPoolPlan | None
    issuer: OidcSpec | None
    protect: bool


def plan_identity(args: IdentityArgs, owner: str = "Identity") -> IdentityPlan:
    """Compute what `args` ask for.

    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    spec = read_spec(IdentitySpec, IdentityArgs, args, owner)
    problems = list(_wiring_problems(spec, args))
    if problems:
        raise InvalidInput(owner, problems)
    pool = _pool(spec.cognito) if spec.cognito else None
    return IdentityPlan(pool, spec.oidc, spec.protect)


def discovery_url(issuer: str) -> str:
    """Return where an issuer tells its endpoints and keys."""
    return issuer.rstrip("/") + DISCOVERY_PATH


def _wiring_problems(spec: IdentitySpec, args: IdentityArgs) -> Iterator[Problem]:
    cognito = spec.cognito
    custom = cognito is not None and cognito.domain_name is not None
    if custom and "certificate_arn" not in args:
        yield Problem("certificate_arn", "is required by cognito.domain_name; it is of us-east-1")
    for key in ("certificate_arn", "zone_id"):
        if key in args and not custom:
            yield Problem(key, "is for cognito.domain_name, which is not given")
    sends = cognito is not None and cognito.email_from is not None
    if sends and "email_identity_arn" not in args:
        yield Problem("email_identity_arn", "is required by cognito.email_from")
    if "email_identity_arn" in args and not sends:
        yield Problem("email_identity_arn", "is for cognito.email_from, which is not given")
    if "client_secret_arns" in args and cognito is not None:
        yield Problem(
            "client_secret_arns", "is for provider oidc; Cognito's clients have their own"
        )


def _pool(spec: CognitoSpec) -> UserPoolPlan:
    plus = spec.plan is CognitoPlan.PLUS
    lite = spec.plan is CognitoPlan.LITE
    protection = CognitoThreatProtection.ENFORCED if plus else CognitoThreatProtection.OFF
    history = spec.password.history
    return UserPoolPlan(
        spec=spec,
        threat_protection=spec.threat_protection or protection,
        password_history=(0 if lite else DEFAULT_HISTORY) if history is None else history,
        managed_login=not lite,
        identifiers={n: s.identifier or n for n, s in sorted(spec.resource_servers.items())},
        machine_clients={
            name: MachinePlan(
                servers=_servers(client.scopes),
                scopes=_full_names(spec, client.scopes),
                access_token_minutes=client.access_token_minutes,
            )
            for name, client in sorted(spec.machine_clients.items())
        },
        interactive_clients={
            name: InteractivePlan(
                servers=_servers(client.scopes),
                scopes=_full_names(spec, client.scopes),
                # in an order of their own, so that another order in the config is no change
                callback_urls=sorted(client.callback_urls),
                logout_urls=sorted(client.logout_urls),
                confidential=client.confidential,
                access_token_minutes=client.access_token_minutes,
                refresh_token_days=client.refresh_token_days,
            )
            for name, client in sorted(spec.interactive_clients.items())
        },
    )


def _servers(scopes: Sequence[str]) -> Sequence[str]:
    return sorted({s.split("/")[0] for s in scopes if s not in STANDARD_SCOPES})


def _full_names(spec: CognitoSpec, scopes: Sequence[str]) -> Sequence[str]:
    return sorted(spec.scopes.get(scope, scope) for scope in scopes)
