"""How many pods of a worker: KEDA asks the queue how much waits."""

from collections.abc import Sequence

import pulumi

from components.service.environment import CACHE_PORT, secret_name
from components.service.objects import Json, Object
from components.service.plan import Bounds
from components.service.scaling import (
    CALM_SECONDS,
    KEDA,
    Scaler,
    Trigger,
    kafka_triggers,
    pod_identity,
    scaled_object,
)
from components.service.worker_args import QueueKind
from components.service.worker_plan import WorkerPlan
from components.service.worker_spec import WorkerQueueSpec


def worker_scaler(plan: WorkerPlan, region: pulumi.Input[str]) -> Scaler | None:
    """Return what scales a worker, if anything does.

    :param region: of Kafka.
    """
    if not plan.scaled:
        return None
    spec = plan.spec
    bounds = Bounds(spec.replicas.min, spec.replicas.max)
    # A task at work waits in no queue: the last pod stays until the longest could be done.
    calm = max(CALM_SECONDS, spec.task_seconds)
    if not spec.queue:
        triggers = kafka_triggers(plan.workload, spec.kafka_lag, region)
        scaler = scaled_object(plan.workload, bounds, triggers, calm_seconds=calm)
        return Scaler(scaler, (pod_identity(plan.workload),))
    triggers = [_queue_trigger(plan, spec.queue)]
    scaler = scaled_object(plan.workload, bounds, triggers, calm_seconds=calm)
    return Scaler(scaler, (_password(plan, spec.queue.kind),))


def _queue_trigger(plan: WorkerPlan, queue: WorkerQueueSpec) -> Trigger:
    length = str(queue.tasks_per_pod)
    reference = {"authenticationRef": {"name": plan.name}}
    if queue.kind is QueueKind.CELERY:
        amqp = {
            "protocol": "amqp",
            "queueName": queue.name,
            "mode": "QueueLength",
            "value": length,
        }
        return {"type": "rabbitmq", "metadata": amqp, **reference}
    lists = {
        "address": _cache_address(plan),
        "listName": queue.list_name,
        "listLength": length,
        "enableTLS": "true",
    }
    return {"type": "redis", "metadata": lists, **reference}


def _password(plan: WorkerPlan, kind: QueueKind) -> Object:
    """Return the permission to ask the queue: with the worker's own Secret."""
    if kind is QueueKind.CELERY:
        parameters = {"host": "RABBITMQ_URL"}
    else:
        parameters = {"username": "CACHE_USERNAME", "password": "CACHE_PASSWORD"}
    secret = secret_name(plan.workload)
    references: Sequence[Json] = [
        {"parameter": parameter, "name": secret, "key": key}
        for parameter, key in parameters.items()
    ]
    spec = {"secretTargetRef": references}
    return Object(KEDA, "TriggerAuthentication", plan.name, {"spec": spec})


def _cache_address(plan: WorkerPlan) -> pulumi.Input[str]:
    cache = (plan.args.get("stores") or {}).get("cache")
    if cache is None:
        return ""
    return pulumi.Output.concat(cache["endpoint"], f":{int(cache.get('port', CACHE_PORT))}")
