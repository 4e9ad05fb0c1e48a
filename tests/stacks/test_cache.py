"""A cache through the engine: what changes in place, what is refused, what never differs."""

from collections.abc import Callable
from typing import cast

import pulumi
import pytest

from components.cache import Cache, CacheArgs
from simulator.errors import Exit, SimulatorError
from tests.engine.conftest import Bench
from tests.stacks.changes import preview, up

SUBNETS = ["subnet-0000000000000000a", "subnet-0000000000000000b"]


def program(**args: object) -> Callable[[], None]:
    def run() -> None:
        wiring = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": SUBNETS}
        cache = Cache("cache", cast("CacheArgs", {**wiring, **args}))
        pulumi.export("endpoint", cache.primary_endpoint)

    return run


def test_what_a_team_changes_is_changed_in_place(local: Bench):
    base: dict[str, object] = {"engine_version": "8.1"}
    up(local, program(**base))
    assert preview(local, program(**base)) == {}
    changed = program(
        engine_version="8.2",
        snapshot_retention_days=14,
        snapshot_window="01:00-02:00",
        nodes={
            "node_type": "cache.r7g.xlarge",
            "maintenance_window": "mon:06:00-mon:07:00",
            "log_retention_days": 60,
        },
    )
    assert preview(local, changed) == {
        "cache-slow-log": "update",
        "cache-engine-log": "update",
        "cache-group": "update",
    }

    larger = preview(local, program(**base, nodes={"replicas": 3}))
    assert larger.pop("cache-group") == "update"
    assert set(larger.values()) == {"create"}
    assert all(name.startswith("cache-node-4-") for name in larger)

    # a new family's parameters come before, and the old ones go after
    assert list(preview(local, program(engine_version="9.0")).items()) == [
        ("cache-valkey9", "create"),
        ("cache-group", "update"),
        ("cache-valkey8", "delete"),
    ]


def test_another_password_is_another_value_for_the_user_and_then_the_secret_only(local: Bench):
    """Field report 19: no token, so no ROTATE and SET; see also tests/unit/test_cache.py."""
    up(local, program())
    assert list(up(local, program(password_version=2)).items()) == [
        ("cache-user-v2-password", "create"),
        ("cache-user", "update"),
        ("cache-user-secret-value", "delete-replaced"),
    ]
    assert preview(local, program(password_version=2)) == {}
    assert preview(local, program(password_version=3)) == {
        "cache-user-v3-password": "create",
        "cache-user": "update",
        "cache-user-secret-value": "delete-replaced",
        "cache-user-v1-password": "delete",
    }


def test_what_aws_can_not_change_is_refused(local: Bench):
    up(local, program())
    replaced = program(nodes={"node_type": "cache.r6gd.xlarge"})
    reason = "would replace the cache 'cache-group', because of .*dataTieringEnabled"
    deleted = program(serverless={})
    for change, message in (
        (replaced, reason),
        (deleted, "would delete the cache 'cache-group'"),
    ):
        with (
            local.open(change, policies=()) as session,
            pytest.raises(SimulatorError, match=message) as caught,
        ):
            session.preview()
        assert caught.value.code == Exit.REFUSED
