"""What can be several is scaled within bounds; what piles up ends; Kafka keeps its messages."""

import pytest

from policies.lifecycles import (
    BROKERS,
    BUCKET,
    BUCKET_LIFECYCLES,
    IMAGE_LIFECYCLE,
    REPOSITORY,
    TOPIC,
)
from policies.scaling import HPA, SCALED_OBJECT, TABLE, TARGET
from policies.workloads import DEPLOYMENT
from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict, verdict

Resource = tuple[str, str, Inputs]


def resource(type_: str, name: str = "it", /, **inputs: object) -> Resource:
    return (type_, name, {"tags": {"owner": "o"}, **inputs})


def deployment(replicas: object = None, *variables: str) -> Resource:
    env = [{"name": variable} for variable in variables]
    spec: Inputs = {"template": {"spec": {"containers": [{"env": env}]}}}
    if replicas is not None:
        spec["replicas"] = replicas
    return resource(DEPLOYMENT, metadata={"name": "orders", "namespace": "apps"}, spec=spec)


def scaler(type_: str = HPA, target: object = "orders", **spec: object) -> Resource:
    reference = {"kind": "Deployment", "name": target}
    metadata = {"name": "s", "namespace": "apps"}
    return resource(type_, metadata=metadata, spec={"scaleTargetRef": reference, **spec})


def test_several_pods_are_scaled() -> None:
    rule = "autoscaler-present"
    for pods in (None, 3):
        assert stack_verdict(rule, deployment(pods)).violations
        assert stack_verdict(rule, deployment(pods), scaler(target="other")).violations
    assert stack_verdict(rule, deployment(1)).passed
    assert stack_verdict(rule, deployment(), scaler()).passed
    assert stack_verdict(rule, deployment(), scaler(SCALED_OBJECT)).passed
    (message,) = stack_verdict(rule, deployment(3), scaler()).violations
    assert "both replicas and an autoscaler" in message
    assert stack_verdict(rule, deployment(UNKNOWN)).undecided
    assert stack_verdict(rule, deployment(), scaler(target=UNKNOWN)).undecided


@pytest.mark.parametrize(
    ("type_", "spec", "problems"),
    [
        (HPA, {"minReplicas": 2, "maxReplicas": 10}, 0),
        (HPA, {"minReplicas": 2, "maxReplicas": 2}, 1),
        (HPA, {"minReplicas": 2, "maxReplicas": 101}, 1),
        (HPA, {"maxReplicas": 10}, 0),
        (HPA, {"minReplicas": 2}, 1),
        (SCALED_OBJECT, {"maxReplicaCount": 10}, 0),
        (SCALED_OBJECT, {"minReplicaCount": 0}, 1),
        (SCALED_OBJECT, {"minReplicaCount": 3, "maxReplicaCount": 3}, 1),
    ],
)
def test_bounds_are_wide_enough_and_no_wider(type_: str, spec: Inputs, problems: int) -> None:
    assert len(verdict("autoscaler-bounds", type_, {"spec": spec}).violations) == problems


def test_bounds_are_configurable() -> None:
    spec: Inputs = {"spec": {"minReplicas": 1, "maxReplicas": 150}}
    assert verdict("autoscaler-bounds", HPA, spec, config={"mostPods": 200.0}).passed
    assert verdict("autoscaler-bounds", HPA, spec).violations
    unknown: Inputs = {"spec": {"minReplicas": 2, "maxReplicas": UNKNOWN}}
    assert verdict("autoscaler-bounds", HPA, unknown).undecided


def test_workers_are_scaled_by_their_queue() -> None:
    rule = "worker-scaled-by-queue"
    worker = deployment(None, "RABBITMQ_QUEUE")
    by_queue = scaler(SCALED_OBJECT, triggers=[{"type": "cpu"}, {"type": "rabbitmq"}])
    assert stack_verdict(rule, worker).violations
    assert stack_verdict(rule, worker, scaler()).violations
    assert stack_verdict(rule, worker, scaler(SCALED_OBJECT, triggers=[{"type": "cpu"}])).violations
    assert stack_verdict(rule, worker, by_queue).passed
    assert stack_verdict(rule, deployment(None, "HTTP_PORT")).passed
    assert stack_verdict(rule, deployment(1, "RABBITMQ_QUEUE")).passed


def test_tables_scale() -> None:
    rule = "table-capacity-scaled"
    fixed = resource(TABLE, billingMode="PROVISIONED", name="orders")
    target = resource(TARGET, serviceNamespace="dynamodb", resourceId="table/orders")
    assert stack_verdict(rule, resource(TABLE, billingMode="PAY_PER_REQUEST")).passed
    assert stack_verdict(rule, fixed).violations
    assert stack_verdict(rule, resource(TABLE)).violations
    assert stack_verdict(rule, fixed, target).passed
    assert stack_verdict(rule, fixed, resource(TARGET, serviceNamespace="ecs")).violations
    assert stack_verdict(rule, resource(TABLE, billingMode=UNKNOWN)).undecided


@pytest.mark.parametrize("lifecycle", BUCKET_LIFECYCLES)
def test_objects_end(lifecycle: str) -> None:
    rule, bucket = "bucket-lifecycle", resource(BUCKET, bucket="logs")
    assert stack_verdict(rule, bucket).violations
    assert stack_verdict(rule, bucket, resource(lifecycle, bucket="other")).violations
    assert stack_verdict(rule, bucket, resource(lifecycle, bucket="logs")).passed
    assert stack_verdict(rule, bucket, resource(lifecycle, bucket=UNKNOWN)).undecided
    assert stack_verdict(rule, resource(BUCKET, lifecycleRules=[{"enabled": True}])).passed


def test_images_end() -> None:
    rule, images = "image-lifecycle", resource(REPOSITORY, name="orders")
    assert stack_verdict(rule, images).violations
    assert stack_verdict(rule, images, resource(IMAGE_LIFECYCLE, repository="orders")).passed
    assert stack_verdict(rule, images, resource(IMAGE_LIFECYCLE, repository="a")).violations


DURABLE = "default.replication.factor=3\nmin.insync.replicas = 2\n"


def test_kafka_keeps_what_it_has_taken() -> None:
    rule = "kafka-durable"
    assert verdict(rule, TOPIC, {"replicationFactor": 3}).passed
    assert verdict(rule, TOPIC, {"replicationFactor": 2}).violations
    assert verdict(rule, TOPIC, {"replicationFactor": 2}, config={"replicas": 2}).passed
    assert verdict(rule, TOPIC, {"replicationFactor": UNKNOWN}).undecided
    assert verdict(rule, BROKERS, {"serverProperties": DURABLE}).passed
    assert verdict(rule, BROKERS, {"serverProperties": "num.partitions=3"}).passed
    few = "default.replication.factor=2\nmin.insync.replicas=1\n"
    assert len(verdict(rule, BROKERS, {"serverProperties": few}).violations) == 2
    unclean = f"{DURABLE}unclean.leader.election.enable=true\n"
    assert len(verdict(rule, BROKERS, {"serverProperties": unclean}).violations) == 1
    assert verdict(rule, BROKERS, {"serverProperties": UNKNOWN}).undecided
