"""ECK, the operator that runs Elasticsearch, and the class of its volumes."""

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.charts.catalog import ECK_OPERATOR
from components.charts.release import release
from components.cluster.addons import TOLERATIONS
from components.cluster.nodes import LABELS
from components.search.elasticsearch_namespaces import Namespaces

RELEASE_NAME = "elastic-operator"
REGISTRY = "docker.elastic.co"

METRICS_PORT = 8081
"""Where the operator's own metrics are read."""


def make_operator(
    inside: Inside, namespaces: Namespaces, *, mirror: str = ""
) -> kubernetes.helm.v3.Release:
    """Install the operator, for the one namespace.

    With the chart go its definitions, and with them every Elasticsearch there is, so it is
    protected as they are.
    """
    return release(
        inside,
        ECK_OPERATOR,
        name=RELEASE_NAME,
        namespace=namespaces.operator,
        values={
            "managedNamespaces": [namespaces.search],
            # From where the operator has Elasticsearch and Kibana pulled.
            "config": {
                "containerRegistry": f"{mirror}/{REGISTRY}" if mirror else REGISTRY,
                "metrics": {"port": str(METRICS_PORT)},
            },
            "replicaCount": 2,
            "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
            "nodeSelector": LABELS,
            "tolerations": TOLERATIONS,
            "podSecurityContext": {
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "resources": {
                "requests": {"cpu": "100m", "memory": "256Mi"},
                "limits": {"memory": "1Gi"},
            },
            "telemetry": {"disabled": True},
            # What ECK can't carry out, such as a smaller disk, is refused and not just left undone.
            "webhook": {"failurePolicy": "Fail"},
        },
        mirror=mirror,
        protect=inside.scope.protect,
    )


def make_storage_class(
    inside: Inside, name: str, key: aws.kms.Key
) -> kubernetes.storage.v1.StorageClass:
    """Create the class of Elasticsearch's volumes: gp3, encrypted with its own key.

    Its name is fixed and it carries no tags: ECK refuses another class for volumes that exist, and
    a class whose parameters change is made anew.
    """
    return kubernetes.storage.v1.StorageClass(
        f"{inside.scope.name}-storage",
        metadata={"name": name},
        provisioner="ebs.csi.aws.com",
        parameters={"type": "gp3", "encrypted": "true", "kmsKeyId": key.arn},
        reclaim_policy="Delete",
        allow_volume_expansion=True,
        # A volume is made in the zone of its pod.
        volume_binding_mode="WaitForFirstConsumer",
        opts=inside.own,
    )
