"""Who issues tokens: a Cognito user pool, or an OpenID Connect issuer outside."""

from components.identity.args import IdentityArgs
from components.identity.component import Identity
from components.identity.plan import IdentityPlan, plan_identity
from components.identity.scopes import full_scope_name, known_scopes, unknown_scope_problems
from components.identity.spec import IdentitySpec

__all__ = [
    "Identity",
    "IdentityArgs",
    "IdentityPlan",
    "IdentitySpec",
    "full_scope_name",
    "known_scopes",
    "plan_identity",
    "unknown_scope_problems",
]
