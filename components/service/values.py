"""What a pod may ask for, and single values of the specs, checked."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
TOPIC = re.compile(r"[a-zA-Z0-9._-]{1,249}", re.ASCII)
"""https://github.com/apache/kafka/blob/4.1/clients/src/main/java/org/apache/kafka/common/internals/Topic.java
(2026-11); the same characters do for groups and queues."""


@dataclass(frozen=True)
class NodeLimits:
    """What the largest node has left for one pod's own container."""

    cpu: float
    memory_mib: int


LARGEST_NODE = NodeLimits(cpu=15.5, memory_mib=120 * 1024)
"""Of 16 vCPUs and 128 GiB (r8g.4xlarge): the default node pool's largest
(components/addons/spec.py), less what the kubelet, daemons and the mesh's proxy keep.

https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go (2026-11)
"""


def _name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError("small letters, digits and hyphens are needed, at most 40, a letter first")
    return name


def _topic(name: str) -> str:
    if not TOPIC.fullmatch(name) or name in (".", ".."):
        raise ValueError("letters, digits, '.', '_' and '-' are needed, at most 249")
    return name


def _cpu(cpu: float) -> float:
    if cpu > LARGEST_NODE.cpu:
        raise ValueError(
            f"fits no node: at most {LARGEST_NODE.cpu} cores; more pods share the load"
        )
    return cpu


def _memory(mib: int) -> int:
    if mib > LARGEST_NODE.memory_mib:
        raise ValueError(f"fits no node: at most {LARGEST_NODE.memory_mib} MiB")
    return mib


WorkloadName = Annotated[str, AfterValidator(_name)]
Topic = Annotated[str, AfterValidator(_topic)]
Cpu = Annotated[float, Field(ge=0.05), AfterValidator(_cpu)]
"""Cores that a pod is sure to get; there is no limit, so it may use what others leave."""
Memory = Annotated[int, Field(ge=64), AfterValidator(_memory)]
"""MiB that a pod is sure to get, and not more."""
