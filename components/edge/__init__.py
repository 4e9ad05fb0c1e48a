"""Where callers come in: load balancer, names, certificate and firewall."""

from components.edge.args import EdgeArgs
from components.edge.component import Edge
from components.edge.plan import EdgePlan, plan_edge
from components.edge.spec import EdgeSpec

__all__ = ["Edge", "EdgeArgs", "EdgePlan", "EdgeSpec", "plan_edge"]
