"""Who gets to Grafana, and to whom it gets: its network policy, and its route of the gateway."""

from collections.abc import Mapping, Sequence

import pulumi

from components._base.inside import Inside
from components.gateway import names as gateway
from components.gateway.plugins import (
    HeaderChanges,
    RateLimits,
    rate_limiting,
    response_transformation,
)
from components.gateway.plugins.plugin import API_VERSION as PLUGIN_VERSION
from components.gateway.route import API_VERSION as ROUTE_VERSION
from components.gateway.route import KIND as ROUTE
from components.gateway.route import Route, http_route
from components.gateway.values import pod_labels as gateway_labels
from components.grafana.args import GrafanaArgs, GrafanaTraces
from components.grafana.names import ACCOUNT, POD_LABELS, SERVICE_PORT, TLS_SECRET
from components.grafana.plan import GrafanaPlan
from components.grafana.settings import HTTP_PORT, YEAR
from components.observability.names import NAMESPACE
from components.service.network import (
    ELASTICSEARCH_PORT,
    HTTPS_PORT,
    IDENTITY_AGENT,
    IDENTITY_PORT,
    NAMESPACE_LABEL,
)
from components.service.objects import Object, make, make_all
from components.service.routes import ANONYMOUS

Json = Mapping[str, object]

REQUESTS_PER_MINUTE = 3000
"""For one address: a page with thirty panels asks for each of them, at every refresh."""

TIMEOUT_SECONDS = 60
"""For a query over months."""

CERTIFICATE = "cert-manager.io/v1"
AWAITED = {"pulumi.com/waitFor": "condition=Ready"}

KEY = {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"}


def make_network_policy(
    inside: Inside, plan: GrafanaPlan, args: GrafanaArgs, namespace: pulumi.Input[str]
) -> list[pulumi.Resource]:
    """Create what the namespace's own policies do not allow: they let its pods talk to each other.

    :param namespace: Grafana's.
    """
    ingress: list[Json] = []
    if plan.spec.host:
        pods = {"podSelector": {"matchLabels": gateway_labels("gateway")}}
        ingress.append(_rule("from", {**_namespace(gateway.NAMESPACE), **pods}, HTTP_PORT))
    egress = _egress(plan, args)
    if not ingress and not egress:
        return []
    spec = {
        "podSelector": {"matchLabels": dict(POD_LABELS)},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": ingress,
        "egress": egress,
    }
    policy = Object("networking.k8s.io/v1", "NetworkPolicy", ACCOUNT, {"spec": spec})
    return [make(inside, policy, namespace)]


def _egress(plan: GrafanaPlan, args: GrafanaArgs) -> list[Json]:
    logs, rules = args.get("logs"), list[Json]()
    engine = logs.get("namespace") if logs is not None else None
    if engine:
        rules.append(_rule("to", _namespace(engine), ELASTICSEARCH_PORT))
    reads_aws = plan.spec.cloudwatch or plan.spec.traces is GrafanaTraces.XRAY
    if reads_aws:
        rules.append(_rule("to", {"ipBlock": {"cidr": IDENTITY_AGENT}}, IDENTITY_PORT))
    if reads_aws or "oidc" in args or (logs is not None and not engine):
        # The issuer, AWS and a search engine outside: their addresses are many and change.
        rules.append({"ports": [{"port": HTTPS_PORT, "protocol": "TCP"}]})
    return rules


def make_certificate(inside: Inside, namespace: pulumi.Input[str]) -> list[pulumi.Resource]:
    """Create the certificate by which the way from the gateway is encrypted.

    The pod that cookies pass on is the only one that reads it; nobody verifies who signed it.
    """
    issuer = Object(CERTIFICATE, "Issuer", ACCOUNT, {"spec": {"selfSigned": {}}})
    spec = {
        "secretName": TLS_SECRET,
        "dnsNames": [f"{ACCOUNT}.{NAMESPACE}.svc"],
        "duration": "2160h",
        "renewBefore": "720h",
        "privateKey": KEY,
        "usages": ["digital signature", "server auth"],
        "issuerRef": {"kind": "Issuer", "name": ACCOUNT},
    }
    certificate = Object(CERTIFICATE, "Certificate", ACCOUNT, {"spec": spec}, annotations=AWAITED)
    return [make(inside, certificate, namespace, after=[make(inside, issuer, namespace)])]


def make_route(
    inside: Inside,
    host: str,
    namespace: pulumi.Input[str],
    *,
    after: Sequence[pulumi.Resource],
) -> list[pulumi.Resource]:
    """Create Grafana's route of the gateway, and its plugins.

    Grafana asks for a login itself; the gateway has no part in that.

    :param after: Grafana.
    """
    headers = response_transformation(
        HeaderChanges(
            remove=("Server", "X-Powered-By"),
            # The gateway's own policy of content would be that of an API, which shows no pages:
            # Grafana sends its own, with a number used once.
            add={
                "Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains",
                "Referrer-Policy": "no-referrer",
                "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            },
        )
    )
    limits = rate_limiting(RateLimits(per_minute=REQUESTS_PER_MINUTE))
    plugins = [
        Object(PLUGIN_VERSION, "KongPlugin", f"{ACCOUNT}-{plugin.name}", plugin.body)
        for plugin in (headers, limits)
    ]
    made = make_all(inside, plugins, namespace)
    route = Route(
        ACCOUNT,
        NAMESPACE,
        (host,),
        port=SERVICE_PORT[True],
        plugins=tuple(plugin.name for plugin in plugins),
        timeout_seconds=TIMEOUT_SECONDS,
    )
    annotations, spec = http_route(route)
    shown = Object(
        ROUTE_VERSION,
        ROUTE,
        ACCOUNT,
        {"spec": spec},
        annotations={**annotations, ANONYMOUS: "true"},
    )
    return [make(inside, shown, namespace, after=[*after, *made])]


def _rule(side: str, peer: Json, port: int) -> Json:
    return {side: [peer], "ports": [{"port": port, "protocol": "TCP"}]}


def _namespace(name: str) -> Json:
    return {"namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: name}}}
