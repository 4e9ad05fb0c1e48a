"""From the services and workers of a stack to what `Grafana` is told of them."""

from collections.abc import Mapping
from typing import cast

from components.grafana.args import GrafanaWorkloadArgs
from components.service.services import callees
from components.service.spec import FastApiServiceSpec
from components.service.worker_spec import WorkerSpec


def shown(
    services: Mapping[str, FastApiServiceSpec], workers: Mapping[str, WorkerSpec]
) -> Mapping[str, GrafanaWorkloadArgs]:
    """Return the argument `workloads`: each with what it declares."""
    calls = callees(services)
    found: dict[str, object] = {}
    for name, spec in services.items():
        found[name] = {
            "public": spec.public is not None,
            "uses": spec.uses.model_dump(mode="json"),
            "calls": calls.get(name, ()),
            **({"slo": spec.slo.model_dump(mode="json")} if spec.slo.enabled else {}),
        }
    for name, worker in workers.items():
        found[name] = {
            "worker": True,
            "uses": worker.uses.model_dump(mode="json"),
            "calls": calls.get(name, ()),
            "queue": worker.queue.name if worker.queue else "",
        }
    return cast("Mapping[str, GrafanaWorkloadArgs]", found)
