"""What of an embedded run is not simulated, for tests of one part against the real thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.cloud.model import Json


@dataclass(frozen=True)
class Real:
    """Providers of their own, and what simulated resources say of the real thing behind them."""

    packages: frozenset[str] = frozenset()
    """The packages whose own plugin, on PATH, the engine shall start."""
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables of the engine, and so of these plugins, e.g. PATH."""
    outputs: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Outputs of a type in place of the simulated ones, e.g. the endpoint of an EKS cluster."""


NOTHING = Real()
