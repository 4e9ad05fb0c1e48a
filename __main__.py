"""The platform of one stack, top to bottom: network, cluster, data services, and what uses them."""

import gc

import pulumi

from components.cluster import Cluster, ClusterArgs, in_cluster_provider
from components.edge import Edge, EdgeArgs
from components.identity import Identity, IdentityArgs
from components.network import Network, NetworkArgs
from components.notifications import AlarmTopic, AlarmTopicArgs
from stacks import current_settings
from stacks.data import make_data_services, make_search
from stacks.inside import make_in_cluster
from stacks.observability import make_observability
from stacks.roles import bound_roles
from stacks.scans import make_scans
from stacks.serverless import make_serverless
from stacks.workloads import Surroundings, make_workloads

# What the imports made stays: to look through it again and again is half of a large stack's time.
gc.freeze()
gc.set_threshold(50_000, 20, 20)

settings = current_settings()
common = settings.common
bound_roles(settings.roles)

# Karpenter looks for subnets by this tag in the whole account, so each stack has its own value.
discovery = f"{pulumi.get_project()}-{pulumi.get_stack()}"

network = Network("network", settings.network.to_args(NetworkArgs, **common, discovery=discovery))
cluster = Cluster(
    "cluster",
    settings.cluster.to_args(
        ClusterArgs,
        **common,
        vpc_id=network.vpc_id,
        subnet_ids=network.private_subnet_ids,
        pod_subnet_ids=network.pod_subnet_ids,
    ),
)
provider = in_cluster_provider("cluster", cluster)
alarms = AlarmTopic("alarms", settings.alarms.to_args(AlarmTopicArgs, **common))

# Beside the cluster: where callers come in and who they are, and where state is kept.
edge = identity = None
if settings.edge:
    public = {
        "vpc_id": network.vpc_id,
        "subnet_ids": network.public_subnet_ids,
        "targets": {"cluster": cluster.security_group_id},
        "alarm_topic_arn": alarms.topic_arn,
    }
    edge = Edge("edge", settings.edge.to_args(EdgeArgs, **common, **public))
    pulumi.export("url", edge.url)
if settings.identity:
    identity = Identity("identity", settings.identity.to_args(IdentityArgs, **common))
    pulumi.export("tokenIssuer", identity.issuer)
data = make_data_services(settings, network, cluster, alarms.topic_arn)

# In the cluster: add-ons, mesh and gateway; then search, which needs nodes.
inside = make_in_cluster(
    settings,
    network,
    cluster,
    provider,
    data=data,
    edge=edge,
    identity=identity,
    discovery=discovery,
)
search = make_search(settings, network, cluster, provider, data=data, addons=inside.addons)

# On all of it: services, workers and jobs, and what looks at them from outside.
around = Surroundings(network, cluster, provider, inside, data, search, identity)
watching = make_observability(settings, around, alarms)
services = make_workloads(settings, around, watching.tracing)
scans = make_scans(settings, around, edge, alarms, services)
apis = make_serverless(settings, network, data, identity, alarms.topic_arn)

pulumi.export("region", settings.region)
pulumi.export("vpcId", network.vpc_id)
pulumi.export("clusterName", cluster.cluster_name)
pulumi.export("clusterEndpoint", cluster.endpoint)
pulumi.export("kubeconfig", cluster.kubeconfig)
for name, output in data.outputs.items():
    pulumi.export(name, output)
if search:
    pulumi.export("searchEndpoint", search.endpoint)
if scans:
    pulumi.export("scanReports", scans.bucket_name)
pulumi.export("services", {name: service.url for name, service in services.items()})
pulumi.export("serverless", {name: api.url for name, api in apis.items()})
