"""The mesh on the real engine: how it comes, is rotated, and goes."""

from collections.abc import Callable
from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components._base.order import after
from components._base.scope import Scope
from components.mesh import Mesh, MeshArgs
from components.mesh.policy import (
    Caller,
    PortAccess,
    WorkloadAccess,
    make_policies,
    workload_policies,
)
from simulator.record import RunRecord
from simulator.session import Program
from tests.engine.conftest import Bench
from tests.stacks.changes import make_cluster

CATALOG = WorkloadAccess(
    "catalog", {"app": "catalog"}, (PortAccess(8000, "http", callers=(Caller("kong", "kong"),)),)
)


def program(**given: object) -> Program:
    def run() -> None:
        cluster, provider = make_cluster()
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        manager = kubernetes.core.v1.Namespace("cm", metadata={"name": "cert-manager"}, opts=inside)
        ready = after(pulumi.Output.from_input("cert-manager"), [manager])
        args = {"cert_manager_namespace": ready, **given}
        made = Mesh("mesh", cast("MeshArgs", args), inside)
        shop = Shop("shop", pulumi.ResourceOptions(provider=provider))
        make_policies(
            Inside(Scope("shop", parent=shop, tags={}, protect=False), cluster),
            workload_policies(CATALOG),
            namespace=after(pulumi.Output.from_input("shop"), [made]),
        )

    return run


class Shop(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("test:index:Shop", name, None, opts)
        self.register_outputs({})


def names(record: RunRecord, operation: str) -> list[str]:
    return [step.urn.rsplit("::", 1)[-1] for step in record.steps() if step.operation == operation]


def test_a_mesh_comes_is_rotated_and_goes_before_what_it_needs(
    bench: Callable[[str], Bench],
) -> None:
    local = bench("local")
    with local.open(program(), policies=()) as session:
        session.up()
    with local.open(program(trust_anchors=["a", "b"]), policies=()) as session:
        record = session.up()
        assert names(record, "create") == [
            "mesh-linkerd-trust-anchor-b-certificate",
            "mesh-linkerd-identity-issuer-b-clusterissuer",
        ]
        changed = names(record, "update")
        assert changed.index("mesh-linkerd-identity-trust-roots-bundle") < changed.index(
            "mesh-linkerd-control-plane"
        )
        assert "mesh-linkerd-identity-issuer-certificate" not in changed
        gone = names(session.destroy(), "delete")
        assert session.cloud.inventory.alive() == []
    order = [
        "shop-catalog-http-callers-authorizationpolicy",
        "mesh-linkerd-control-plane",
        "mesh-linkerd-identity-issuer-certificate",
        "mesh-linkerd-identity-trust-roots-bundle",
        "mesh-linkerd-trust-anchor-a-certificate",
        "mesh-linkerd-namespace",
        "eks",
    ]
    assert [name for name in gone if name in order] == order
    assert gone.index("mesh-linkerd-control-plane") < gone.index("mesh-linkerd-crds")
    assert gone.index("mesh-linkerd-crds") < gone.index("mesh-gateway-api-crds")
    assert gone.index("mesh-linkerd-control-plane") < gone.index("mesh-linkerd-cni")
