"""The platform of one stack, top to bottom: network, cluster, and what runs on them."""

import pulumi

from components.cluster import Cluster, ClusterArgs, in_cluster_provider
from components.network import Network, NetworkArgs
from stacks import current_settings

settings = current_settings()
tags = settings.tags.as_tags()

# Karpenter looks for subnets by this tag in the whole account, so each stack has its own value.
discovery = f"{pulumi.get_project()}-{pulumi.get_stack()}"

network = Network(
    "network",
    settings.network.to_args(NetworkArgs, tags=tags, protect=settings.protect, discovery=discovery),
)
cluster = Cluster(
    "cluster",
    settings.cluster.to_args(
        ClusterArgs,
        vpc_id=network.vpc_id,
        subnet_ids=network.private_subnet_ids,
        pod_subnet_ids=network.pod_subnet_ids,
        tags=tags,
        protect=settings.protect,
    ),
)
provider = in_cluster_provider("cluster", cluster)

pulumi.export("region", settings.region)
pulumi.export("vpcId", network.vpc_id)
pulumi.export("clusterName", cluster.cluster_name)
pulumi.export("clusterEndpoint", cluster.endpoint)
pulumi.export("kubeconfig", cluster.kubeconfig)
