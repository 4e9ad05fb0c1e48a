"""The platform of one stack, top to bottom: network, cluster, and what runs on them."""

import pulumi

from components.cluster import Cluster, ClusterArgs, in_cluster_provider
from components.network import Network, NetworkArgs
from stacks import current_settings

settings = current_settings()
tags = settings.tags.as_tags()
protect = settings.protect

network = Network(
    "network",
    settings.network.to_args(NetworkArgs, tags=tags, protect=protect, discovery="cluster"),
)
cluster = Cluster(
    "cluster",
    settings.cluster.to_args(
        ClusterArgs,
        vpc_id=network.vpc_id,
        subnet_ids=network.private_subnet_ids,
        pod_subnet_ids=network.pod_subnet_ids,
        tags=tags,
        protect=protect,
    ),
)
provider = in_cluster_provider("cluster", cluster)

pulumi.export("region", settings.region)
pulumi.export("vpcId", network.vpc_id)
pulumi.export("clusterName", cluster.cluster_name)
pulumi.export("clusterEndpoint", cluster.endpoint)
