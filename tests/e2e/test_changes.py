"""What changes in a deployed stack changes in place, and leaves alone what is others' to change."""

from typing import cast

from tests.e2e.api import Json
from tests.e2e.conftest import Deployed
from tests.e2e.objects import metadata, objects, part, uid
from tests.e2e.platform import Platform, loud
from tests.stacks.changes import changes

SERVICES = "/apis/apps/v1/namespaces/services/deployments"


def test_two_managers_never_own_a_field(platform: Platform, deployed: Deployed):
    """Only Pulumi applied what is in the state; controllers write status and what they add."""
    both: dict[str, list[str]] = {}
    for each in objects(deployed.state):
        rows = cast("list[Json]", part(each.live(platform.api), "metadata")["managedFields"])
        rows = [row for row in rows if "subresource" not in row]
        ours = [row for row in rows if row["operation"] == "Apply"]
        assert len(ours) == 1, each.name
        owned = set(_leaves(part(ours[0], "fieldsV1")))
        for row in rows:
            if row is not ours[0]:
                shared = owned & set(_leaves(part(row, "fieldsV1")))
                if shared:
                    both.setdefault(each.name, []).extend(sorted(shared))
    assert both == {}


def test_what_an_autoscaler_or_a_restart_wrote_stays(platform: Platform, deployed: Deployed):
    assert deployed.up.changed()
    scaled = {"spec": {"replicas": 2}}
    platform.api.merge(f"{SERVICES}/orders/scale", scaled, manager="kube-controller-manager")
    when = {"kubectl.kubernetes.io/restartedAt": "2026-11-30T18:00:00Z"}
    restarted = {"spec": {"template": {"metadata": {"annotations": when}}}}
    platform.api.merge(f"{SERVICES}/catalog", restarted, manager="kubectl-rollout")
    assert set(platform.up().changes()) == {"same"}
    assert part(platform.api.get(f"{SERVICES}/orders"), "spec")["replicas"] == 2
    live = platform.api.get(f"{SERVICES}/catalog")
    assert when.items() <= part(live, "spec", "template", "metadata", "annotations").items()


def test_a_rollout_a_scale_and_a_route_change_in_place(platform: Platform, deployed: Deployed):
    before = {each.name: uid(each.live(platform.api)) for each in objects(deployed.state)}
    platform.bench.edit(
        services__orders__image="1.1.0",
        services__catalog__replicas={"min": 2, "max": 4},
        services__catalog__public__paths=["/catalog", "/products"],
        workers__mailer__replicas={"min": 0, "max": 5},
        gateway__maxReplicas=2,
    )
    record = platform.up()
    done = changes(record, "kubernetes")
    assert set(done.values()) == {"update"}
    assert {
        "orders-deployment",
        "catalog-horizontalpodautoscaler",
        "catalog-httproute",
        "mailer-scaledobject",
        "gateway-kong",
    } <= done.keys()
    assert loud(record) == []

    after = {each.name: each for each in objects(platform.state())}
    assert {name: uid(each.live(platform.api)) for name, each in after.items()} == before
    orders = platform.api.get(f"{SERVICES}/orders")
    assert part(orders, "spec")["replicas"] == 2  # as it was scaled
    assert part(orders, "status")["updatedReplicas"] == 2
    assert _images(platform, "orders") == {"1.1.0"}
    scaler = after["catalog-horizontalpodautoscaler"].live(platform.api)
    assert (part(scaler, "spec")["minReplicas"], part(scaler, "spec")["maxReplicas"]) == (2, 4)
    assert _paths(after["catalog-httproute"].live(platform.api)) == {"/catalog", "/products"}
    revisions = platform.api.list("/api/v1/namespaces/kong/secrets?labelSelector=owner=helm")
    labels = [part(each, "metadata", "labels") for each in revisions]
    assert {(label["version"], label["status"]) for label in labels} == {
        ("1", "superseded"),
        ("2", "deployed"),
    }


def _leaves(fields: Json, path: str = "") -> list[str]:
    """Return the paths that a manager owns, in the notation of managedFields."""
    if not fields:
        return [path]
    inner = fields.items()
    return [
        leaf
        for key, value in inner
        if key != "."
        for leaf in _leaves(cast("Json", value), path + key)
    ]


def _images(platform: Platform, service: str) -> set[str]:
    """Return the tags of the images that run in a service's pods."""
    label = f"labelSelector=app.kubernetes.io/name={service}"
    pods = platform.api.list(f"/api/v1/namespaces/services/pods?{label}")
    alive = [pod for pod in pods if "deletionTimestamp" not in metadata(pod)]
    containers = [
        each for pod in alive for each in cast("list[Json]", part(pod, "spec")["containers"])
    ]
    return {str(each["image"]).rpartition(":")[2] for each in containers}


def _paths(route: Json) -> set[str]:
    rules = cast("list[Json]", part(route, "spec")["rules"])
    matches = [each for rule in rules for each in cast("list[Json]", rule.get("matches") or [])]
    return {str(part(each, "path")["value"]) for each in matches}
