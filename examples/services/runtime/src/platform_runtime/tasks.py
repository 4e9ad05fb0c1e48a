"""Celery over RabbitMQ: tasks outlive a worker, and are put aside when they keep failing."""

from collections.abc import Callable
from typing import Protocol, cast

from celery import Celery, bootsteps
from kombu import Exchange, Queue

from platform_runtime.heartbeat import SECONDS
from platform_runtime.stores import RabbitmqSettings

DELIVERIES = 5
"""Deliveries of one task (a worker died with it) before it is put aside."""


def make_celery(name: str, settings: RabbitmqSettings) -> Celery:
    """Return an application whose tasks are acknowledged when they are done.

    The queue is a quorum queue; what it gives up goes to `QUEUE.dlq`.
    """
    app = Celery(name, broker=settings.url.get_secret_value())
    dead = f"{settings.queue}.dlq"
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERIES,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead,
    }
    app.conf.update(
        task_queues=[
            _queue(settings.queue, arguments),
            _queue(dead, {"x-queue-type": "quorum"}),
        ],
        task_default_exchange_type="topic",
        task_default_queue=settings.queue,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_soft_time_limit=30,
        task_time_limit=60,
        worker_prefetch_multiplier=1,
        worker_detect_quorum_queues=True,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"confirm_publish": True},
        task_publish_retry_policy={"max_retries": 3, "interval_start": 0.1, "interval_max": 1},
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return app


class _Timer(Protocol):
    def call_repeatedly(self, secs: float, fun: Callable[[], None]) -> "_Entry": ...


class _Entry(Protocol):
    def cancel(self) -> None: ...


class _Consumer(Protocol):
    timer: _Timer


def beats(app: Celery, beat: Callable[[], None]) -> None:
    """Have a worker of this application call `beat` while it takes tasks.

    It is called by the loop that takes them. A lost connection clears that loop's timers, and this
    one is set again when tasks are taken again: a worker without a broker has no heartbeat.
    """

    class Step(bootsteps.StartStopStep):
        requires = ("celery.worker.consumer.tasks:Tasks",)
        entry: _Entry | None = None

        def __init__(self, parent: object, **options: object) -> None:
            super().__init__(parent, **options)
            self.entry = None

        def start(self, parent: object) -> None:
            beat()
            self.entry = cast("_Consumer", parent).timer.call_repeatedly(SECONDS, beat)

        def stop(self, parent: object) -> None:
            del parent
            if self.entry:
                self.entry.cancel()
                self.entry = None

        shutdown = stop

    cast("dict[str, set[type]]", app.steps)["consumer"].add(Step)


def _queue(name: str, arguments: dict[str, str | int]) -> Queue:
    # a topic exchange: with others, tasks to be tried again later would block the worker
    return Queue(name, Exchange(name, type="topic"), name, queue_arguments=arguments)
