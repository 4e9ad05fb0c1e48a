"""What holds for every route, unless the route has a plugin of the same kind; and token keys."""

import hashlib
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components._base.namespaces import Namespace
from components._base.objects import CustomObject
from components.gateway import names
from components.gateway.consumer import KIND, consumer, token_key
from components.gateway.plan import GatewayPlan
from components.gateway.plugins import (
    Counters,
    Plugin,
    access_log,
    correlation_id,
    opentelemetry,
    prometheus,
    rate_limiting,
    request_size_limit,
    security_headers,
)
from components.gateway.plugins.plugin import API_VERSION, cluster_metadata

TOKENS = "tokens"
"""The consumer that all bearer tokens belong to, as the service's header `X-Consumer-Username`
says."""


def default_plugins(
    plan: GatewayPlan, counters: Counters | None, otlp_endpoint: pulumi.Input[str] | None
) -> list[Plugin]:
    """Return the plugins of every route."""
    spec = plan.spec
    made = [
        access_log(),
        correlation_id(),
        prometheus(),
        rate_limiting(spec.rate_limit.limits, counters),
        request_size_limit(spec.request_megabytes),
        security_headers(spec.security_headers.headers),
    ]
    if otlp_endpoint is not None:
        made.append(opentelemetry(otlp_endpoint, sampled=spec.trace_sampling))
    return made


def make_plugin(
    inside: Inside, namespace: Namespace, plugin: Plugin, *, after: Sequence[pulumi.Resource]
) -> pulumi.Resource:
    """Create a plugin of every route; its secrets are in the gateway's namespace."""
    options = inside.own
    options.depends_on = [namespace.resource, *after]
    return CustomObject(
        f"{inside.scope.name}-{plugin.name}",
        api_version=API_VERSION,
        kind="KongClusterPlugin",
        metadata=cluster_metadata(plugin.name, everywhere=True),
        fields=plugin.cluster_body(names.NAMESPACE),
        opts=options,
    )


def make_token_keys(
    inside: Inside,
    namespace: Namespace,
    keys: Mapping[str, str],
    *,
    after: Sequence[pulumi.Resource],
) -> list[pulumi.Resource]:
    """Create the consumer of bearer tokens, with a credential for each key of their issuer."""
    if not keys:
        return []
    credentials = {_credential_name(key_id): (key_id, pem) for key_id, pem in keys.items()}
    secrets = [
        _credential(inside, namespace, name, *key, after=after)
        for name, key in sorted(credentials.items())
    ]
    options = inside.own
    options.depends_on = secrets
    tokens = CustomObject(
        f"{inside.scope.name}-{TOKENS}",
        api_version=API_VERSION,
        kind=KIND,
        metadata={"name": TOKENS, "namespace": namespace.name, "annotations": names.OWN},
        fields=consumer(TOKENS, list(credentials)),
        opts=options,
    )
    return [*secrets, tokens]


def _credential(
    inside: Inside,
    namespace: Namespace,
    name: str,
    key_id: str,
    pem: str,
    *,
    after: Sequence[pulumi.Resource],
) -> pulumi.Resource:
    credential = token_key(key_id, pem)
    options = inside.own
    options.depends_on = list(after)
    return kubernetes.core.v1.Secret(
        f"{inside.scope.name}-{name}",
        metadata={"name": name, "namespace": namespace.name, "labels": credential.labels},
        string_data=credential.data,
        opts=options,
    )


def _credential_name(key_id: str) -> str:
    """Return a name for an id, which may be any text."""
    return f"{TOKENS}-{hashlib.sha256(key_id.encode()).hexdigest()[:10]}"
