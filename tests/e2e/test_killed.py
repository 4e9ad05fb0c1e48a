"""An API server that dies in the middle of an up: the run ends in words, the next one finishes."""

import re
import threading

from pulumi.automation import OpType
from pulumi.automation.events import EngineEvent

from simulator.errors import SimulatorError
from tests.e2e.conftest import Deployed
from tests.e2e.objects import conditions, metadata, objects, releases
from tests.e2e.platform import Platform

RETURNS = {
    "image": "orders:1.0.0",
    "replicas": {"min": 1, "max": 2},
    "public": {"paths": ["/returns"], "scopes": ["orders/read"]},
    "callers": ["orders"],
    "uses": {"cache": True},
}
"""A new service: a dozen objects, one after another."""

DOWN_SECONDS = 5.0
"""Time until the API server is started again: that of its restart by a kubelet."""


class _Killer:
    """Kills the API server when the first object of an up is being made, and starts it again."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._later: threading.Timer | None = None

    def __call__(self, event: EngineEvent) -> None:
        begun = event.resource_pre_event
        if self._later or not begun or begun.planning:
            return
        if begun.metadata.op is OpType.CREATE and begun.metadata.type.startswith("kubernetes:"):
            self._platform.control.kill_api_server()
            self._later = threading.Timer(DOWN_SECONDS, self._platform.control.start_api_server)
            self._later.start()

    def done(self) -> bool:
        """Wait until the API server answers again, and tell whether it was killed at all."""
        if self._later:
            self._later.join()
            self._platform.control.wait_ready()
        return self._later is not None


def test_a_killed_api_server_is_survived_and_the_next_up_goes_on(
    platform: Platform, deployed: Deployed
):
    assert deployed.up.changed()
    platform.bench.edit(services__returns=RETURNS, gateway__maxReplicas=3)
    killer = _Killer(platform)
    said = ""
    try:
        platform.up(on_event=killer)
    except SimulatorError as error:
        said = str(error)
    assert killer.done()
    # Refused, reset or cut off in the middle of an answer: in words of the resource's own.
    assert re.search(rf"^[a-z-]+: .*{re.escape(platform.control.url)}/", said, re.MULTILINE), said
    assert "Traceback" not in said

    platform.up()
    assert set(platform.up().changes()) == {"same"}
    state = platform.state()
    made = [each for each in objects(state) if each.name.startswith("returns")]
    assert {"Deployment", "Service", "HTTPRoute", "NetworkPolicy"} <= {e.kind for e in made}
    assert [problem for each in made for problem in each.lost(platform.api)] == []
    deployment = next(each for each in made if each.kind == "Deployment").live(platform.api)
    assert conditions(deployment)["Available"] == "True"
    stored = platform.api.list("/api/v1/secrets?labelSelector=owner=helm,status=deployed")
    names = [metadata(each)["name"].rsplit(".", 2)[-2] for each in stored]
    assert sorted(names) == sorted(str(each.inputs["name"]) for each in releases(state))
