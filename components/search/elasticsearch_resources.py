"""The bodies of the Elasticsearch and Kibana resources: plain values, checked against ECK's CRDs.

https://www.elastic.co/docs/reference/cloud-on-k8s/api-docs (ECK 3.5, 2026-08)
"""

from collections.abc import Mapping, Sequence

import pulumi

from components.search.elasticsearch_plan import (
    ELASTICSEARCH,
    KIBANA,
    SERVICE_ACCOUNT,
    TOKEN_FOLDER,
    ElasticsearchPlan,
)

API_VERSIONS = {
    "Elasticsearch": "elasticsearch.k8s.elastic.co/v1",
    "Kibana": "kibana.k8s.elastic.co/v1",
}

Body = Mapping[str, object]

POD_IDENTITY_AUDIENCE = "pods.eks.amazonaws.com"
POD_IDENTITY_AGENT = "http://169.254.170.23/v1/credentials"
POD_IDENTITY_SECONDS = 86400
"""What EKS itself puts into a pod that has an identity.

https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html (2026-11)
"""

USER = 1000
"""User and group of Elastic's images."""

ZONE_LABEL = "topology.kubernetes.io/zone"
HOST_LABEL = "kubernetes.io/hostname"

KIBANA_MEMORY = "2Gi"
"""https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/manage-compute-resources (2026-11):
1Gi is the least."""

POD_SECURITY: Body = {
    "runAsNonRoot": True,
    "runAsUser": USER,
    "fsGroup": USER,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def elasticsearch_body(
    plan: ElasticsearchPlan,
    *,
    zones: Sequence[pulumi.Input[str]],
    region: pulumi.Input[str],
    storage_class: pulumi.Input[str],
    user_secrets: Sequence[pulumi.Input[str]],
    roles_secret: pulumi.Input[str],
) -> Body:
    """Return the spec of Elasticsearch: a node set in each zone.

    No disruption budget is given: ECK's own follows the health, and lets a node go only while all
    shards have their replicas.
    """
    keep = plan.spec.protect
    return {
        "version": plan.spec.version,
        "volumeClaimDeletePolicy": (
            "DeleteOnScaledownOnly" if keep else "DeleteOnScaledownAndClusterDeletion"
        ),
        # One node after the other.
        "updateStrategy": {"changeBudget": {"maxSurge": 1, "maxUnavailable": 1}},
        "auth": {
            "fileRealm": [{"secretName": name} for name in user_secrets],
            "roles": [{"secretName": roles_secret}],
        },
        "nodeSets": [
            _node_set(plan, index, zone, region, storage_class) for index, zone in enumerate(zones)
        ],
    }


def kibana_body(plan: ElasticsearchPlan) -> Body:
    """Return the spec of Kibana."""
    return {
        "version": plan.spec.version,
        "count": plan.spec.kibana_replicas,
        "elasticsearchRef": {"name": ELASTICSEARCH},
        "config": {"telemetry.optIn": False},
        "podTemplate": {
            "spec": {
                "automountServiceAccountToken": False,
                "securityContext": POD_SECURITY,
                "topologySpreadConstraints": [
                    {
                        "maxSkew": 1,
                        "topologyKey": ZONE_LABEL,
                        "whenUnsatisfiable": "ScheduleAnyway",
                        "labelSelector": {"matchLabels": kibana_labels()},
                    }
                ],
                "containers": [
                    {
                        "name": "kibana",
                        "resources": {
                            "requests": {"cpu": "250m", "memory": KIBANA_MEMORY},
                            "limits": {"memory": KIBANA_MEMORY},
                        },
                    }
                ],
            }
        },
    }


def elasticsearch_labels() -> dict[str, str]:
    """Return the labels that ECK gives to Elasticsearch's pods."""
    return {"elasticsearch.k8s.elastic.co/cluster-name": ELASTICSEARCH}


def kibana_labels() -> dict[str, str]:
    """Return the labels that ECK gives to Kibana's pods."""
    return {"kibana.k8s.elastic.co/name": KIBANA}


def _node_set(
    plan: ElasticsearchPlan,
    index: int,
    zone: pulumi.Input[str],
    region: pulumi.Input[str],
    storage_class: pulumi.Input[str],
) -> Body:
    return {
        # Not the zone's name: it would be another one when the zones come in another order.
        "name": f"zone-{index}",
        "count": plan.spec.nodes.per_zone,
        "config": {
            "node.attr.zone": zone,
            # A shard and its replica are never on one machine, nor in one zone.
            "cluster.routing.allocation.awareness.attributes": "k8s_node_name,zone",
            "s3.client.default.region": region,
        },
        "volumeClaimTemplates": [
            {
                "metadata": {"name": "elasticsearch-data"},
                "spec": {
                    "accessModes": ["ReadWriteOnce"],
                    "storageClassName": storage_class,
                    "resources": {"requests": {"storage": f"{plan.spec.nodes.disk_gib}Gi"}},
                },
            }
        ],
        "podTemplate": {"spec": _pod(plan, zone)},
    }


def _pod(plan: ElasticsearchPlan, zone: pulumi.Input[str]) -> Body:
    return {
        "serviceAccountName": SERVICE_ACCOUNT,
        "automountServiceAccountToken": False,
        "securityContext": POD_SECURITY,
        "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                        {
                            "matchExpressions": [
                                {"key": ZONE_LABEL, "operator": "In", "values": [zone]}
                            ]
                        }
                    ]
                }
            },
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {
                        "topologyKey": HOST_LABEL,
                        "labelSelector": {"matchLabels": elasticsearch_labels()},
                    }
                ]
            },
        },
        "containers": [_container(plan)],
        "volumes": [
            {
                "name": "aws-token",
                "projected": {
                    "sources": [
                        {
                            "serviceAccountToken": {
                                "audience": POD_IDENTITY_AUDIENCE,
                                "expirationSeconds": POD_IDENTITY_SECONDS,
                                "path": plan.token_file,
                            }
                        }
                    ]
                },
            }
        ],
    }


def _container(plan: ElasticsearchPlan) -> Body:
    memory = f"{plan.spec.nodes.memory_gib}Gi"
    return {
        "name": "elasticsearch",
        "resources": {
            "requests": {"cpu": f"{round(1000 * plan.spec.nodes.cpu)}m", "memory": memory},
            "limits": {"memory": memory},
        },
        # EKS would put the token where Elasticsearch may not read it; what is set here it leaves.
        "env": [
            {
                "name": "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                "value": f"{TOKEN_FOLDER}/{plan.token_file}",
            },
            {"name": "AWS_CONTAINER_CREDENTIALS_FULL_URI", "value": POD_IDENTITY_AGENT},
        ],
        "volumeMounts": [{"name": "aws-token", "mountPath": TOKEN_FOLDER, "readOnly": True}],
    }
