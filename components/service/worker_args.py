"""What a `Worker` takes: the edge that other languages see."""

from collections.abc import Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi

from components.service.args import WorkloadArgs


class QueueKind(str, Enum):
    """Whose queue it is, and where it is kept."""

    CELERY = "celery"
    """Celery's, in RabbitMQ."""
    CELERY_CACHE = "celeryCache"
    """Celery's, in the cache. What is in it is lost when the cache is."""
    RQ = "rq"
    """RQ's, in the cache. Likewise."""


class WorkerQueueArgs(TypedDict):
    """The queue that a worker works through."""

    name: str
    """As the library calls it, e.g. `notifications`."""
    kind: NotRequired[QueueKind]
    """Whose queue it is. Default: celery."""
    tasks_per_pod: NotRequired[int]
    """Tasks that may wait for one pod, 1 to 100000. Default: 20."""


class WorkerReplicasArgs(TypedDict):
    """How many pods there are."""

    min: NotRequired[int]
    """When nothing waits, 0 to 200; 0: the first task waits for a start. Default: 1."""
    max: NotRequired[int]
    """When much waits, 1 to 500; as `min`: no scaling. Default: 10."""


class WorkerArgs(WorkloadArgs):
    """Inputs of `Worker`."""

    queue: NotRequired[WorkerQueueArgs]
    """The queue that it works through. Default: none, and it reads `uses.kafka.consume`."""
    kafka_lag: NotRequired[int]
    """Records that may wait for one pod, 1 to 1000000. Default: 500."""
    command: NotRequired[Sequence[str]]
    """What the image runs. Default: its own command."""
    beat: NotRequired[Sequence[str]]
    """What the image runs once, beside the workers: Celery's scheduler. Default: none."""
    probe: NotRequired[Sequence[str]]
    """Command that succeeds while the worker works, e.g. `celery -A mailer inspect ping`. Default:
    its heartbeat is young if it has one (docs/runtime-contract.md), and its process is there."""
    replicas: NotRequired[WorkerReplicasArgs]
    """How many pods there are. Default: 1 to 10."""
    task_seconds: NotRequired[int]
    """Longest time for a task or a record, 1 to 3600: a pod that goes ends it first. Default:
    60."""
    http: NotRequired[bool]
    """It serves health and metrics as services do. Default: false."""
    spot: NotRequired[bool]
    """Run on instances that AWS may take back with two minutes' notice. Default: false."""
    priority_class: NotRequired[pulumi.Input[str]]
    """Its pods' priority class, e.g. `platform-worker`. Default: the cluster's."""
