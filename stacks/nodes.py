"""What the stack's nodes have room for: the largest pod of each node pool."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from components.addons import AddonsSpec
from components.addons.args import CapacityType
from components.addons.spec import NodePoolSpec

SIZES = (2, 4, 8, 16, 32, 48, 64, 96, 192)
"""vCPUs of Graviton instances from `large` to `48xlarge`; a `medium` is too small for a node."""

GIB_OF_A_CPU: Mapping[str, int] = {"c": 2, "m": 4, "r": 8, "t": 4, "x": 16}
"""By family. https://aws.amazon.com/ec2/instance-types/ (2026-11)"""

UNKNOWN_FAMILY = 16
"""Of families with disks, GPUs and the like: rather too much than a refusal that is wrong."""

KEPT_CPU = 0.5
KEPT_SHARE, KEPT_MIB = 1 / 16, 1280
"""What the kubelet, the kernel, daemons and the mesh's proxy keep: half a core; a sixteenth of the
memory, and not less than this.

https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go (2026-11)
"""

SPOT_POOL = "spot"
"""The only dedicated pool whose taint workers on spot instances tolerate."""


@dataclass(frozen=True)
class Room:
    """The largest pod for which a node pool has a node."""

    cpu: float
    memory_mib: int

    def fits(self, cpu: float, memory_mib: int) -> bool:
        """Tell whether a pod of this size can run there."""
        return cpu <= self.cpu and memory_mib <= self.memory_mib


def rooms(addons: AddonsSpec, *, spot: bool = False) -> list[Room]:
    """Return the room in each pool that pods may run in which name none.

    :param spot: of pods that want spot instances, and tolerate those set apart for them.
    """
    return [
        room
        for name, pool in addons.node_pools.items()
        if _takes(name, pool, spot=spot) and (room := _room(pool))
    ]


def largest(found: Iterable[Room]) -> str:
    """Tell what fits, for people."""
    each = sorted({f"{room.cpu:g} cores with {room.memory_mib} MiB" for room in found})
    return f"at most {' or '.join(each)}" if each else "no node pool takes it"


def _takes(name: str, pool: NodePoolSpec, *, spot: bool) -> bool:
    if spot:
        apart = pool.dedicated and name != SPOT_POOL
        return pool.capacity is CapacityType.SPOT and not apart
    return not pool.dedicated


def _room(pool: NodePoolSpec) -> Room | None:
    most = min(pool.max_cpus, pool.cpu_limit)
    cpus = max((size for size in SIZES if pool.min_cpus <= size <= most), default=None)
    if cpus is None:
        return None
    gib = max(GIB_OF_A_CPU.get(letters, UNKNOWN_FAMILY) for letters in pool.categories)
    memory = cpus * gib * 1024
    return Room(cpus - KEPT_CPU, memory - max(int(memory * KEPT_SHARE), KEPT_MIB))
