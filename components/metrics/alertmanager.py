"""Alertmanager: the chart's values, and its way to secrets and to the topic."""

from collections.abc import Mapping

import pulumi

from components._base.iam import Statement
from components._base.inside import Inside
from components._base.objects import CustomObject
from components.addons.classes import PriorityClass
from components.addons.kit import ZONE, resources
from components.metrics import names
from components.metrics.plan import MetricsPlan

DISK = "2Gi"
"""Of each pod, for silences and for what has been sent: a few MiB."""

REFRESH = "15m"
"""Another URL or key is taken up within this time."""


def alertmanager_values(
    plan: MetricsPlan, config: Mapping[str, object], storage_class: pulumi.Input[str]
) -> dict[str, object]:
    """Return the chart's values below `alertmanager`."""
    replicas = plan.spec.alertmanager.replicas
    several = replicas > 1
    return {
        "serviceAccount": {
            "name": names.ALERTMANAGER_ACCOUNT,
            "automountServiceAccountToken": False,
        },
        "config": dict(config),
        "podDisruptionBudget": (
            {"enabled": True, "minAvailable": replicas - 1} if several else {"enabled": False}
        ),
        "alertmanagerSpec": {
            "replicas": replicas,
            "automountServiceAccountToken": False,
            "secrets": [names.RECEIVER_SECRET] if plan.receiver_secrets else [],
            "podMetadata": {"labels": {names.POD_LABEL: "alertmanager"}},
            "priorityClassName": PriorityClass.INFRASTRUCTURE.value,
            "podAntiAffinity": "hard" if several else "soft",
            "topologySpreadConstraints": _over_zones() if several else [],
            "resources": resources("20m", "64Mi", "256Mi"),
            "logFormat": "json",
            "storage": volume_claim(storage_class, DISK),
        },
    }


def volume_claim(storage_class: pulumi.Input[str], size: str) -> dict[str, object]:
    """Return the volume of each pod, in the form of the Prometheus operator."""
    return {
        "volumeClaimTemplate": {
            "spec": {
                "storageClassName": storage_class,
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": size}},
            }
        }
    }


def _over_zones() -> list[dict[str, object]]:
    # Two zones have to do for three pods, where there are no more.
    return [
        {
            "maxSkew": 1,
            "topologyKey": ZONE,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {names.POD_LABEL: "alertmanager"}},
        }
    ]


def publish_statements(
    topic_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str] | None,
    region: pulumi.Input[str],
) -> list[Statement]:
    """Return the policy: to publish to one topic, and to use its key through SNS.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (2026-11)
    """
    publish = Statement("Publish", ["sns:Publish"], [topic_arn])
    if key_arn is None:
        return [publish]
    through = {"kms:ViaService": pulumi.Output.concat("sns.", region, ".amazonaws.com")}
    encrypt = Statement(
        "Encrypt",
        ["kms:Decrypt", "kms:GenerateDataKey"],
        [key_arn],
        conditions={"StringEquals": through},
    )
    return [publish, encrypt]


def make_receiver_secret(
    inside: Inside,
    plan: MetricsPlan,
    *,
    namespace: pulumi.Input[str],
    secret_store: pulumi.Input[str],
) -> pulumi.Resource:
    """Create the `ExternalSecret`, and wait until its Secret is there.

    What is in it is neither in the program, nor in its state, nor in the chart's values.
    """
    return CustomObject(
        f"{inside.scope.name}-receivers",
        api_version="external-secrets.io/v1",
        kind="ExternalSecret",
        metadata={
            "name": names.RECEIVER_SECRET,
            "namespace": namespace,
            "annotations": {"pulumi.com/waitFor": "condition=Ready"},
        },
        fields={
            "spec": {
                "refreshInterval": REFRESH,
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": secret_store},
                "target": {"name": names.RECEIVER_SECRET, "creationPolicy": "Owner"},
                "data": [
                    {"secretKey": key, "remoteRef": {"key": arn}}
                    for key, arn in sorted(plan.receiver_secrets.items())
                ],
            }
        },
        opts=inside.own,
    )
