"""The structural inputs of a `Worker`, checked: one entry of `platform:workers`."""

from collections.abc import Iterator

from pydantic import Field, model_validator

from components._base.spec import Spec
from components.service.spec import ReplicasSpec, WorkloadSpec
from components.service.values import Topic
from components.service.worker_args import QueueKind

SPOT_SECONDS = 90
"""Of the two minutes that AWS gives a spot instance, what is left for a task.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html (2026-11)
"""

QUEUE_STORES = {
    QueueKind.CELERY: "rabbitmq",
    QueueKind.CELERY_CACHE: "cache",
    QueueKind.RQ: "cache",
}
"""What `uses` has to name for each kind of queue."""


class WorkerQueueSpec(Spec):
    """The queue that a worker works through."""

    name: Topic
    """As the library calls it."""
    kind: QueueKind = QueueKind.CELERY
    """Whose queue it is, and where it is kept."""
    tasks_per_pod: int = Field(20, ge=1, le=100_000)
    """Tasks that may wait for one pod."""

    @property
    def list_name(self) -> str:
        """The list in the cache: RQ has a prefix of its own.

        https://github.com/rq/rq/blob/v2.6.0/rq/queue.py (2026-11)
        """
        return f"rq:queue:{self.name}" if self.kind is QueueKind.RQ else self.name


class WorkerReplicasSpec(ReplicasSpec):
    """How many pods there are."""

    min: int = Field(1, ge=0, le=200)
    """When nothing waits; 0: the first task waits for a start."""
    max: int = Field(10, ge=1, le=500)
    """When much waits; as `min`: no scaling."""


class WorkerSpec(WorkloadSpec):
    """A worker: Celery, RQ, or a consumer of Kafka."""

    queue: WorkerQueueSpec | None = None
    """The queue that it works through; default: none, and it reads `uses.kafka.consume`."""
    kafka_lag: int = Field(500, ge=1, le=1_000_000)
    """Records that may wait for one pod."""
    command: tuple[str, ...] = ()
    """What the image runs; default: its own command."""
    beat: tuple[str, ...] = ()
    """What the image runs once, beside the workers: Celery's scheduler; default: none."""
    probe: tuple[str, ...] = ()
    """Command that succeeds while the worker works; default: its heartbeat is young if it has one,
    and its process is there."""
    replicas: WorkerReplicasSpec = WorkerReplicasSpec()  # pyright: ignore[reportCallIssue]
    """How many pods there are."""
    task_seconds: int = Field(60, ge=1, le=3600)
    """Longest time for a task or a record: a pod that goes ends it first."""
    http: bool = False
    """It serves health and metrics as services do."""
    spot: bool = False
    """Run on instances that AWS may take back with two minutes' notice."""

    @model_validator(mode="after")
    def _fits_together(self) -> "WorkerSpec":
        problems = [*_source_problems(self), *_beat_problems(self)]
        if self.spot and self.task_seconds > SPOT_SECONDS:
            problems.append(f"task_seconds: {self.task_seconds}; with spot {SPOT_SECONDS} at most")
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _source_problems(spec: WorkerSpec) -> Iterator[str]:
    consumes = bool(spec.uses.kafka and spec.uses.kafka.consume)
    if bool(spec.queue) == consumes:
        yield "one of queue and uses.kafka.consume is needed: what it works through"
    if spec.queue:
        store = QUEUE_STORES[spec.queue.kind]
        if not getattr(spec.uses, store):
            yield f"queue of {spec.queue.kind.value} is in what uses.{store} names: set it"
        if "RABBITMQ_QUEUE" in spec.env:
            yield "env: RABBITMQ_QUEUE is the queue's name"


def _beat_problems(spec: WorkerSpec) -> Iterator[str]:
    if spec.probe and spec.http:
        yield "probe is for workers without http, which has paths for it"
    if spec.beat and (not spec.queue or spec.queue.kind is QueueKind.RQ):
        yield "beat is Celery's scheduler; queue is none of its own"
