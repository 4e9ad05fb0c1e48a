"""external-secrets, by which services are given secrets of Secrets Manager."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.iam import Statement
from components._base.namespaces import PLATFORM_LABEL
from components.addons.kit import SYSTEM_PRIORITY, Kit, resources
from components.addons.network_policies import Doors, make_closed_namespace
from components.charts import Values
from components.charts.catalog import EXTERNAL_SECRETS

NAMESPACE = SERVICE_ACCOUNT = "external-secrets"

STORE = "secrets-manager"

DOORS = Doors(webhooks=[10250], metrics=[8080])

READS = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")
"""Of whole secrets, by name: nothing is listed or written.

https://external-secrets.io/latest/provider/aws-secrets-manager/ (2026-11)
"""


def store_statements(kit: Kit, keys: Sequence[pulumi.Input[str]]) -> list[Statement]:
    """Return the policy: secrets by the beginnings of their names, or those with our tags.

    :param keys: by which they are encrypted; through Secrets Manager only.
    """
    prefixes = kit.plan.spec.secret_store.name_prefixes
    arns = [kit.place.arn("secretsmanager", f"secret:{prefix}*") for prefix in prefixes]
    read = Statement("Read", READS, arns)
    if not prefixes:
        every = [kit.place.arn("secretsmanager", "secret:*")]
        read = Statement("Read", READS, every, conditions={"StringEquals": kit.own_tags()})
    if not keys:
        return [read]
    service = pulumi.Output.concat("secretsmanager.", kit.place.region, ".amazonaws.com")
    through = {"StringEquals": {"kms:ViaService": service}}
    return [read, Statement("Decrypt", ["kms:Decrypt"], list(keys), conditions=through)]


def external_secrets_values(kit: Kit) -> Values:
    """Return the values of the chart."""
    alike = {
        **kit.system,
        "replicaCount": kit.plan.replicas,
        "podDisruptionBudget": kit.budget,
        "priorityClassName": SYSTEM_PRIORITY,
    }
    return {
        "installCRDs": True,
        # Whoever deletes the release by mistake deletes no secret of a service.
        "crds": {"annotations": {"helm.sh/resource-policy": "keep"}},
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "leaderElect": kit.two,
        **alike,
        "topologySpreadConstraints": _spread(kit, "external-secrets"),
        "resources": resources("25m", "128Mi", "384Mi"),
        "webhook": {
            **alike,
            "failurePolicy": "Fail",
            "topologySpreadConstraints": _spread(kit, "external-secrets-webhook"),
            "resources": resources("10m", "64Mi", "192Mi"),
        },
        "certController": {
            **alike,
            "topologySpreadConstraints": _spread(kit, "external-secrets-cert-controller"),
            "resources": resources("10m", "96Mi", "256Mi"),
        },
    }


def _spread(kit: Kit, name: str) -> list[dict[str, object]]:
    return kit.spread({"app.kubernetes.io/name": name})


def make_secret_store(kit: Kit, keys: Sequence[pulumi.Input[str]]) -> pulumi.Resource:
    """Install the operator, and create the store that services of the platform may use."""
    namespace = make_closed_namespace(kit, NAMESPACE, DOORS)
    identity = kit.identity(
        "external-secrets",
        store_statements(kit, keys),
        namespace=namespace.name,
        service_account=SERVICE_ACCOUNT,
    )
    operator = kit.install(
        EXTERNAL_SECRETS,
        external_secrets_values(kit),
        namespace=namespace.name,
        depends_on=[identity, *namespace.closed],
    )
    options = kit.inside.own
    # Its webhook checks the store; and when the store goes, it still runs.
    options.depends_on = [operator]
    return kubernetes.apiextensions.CustomResource(
        f"{kit.scope.name}-secret-store",
        api_version="external-secrets.io/v1",
        kind="ClusterSecretStore",
        metadata={"name": STORE},
        spec={
            "provider": {"aws": {"service": "SecretsManager", "region": kit.place.region}},
            "conditions": [
                {
                    "namespaceSelector": {
                        "matchExpressions": [{"key": PLATFORM_LABEL, "operator": "Exists"}]
                    }
                }
            ],
        },
        opts=options,
    )
