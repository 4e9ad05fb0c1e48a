"""Certificates of the gateway's own authority: admin API, webhook, and the way from the ALB.

By cert-manager, so that nothing is made anew at each rendering of the chart. Pods read the admin
API's when they start, hence the long times: a year passes between a certificate's renewal and its
end, and nodes, and so pods, are replaced far more often than that. The authority keeps its key, so
a certificate of the one before is good under the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components._base.inside import Inside
from components._base.namespaces import Namespace
from components.gateway.names import ADMIN_SERVICE, NAMESPACE, PROXY_SERVICE, WEBHOOK_SERVICE
from components.gateway.objects import Kind, make_object

CERTIFICATE, ISSUER = (
    Kind("cert-manager.io/v1", "Certificate"),
    Kind("cert-manager.io/v1", "Issuer"),
)

YEAR = 8760
"""Hours."""

AUTHORITY, FIRST = "kong-authority", "kong-first"
ADMIN, ADMIN_CLIENT, WEBHOOK, PROXY = (
    "kong-admin",
    "kong-admin-client",
    "kong-webhook",
    "kong-proxy",
)
"""Names of certificates, and of the Secrets with them."""

KEY = {"algorithm": "ECDSA", "size": 256}


@dataclass(frozen=True)
class _Leaf:
    name: str
    hosts: Sequence[str]
    usage: str


LEAVES = (
    # The controller asks each pod for this name, whatever its address:
    # https://github.com/Kong/kubernetes-ingress-controller/blob/v3.5.13/internal/adminapi/endpoints.go
    _Leaf(ADMIN, (f"pod.{ADMIN_SERVICE}.{NAMESPACE}.svc",), "server auth"),
    _Leaf(ADMIN_CLIENT, ("kong-controller",), "client auth"),
    _Leaf(WEBHOOK, (f"{WEBHOOK_SERVICE}.{NAMESPACE}.svc",), "server auth"),
    # No load balancer of AWS verifies it; it makes the way there encrypted.
    _Leaf(PROXY, (f"{PROXY_SERVICE}.{NAMESPACE}.svc",), "server auth"),
)


def make_certificates(inside: Inside, namespace: Namespace) -> list[pulumi.Resource]:
    """Create the authority and what it signs; return all that pods need."""
    first = _issuer(inside, namespace, FIRST, {"selfSigned": {}})
    authority = _certificate(
        inside,
        namespace,
        AUTHORITY,
        {
            "isCA": True,
            "commonName": AUTHORITY,
            "duration": f"{10 * YEAR}h",
            # Before the last certificate that it has signed may end.
            "renewBefore": f"{3 * YEAR}h",
            "privateKey": {**KEY, "rotationPolicy": "Never"},
            "usages": ["cert sign", "crl sign", "digital signature"],
            "issuerRef": {"kind": "Issuer", "name": FIRST},
        },
        after=first,
    )
    spec = {"ca": {"secretName": AUTHORITY}}
    issuer = _issuer(inside, namespace, AUTHORITY, spec, after=[authority])
    return [
        _certificate(inside, namespace, leaf.name, _leaf_spec(leaf), after=issuer)
        for leaf in LEAVES
    ]


def _leaf_spec(leaf: _Leaf) -> Mapping[str, object]:
    return {
        "dnsNames": list(leaf.hosts),
        "duration": f"{2 * YEAR}h",
        "renewBefore": f"{YEAR}h",
        "privateKey": {**KEY, "rotationPolicy": "Always"},
        "usages": ["digital signature", leaf.usage],
        "issuerRef": {"kind": "Issuer", "name": AUTHORITY},
    }


def _certificate(
    inside: Inside,
    namespace: Namespace,
    name: str,
    spec: Mapping[str, object],
    *,
    after: pulumi.Resource,
) -> pulumi.Resource:
    metadata = {"name": name, "namespace": namespace.name}
    whole = {"secretName": name, **spec}
    return make_object(inside, f"{name}-certificate", CERTIFICATE, metadata, whole, after=[after])


def _issuer(
    inside: Inside,
    namespace: Namespace,
    name: str,
    spec: Mapping[str, object],
    *,
    after: Sequence[pulumi.Resource] = (),
) -> pulumi.Resource:
    metadata = {"name": name, "namespace": namespace.name}
    return make_object(inside, f"{name}-issuer", ISSUER, metadata, spec, after=after)
