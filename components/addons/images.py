"""The images of the nodes that Karpenter starts."""

from collections.abc import Mapping

from components.cluster.args import NodeOs

IMAGE_RELEASES: Mapping[NodeOs, str] = {
    # Offers Kubernetes up to 1.37; 1.68.0 is marked as still being rolled out.
    NodeOs.BOTTLEROCKET: "v1.67.0",
    NodeOs.AL2023: "v20260903",
}
"""Pinned, as Karpenter advises: a new release replaces all nodes, on a day that we choose.

https://github.com/bottlerocket-os/bottlerocket/releases (2026-10),
https://github.com/awslabs/amazon-eks-ami/releases (2026-09)
"""

FAMILIES: Mapping[NodeOs, str] = {NodeOs.BOTTLEROCKET: "Bottlerocket", NodeOs.AL2023: "AL2023"}
"""https://karpenter.sh/v1.14/concepts/nodeclasses/#specamifamily (2026-11)"""
