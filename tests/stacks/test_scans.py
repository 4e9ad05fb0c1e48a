"""Security scans through the engine: they come, change in place, and go without the reports."""

from collections.abc import Callable
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.scans import SecurityScans, SecurityScansArgs
from tests.engine.conftest import Bench
from tests.stacks.test_service import SUBNETS, steps
from tests.unit.test_scans import CLIENT, WIRING


def program(**args: object) -> Callable[[], None]:
    def run() -> None:
        trust = '{"Version": "2012-10-17", "Statement": []}'
        role = aws.iam.Role("cluster-role", assume_role_policy=trust)
        cluster = aws.eks.Cluster("eks", role_arn=role.arn, vpc_config={"subnet_ids": SUBNETS})
        provider = kubernetes.Provider("it", kubeconfig="{}", cluster_identifier=cluster.arn)
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        given = {**WIRING, **CLIENT, "cluster_name": cluster.name, **args}
        scans = SecurityScans("scans", cast("SecurityScansArgs", given), inside)
        pulumi.export("bucket", scans.bucket_name)

    return run


def test_scans_come_change_and_go(local: Bench):
    with local.open(program(), policies=()) as session:
        made = steps(session.up())
    assert set(made.values()) == {"create"}
    assert {"scan-orders-cronjob", "scan-catalog-configmap", "scans-compare"} <= made.keys()

    with local.open(program(), policies=()) as session:
        assert steps(session.up()) == {}, "nothing differs the second time"

    ignored = [{"rule": "10038", "reason": "there are no pages", "until": "2027-05-31"}]
    with local.open(program(hour=4, ignored=ignored), policies=()) as session:
        assert steps(session.up()) == {
            "scans": "update",
            "scan-catalog-cronjob": "update",
            "scan-orders-cronjob": "update",
            "scans-compare": "update",
        }
        gone = list(steps(session.destroy()))
    for first, then in (
        ("scan-orders-cronjob", "scans-identity"),
        ("scan-orders-cronjob", "scan-orders-configmap"),
        ("scans-reports-notification", "scans-compare"),
        ("scans-compare", "scans-compare-role"),
    ):
        assert gone.index(first) < gone.index(then), (first, then)
