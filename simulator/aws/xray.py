"""AWS X-Ray."""

from collections.abc import Iterable

from simulator.cloud.model import Model, Request

DESTINATIONS = ("CloudWatchLogs", "XRay")


def _refusals(request: Request) -> Iterable[str]:
    wanted = request.text("destination")
    if wanted not in DESTINATIONS:
        yield f"destination: {wanted} is not one of {', '.join(DESTINATIONS)}"


MODELS = {
    # One for the whole account and region: nothing but its region tells it from another.
    "aws:xray/traceSegmentDestination:TraceSegmentDestination": Model(
        identity=lambda r: r.region,
        refuses=_refusals,
        replaces=frozenset({"region"}),
    ),
}
