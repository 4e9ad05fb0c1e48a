"""cert-manager with issuers of Let's Encrypt, and trust-manager."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.iam import Statement
from components._base.namespaces import Namespace
from components.addons.dns import Zones, zone_arns
from components.addons.kit import SYSTEM_PRIORITY, Kit, resources
from components.addons.network_policies import Doors, make_closed_namespace
from components.charts import Values
from components.charts.catalog import CERT_MANAGER, TRUST_MANAGER

NAMESPACE = SERVICE_ACCOUNT = "cert-manager"

DOORS = Doors(webhooks=[10250, 6443], metrics=[9402])
"""Of cert-manager's webhook and trust-manager's; both have their metrics on one port."""

ISSUERS: Mapping[str, str] = {
    "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
    "letsencrypt-production": "https://acme-v02.api.letsencrypt.org/directory",
}
"""https://letsencrypt.org/docs/staging-environment/ (2026-11); browsers trust the second only,
whose rate limits are strict."""

PRODUCTION = "letsencrypt-production"


@dataclass(frozen=True)
class Certificates:
    """What gives certificates."""

    cert_manager: pulumi.Resource
    trust_manager: pulumi.Resource
    issuers: Sequence[pulumi.Resource]
    namespace: Namespace


def issuer_statements(kit: Kit, zones: Zones) -> list[Statement]:
    """Return the policy: proofs that the domain is ours, and no other record.

    https://cert-manager.io/docs/configuration/acme/dns01/route53/ (2026-11)
    """
    proofs = {
        "ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": ["TXT"]},
        "ForAllValues:StringLike": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"]
        },
    }
    arns = zone_arns(kit, zones)
    changes = pulumi.Output.concat("arn:", kit.place.partition, ":route53:::change/*")
    return [
        Statement("Prove", ["route53:ChangeResourceRecordSets"], arns, conditions=proofs),
        Statement("ReadRecords", ["route53:ListResourceRecordSets"], arns),
        Statement("Wait", ["route53:GetChange"], [changes]),
    ]


def cert_manager_values(kit: Kit) -> Values:
    """Return the values of the chart."""
    placed = {**kit.system, "replicaCount": kit.plan.replicas, "podDisruptionBudget": kit.budget}
    return {
        "crds": {"enabled": True, "keep": True},
        "global": {
            "priorityClassName": SYSTEM_PRIORITY,
            "leaderElection": {"namespace": NAMESPACE},
        },
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        **placed,
        "topologySpreadConstraints": _spread(kit, "controller"),
        "resources": resources("25m", "128Mi", "384Mi"),
        # The zones' own name servers are not reached from here, and need not be.
        "dns01RecursiveNameserversOnly": True,
        "webhook": {
            **placed,
            "topologySpreadConstraints": _spread(kit, "webhook"),
            "resources": resources("10m", "48Mi", "128Mi"),
        },
        "cainjector": {
            **placed,
            "topologySpreadConstraints": _spread(kit, "cainjector"),
            "resources": resources("10m", "128Mi", "384Mi"),
        },
        # Helm is done when the webhook answers: what needs it may follow at once.
        "startupapicheck": {**kit.system, "resources": resources("10m", "48Mi", "128Mi")},
    }


def _spread(kit: Kit, component: str) -> list[dict[str, object]]:
    return kit.spread(
        {
            "app.kubernetes.io/component": component,
            "app.kubernetes.io/instance": CERT_MANAGER.name,
        }
    )


def trust_manager_values(kit: Kit) -> Values:
    """Return the values of the chart."""
    return {
        "crds": {"enabled": True, "keep": True},
        "replicaCount": kit.plan.replicas,
        "podDisruptionBudget": kit.budget,
        **kit.system,
        "topologySpreadConstraints": kit.spread({"app": TRUST_MANAGER.name}),
        "priorityClassName": SYSTEM_PRIORITY,
        "resources": resources("10m", "64Mi", "192Mi"),
        "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "app": {"trust": {"namespace": NAMESPACE}},
        # Bundles of ours hold our own authorities, not the world's.
        "defaultPackage": {"enabled": False},
        # Bundles go to ConfigMaps: it needs no access to secrets.
        "secretTargets": {"enabled": False},
    }


def issuer_spec(zones: Zones, *, server: str, account: str, email: str | None) -> dict[str, object]:
    """Return the body of a ClusterIssuer.

    :param account: name of the secret in which cert-manager keeps its account at `server`.
    """
    solvers = [
        {"selector": {"dnsZones": [domain]}, "dns01": {"route53": {"hostedZoneID": zone_id}}}
        for domain, zone_id in sorted(zones.items())
    ]
    contact = {"email": email} if email else {}
    key = {"name": account}
    return {"acme": {**contact, "server": server, "privateKeySecretRef": key, "solvers": solvers}}


def make_certificates(kit: Kit, zones: Zones) -> Certificates:
    """Install both, and with zones the issuers."""
    namespace = make_closed_namespace(kit, NAMESPACE, DOORS)
    identities = (
        [
            kit.identity(
                "cert-manager",
                issuer_statements(kit, zones),
                namespace=namespace.name,
                service_account=SERVICE_ACCOUNT,
            )
        ]
        if zones
        else []
    )
    cert_manager = kit.install(
        CERT_MANAGER,
        cert_manager_values(kit),
        namespace=namespace.name,
        depends_on=[*namespace.closed, *identities],
    )
    trust_manager = kit.install(
        TRUST_MANAGER,
        trust_manager_values(kit),
        namespace=namespace.name,
        depends_on=[cert_manager],
    )
    issuers = [_issuer(kit, zones, name, cert_manager) for name in ISSUERS if zones]
    return Certificates(cert_manager, trust_manager, issuers, namespace)


def _issuer(kit: Kit, zones: Zones, name: str, cert_manager: pulumi.Resource) -> pulumi.Resource:
    options = kit.inside.own
    # Its webhook checks them; and when they go, it still runs.
    options.depends_on = [cert_manager]
    return kubernetes.apiextensions.CustomResource(
        f"{kit.scope.name}-{name}",
        api_version="cert-manager.io/v1",
        kind="ClusterIssuer",
        metadata={"name": name},
        spec=issuer_spec(zones, server=ISSUERS[name], account=name, email=kit.plan.spec.acme_email),
        opts=options,
    )
