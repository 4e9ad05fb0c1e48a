"""A canary through the engine: it comes, gets more, and becomes the service, all in place."""

from tests.engine.conftest import Bench
from tests.stacks.test_service import program, steps

NEW = "example.com/orders:1.5.0"
REPLICAS = {"min": 4, "max": 20}


def canary(weight: int) -> dict[str, object]:
    return {"canary": {"image": NEW, "weight_percent": weight}}


def test_requests_shift_and_the_newer_version_becomes_the_service(local: Bench):
    moved = {"orders-rest-httproute": "update", "orders-rest-retried-httproute": "update"}
    own = ("deployment", "service", "horizontalpodautoscaler")
    with local.open(program(replicas=REPLICAS), policies=()) as session:
        session.up()

    with local.open(program(replicas=REPLICAS, rollout=canary(10)), policies=()) as session:
        begun = steps(session.up())
    created = {f"orders-canary-{kind}": "create" for kind in own}
    assert begun == {"orders": "update", **created, **moved}
    order = list(begun)
    assert order.index("orders-canary-deployment") < order.index("orders-rest-httproute")

    with local.open(program(replicas=REPLICAS, rollout=canary(50)), policies=()) as session:
        # it has its share of the pods at the least
        scaler = {"orders-canary-horizontalpodautoscaler": "update"}
        assert steps(session.up()) == {"orders": "update", **scaler, **moved}

    with local.open(program(replicas=REPLICAS, image=NEW), policies=()) as session:
        promoted = steps(session.up())
    deleted = {f"orders-canary-{kind}": "delete" for kind in own}
    assert promoted == {"orders": "update", "orders-deployment": "update", **moved, **deleted}
    order = list(promoted)
    assert order.index("orders-deployment") < order.index("orders-rest-httproute")
    assert all(order.index("orders-rest-httproute") < order.index(name) for name in deleted)
