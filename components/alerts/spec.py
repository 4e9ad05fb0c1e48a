"""The structural inputs of `Alerts`, checked."""

from pydantic import Field, field_validator

from components._base.spec import Spec
from components.alerts.args import AlertPart
from components.alerts.catalog import EVERYWHERE
from components.alerts.workers import WatchedWorker
from components.service.slo import SloSpec
from components.service.spec import FastApiServiceSpec
from components.service.values import WorkloadName
from components.service.worker_spec import WorkerSpec


class AlertsSettings(Spec):
    """Which alerts are wanted, and where their runbooks are: a stack file's `alerts`."""

    runbook_url: str = Field("", pattern=r"^(https://[^\s?#]+)?$")
    """URL below which this repository's files are shown; empty: alerts name the file."""
    disabled: tuple[str, ...] = ()
    """Names of alerts that are not wanted."""


class AlertedServiceSpec(Spec):
    """A service, as far as its alerts go."""

    slo: SloSpec = SloSpec()  # pyright: ignore[reportCallIssue]
    """What it promises."""

    @classmethod
    def of(cls, service: FastApiServiceSpec) -> "AlertedServiceSpec":
        """Return what of a service its alerts depend on."""
        return cls(slo=service.slo)


class AlertedWorkerSpec(Spec):
    """A worker, as far as its alerts go."""

    per_pod: int = Field(20, ge=1)
    """Tasks or records that may wait for one pod."""
    most: int = Field(10, ge=1)
    """Pods under load."""
    scaled: bool = True
    """Whether KEDA scales it, and so knows how much waits."""

    @classmethod
    def of(cls, worker: WorkerSpec) -> "AlertedWorkerSpec":
        """Return what of a worker its alerts depend on."""
        per_pod = worker.queue.tasks_per_pod if worker.queue else worker.kafka_lag
        most = worker.replicas.max
        return cls(per_pod=per_pod, most=most, scaled=worker.replicas.scaled)

    def watched(self, name: str) -> WatchedWorker:
        """Return the same, for its rules."""
        return WatchedWorker(name, self.per_pod, self.most, self.scaled)


class AlertsSpec(AlertsSettings):
    """Alerts of a stack."""

    parts: tuple[AlertPart, ...] = EVERYWHERE
    """What the stack has."""
    services: dict[WorkloadName, AlertedServiceSpec] = Field(
        default_factory=dict[str, AlertedServiceSpec]
    )
    """Services by name."""
    workers: dict[WorkloadName, AlertedWorkerSpec] = Field(
        default_factory=dict[str, AlertedWorkerSpec]
    )
    """Workers by name."""
    services_namespace: WorkloadName = "services"
    """Where they run."""
    protect: bool = False
    """Taken as by every component; rules hold no data, so it protects nothing."""

    @field_validator("parts")
    @classmethod
    def _once_each(cls, parts: tuple[AlertPart, ...]) -> tuple[AlertPart, ...]:
        return tuple(dict.fromkeys(parts))
