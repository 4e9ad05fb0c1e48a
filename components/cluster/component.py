"""The Kubernetes cluster that everything in it stands on."""

from collections.abc import Sequence
from typing import Optional, cast

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.cluster.access import make_access, make_endpoint_group, make_endpoint_rules
from components.cluster.addons import AFTER_NODES, BEFORE_NODES, make_addons
from components.cluster.args import ClusterArgs
from components.cluster.control_plane import make_control_plane
from components.cluster.karpenter import make_karpenter
from components.cluster.kubeconfig import kubeconfig
from components.cluster.nodes import make_node_role, make_system_nodes
from components.cluster.plan import plan_cluster


class Cluster(pulumi.ComponentResource):
    """An EKS cluster with add-ons, system nodes and Karpenter's half in AWS.

    The kubeconfig is an output of access entries, nodes and add-ons too, so whatever is put into
    the cluster comes after them, and is deleted while it can still be reached and cleaned up.

    Example: `Cluster("cluster", {"vpc_id": vpc_id, "subnet_ids": subnet_ids, "access": {"deployer":
    {"principal": "role/platform-deployer", "level": "admin"}}})`.
    """

    cluster_name: pulumi.Output[str]
    """Name in AWS."""
    arn: pulumi.Output[str]
    """ARN of the cluster."""
    endpoint: pulumi.Output[str]
    """URL of the Kubernetes API."""
    certificate_authority: pulumi.Output[str]
    """Certificate of the API's authority, base64."""
    security_group_id: pulumi.Output[str]
    """The group of control plane and nodes, for data stores to admit."""
    version: pulumi.Output[str]
    """Kubernetes version."""
    kubeconfig: pulumi.Output[str]
    """For clients, as JSON; it runs `aws eks get-token`, and holds no token."""
    node_role_arn: pulumi.Output[str]
    """ARN of the system nodes' role."""
    node_role_name: pulumi.Output[str]
    """Name of the system nodes' role."""
    karpenter_role_arn: pulumi.Output[str]
    """ARN of the role of Karpenter's controller."""
    karpenter_node_role_name: pulumi.Output[str]
    """Name of the role of the nodes that Karpenter makes."""
    karpenter_queue_name: pulumi.Output[str]
    """The queue that tells Karpenter of interruptions."""

    @all_given
    def __init__(
        self, name: str, args: ClusterArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_cluster(args, f"Cluster {name!r}")
        super().__init__("fastapi-platform:index:Cluster", name, dict(args), opts)
        for warning in plan.warnings:
            pulumi.log.warn(warning, self)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        place = place_of(self)

        group = make_endpoint_group(scope, args["vpc_id"])
        cluster = make_control_plane(
            scope, plan, place, subnet_ids=args["subnet_ids"], security_group_id=group.id
        )
        early = make_addons(scope, plan, place, cluster, addons=BEFORE_NODES)
        node_role = make_node_role(scope, place)
        nodes = make_system_nodes(
            scope, plan, cluster, node_role, subnet_ids=_node_subnets(args), after=early
        )
        late = make_addons(scope, plan, place, cluster, addons=AFTER_NODES, after=[nodes])
        karpenter = make_karpenter(scope, cluster=cluster, place=place)
        doors = [
            *make_access(scope, plan, place, cluster),
            *make_endpoint_rules(scope, plan, group),
        ]

        self._control_plane = cluster
        self.cluster_name = cluster.name
        self.arn = cluster.arn
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.apply(lambda ca: ca.data or "")
        self.security_group_id = cluster.vpc_config.apply(
            lambda vpc: vpc.cluster_security_group_id or ""
        )
        self.version = cluster.version
        self.kubeconfig = after(
            kubeconfig(cluster.name, cluster.endpoint, self.certificate_authority, place.region),
            [*doors, *early, nodes, *late, *karpenter.resources],
        )
        self.node_role_arn = node_role.arn
        self.node_role_name = node_role.name
        self.karpenter_role_arn = karpenter.role_arn
        self.karpenter_node_role_name = karpenter.node_role_name
        self.karpenter_queue_name = karpenter.queue_name
        self.register_outputs(
            {
                "clusterName": self.cluster_name,
                "arn": self.arn,
                "endpoint": self.endpoint,
                "certificateAuthority": self.certificate_authority,
                "securityGroupId": self.security_group_id,
                "version": self.version,
                "kubeconfig": self.kubeconfig,
                "nodeRoleArn": self.node_role_arn,
                "nodeRoleName": self.node_role_name,
                "karpenterRoleArn": self.karpenter_role_arn,
                "karpenterNodeRoleName": self.karpenter_node_role_name,
                "karpenterQueueName": self.karpenter_queue_name,
            }
        )

    @property
    def control_plane(self) -> aws.eks.Cluster:
        """The resource whose deletion takes all that is in the cluster with it."""
        return self._control_plane


def _node_subnets(args: ClusterArgs) -> pulumi.Output[Sequence[str]]:
    """Return the nodes' subnets, as an output of the pods' subnets too.

    The VPC CNI puts interfaces into those: they must outlive the nodes, or can't be deleted.
    """
    subnets = pulumi.Output.from_input(args["subnet_ids"])
    pods = pulumi.Output.from_input(args.get("pod_subnet_ids") or [])
    return pulumi.Output.all(subnets, pods).apply(lambda both: cast("Sequence[str]", both[0]))
