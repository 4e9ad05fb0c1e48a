"""IPv4 ranges in a `Spec`."""

from ipaddress import IPv4Network
from typing import Annotated

from pydantic import BeforeValidator


def _network(value: object) -> IPv4Network:
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str) or "/" not in value:
        raise ValueError("an IPv4 range such as 10.0.0.0/16 is needed")
    try:
        return IPv4Network(value)
    except ValueError:
        pass
    try:
        meant = IPv4Network(value, strict=False)
    except ValueError as error:
        raise ValueError(f"an IPv4 range such as 10.0.0.0/16 is needed ({error})") from None
    raise ValueError(f"it is an address within a range; did you mean '{meant}'?")


Cidr = Annotated[IPv4Network, BeforeValidator(_network)]
"""An IPv4 range such as `10.0.0.0/16`."""
