"""A destroy deletes what has something behind it, and leaves nothing that could not go.

What it leaves to the deletion of the cluster is still there, for the cluster is simulated: by
namespaces, it can go, too, those last whose controllers the others need.
"""

import time

from tests.e2e.conftest import Deployed
from tests.e2e.objects import Managed, metadata, objects, releases
from tests.e2e.operators import OPERATORS
from tests.e2e.platform import Platform

SYSTEM = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
GOES_SECONDS = 60
"""Time for namespaces and all that is in them to go."""


def test_a_destroy_leaves_nothing_behind(platform: Platform, deployed: Deployed):
    assert deployed.up.changed()
    state = platform.state()
    own = [each for each in objects(state) if not each.goes_with_cluster]
    assert {"NodePool", "EC2NodeClass", "TargetGroupBinding", "Elasticsearch"} <= {
        each.kind for each in own
    }
    platform.destroy()
    assert objects(platform.state()) == releases(platform.state()) == []
    assert [each.name for each in own if _there(platform, each)] == []

    controllers = {each.deployment.partition("/")[0] for each in OPERATORS}
    left = set(_namespaces(platform)) - SYSTEM
    _delete(platform, left - controllers)
    _delete(platform, left & controllers)
    assert set(_namespaces(platform)) == SYSTEM


def _delete(platform: Platform, namespaces: set[str]) -> None:
    """Delete namespaces, and wait until they and all that is in them are gone."""
    for name in namespaces:
        platform.api.delete(f"/api/v1/namespaces/{name}")
    for _ in range(GOES_SECONDS):
        if not namespaces & set(_namespaces(platform)):
            return
        time.sleep(1)


def _there(platform: Platform, each: Managed) -> bool:
    try:
        return platform.api.has(each.path(platform.api))
    except LookupError:  # nor is its kind
        return False


def _namespaces(platform: Platform) -> list[str]:
    return [metadata(each)["name"] for each in platform.api.list("/api/v1/namespaces")]
