"""What pods and volumes get when they ask for nothing: priority classes and the storage class."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import pulumi
import pulumi_kubernetes as kubernetes

from components.addons.kit import Kit

STORAGE_CLASS = "gp3"


class PriorityClass(str, Enum):
    """Who makes room for whom when nodes are full, highest first."""

    INFRASTRUCTURE = "platform-infrastructure"
    """What services depend on: stores and telemetry in the cluster. Add-ons, mesh and gateway have
    Kubernetes' own class `system-cluster-critical`, which is higher still."""
    SERVICE = "platform-service"
    """Services that someone waits for; what a pod gets that names no class."""
    WORKER = "platform-worker"
    """Work that can wait: it is evicted first, and evicts nothing."""


@dataclass(frozen=True)
class Rank:
    """How much a priority class counts."""

    value: int
    """Below 1,000,000,000: what is above belongs to Kubernetes."""
    description: str
    default: bool = False
    preempts: bool = True


RANKS: Mapping[PriorityClass, Rank] = {
    PriorityClass.INFRASTRUCTURE: Rank(1_000_000, "What services depend on."),
    PriorityClass.SERVICE: Rank(100_000, "Services that someone waits for.", default=True),
    PriorityClass.WORKER: Rank(10_000, "Work that can wait.", preempts=False),
}


def make_priority_classes(kit: Kit) -> list[pulumi.Resource]:
    """Create the priority classes."""
    return [
        kubernetes.scheduling.v1.PriorityClass(
            f"{kit.scope.name}-{priority.value}",
            metadata={"name": priority.value},
            value=rank.value,
            description=rank.description,
            global_default=rank.default,
            preemption_policy="PreemptLowerPriority" if rank.preempts else "Never",
            opts=kit.inside.own,
        )
        for priority, rank in RANKS.items()
    ]


def make_storage_class(kit: Kit) -> pulumi.Resource:
    """Create the default class of volumes: gp3, encrypted, growing, in the zone of their pod.

    EKS has a class gp2, too, which since 1.30 is not the default:
    https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html (2026-11)
    """
    return kubernetes.storage.v1.StorageClass(
        f"{kit.scope.name}-storage",
        metadata={
            "name": STORAGE_CLASS,
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        provisioner="ebs.csi.aws.com",
        parameters={"type": "gp3", "encrypted": "true"},
        reclaim_policy="Delete",
        allow_volume_expansion=True,
        volume_binding_mode="WaitForFirstConsumer",
        opts=kit.inside.own,
    )
