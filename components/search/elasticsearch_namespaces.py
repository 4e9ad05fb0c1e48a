"""The namespaces that Elasticsearch and its operator live in."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components._base.namespaces import OUTSIDE_THE_MESH

OPERATOR_NAMESPACE = "elastic-system"
"""Where ECK's own documentation puts it."""


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
                **OUTSIDE_THE_MESH,
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
            "labels": {"pod-security.kubernetes.io/enforce": "restricted", **OUTSIDE_THE_MESH},
            "annotations": {"linkerd.io/inject": "disabled"},
        },
        opts=inside.own,
    )
    return Namespaces(_name(search), _name(operator))


def _name(namespace: kubernetes.core.v1.Namespace) -> pulumi.Output[str]:
    return namespace.metadata.apply(lambda metadata: metadata.name or "")
