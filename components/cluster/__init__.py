"""An EKS cluster with add-ons, system nodes and Karpenter's half in AWS."""

from components.cluster.args import ClusterArgs
from components.cluster.component import Cluster
from components.cluster.plan import ClusterPlan, plan_cluster
from components.cluster.provider import in_cluster, in_cluster_provider
from components.cluster.spec import ClusterSpec

__all__ = [
    "Cluster",
    "ClusterArgs",
    "ClusterPlan",
    "ClusterSpec",
    "in_cluster",
    "in_cluster_provider",
    "plan_cluster",
]
