"""Namespaces: what may run in one, who may talk to it, and how much it may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside

PLATFORM_LABEL = "fastapi-platform/namespace"
"""On every namespace of ours, so that network policies can name them."""

OUTSIDE_THE_MESH: Mapping[str, str] = {"config.linkerd.io/admission-webhooks": "disabled"}
"""Pods of such a namespace start also while Linkerd's webhooks, which are asked about all others,
do not answer: those of the platform would wait for Linkerd otherwise, and Linkerd for them."""


class PodSecurity(str, Enum):
    """Levels of Kubernetes' Pod Security Standards."""

    PRIVILEGED = "privileged"
    BASELINE = "baseline"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class Quota:
    """The most that a namespace may ask for in all."""

    cpu: str
    """Sum of CPU requests, e.g. `20`."""
    memory: str
    """Sum of memory requests, e.g. `40Gi`."""
    pods: int


@dataclass(frozen=True)
class NamespacePlan:
    """One namespace."""

    name: str
    """Physical name: others refer to it."""
    pod_security: PodSecurity = PodSecurity.RESTRICTED
    meshed: bool = False
    """Linkerd adds its proxy to the pods."""
    quota: Quota | None = None
    labels: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Namespace:
    """A namespace that is there, and closed."""

    name: pulumi.Output[str]
    """Its physical name, once it is there."""
    resource: kubernetes.core.v1.Namespace
    closed: list[pulumi.Resource]
    """Its default policies, quota and limits: what runs in it comes after them."""


def make_namespace(inside: Inside, plan: NamespacePlan, *, stateful: bool = False) -> Namespace:
    """Create a namespace in which nothing may be reached, and from which only DNS may.

    :param stateful: it has to be gone before the cluster is, with what is in it.
    """
    label = f"{inside.scope.name}-{plan.name}"
    made = kubernetes.core.v1.Namespace(
        f"{label}-namespace",
        metadata={
            "name": plan.name,
            "labels": {
                PLATFORM_LABEL: plan.name,
                "pod-security.kubernetes.io/enforce": plan.pod_security.value,
                "pod-security.kubernetes.io/warn": PodSecurity.RESTRICTED.value,
                **({} if plan.meshed else OUTSIDE_THE_MESH),
                **(plan.labels or {}),
            },
            "annotations": {"linkerd.io/inject": "enabled" if plan.meshed else "disabled"},
        },
        opts=inside.stateful if stateful else inside.own,
    )
    name = made.metadata.apply(lambda metadata: metadata.name or plan.name)
    closed: list[pulumi.Resource] = [*_closed(inside, label, name), _limits(inside, label, name)]
    if plan.quota:
        closed.append(_quota(inside, label, name, plan.quota))
    return Namespace(name, made, closed)


def _closed(inside: Inside, label: str, namespace: pulumi.Input[str]) -> list[pulumi.Resource]:
    """Deny all traffic but name resolution; components allow what they need."""
    return [
        kubernetes.networking.v1.NetworkPolicy(
            f"{label}-closed",
            metadata={"name": "closed", "namespace": namespace},
            spec={"pod_selector": {}, "policy_types": ["Ingress", "Egress"]},
            opts=inside.own,
        ),
        kubernetes.networking.v1.NetworkPolicy(
            f"{label}-dns",
            metadata={"name": "dns", "namespace": namespace},
            spec={
                "pod_selector": {},
                "policy_types": ["Egress"],
                "egress": [
                    {
                        "to": [
                            {
                                "namespace_selector": {
                                    "match_labels": {"kubernetes.io/metadata.name": "kube-system"}
                                },
                                "pod_selector": {"match_labels": {"k8s-app": "kube-dns"}},
                            }
                        ],
                        "ports": [
                            {"port": 53, "protocol": "UDP"},
                            {"port": 53, "protocol": "TCP"},
                        ],
                    }
                ],
            },
            opts=inside.own,
        ),
    ]


def _limits(inside: Inside, label: str, namespace: pulumi.Input[str]) -> pulumi.Resource:
    """Give a container that names no requests small ones, and no more memory than that twice."""
    return kubernetes.core.v1.LimitRange(
        f"{label}-limits",
        metadata={"name": "defaults", "namespace": namespace},
        spec={
            "limits": [
                {
                    "type": "Container",
                    "default_request": {"cpu": "50m", "memory": "64Mi"},
                    "default": {"memory": "128Mi"},
                }
            ]
        },
        opts=inside.own,
    )


def _quota(
    inside: Inside, label: str, namespace: pulumi.Input[str], quota: Quota
) -> pulumi.Resource:
    return kubernetes.core.v1.ResourceQuota(
        f"{label}-quota",
        metadata={"name": "quota", "namespace": namespace},
        spec={
            "hard": {
                "requests.cpu": quota.cpu,
                "requests.memory": quota.memory,
                "pods": str(quota.pods),
            }
        },
        opts=inside.own,
    )
