"""An edge through the engine: what changes in place, what never differs, and how it comes down."""

from collections.abc import Callable, Mapping
from typing import cast

import pulumi
import pulumi_aws as aws

from components.edge import Edge, EdgeArgs
from tests.engine.conftest import Bench
from tests.stacks.changes import preview, up

NAMES = ["api.example.com", "*.api.example.com"]
DOMAIN: Mapping[str, object] = {"names": NAMES, "zone_id": "Z0123456789ABCDEFGHIJ"}
FORCED: Mapping[str, object] = {"access_logs": {"force_destroy": True}}


def program(**args: object) -> Callable[[], None]:
    def run() -> None:
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        subnets = [
            aws.ec2.Subnet(f"subnet-{i}", vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24").id
            for i in range(2)
        ]
        cluster = aws.ec2.SecurityGroup("cluster", vpc_id=vpc.id)
        wiring = {"vpc_id": vpc.id, "subnet_ids": subnets, "targets": {"cluster": cluster.id}}
        edge = Edge("edge", cast("EdgeArgs", {**wiring, **args}))
        pulumi.export("targets", edge.target_group_arn)

    return run


def test_what_a_team_changes_is_changed_in_place(local: Bench):
    up(local, program(domain=DOMAIN))
    assert preview(local, program(domain=DOMAIN)) == {}
    changed = program(
        domain=DOMAIN,
        tls="tls13",
        idle_timeout_seconds=30,
        target={"health_path": "/status", "deregistration_seconds": 30},
        waf={"mode": "count", "path_rates": {"login": {"path": "/auth", "requests": 10}}},
        access_logs={"retention_days": 30},
    )
    assert preview(local, changed) == {
        "edge-alb": "update",
        "edge-body-size": "update",
        "edge-https": "update",
        "edge-logs-lifecycle": "update",
        "edge-targets": "update",
        "edge-web-acl": "update",
    }

    # another name is another certificate, and the old one goes when nobody shows it any more
    more = {**DOMAIN, "names": [*NAMES, "www.example.com"]}
    with local.open(program(domain=more), policies=()) as session:
        found = [(s.urn.rsplit("::", 1)[-1], s.operation) for s in session.preview().steps()]
    assert found.index(("edge-validation-www.example.com", "create")) < found.index(
        ("edge-https", "update")
    )
    assert found.index(("edge-https", "update")) < found.index(
        ("edge-certificate", "delete-replaced")
    )


def test_another_secret_leaves_the_one_before_good(local: Bench):
    up(local, program(domain=DOMAIN, cloudfront={}))
    assert preview(local, program(domain=DOMAIN, cloudfront={"secret_version": 2})) == {
        "edge-origin-v2-password": "create",
        "edge-from-cloudfront": "update",
        "edge-distribution": "update",
    }


def test_it_comes_down_by_itself_and_before_what_it_stands_on(local: Bench):
    """Field reports 6 and 7: no controller, no leftover network interface, no order to keep."""
    run = program(domain=DOMAIN, **FORCED)
    up(local, run)
    with local.open(run, policies=()) as session:
        record = session.destroy()
        assert session.cloud.inventory.alive() == []
    gone = [step.urn.rsplit("::", 1)[-1] for step in record.steps() if step.operation == "delete"]
    at = {name: index for index, name in enumerate(gone)}
    assert at["edge-https"] < at["edge-web-acl-association"] < at["edge-web-acl"]
    assert at["edge-https"] < at["edge-alb"]
    assert at["edge-alb"] < min(at["edge-access"], at["subnet-0"], at["subnet-1"], at["vpc"])
    assert at["edge-alb"] < at["edge-logs-policy"] < at["edge-logs"]
