"""A stack of many services: production's settings, with as many services more as asked for."""

import json
import time
from pathlib import Path
from typing import cast

import pulumi
import yaml
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2
from typing_extensions import override

from simulator.host import Program
from simulator.mocks import CloudMocks
from stacks.loading import read_stack_file, stack_path

STACK = "prod"
SERVICES = "platform:services"

CALLERS = 2
"""Services that call each one."""


def stack_with(services: int, folder: Path) -> Path:
    """Write a stack file with `services` more than production has, and return its folder."""
    written = {"config": _config(services)}
    (folder / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(written))
    return folder


def _config(services: int) -> dict[str, object]:
    config = dict(cast("dict[str, object]", read_stack_file(stack_path(STACK))["config"]))
    own = cast("dict[str, object]", config[SERVICES])
    more = {f"service-{number}": _service(number, services) for number in range(services)}
    return {**config, SERVICES: {**own, **more}}


def _service(number: int, of: int) -> dict[str, object]:
    """Return one that is shown by the gateway, called by others, and uses a cache and Kafka."""
    callers = {(number + step) % of for step in range(1, CALLERS + 1)} - {number}
    return {
        "image": "example.com/it:1.0.0",
        "replicas": {"min": 2, "max": 10},
        "public": {
            "paths": [f"/service-{number}"],
            "scopes": ["orders/read"],
            "cors": {"origins": ["https://shop.example.com"]},
        },
        "callers": [f"service-{caller}" for caller in sorted(callers)],
        "uses": {"cache": True, "kafka": {"produce": ["orders.events"]}},
    }


class Echo(mocks.MockMonitor):
    """Answers a registration as an engine's preview does: with the inputs, and at no cost."""

    registered = 0

    @override
    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Register nothing."""
        self.registered += 1
        urn = self.make_urn(request.parent, request.type, request.name)
        return resource_pb2.RegisterResourceResponse(urn=urn, id="", object=request.object)


def program_seconds(services: int, program: Program) -> tuple[float, int]:
    """Return the processor time of the program alone, imports included, and its resources.

    Nothing but the program runs in this process: who answers it costs nothing.
    """
    cloud = CloudMocks()
    monitor = Echo(cloud)
    pulumi.runtime.set_mocks(cloud, "fastapi-platform", STACK, preview=True, monitor=monitor)
    config = _config(services)
    pulumi.runtime.set_all_config(
        {key: v if isinstance(v, str) else json.dumps(v) for key, v in config.items()}
    )
    begin = time.process_time()
    pulumi.runtime.test(program)()
    return time.process_time() - begin, monitor.registered
