"""What every cluster needs before services: nodes, certificates, secrets, names and metrics."""

from components.addons.args import (
    AddonsArgs,
    CapacityType,
    Consolidation,
    DnsPolicy,
    DnsSource,
)
from components.addons.classes import STORAGE_CLASS, PriorityClass
from components.addons.component import Addons
from components.addons.nodes import POOL_TAINT
from components.addons.plan import AddonsPlan, plan_addons
from components.addons.spec import AddonsSpec

__all__ = [
    "POOL_TAINT",
    "STORAGE_CLASS",
    "Addons",
    "AddonsArgs",
    "AddonsPlan",
    "AddonsSpec",
    "CapacityType",
    "Consolidation",
    "DnsPolicy",
    "DnsSource",
    "PriorityClass",
    "plan_addons",
]
