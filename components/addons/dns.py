"""external-dns, which keeps records in Route 53 for what runs in the cluster."""

from collections.abc import Mapping

import pulumi

from components._base.iam import Statement
from components.addons.kit import SYSTEM_PRIORITY, Kit, resources
from components.addons.network_policies import Doors, make_closed_namespace
from components.charts import Values
from components.charts.catalog import EXTERNAL_DNS

NAMESPACE = SERVICE_ACCOUNT = "external-dns"

METRICS_PORT = 7979

RECORD_TYPES = ("A", "AAAA", "CNAME", "TXT")
"""What it makes for hosts, and the TXT records by which it knows its own."""

Zones = Mapping[str, pulumi.Input[str]]
"""Ids of Route 53 zones by domain."""


def zone_arns(kit: Kit, zones: Zones) -> list[pulumi.Input[str]]:
    """Return the ARNs of the zones."""
    return [
        pulumi.Output.concat("arn:", kit.place.partition, ":route53:::hostedzone/", zone_id)
        for _, zone_id in sorted(zones.items())
    ]


def dns_statements(kit: Kit, zones: Zones) -> list[Statement]:
    """Return the policy: records of these zones, of the types that hosts have.

    https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/ (2026-11)
    """
    arns = zone_arns(kit, zones)
    types = {"route53:ChangeResourceRecordSetsRecordTypes": list(RECORD_TYPES)}
    return [
        Statement(
            "ChangeRecords",
            ["route53:ChangeResourceRecordSets"],
            arns,
            conditions={"ForAllValues:StringEquals": types},
        ),
        Statement("ReadRecords", ["route53:ListResourceRecordSets"], arns),
        # Listing knows no zone.
        Statement("FindZones", ["route53:ListHostedZones"], ["*"]),
    ]


def dns_values(
    kit: Kit, zones: Zones, *, owner: pulumi.Input[str], gateway_api: pulumi.Input[str] | None
) -> Values:
    """Return the values of the chart.

    :param owner: its name in the marks on records, unique among all who use the zones.
    """
    spec = kit.plan.spec.external_dns
    only = [
        pulumi.Output.concat("--zone-id-filter=", zone_id) for _, zone_id in sorted(zones.items())
    ]
    return {
        "provider": {"name": "aws"},
        "policy": spec.policy.value,
        "sources": [source.value for source in spec.sources],
        "registry": "txt",
        "txtOwnerId": owner,
        # A CNAME takes no TXT record beside it under the same name.
        "txtPrefix": "%{record_type}-mark.",
        "domainFilters": list(kit.plan.domains),
        "extraArgs": [*only, "--txt-wildcard-replacement=any"],
        "env": [{"name": "AWS_REGION", "value": kit.place.region}],
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        # A gateway's definitions come first; that is all this is for.
        "podAnnotations": {} if gateway_api is None else {"fastapi-platform/gateway": gateway_api},
        # Two would undo each other's changes: the chart takes one, and a minute without it is none.
        "replicaCount": 1,
        **kit.system,
        "priorityClassName": SYSTEM_PRIORITY,
        "resources": resources("25m", "64Mi", "192Mi"),
        "logFormat": "json",
    }


def make_external_dns(
    kit: Kit,
    zones: Zones,
    *,
    owner: pulumi.Input[str],
    gateway_api: pulumi.Input[str] | None,
) -> pulumi.Resource:
    """Install external-dns."""
    namespace = make_closed_namespace(kit, NAMESPACE, Doors(metrics=[METRICS_PORT]))
    identity = kit.identity(
        "external-dns",
        dns_statements(kit, zones),
        namespace=namespace.name,
        service_account=SERVICE_ACCOUNT,
    )
    return kit.install(
        EXTERNAL_DNS,
        dns_values(kit, zones, owner=owner, gateway_api=gateway_api),
        namespace=namespace.name,
        depends_on=[identity, *namespace.closed],
    )
