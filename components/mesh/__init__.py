"""Linkerd, and what services say to it: who may call them, and how they are called."""

from components.mesh.args import MeshArgs, MeshInboundPolicy
from components.mesh.component import Mesh
from components.mesh.plan import TRUST_ANNOTATION, MeshPlan, plan_mesh
from components.mesh.spec import MeshSpec, node_problems

__all__ = [
    "TRUST_ANNOTATION",
    "Mesh",
    "MeshArgs",
    "MeshInboundPolicy",
    "MeshPlan",
    "MeshSpec",
    "node_problems",
    "plan_mesh",
]
