"""When a worker does not keep up with its queue, or does not run at all.

How much waits comes from KEDA, which asks every kind of queue: `keda_scaler_metrics_value`, by
scaledObject, https://keda.sh/docs/latest/integrations/prometheus/ (2026-11). Its namespace label is
that of KEDA's own pod, or of the worker, by how it is scraped, so it is not asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from components.alerts.rules import Alert, Group, Severity

PAGE = "workers"

BEHIND = 10
"""Times what one pod may find waiting (`tasksPerPod`, `kafkaLag`), with all pods at work."""


@dataclass(frozen=True)
class WatchedWorker:
    """A worker, as far as its alerts go."""

    name: str
    per_pod: int
    """Tasks or records that may wait for one pod."""
    most: int
    """Pods under load."""
    scaled: bool
    """By KEDA."""


def worker_group(worker: WatchedWorker, namespace: str) -> Group:
    """Return the rules of a worker."""
    return Group(f"worker-{worker.name}", list(_alerts(worker, namespace)))


def _alerts(worker: WatchedWorker, namespace: str) -> Iterator[Alert]:
    name = worker.name
    deployment = f'namespace="{namespace}",deployment="{name}"'
    available = f"kube_deployment_status_replicas_available{{{deployment}}}"
    labels = {"worker": name}
    yield Alert(
        name="WorkerDown",
        expression=f"{available} == 0 and kube_deployment_spec_replicas{{{deployment}}} > 0",
        lasting="10m",
        severity=Severity.CRITICAL,
        summary=f"{name}: no pod is available",
        description="Pods should run and none is ready: tasks wait, and nothing is lost yet.",
        page=PAGE,
        labels=labels,
    )
    if worker.scaled:
        waiting = f'max(keda_scaler_metrics_value{{scaledObject="{name}"}})'
        limit = worker.per_pod * worker.most * BEHIND
        yield Alert(
            name="WorkerQueueBehind",
            expression=f"{waiting} > {limit}",
            lasting="15m",
            severity=Severity.WARNING,
            summary=f"{name}: more waits than its pods can work off",
            description=f"More than {limit} tasks or records wait for 15 minutes: {BEHIND} times "
            f"what {worker.most} pods are scaled for.",
            page=PAGE,
            labels=labels,
        )
        yield Alert(
            name="WorkerQueueStuck",
            expression=f"{waiting} > 0 and on () ({available} == 0)",
            lasting="30m",
            severity=Severity.CRITICAL,
            summary=f"{name}: tasks wait and there is no pod",
            description="Something has waited for half an hour, and KEDA has started nothing.",
            page=PAGE,
            labels=labels,
        )
