"""How resources are put into a cluster, and taken out of it."""

from typing import Optional

import pulumi
import pulumi_kubernetes as kubernetes

from components.cluster.component import Cluster


def in_cluster_provider(
    name: str, cluster: Cluster, opts: Optional[pulumi.ResourceOptions] = None
) -> kubernetes.Provider:
    """Create the provider through which resources are put into `cluster`.

    It comes after access entries, nodes and add-ons, as the kubeconfig does, so on a destroy all
    that is in the cluster goes before them. Its identity is the cluster's ARN: a kubeconfig that
    changes, or is still unknown, replaces neither the provider nor anything in the cluster.

    `deleteUnreachable` stays off: it would forget what still runs when only the VPN is down.
    """
    return kubernetes.Provider(
        name,
        kubeconfig=cluster.kubeconfig,
        cluster_identifier=cluster.arn,
        enable_server_side_apply=True,
        opts=opts,
    )


def in_cluster(
    cluster: Cluster,
    provider: kubernetes.Provider,
    *,
    parent: pulumi.Resource | None = None,
) -> pulumi.ResourceOptions:
    """Return the options of a resource in `cluster`.

    When the cluster is being deleted, or is gone, it goes with it instead of holding up the
    destroy (pulumi-kubernetes#2675).
    """
    return pulumi.ResourceOptions(
        parent=parent, provider=provider, deleted_with=cluster.control_plane
    )
