"""Certificates of Linkerd's webhooks, from cert-manager.

The charts would make new ones each time they are rendered (as in pulumi-kubernetes#2131), and let
them end after a year.

https://linkerd.io/2-edge/tasks/automatically-rotating-webhook-tls-credentials/ (2026-08)
"""

from collections.abc import Mapping, Sequence

import pulumi

from components._base.inside import Inside
from components.mesh.plan import NAMESPACE, VIZ_NAMESPACE
from components.mesh.resources import Resource, make

CONTROL_PLANE_WEBHOOKS: Mapping[str, str] = {
    "proxyInjector": "linkerd-proxy-injector",
    "profileValidator": "linkerd-sp-validator",
    "policyValidator": "linkerd-policy-validator",
}
"""Services by the chart's value; the secret of each is the service's name and `-k8s-tls`."""

VIZ_WEBHOOKS: Mapping[str, str] = {"tap": "tap", "tapInjector": "tap-injector"}

CA_DURATION, CA_RENEW_BEFORE = "43800h0m0s", "8760h0m0s"
DURATION, RENEW_BEFORE = "2160h0m0s", "720h0m0s"
"""Five years, of which one is left; ninety days, of which thirty are."""


def webhook_certificates(namespace: str, services: Sequence[str]) -> list[Resource]:
    """Return an authority for the webhooks of a namespace, and a certificate for each service.

    In order: each needs those before it. Their authority is not the mesh's, and lives only here.
    """
    root, authority = f"{namespace}-webhook-root", f"{namespace}-webhook-ca"
    ca = {
        "isCA": True,
        "commonName": f"webhook.{namespace}.svc",
        "secretName": authority,
        "duration": CA_DURATION,
        "renewBefore": CA_RENEW_BEFORE,
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "issuerRef": _issuer(root),
    }
    return [
        Resource("Issuer", root, {"selfSigned": {}}),
        Resource("Certificate", authority, ca),
        Resource("Issuer", authority, {"ca": {"secretName": authority}}),
        *(_certificate(namespace, service, authority) for service in services),
    ]


def webhook_values(namespace: str, services: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """Return the chart's values that take these certificates; cert-manager injects the authority.

    :param services: names by the chart's value.
    """
    return {
        value: {"externalSecret": True, "injectCaFrom": f"{namespace}/{service}"}
        for value, service in services.items()
    }


def make_webhook_certificates(
    inside: Inside,
    *,
    namespace: pulumi.Input[str],
    viz: bool = False,
    depends_on: Sequence[pulumi.Resource],
) -> list[pulumi.Resource]:
    """Create the certificates of the control plane's webhooks, or those of viz."""
    name, services = (VIZ_NAMESPACE, VIZ_WEBHOOKS) if viz else (NAMESPACE, CONTROL_PLANE_WEBHOOKS)
    root, authority, issuer, *certificates = webhook_certificates(name, list(services.values()))
    above: Sequence[pulumi.Resource] = depends_on
    for resource in (root, authority, issuer):
        above = [make(inside, resource, namespace=namespace, depends_on=above)]
    return [
        make(inside, certificate, namespace=namespace, depends_on=above)
        for certificate in certificates
    ]


def _certificate(namespace: str, service: str, issuer: str) -> Resource:
    host = f"{service}.{namespace}.svc"
    spec = {
        "commonName": host,
        "dnsNames": [host],
        "secretName": f"{service}-k8s-tls",
        "duration": DURATION,
        "renewBefore": RENEW_BEFORE,
        "privateKey": {"algorithm": "ECDSA", "encoding": "PKCS8", "rotationPolicy": "Always"},
        "usages": ["server auth"],
        "issuerRef": _issuer(issuer),
    }
    return Resource("Certificate", service, spec)


def _issuer(name: str) -> Mapping[str, str]:
    return {"group": "cert-manager.io", "kind": "Issuer", "name": name}
