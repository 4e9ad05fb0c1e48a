"""Identity: trust anchors, the issuer below them, and the bundle that every proxy trusts.

https://linkerd.io/2-edge/tasks/automatically-rotating-control-plane-tls-credentials/ (2026-08),
with one difference: anchors have names and stand side by side, so that a new one is trusted
everywhere before it issues, and each step of a rotation is a change of the stack's file.
"""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.mesh.plan import HOURS_A_YEAR, NAMESPACE, TRUST_DOMAIN, MeshPlan
from components.mesh.resources import Resource, make

BUNDLE = "linkerd-identity-trust-roots"
BUNDLE_KEY = "ca-bundle.crt"
ISSUER_SECRET = "linkerd-identity-issuer"  # noqa: S105 - a name
"""Names that Linkerd expects."""

CONTROL_PLANE_LABEL: Mapping[str, str] = {"linkerd.io/is-control-plane": "true"}
"""Of the namespace that gets the bundle."""

ROOT_ISSUER = "linkerd-trust-root"
ISSUER_PREFIX = "linkerd-identity-issuer-"

ISSUER_HOURS = 168
ISSUER_RENEWED_BEFORE_HOURS = 120
"""The issuer changes every two days, with five days left: time for an alert when Linkerd missed the
change (linkerd2#15109) or cert-manager is down, and more than the day of a proxy's certificate."""


def anchor_secret(anchor: str) -> str:
    """Return the name of the secret with a trust anchor."""
    return f"linkerd-trust-anchor-{anchor}"


def cluster_issuer(anchor: str) -> str:
    """Return the name of the issuer that signs with a trust anchor.

    One for each: cert-manager issues anew when a certificate names another issuer, but not when an
    issuer gets another key.
    """
    return f"{ISSUER_PREFIX}{anchor}"


def root_issuer() -> Resource:
    """Return the issuer of self-signed certificates, for the trust anchors only."""
    return Resource("Issuer", ROOT_ISSUER, {"selfSigned": {}})


def trust_anchor(anchor: str, hours: int) -> Resource:
    """Return one trust anchor.

    Its key stays when cert-manager renews it, a year before its end: who trusts the old certificate
    trusts the new one. A new key is another anchor.
    """
    spec = {
        "isCA": True,
        "commonName": f"root-{anchor}.linkerd.{TRUST_DOMAIN}",
        "secretName": anchor_secret(anchor),
        "duration": _hours(hours),
        "renewBefore": _hours(HOURS_A_YEAR),
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Never"},
        "issuerRef": {"group": "cert-manager.io", "kind": "Issuer", "name": ROOT_ISSUER},
    }
    return Resource("Certificate", anchor_secret(anchor), spec)


def anchor_issuer(anchor: str) -> Resource:
    """Return the issuer that signs with a trust anchor."""
    return Resource(
        "ClusterIssuer", cluster_issuer(anchor), {"ca": {"secretName": anchor_secret(anchor)}}
    )


def identity_issuer(anchor: str) -> Resource:
    """Return the certificate with which Linkerd signs those of the proxies."""
    name = f"identity.linkerd.{TRUST_DOMAIN}"
    spec = {
        "isCA": True,
        "commonName": name,
        "dnsNames": [name],
        "secretName": ISSUER_SECRET,
        "duration": _hours(ISSUER_HOURS),
        "renewBefore": _hours(ISSUER_RENEWED_BEFORE_HOURS),
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "issuerRef": {
            "group": "cert-manager.io",
            "kind": "ClusterIssuer",
            "name": cluster_issuer(anchor),
        },
    }
    return Resource("Certificate", ISSUER_SECRET, spec)


def trust_bundle(anchors: Sequence[str]) -> Resource:
    """Return the bundle of all anchors, which trust-manager writes where Linkerd reads it."""
    spec = {
        "sources": [
            {"secret": {"name": anchor_secret(name), "key": "tls.crt"}} for name in anchors
        ],
        "target": {
            "configMap": {"key": BUNDLE_KEY},
            "namespaceSelector": {"matchLabels": dict(CONTROL_PLANE_LABEL)},
        },
    }
    return Resource("Bundle", BUNDLE, spec)


def make_trust(
    inside: Inside,
    plan: MeshPlan,
    *,
    cert_manager_namespace: pulumi.Input[str],
    namespace: pulumi.Input[str],
) -> list[pulumi.Resource]:
    """Create anchors, issuers, issuer certificate and bundle; return what Linkerd starts from."""
    anchors, protect = plan.spec.trust_anchors, plan.spec.protect
    guard = make_issuer_guard(inside)
    root = make(inside, root_issuer(), namespace=cert_manager_namespace)
    made = {
        anchor: make(
            inside,
            trust_anchor(anchor, plan.anchor_hours),
            namespace=cert_manager_namespace,
            depends_on=[root],
            # A new key in its place, and no proxy trusts another.
            protect=protect,
        )
        for anchor in anchors
    }
    issuers = {
        anchor: make(inside, anchor_issuer(anchor), depends_on=[made[anchor], *guard])
        for anchor in anchors
    }
    # Whom the new anchor vouches for must be trusted before there is one.
    bundle = make(inside, trust_bundle(anchors), depends_on=list(made.values()))
    issuer = make(
        inside,
        identity_issuer(anchors[0]),
        namespace=namespace,
        depends_on=[issuers[anchors[0]], bundle],
    )
    return [bundle, issuer]


def make_issuer_guard(inside: Inside) -> list[pulumi.Resource]:
    """Refuse certificates from the anchors' issuers anywhere but in Linkerd's own namespace.

    A ClusterIssuer serves every namespace: who may create a Certificate could make himself an
    identity of any service.
    """
    name = f"{inside.scope.name}-issuer-guard"
    policy = kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
        name,
        metadata={"name": "linkerd-identity-issuer"},
        spec={
            "failure_policy": "Fail",
            "match_constraints": {
                "resource_rules": [
                    {
                        "api_groups": ["cert-manager.io"],
                        "api_versions": ["*"],
                        "operations": ["CREATE", "UPDATE"],
                        "resources": ["certificates", "certificaterequests"],
                    }
                ]
            },
            "validations": [
                {
                    "expression": issuer_guard(),
                    "message": f"only certificates in namespace {NAMESPACE} may be signed by "
                    "Linkerd's trust anchors",
                    "reason": "Forbidden",
                }
            ],
        },
        opts=inside.own,
    )
    options = inside.own
    options.depends_on = [policy]
    binding = kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
        f"{name}-binding",
        metadata={"name": "linkerd-identity-issuer"},
        spec={"policy_name": "linkerd-identity-issuer", "validation_actions": ["Deny"]},
        opts=options,
    )
    return [binding]


def issuer_guard() -> str:
    """Return the rule, in CEL, that a Certificate or CertificateRequest has to satisfy."""
    return (
        f"object.metadata.namespace == '{NAMESPACE}' || "
        f"!object.spec.issuerRef.name.startsWith('{ISSUER_PREFIX}')"
    )


def _hours(count: int) -> str:
    """Return a duration as Go prints it: in another spelling it would differ for ever."""
    return f"{count}h0m0s"
