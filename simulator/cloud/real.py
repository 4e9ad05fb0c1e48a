"""What of an embedded run is not simulated, for tests of one part against the real thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.cloud.model import Json


@dataclass(frozen=True)
class Real:
    """Providers that run, and what simulated resources say of the real thing behind them."""

    providers: Mapping[str, int] = field(default_factory=dict[str, int])
    """The loopback port of each package's own provider, e.g. of `kubernetes`."""
    outputs: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Outputs of a type in place of the simulated ones, e.g. the endpoint of an EKS cluster."""


NOTHING = Real()
