"""The add-ons on the real engine: what a destroy takes first, and what it leaves to the cluster."""

from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from components.addons import Addons, AddonsArgs
from tests.engine.conftest import Bench
from tests.stacks.changes import make_cluster

TAGS = {"owner": "me", "environment": "local", "project": "test", "managed-by": "pulumi"}

ORDERS = (
    *(("addons-spot-nodes", "addons-node-class"), ("addons-on-demand-nodes", "addons-node-class")),
    ("addons-node-class", "addons-karpenter"),
    ("addons-karpenter", "addons-karpenter-crd"),
    ("binding", "addons-aws-load-balancer-controller"),
    ("certificate", "addons-letsencrypt-production"),
    ("addons-letsencrypt-production", "addons-cert-manager"),
    ("addons-aws-load-balancer-controller", "addons-cert-manager"),
    ("addons-cert-manager", "addons-cert-manager-namespace"),
    ("addons-secret-store", "addons-external-secrets"),
    ("addons-external-secrets", "addons-external-secrets-identity"),
    ("scaled", "addons-keda"),
    ("addons-karpenter-crd", "eks"),
    ("addons-external-secrets-namespace", "eks"),
)
"""What is deleted before what."""


def custom(name: str, api_version: str, kind: str, *uses: pulumi.Output[str]) -> None:
    """Create a resource as others do: it uses outputs of the add-ons, and depends on nothing."""
    kubernetes.apiextensions.CustomResource(
        name,
        api_version=api_version,
        kind=kind,
        metadata={"namespace": "default"},
        spec={"uses": list(uses)},
    )


def program() -> None:
    cluster, provider = make_cluster()
    args = {
        "cluster_name": cluster.name,
        "cluster_endpoint": cluster.endpoint,
        "vpc_id": "vpc-1",
        "node_security_group_id": "sg-1",
        "node_role_name": "nodes",
        "interruption_queue_name": "interruptions",
        "discovery": "test-local",
        "zones": {"example.com": "Z0123456789ABCDEFGHIJ"},
        "tags": TAGS,
    }
    opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
    addons = Addons("addons", cast("AddonsArgs", args), opts)
    custom("certificate", "cert-manager.io/v1", "Certificate", addons.cluster_issuer)
    custom("binding", "elbv2.k8s.aws/v1beta1", "Binding", addons.target_group_bindings)
    custom("scaled", "keda.sh/v1alpha1", "ScaledObject", addons.scaled_objects)


def test_custom_resources_go_before_what_cleans_up_after_them(local: Bench):
    """Field reports 7 and 8: controllers that were gone first left load balancers and nodes."""
    with local.open(program, policies=()) as session:
        session.up()
        order = [step.urn.rsplit("::", 1)[-1] for step in session.destroy().steps()]
        wrong = [(a, b) for a, b in ORDERS if order.index(a) > order.index(b)]
        assert wrong == []
        assert session.cloud.inventory.alive() == []
