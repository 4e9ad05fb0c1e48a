"""Workers: scaled by what waits, drained when they go, a scheduler that is alone."""

import functools
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest
from pydantic import ValidationError

from components._base.errors import InvalidInput
from components._base.spec import describe
from components.service import Worker, WorkerArgs, WorkerSpec, plan_worker
from components.service.pod import HEARTBEAT_FILE
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.iam_lint import lint
from tests.unit.test_service import WIRING

Json = Mapping[str, object]

SHARED = {key: value for key, value in WIRING.items() if key != "hosts"}
BEAT = ["celery", "-A", "mailer", "beat", "-s", "/tmp/schedule"]  # noqa: S108 - the pod's own

CELERY: Mapping[str, object] = {
    "queue": {"name": "mails", "tasks_per_pod": 5},
    "uses": {"rabbitmq": True},
}
RQ: Mapping[str, object] = {"queue": {"name": "mails", "kind": "rq"}, "uses": {"cache": True}}
KAFKA: Mapping[str, object] = {"uses": {"kafka": {"consume": ["orders.events"]}}}


def make(**given: object) -> Recorder[Worker]:
    args = {"image": "example.com/mailer:1.4.2", **SHARED, **given}

    def program() -> Worker:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return Worker("mailer", cast("WorkerArgs", args), opts)

    return build(program)


@functools.cache
def celery() -> Recorder[Worker]:
    return make(
        **CELERY,
        command=["celery", "-A", "mailer", "worker"],
        beat=BEAT,
        replicas={"min": 0, "max": 20},
        task_seconds=600,
        priority_class="platform-worker",
    )


@functools.cache
def consumer() -> Recorder[Worker]:
    return make(**KAFKA, http=True, monitored=True, spot=True, replicas={"min": 2})


@functools.cache
def rq() -> Recorder[Worker]:
    return make(**RQ)


def kind(cloud: Recorder[Worker], name: str) -> list[Registration]:
    return [r for r in cloud.resources if r.type.rsplit(":", 1)[-1] == name]


def one(cloud: Recorder[Worker], name: str, called: str = "mailer") -> Json:
    (found,) = [
        r for r in kind(cloud, name) if cast("Json", r.inputs["metadata"])["name"] == called
    ]
    return cast("Json", found.inputs["spec"])


def pod(cloud: Recorder[Worker], called: str = "mailer") -> Json:
    template = cast("Json", one(cloud, "Deployment", called)["template"])
    return cast("Json", template["spec"])


def container(cloud: Recorder[Worker], called: str = "mailer") -> Json:
    return cast("Sequence[Json]", pod(cloud, called)["containers"])[0]


def trigger(cloud: Recorder[Worker]) -> Json:
    (found,) = cast("Sequence[Json]", one(cloud, "ScaledObject")["triggers"])
    return found


def variables(cloud: Recorder[Worker]) -> list[str]:
    return [str(item["name"]) for item in cast("Sequence[Json]", container(cloud)["env"])]


def test_a_queue_that_is_empty_needs_no_pod():
    scaler = one(celery(), "ScaledObject")
    assert (scaler["minReplicaCount"], scaler["maxReplicaCount"]) == (0, 20)
    assert scaler["cooldownPeriod"] == 600, "a task at work waits in no queue"
    assert trigger(celery())["metadata"] == {
        "protocol": "amqp",
        "queueName": "mails",
        "mode": "QueueLength",
        "value": "5",
    }
    assert one(celery(), "TriggerAuthentication")["secretTargetRef"] == [
        {"parameter": "host", "name": "mailer", "key": "RABBITMQ_URL"}
    ]
    assert one(celery(), "PodDisruptionBudget")["maxUnavailable"] == "25%"


def test_the_autoscaler_owns_the_number_of_pods():
    """Field report 15: an update must not reset it."""
    deployment = celery().named("mailer-deployment")
    assert "replicas" not in one(celery(), "Deployment")
    assert deployment.ignore_changes == ("spec.replicas",)
    fixed = make(**CELERY, replicas={"min": 2, "max": 2})
    assert one(fixed, "Deployment")["replicas"] == 2
    assert kind(fixed, "ScaledObject") == []


def test_a_pod_that_goes_ends_its_task():
    """What users ask for, 16: grace longer than a task, no task lost."""
    assert cast("int", pod(celery())["terminationGracePeriodSeconds"]) > 600
    assert "lifecycle" not in container(celery()), "nobody sends it requests"


def test_the_scheduler_is_alone():
    beat = one(celery(), "Deployment", "mailer-beat")
    assert beat["replicas"] == 1
    assert beat["strategy"] == {"type": "Recreate"}
    assert container(celery(), "mailer-beat")["command"] == BEAT
    assert pod(celery(), "mailer-beat")["serviceAccountName"] == "mailer"
    policy = json.dumps(one(celery(), "NetworkPolicy")["podSelector"])
    assert '["mailer", "mailer-beat"]' in policy
    assert len(kind(rq(), "Deployment")) == 1


def test_rq_s_list_is_counted_in_the_cache():
    assert trigger(rq())["metadata"] == {
        "address": "cache.example.com:6379",
        "listName": "rq:queue:mails",
        "listLength": "20",
        "enableTLS": "true",
    }
    keys = cast("Sequence[Json]", one(rq(), "TriggerAuthentication")["secretTargetRef"])
    assert [key["key"] for key in keys] == ["CACHE_USERNAME", "CACHE_PASSWORD"]
    celery_s = make(queue={"name": "mails", "kind": "celeryCache"}, uses={"cache": True})
    assert cast("Json", trigger(celery_s)["metadata"])["listName"] == "mails"


def test_a_consumer_is_scaled_by_its_lag():
    metadata = cast("Json", trigger(consumer())["metadata"])
    assert (metadata["topic"], metadata["consumerGroup"]) == ("orders.events", "mailer")
    assert (metadata["lagThreshold"], metadata["sasl"]) == ("500", "aws_msk_iam")
    assert one(consumer(), "TriggerAuthentication")["podIdentity"] == {"provider": "aws"}
    policy = str(consumer().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert lint(policy) == []
    assert "orders.events.mailer.dlq" in policy


def test_a_worker_with_http_is_probed_and_measured():
    assert "readinessProbe" in container(consumer())
    assert container(consumer())["lifecycle"] == {"preStop": {"sleep": {"seconds": 10}}}
    assert one(consumer(), "PodMonitor")["podMetricsEndpoints"]
    assert one(consumer(), "Server", "mailer-http")["accessPolicy"] == "deny"
    assert kind(rq(), "Server") == []
    assert kind(consumer(), "Service") == []
    assert "HTTP_PORT" in variables(consumer())
    assert "HTTP_PORT" not in variables(celery())


def probe(cloud: Recorder[Worker]) -> list[str]:
    return cast(
        "list[str]",
        cast("Json", cast("Json", container(cloud)["livenessProbe"])["exec"])["command"],
    )


def test_a_worker_without_http_is_probed_by_its_heartbeat():
    *_, file, most = probe(celery())
    assert (file, most) == (HEARTBEAT_FILE, "660"), "the longest task and a minute"
    env = cast("Sequence[Json]", container(celery())["env"])
    assert {"name": "WORKER_HEARTBEAT_FILE", "value": file} in env
    own = make(**CELERY, probe=["celery", "inspect", "ping"])
    assert probe(own) == ["celery", "inspect", "ping"]
    assert "WORKER_HEARTBEAT_FILE" not in variables(own)
    assert "WORKER_HEARTBEAT_FILE" not in variables(consumer()), "it has paths for probes"


@pytest.mark.parametrize(("age", "code"), [(None, 0), (10, 0), (3600, 1)])
def test_a_heartbeat_that_is_old_fails_the_probe(tmp_path: Path, age: int | None, code: int):
    file = tmp_path / "heartbeat"
    if age is not None:
        file.touch()
        then = file.stat().st_mtime - age
        os.utime(file, (then, then))
    _, *arguments = probe(celery())
    command = [
        sys.executable,
        *(str(file) if part == HEARTBEAT_FILE else part for part in arguments),
    ]
    assert subprocess.run(command, check=False).returncode == code


def test_variables_are_of_what_it_uses():
    assert [name for name in variables(celery()) if name.startswith("RABBITMQ")] == [
        "RABBITMQ_QUEUE",
        "RABBITMQ_URL",
    ]
    assert not [name for name in variables(rq()) if name.startswith("RABBITMQ")]


def test_pods_run_where_and_as_they_are_told():
    assert pod(celery())["priorityClassName"] == "platform-worker"
    assert "nodeSelector" not in pod(celery())
    assert pod(consumer())["nodeSelector"] == {"karpenter.sh/capacity-type": "spot"}
    assert cast("Sequence[Json]", pod(consumer())["tolerations"])[0]["value"] == "spot"
    assert cast("Json", pod(celery())["securityContext"])["runAsNonRoot"] is True
    assert one(consumer(), "PodDisruptionBudget")["maxUnavailable"] == "25%"


def test_objects_go_with_the_cluster():
    """Field report 10."""
    cluster = celery().named("eks").urn
    objects = [r for r in celery().resources if r.type.startswith("kubernetes:")]
    assert len(objects) == 8
    assert {resource.deleted_with for resource in objects} == {cluster}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "one of queue and uses.kafka.consume"),
        ({"queue": {"name": "a"}}, "queue of celery is in what uses.rabbitmq names"),
        ({"queue": {"name": "a", "kind": "rq"}}, "queue of rq is in what uses.cache names"),
        ({**CELERY, "uses": {"rabbitmq": True, "kafka": {"consume": ["a"]}}}, "one of queue"),
        ({**CELERY, "http": True, "probe": ["a"]}, "probe is for workers without http"),
        ({**RQ, "beat": ["beat"]}, "beat is Celery's scheduler"),
        ({**CELERY, "spot": True, "taskSeconds": 100}, "taskSeconds: 100; with spot 90 at most"),
        ({**CELERY, "replicas": {"min": 11}}, "max 10 is less than min 11"),
        ({**CELERY, "env": {"RABBITMQ_QUEUE": "b"}}, "RABBITMQ_QUEUE is the queue's name"),
        ({**CELERY, "volumes": []}, "keeps nothing on disk"),
        ({"queue": {"name": "a", "kind": "sqs"}}, "'sqs' is not valid"),
    ],
)
def test_what_can_not_be_is_refused(given: Mapping[str, object], reason: str):
    with pytest.raises(ValidationError) as caught:
        WorkerSpec.model_validate({"image": "example.com/it:1", **given})
    found = describe(caught.value, WorkerSpec, by_alias=True)
    assert reason in "\n".join(str(problem) for problem in found)


def test_scaling_needs_keda():
    args = {"image": "example.com/it:1", **SHARED, **CELERY}
    args.pop("scaled_objects")
    with pytest.raises(InvalidInput, match="needs KEDA"):
        plan_worker(cast("WorkerArgs", args), "mailer")
    fixed = {**args, "replicas": {"min": 1, "max": 1}}
    assert not plan_worker(cast("WorkerArgs", fixed), "mailer").scaled


def test_settings_become_arguments_and_mean_the_same():
    settings = WorkerSpec.model_validate({"image": "example.com/it:1", **CELERY, "http": True})
    assert plan_worker(settings.to_args(WorkerArgs, **SHARED), "mailer").spec == settings


@needs_crds
@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("ScaledObject", "scaledobjects.keda.sh"),
        ("TriggerAuthentication", "triggerauthentications.keda.sh"),
        ("PodMonitor", "podmonitors.monitoring.coreos.com"),
    ],
)
def test_custom_resources_are_as_their_definitions_say(name: str, definition: str):
    found = [r for cloud in (celery(), consumer(), rq()) for r in kind(cloud, name)]
    assert found
    assert [crd_problems(definition, resource.inputs) for resource in found] == [[]] * len(found)
