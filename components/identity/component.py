"""Who issues the tokens that the gateway and the services verify."""

from collections.abc import Mapping, Sequence
from typing import Optional

import pulumi

from components._base.names import check_name
from components._base.outputs import by_name
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.identity.args import IdentityArgs
from components.identity.clients import make_clients
from components.identity.plan import UserPoolPlan, discovery_url, plan_identity
from components.identity.pool import make_domain, make_pool, make_servers
from components.identity.spec import OidcSpec


class Identity(pulumi.ComponentResource):
    """An OAuth 2.0 issuer: a Cognito user pool, or one outside. Consumers can't tell which.

    What is verified where is in docs/identity.md.

    Example: `Identity("identity", {"cognito": {"domain_prefix": "example-prod",
    "resource_servers": {"orders": {"scopes": {"read": "Read orders"}}},
    "machine_clients": {"billing": {"scopes": ["orders/read"]}}}})`.
    """

    issuer: pulumi.Output[str]
    """What tokens say in `iss`, to the letter."""
    discovery_url: pulumi.Output[str]
    """Where the issuer tells its endpoints and keys."""
    jwks_uri: pulumi.Output[str]
    """Where the issuer's public keys are; empty when an issuer outside is to be asked for it at
    the discovery URL."""
    token_endpoint: pulumi.Output[str]
    """Where clients get tokens; empty as `jwks_uri` may be."""
    audiences: pulumi.Output[Sequence[str]]
    """Whom tokens are for: what `aud` must be one of or, as Cognito's access tokens have no `aud`,
    `client_id`. Of Cognito, the ids of all clients."""
    client_ids: pulumi.Output[Mapping[str, str]]
    """Ids of Cognito's clients by name; of an issuer outside, none."""
    client_secret_arns: pulumi.Output[Mapping[str, str]]
    """Secrets of the clients that have one, by client. Of Cognito's: JSON with `client_id`,
    `client_secret` and `token_endpoint`."""
    secret_key_arn: pulumi.Output[str]
    """Key of these secrets; empty when there are none of Cognito's."""
    user_pool_arn: pulumi.Output[str]
    """ARN of the user pool; empty with an issuer outside."""

    @all_given
    def __init__(
        self, name: str, args: IdentityArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        owner = f"Identity {name!r}"
        check_name(name, owner)
        plan = plan_identity(args, owner)
        super().__init__("fastapi-platform:index:Identity", name, dict(args), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        if plan.pool is not None:
            self._from_pool(scope, plan.pool, args)
        if plan.issuer is not None:
            self._from_outside(plan.issuer, args.get("client_secret_arns") or {})
        self.register_outputs(
            {
                "issuer": self.issuer,
                "discoveryUrl": self.discovery_url,
                "jwksUri": self.jwks_uri,
                "tokenEndpoint": self.token_endpoint,
                "audiences": self.audiences,
                "clientIds": self.client_ids,
                "clientSecretArns": self.client_secret_arns,
                "secretKeyArn": self.secret_key_arn,
                "userPoolArn": self.user_pool_arn,
            }
        )

    def _from_pool(self, scope: Scope, plan: UserPoolPlan, args: IdentityArgs) -> None:
        pool = make_pool(scope, plan, args.get("email_identity_arn"))
        servers = make_servers(scope, plan, pool)
        domain = make_domain(
            scope,
            plan,
            pool,
            region=place_of(self).region,
            certificate_arn=args.get("certificate_arn"),
            zone_id=args.get("zone_id"),
        )
        clients = make_clients(scope, plan, pool, servers, domain)
        self.issuer = pulumi.Output.concat("https://", pool.endpoint)
        self.discovery_url = self.issuer.apply(discovery_url)
        self.jwks_uri = pulumi.Output.concat(self.issuer, "/.well-known/jwks.json")
        self.token_endpoint = domain.token_endpoint
        self.audiences = pulumi.Output.all(*clients.ids.values()).apply(list[str])
        self.client_ids = by_name(clients.ids)
        self.client_secret_arns = by_name(clients.secret_arns)
        self.secret_key_arn = clients.key_arn
        self.user_pool_arn = pool.arn

    def _from_outside(self, issuer: OidcSpec, secret_arns: Mapping[str, pulumi.Input[str]]) -> None:
        nothing = pulumi.Output.from_input("")
        self.issuer = pulumi.Output.from_input(issuer.issuer)
        self.discovery_url = pulumi.Output.from_input(discovery_url(issuer.issuer))
        self.jwks_uri = pulumi.Output.from_input(issuer.jwks_uri or "")
        self.token_endpoint = pulumi.Output.from_input(issuer.token_endpoint or "")
        self.audiences = pulumi.Output.from_input(list(issuer.audiences))
        self.client_ids = by_name({})
        self.client_secret_arns = by_name(
            {name: pulumi.Output.from_input(arn) for name, arn in sorted(secret_arns.items())}
        )
        self.secret_key_arn = nothing
        self.user_pool_arn = nothing
