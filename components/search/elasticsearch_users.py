"""Users of Elasticsearch: `application`, as which services log in, instead of the superuser.

And `monitoring`, as which its state is read for Prometheus, and readers of some indices.
"""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components._base.secret import GeneratedSecret, generated_password, generated_secret
from components.search.elasticsearch_namespaces import Namespaces
from components.search.elasticsearch_plan import ElasticsearchPlan

USER = ROLE = "application"
MONITORING = "monitoring"
"""User and role that see how Elasticsearch is, and nothing of what is in it."""

INDEX_PRIVILEGES = ("create_index", "maintenance", "read", "view_index_metadata", "write")
READ_PRIVILEGES = ("read", "view_index_metadata")
CLUSTER_PRIVILEGES = ("monitor",)
"""Without it a client can't ask the server what it is, and refuses it.

https://www.elastic.co/docs/reference/elasticsearch/security-privileges (2026-11)
"""


@dataclass(frozen=True)
class ApplicationUser:
    """The user, as ECK and as services see it."""

    user_secret: pulumi.Output[str]
    """Kubernetes secret with user name, password and role."""
    roles_secret: pulumi.Output[str]
    """Kubernetes secret with what the role may do."""
    stored: GeneratedSecret
    """The same password in Secrets Manager."""


def roles_document(plan: ElasticsearchPlan) -> str:
    """Return the roles as Elasticsearch's roles.yml; JSON is YAML."""
    role = {
        "cluster": list(CLUSTER_PRIVILEGES),
        "indices": [
            {"names": list(plan.spec.index_patterns), "privileges": list(INDEX_PRIVILEGES)}
        ],
    }
    watcher = {
        "cluster": list(CLUSTER_PRIVILEGES),
        "indices": [{"names": ["*"], "privileges": ["monitor"]}],
    }
    readers = {
        name: {
            "cluster": list(CLUSTER_PRIVILEGES),
            "indices": [{"names": list(patterns), "privileges": list(READ_PRIVILEGES)}],
        }
        for name, patterns in plan.spec.readers.items()
    }
    return json.dumps({ROLE: role, MONITORING: watcher, **readers}, sort_keys=True)


def make_monitoring_user(
    inside: Inside, plan: ElasticsearchPlan, namespaces: Namespaces
) -> pulumi.Output[str]:
    """Create the user, and return the name of the Kubernetes secret that it is in."""
    password = generated_password(
        inside.scope, MONITORING, special="-_", version=plan.spec.password_version
    )
    user = kubernetes.core.v1.Secret(
        f"{inside.scope.name}-{MONITORING}",
        metadata={"namespace": namespaces.search},
        type="kubernetes.io/basic-auth",
        string_data={"username": MONITORING, "password": password, "roles": MONITORING},
        opts=inside.own,
    )
    return _name(user)


def make_application_user(
    inside: Inside, plan: ElasticsearchPlan, namespaces: Namespaces, key: aws.kms.Key
) -> ApplicationUser:
    """Create the user with a generated password."""
    scope = inside.scope
    stored = _stored(inside, plan, USER, key)
    user = _login(inside, namespaces, "user", USER, stored)
    roles = kubernetes.core.v1.Secret(
        f"{scope.name}-roles",
        metadata={"namespace": namespaces.search},
        string_data={"roles.yml": roles_document(plan)},
        opts=inside.own,
    )
    return ApplicationUser(_name(user), _name(roles), stored)


def make_reader(
    inside: Inside, plan: ElasticsearchPlan, namespaces: Namespaces, key: aws.kms.Key, *, name: str
) -> tuple[pulumi.Output[str], GeneratedSecret]:
    """Create a user who reads some indices; return its Kubernetes secret and the stored one."""
    stored = _stored(inside, plan, name, key)
    return _name(_login(inside, namespaces, name, name, stored)), stored


def _stored(
    inside: Inside, plan: ElasticsearchPlan, user: str, key: aws.kms.Key
) -> GeneratedSecret:
    return generated_secret(
        inside.scope,
        user,
        key=key,
        body=lambda password: pulumi.Output.json_dumps(
            {"username": user, "password": password}, sort_keys=True
        ),
        description=f"User of Elasticsearch {inside.scope.name}",
        special="-_",  # needs no escaping in a URL or a shell
        version=plan.spec.password_version,
    )


def _login(
    inside: Inside, namespaces: Namespaces, suffix: str, user: str, stored: GeneratedSecret
) -> kubernetes.core.v1.Secret:
    """Return the secret by which ECK knows a user, whose role has the user's name."""
    return kubernetes.core.v1.Secret(
        f"{inside.scope.name}-{suffix}",
        metadata={"namespace": namespaces.search},
        type="kubernetes.io/basic-auth",
        string_data={"username": user, "password": stored.password, "roles": user},
        opts=inside.own,
    )


def _name(secret: kubernetes.core.v1.Secret) -> pulumi.Output[str]:
    return secret.metadata.apply(lambda metadata: metadata.name or "")
