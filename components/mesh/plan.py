"""What a `Mesh` will make, computed before anything is made."""

import hashlib
from dataclasses import dataclass

from components._base.names import check_name
from components._base.spec import read_spec
from components.mesh.args import MeshArgs
from components.mesh.spec import MeshSpec

NAMESPACE, CNI_NAMESPACE, VIZ_NAMESPACE = "linkerd", "linkerd-cni", "linkerd-viz"
"""As in Linkerd's documentation; its tools look for them there."""

TRUST_DOMAIN = "cluster.local"
"""In which identities are: it is in the name of every certificate, so a change is another mesh."""

TRUST_ANNOTATION = "fastapi-platform/trust-anchors"
"""On pods with a proxy: a change of the trust anchors starts them anew, for a proxy reads its trust
anchors when it starts, and never again."""

HOURS_A_YEAR = 8760


@dataclass(frozen=True)
class MeshPlan:
    """The mesh."""

    spec: MeshSpec
    mirror: str = ""
    """Registry with the charts and images; empty: the public ones."""

    @property
    def highly_available(self) -> bool:
        """More than one pod of everything: anti-affinity and disruption budgets have a meaning."""
        return self.spec.replicas > 1

    @property
    def anchor_hours(self) -> int:
        """Hours that a trust anchor is good for."""
        return self.spec.trust_anchor_years * HOURS_A_YEAR

    @property
    def trust_version(self) -> str:
        """Value of `TRUST_ANNOTATION`: another one whenever anchors come, go or swap places."""
        return hashlib.sha256(",".join(self.spec.trust_anchors).encode()).hexdigest()[:12]


def plan_mesh(args: MeshArgs, name: str = "mesh") -> MeshPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"Mesh {name!r}"
    check_name(name, owner)
    return MeshPlan(read_spec(MeshSpec, MeshArgs, args, owner), args.get("mirror") or "")
