"""A VPC over several zones, sized from one range, or an existing one."""

from components.network.args import NetworkArgs
from components.network.component import Network
from components.network.plan import NetworkPlan, plan_network
from components.network.spec import NetworkSpec

__all__ = ["Network", "NetworkArgs", "NetworkPlan", "NetworkSpec", "plan_network"]
