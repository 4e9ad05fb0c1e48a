"""Amazon Route 53."""

import re
from collections.abc import Iterable

from simulator.cloud.model import Json, Model, Request, Seconds

IN_SYNC = "the provider waits until all name servers have a change, typically 30 s and more"

ZONE_ID = re.compile(r"(/hostedzone/)?[A-Z0-9]{1,32}")


def _identity(request: Request) -> str:
    """Return e.g. `Z0123456789ABCDEFGHIJ_api.example.com_A`."""
    return f"{request.text('zoneId')}_{_name(request)}_{request.text('type')}"


def _name(request: Request) -> str:
    return request.text("name").lower().rstrip(".")


def _outputs(request: Request) -> Json:
    return {"fqdn": _name(request)}


def _refuse(request: Request) -> Iterable[str]:
    zone, inputs = request.inputs.get("zoneId"), request.inputs
    if isinstance(zone, str) and not ZONE_ID.fullmatch(zone):
        yield f"zoneId: NoSuchHostedZone: {zone!r}"
    if inputs.get("aliases") and (inputs.get("records") or inputs.get("ttl") is not None):
        yield "aliases: an alias has neither records nor ttl"
    if inputs.get("records") and inputs.get("ttl") is None:
        yield "ttl: is required with records"


MODELS = {
    "aws:route53/record:Record": Model(
        identity=_identity,
        outputs=_outputs,
        replaces=frozenset({"name", "zoneId"}),
        seconds=Seconds(32, 32, 32, IN_SYNC),
        refuses=_refuse,
    ),
}
