"""Custom resources: their versions, and how each is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside

API_VERSIONS: Mapping[str, str] = {
    "AuthorizationPolicy": "policy.linkerd.io/v1alpha1",
    "Bundle": "trust.cert-manager.io/v1alpha1",
    "Certificate": "cert-manager.io/v1",
    "ClusterIssuer": "cert-manager.io/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1",
    "Issuer": "cert-manager.io/v1",
    "MeshTLSAuthentication": "policy.linkerd.io/v1alpha1",
    "NetworkAuthentication": "policy.linkerd.io/v1alpha1",
    "Server": "policy.linkerd.io/v1beta3",
}
"""The versions that are stored, of the charts in the catalog (2026-08)."""

CLUSTER_WIDE = frozenset({"Bundle", "ClusterIssuer"})

READY: Mapping[str, str] = {
    "Bundle": "condition=Synced",
    "Certificate": "condition=Ready",
    "ClusterIssuer": "condition=Ready",
    "Issuer": "condition=Ready",
}
"""What is waited for: https://www.pulumi.com/registry/packages/kubernetes/ (pulumi.com/waitFor)."""

Body = Mapping[str, object]


@dataclass(frozen=True)
class Resource:
    """A custom resource that is still to be made."""

    kind: str
    name: str
    spec: Body
    annotations: Mapping[str, str] | None = None

    @property
    def body(self) -> Body:
        """All of it but the namespace, as Kubernetes takes it."""
        metadata: dict[str, object] = {"name": self.name}
        if self.annotations:
            metadata["annotations"] = dict(self.annotations)
        return {
            "apiVersion": API_VERSIONS[self.kind],
            "kind": self.kind,
            "metadata": metadata,
            "spec": self.spec,
        }


def make(
    inside: Inside,
    resource: Resource,
    *,
    namespace: pulumi.Input[str] | None = None,
    depends_on: Sequence[pulumi.Resource] = (),
    protect: bool = False,
) -> kubernetes.apiextensions.CustomResource:
    """Create a custom resource, and wait until it is ready where its kind says so.

    :param namespace: where; None for a kind of the whole cluster.
    """
    options = inside.own
    # Its controller is there before it, and after it on a destroy.
    options.depends_on = list(depends_on)
    options.protect = protect
    annotations = dict(resource.annotations or {})
    if resource.kind in READY:
        annotations["pulumi.com/waitFor"] = READY[resource.kind]
    metadata: dict[str, pulumi.Input[object]] = {"name": resource.name}
    if namespace is not None and resource.kind not in CLUSTER_WIDE:
        metadata["namespace"] = namespace
    if annotations:
        metadata["annotations"] = annotations
    return kubernetes.apiextensions.CustomResource(
        f"{inside.scope.name}-{_logical(resource)}",
        api_version=API_VERSIONS[resource.kind],
        kind=resource.kind,
        metadata=metadata,
        spec=dict(resource.spec),
        opts=options,
    )


def _logical(resource: Resource) -> str:
    return f"{resource.name}-{resource.kind.lower()}"
