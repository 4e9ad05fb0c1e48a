"""Where Elasticsearch lives in the cluster: namespaces, and the options of what is in them."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.scope import Scope

OPERATOR_NAMESPACE = "elastic-system"
"""Where ECK's own documentation puts it."""


@dataclass(frozen=True)
class Inside:
    """The cluster, as seen by what is put into it."""

    scope: Scope
    control_plane: pulumi.Resource | None
    """What takes the objects with it when it is deleted."""

    @property
    def own(self) -> pulumi.ResourceOptions:
        """Return the options of an object that leaves nothing behind.

        When the cluster goes, it goes with it instead of holding up the destroy
        (pulumi-kubernetes#2675).
        """
        return pulumi.ResourceOptions(parent=self.scope.parent, deleted_with=self.control_plane)

    @property
    def stateful(self) -> pulumi.ResourceOptions:
        """Return the options of an object behind which there are volumes in AWS.

        It is deleted before the cluster is, or its volumes would stay and cost for ever.
        """
        return pulumi.ResourceOptions(parent=self.scope.parent, protect=self.scope.protect)


@dataclass(frozen=True)
class Namespaces:
    """The two namespaces."""

    search: pulumi.Output[str]
    operator: pulumi.Output[str]


def make_namespaces(inside: Inside, namespace: str) -> Namespaces:
    """Create the namespace of Elasticsearch and that of its operator."""
    search = kubernetes.core.v1.Namespace(
        f"{inside.scope.name}-namespace",
        metadata={
            "name": namespace,
            "labels": {
                "pod-security.kubernetes.io/enforce": "baseline",
                "pod-security.kubernetes.io/warn": "restricted",
            },
            # Elasticsearch has TLS of its own, and its nodes speak no HTTP among themselves.
            "annotations": {"linkerd.io/inject": "disabled"},
        },
        opts=inside.stateful,
    )
    operator = kubernetes.core.v1.Namespace(
        f"{inside.scope.name}-operator-namespace",
        metadata={
            "name": OPERATOR_NAMESPACE,
            "labels": {"pod-security.kubernetes.io/enforce": "restricted"},
            "annotations": {"linkerd.io/inject": "disabled"},
        },
        opts=inside.own,
    )
    return Namespaces(_name(search), _name(operator))


def _name(namespace: kubernetes.core.v1.Namespace) -> pulumi.Output[str]:
    return namespace.metadata.apply(lambda metadata: metadata.name or "")
