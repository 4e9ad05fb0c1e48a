"""What a `Gateway` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.names import check_name
from components._base.spec import read_spec
from components.gateway.args import GatewayArgs
from components.gateway.plugins.rate_limiting import REDIS_PORT
from components.gateway.spec import GatewaySpec


@dataclass(frozen=True)
class GatewayPlan:
    """The gateway and what comes with it."""

    spec: GatewaySpec
    mirror: str
    counters_port: int | None
    """Of the cache in which requests are counted for all pods together; None: there is none."""
    public: bool
    """A load balancer sends requests."""

    @property
    def autoscaled(self) -> bool:
        """Load decides how many pods there are: then nobody else says a number."""
        return self.spec.max_replicas > self.spec.replicas

    @property
    def warnings(self) -> list[str]:
        """What is allowed, and not as it should be."""
        pods = self.spec.max_replicas
        if self.counters_port is not None or pods == 1:
            return []
        warning = (
            f"no counters: each of up to {pods} gateway pods counts for itself, so callers may "
            f"make up to {pods} times as many requests as rate limits say"
        )
        return [warning]


def plan_gateway(args: GatewayArgs, name: str = "gateway") -> GatewayPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"Gateway {name!r}"
    check_name(name, owner)
    return GatewayPlan(
        spec=read_spec(GatewaySpec, GatewayArgs, args, owner),
        mirror=args.get("mirror") or "",
        counters_port=_counters_port(args),
        public=args.get("target_group_arn") is not None,
    )


def _counters_port(args: GatewayArgs) -> int | None:
    counters = args.get("counters")
    return None if counters is None else int(counters.get("port") or REDIS_PORT)
