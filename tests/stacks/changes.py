"""What tests of a stack that changes have alike: a cluster, and what was done to the resources."""

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from simulator.host import Program
from simulator.record import RunRecord
from tests.engine.conftest import Bench


def make_cluster() -> tuple[aws.eks.Cluster, kubernetes.Provider]:
    """Create a cluster to put things in, and the provider that does."""
    cluster = aws.eks.Cluster(
        "eks",
        role_arn="arn:aws:iam::123456789012:role/eks",
        vpc_config={"subnet_ids": ["subnet-1", "subnet-2"]},
    )
    provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
    return cluster, provider


def changes(record: RunRecord, package: str = "") -> dict[str, str]:
    """Return what was done to each resource that did not stay the same, by name.

    Components are left out: they have no more than the inputs of what is in them.

    :param package: look at its resources only, e.g. `aws`.
    """
    return {
        step.urn.rsplit("::", 1)[-1]: step.operation
        for step in record.steps()
        if step.operation != "same"
        and not step.type.startswith("fastapi-platform:")
        and step.type.startswith(f"{package}:" if package else "")
    }


def up(bench: Bench, program: Program) -> dict[str, str]:
    """Bring a program up without policies, and return what that did."""
    with bench.open(program, policies=()) as session:
        return changes(session.up())


def preview(bench: Bench, program: Program) -> dict[str, str]:
    """Preview a program without policies, and return what an up would do."""
    with bench.open(program, policies=()) as session:
        return changes(session.preview())
