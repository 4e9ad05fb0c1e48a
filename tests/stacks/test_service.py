"""Services, workers and jobs through the engine: what changes in place, and what goes first."""

from collections.abc import Callable
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.service import (
    FastApiService,
    FastApiServiceArgs,
    ScheduledJob,
    ScheduledJobArgs,
    ServiceNamespace,
    Worker,
    WorkerArgs,
)
from simulator.record import RunRecord
from tests.engine.conftest import Bench
from tests.unit.test_service import EVERYTHING, PUBLIC, WIRING

SUBNETS = ["subnet-0000000000000000a", "subnet-0000000000000000b"]


def program(schedule: str = "30 2 * * *", **args: object) -> Callable[[], None]:
    def run() -> None:
        trust = '{"Version": "2012-10-17", "Statement": []}'
        role = aws.iam.Role("cluster-role", assume_role_policy=trust)
        cluster = aws.eks.Cluster("eks", role_arn=role.arn, vpc_config={"subnet_ids": SUBNETS})
        provider = kubernetes.Provider("it", kubeconfig="{}", cluster_identifier=cluster.arn)
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        services = ServiceNamespace("services", {}, inside)
        wiring = {**WIRING, "cluster_name": cluster.name, "requires": [services.ready]}
        base = {"image": "example.com/orders:1.4.2", **wiring, "uses": EVERYTHING, "public": PUBLIC}
        orders = FastApiService("orders", cast("FastApiServiceArgs", {**base, **args}), inside)
        wiring.pop("hosts")
        mailer = {
            "image": "example.com/mailer:1.0.0",
            **wiring,
            "queue": {"name": "mails"},
            "uses": {"rabbitmq": True},
        }
        Worker("mailer", cast("WorkerArgs", mailer), inside)
        cleanup = {
            "image": "example.com/orders:1.4.2",
            **wiring,
            "schedule": schedule,
            "uses": {"tables": {"orders": "readWrite"}, "cache": True},
        }
        ScheduledJob("cleanup", cast("ScheduledJobArgs", cleanup), inside)
        pulumi.export("urls", orders.public_urls)

    return run


def steps(record: RunRecord) -> dict[str, str]:
    """Return what was done to each resource that did not stay the same, by name."""
    found = {step.urn.rsplit("::", 1)[-1]: step.operation for step in record.steps()}
    return {name: operation for name, operation in found.items() if operation != "same"}


def test_a_service_comes_changes_and_goes(local: Bench):
    with local.open(program(), policies=()) as session:
        made = steps(session.up())
    assert set(made.values()) == {"create"}
    assert len(made) > 40

    newer = program(image="example.com/orders:1.5.0", env={"LOG_LEVEL": "debug"})
    with local.open(newer, policies=()) as session:
        # a rollout, and nothing else differs
        assert steps(session.up()) == {"orders": "update", "orders-deployment": "update"}
    with local.open(program("30 3 * * *"), policies=()) as session:
        moved = steps(session.up())
        assert {n: o for n, o in moved.items() if "cleanup" in n} == {
            "cleanup": "update",
            "cleanup-cronjob": "update",
        }
        gone = list(steps(session.destroy()))
    for first, then in (
        ("orders-httproute", "orders-jwt-kongplugin"),
        ("orders-httproute", "orders-deployment"),
        ("orders-deployment", "orders-identity"),
        ("mailer-scaledobject", "mailer-deployment"),
        ("mailer-deployment", "services-services-namespace"),
        ("cleanup-cronjob", "cleanup-identity"),
        ("cleanup-cronjob", "services-services-namespace"),
    ):
        assert gone.index(first) < gone.index(then), (first, then)
