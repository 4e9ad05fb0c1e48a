"""The add-ons of a cluster, and the nodes that Karpenter starts for all that follows."""

from typing import Optional

import pulumi

from components._base.clients import registered
from components._base.inside import Inside, split_options
from components._base.order import after
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.addons.args import AddonsArgs
from components.addons.certificates import PRODUCTION, make_certificates
from components.addons.classes import STORAGE_CLASS, make_priority_classes, make_storage_class
from components.addons.dns import make_external_dns
from components.addons.karpenter import Nodes, make_karpenter
from components.addons.keda import make_keda
from components.addons.kit import Kit
from components.addons.load_balancer import make_load_balancer_controller
from components.addons.metrics import make_metrics_server
from components.addons.nodes import NODE_CLASS, make_node_pools
from components.addons.plan import plan_addons
from components.addons.secrets import STORE, make_secret_store


class Addons(pulumi.ComponentResource):
    """Karpenter with its nodes, certificates, secrets, names, metrics and scaling for a cluster.

    Give it the cluster's provider, and as `deleted_with` the cluster itself: what leaves nothing
    behind then goes with it. The outputs wait for what they name, so whatever uses one comes after
    the controller that it needs, and is deleted while that still runs.

    Example: `Addons("addons", {"cluster_name": cluster.cluster_name, ...}, in_cluster(cluster,
    provider))`.
    """

    cert_manager_namespace: pulumi.Output[str]
    """Namespace of cert-manager and trust-manager, both of which work: bundles read from it."""
    cluster_issuer: pulumi.Output[str]
    """Name of the ClusterIssuer of publicly trusted certificates; empty without zones."""
    secret_store_name: pulumi.Output[str]
    """Name of the ClusterSecretStore on Secrets Manager."""
    storage_class: pulumi.Output[str]
    """Name of the default StorageClass."""
    target_group_bindings: pulumi.Output[str]
    """apiVersion of TargetGroupBindings, which work."""
    scaled_objects: pulumi.Output[str]
    """apiVersion of KEDA's ScaledObjects, which work; empty without KEDA."""
    node_class: pulumi.Output[str]
    """Name of the EC2NodeClass, once nodes are started for pods that need them."""

    @all_given
    def __init__(
        self, name: str, args: AddonsArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_addons(args, name)
        own, control_plane = split_options(opts)
        # Brokers take half an hour: only KEDA may wait for them.
        inputs = registered(args, "kafka_cluster_arns")
        super().__init__("fastapi-platform:index:Addons", name, inputs, own)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.spec.protect)
        kit = Kit(
            inside=Inside(scope, control_plane),
            place=place_of(self),
            plan=plan,
            cluster_name=args["cluster_name"],
            mirror=args.get("mirror") or "",
        )
        zones = args.get("zones") or {}

        priorities = make_priority_classes(kit)
        storage = make_storage_class(kit)
        nodes = Nodes(
            endpoint=args["cluster_endpoint"],
            queue_name=args["interruption_queue_name"],
            role_name=args["node_role_name"],
            security_group_id=args["node_security_group_id"],
            discovery=args["discovery"],
        )
        pools = make_node_pools(kit, nodes, after=make_karpenter(kit, nodes))
        certificates = make_certificates(kit, zones)
        load_balancer = make_load_balancer_controller(
            kit,
            vpc_id=args["vpc_id"],
            nodes=args["node_security_group_id"],
            target_groups=list(args.get("target_group_arns") or []),
            after=[certificates.cert_manager],
        )
        make_metrics_server(kit, after=[certificates.cert_manager])
        store = make_secret_store(kit, args.get("secret_key_arns") or [])
        if zones:
            make_external_dns(
                kit, zones, owner=args["discovery"], gateway_api=args.get("gateway_api")
            )
        keda = [make_keda(kit, args.get("kafka_cluster_arns") or {})] if plan.spec.keda else []

        self.cert_manager_namespace = after(
            certificates.namespace.name, [certificates.cert_manager, certificates.trust_manager]
        )
        self.cluster_issuer = _once(PRODUCTION if zones else "", *certificates.issuers)
        self.secret_store_name = _once(STORE, store)
        self.storage_class = _once(STORAGE_CLASS, storage)
        self.target_group_bindings = _once("elbv2.k8s.aws/v1beta1", load_balancer)
        self.scaled_objects = _once("keda.sh/v1alpha1" if keda else "", *keda)
        self.node_class = _once(NODE_CLASS, *pools, *priorities)
        self.register_outputs(
            {
                "certManagerNamespace": self.cert_manager_namespace,
                "clusterIssuer": self.cluster_issuer,
                "secretStoreName": self.secret_store_name,
                "storageClass": self.storage_class,
                "targetGroupBindings": self.target_group_bindings,
                "scaledObjects": self.scaled_objects,
                "nodeClass": self.node_class,
            }
        )


def _once(name: str, *resources: pulumi.Resource) -> pulumi.Output[str]:
    """Return `name` as an output of `resources`."""
    return after(pulumi.Output.from_input(name), resources)
