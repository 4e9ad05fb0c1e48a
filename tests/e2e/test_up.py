"""The local stack goes up in a real API server, all of it becomes ready, and nothing more to do."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import cast

from tests.e2e.api import Json
from tests.e2e.conftest import Deployed
from tests.e2e.crds import chart_of
from tests.e2e.objects import conditions, lost, metadata, objects, part, releases
from tests.e2e.operators import Operators
from tests.e2e.platform import Platform, loud

SETTLES = ("deployments", "statefulsets", "daemonsets")


def test_a_preview_needs_no_cluster_and_tells_what_the_up_does(deployed: Deployed):
    assert set(deployed.previewed.changes()) == {"create"}
    assert deployed.up.changes() == deployed.previewed.changes()


def test_the_cluster_is_reached_as_users_reach_it(platform: Platform, deployed: Deployed):
    name = deployed.outputs["clusterName"]
    wanted = f"eks get-token --cluster-name {name} --region eu-west-1 --output json"
    assert set(platform.token.calls) == {wanted}


def test_nothing_is_warned_of(deployed: Deployed):
    assert loud(deployed.up) == []


def test_all_that_was_asked_for_is_there(platform: Platform, deployed: Deployed):
    wanted = objects(deployed.state)
    kinds = {each.kind for each in wanted}
    assert {"Namespace", "NetworkPolicy", "ResourceQuota", "HTTPRoute", "KongPlugin"} <= kinds
    assert {"Server", "ExternalSecret", "ScaledObject", "NodePool", "ServiceMonitor"} <= kinds
    wrong = {each.name: each.lost(platform.api) for each in wanted}
    assert {name: paths for name, paths in wrong.items() if paths} == {}


def test_workloads_run(platform: Platform, deployed: Deployed):
    found = [each for kind in SETTLES for each in _own(platform, deployed, f"/apis/apps/v1/{kind}")]
    names = {metadata(each)["name"] for each in found}
    assert {"orders", "catalog", "notifications", "mailer", "karpenter", "kong"} <= names
    assert [metadata(each)["name"] for each in found if not _available(each)] == []
    pods = _own(platform, deployed, "/api/v1/pods")
    assert [metadata(pod)["name"] for pod in pods if not _well(pod)] == []
    jobs = _own(platform, deployed, "/apis/batch/v1/jobs")
    assert [conditions(job).get("Complete") for job in jobs] == ["True"]


def test_what_others_wait_for_is_ready(
    platform: Platform, deployed: Deployed, operators: Operators
):
    awaited: dict[str, str] = {}
    for each in objects(deployed.state):
        annotations = cast("Mapping[str, str]", part(each.inputs, "metadata", "annotations"))
        condition = annotations.get("pulumi.com/waitFor", "").removeprefix("condition=")
        if condition:
            awaited[each.name] = conditions(each.live(platform.api)).get(condition, "missing")
    assert len(awaited) > 10
    assert set(awaited.values()) == {"True"}
    assert operators.problems == []


def test_helm_has_the_versions_and_values_that_were_asked_for(
    platform: Platform, deployed: Deployed
):
    stored = {metadata(each)["name"]: each for each in platform.api.list(_HELM)}
    asked = releases(deployed.state)
    assert len(stored) == len(asked) > 15
    for each in asked:
        found = _release(stored[f"sh.helm.release.v1.{each.inputs['name']}.v1"])
        assert part(found, "info")["status"] == "deployed"
        assert part(found, "chart", "metadata")["version"] == each.inputs["version"]
        assert list(lost(each.inputs["values"], found.get("config") or {})) == []


def test_definitions_and_namespaces_come_before_what_needs_them(deployed: Deployed):
    by_chart = {str(r.inputs["chart"]).rsplit("/", 1)[-1]: r.urn for r in releases(deployed.state)}
    spaces = {each.id: each.urn for each in objects(deployed.state) if each.kind == "Namespace"}
    needed: list[tuple[str, str]] = []
    for each in objects(deployed.state):
        chart = chart_of(str(each.inputs["apiVersion"]).partition("/")[0])
        namespace, _, _ = each.id.rpartition("/")
        needs = [by_chart[chart]] if chart else []
        needs += [spaces[namespace]] if namespace in spaces else []
        needed += [(each.urn, urn) for urn in needs]
    assert len(needed) > 100
    order = deployed.order
    early = [later for later, first in needed if order.begun(later) < order.done(first)]
    assert early == []


def test_whatever_a_pod_refers_to_is_there(platform: Platform, deployed: Deployed):
    wanted = {
        f"/api/v1/namespaces/{metadata(pod)['namespace']}/{kind}/{name}"
        for pod in _own(platform, deployed, "/api/v1/pods")
        for kind, name in _references(part(pod, "spec"))
    }
    assert len(wanted) > 10
    assert [path for path in sorted(wanted) if not platform.api.has(path)] == []


def test_a_second_up_changes_nothing(platform: Platform, deployed: Deployed):
    assert deployed.up.changed()
    again = platform.up()
    assert set(again.changes()) == {"same"}
    assert loud(again) == []


_HELM = "/api/v1/secrets?labelSelector=owner=helm"


def _own(platform: Platform, deployed: Deployed, path: str) -> list[Json]:
    """Return the objects of a kind in the platform's namespaces."""
    namespaces = {each.id for each in objects(deployed.state) if each.kind == "Namespace"}
    found = platform.api.list(path)
    return [each for each in found if metadata(each)["namespace"] in {*namespaces, "kube-system"}]


def _release(secret: Json) -> Json:
    """Return what Helm stored of a release: JSON, compressed, and base64 on top of the Secret's."""
    stored = base64.b64decode(str(part(secret, "data")["release"]))
    return cast("Json", json.loads(gzip.decompress(base64.b64decode(stored))))


def _available(each: Json) -> bool:
    spec, status = part(each, "spec"), part(each, "status")
    wanted = spec.get("replicas", status.get("desiredNumberScheduled", 0))
    ready = status.get("readyReplicas", status.get("numberReady", 0))
    updated = status.get("updatedReplicas", status.get("updatedNumberScheduled", 0))
    observed = status.get("observedGeneration") == part(each, "metadata")["generation"]
    return observed and ready == updated == wanted


def _well(pod: Json) -> bool:
    phase = part(pod, "status")["phase"]
    return phase == "Succeeded" or (phase == "Running" and conditions(pod)["Ready"] == "True")


def _references(spec: Json) -> set[tuple[str, str]]:
    """Return what a pod can't start without: plural and name."""
    found = {("serviceaccounts", str(spec["serviceAccountName"]))}
    volumes = _rows(spec, "volumes")
    projected = [each for v in volumes for each in _rows(part(v, "projected"), "sources")]
    for source in [*volumes, *projected]:
        for kind, key in (("secret", "secrets"), ("configMap", "configmaps")):
            reference = part(source, kind)
            name = reference.get("secretName") or reference.get("name")
            found |= {(key, str(name))} if name and not reference.get("optional") else set()
    containers = [*_rows(spec, "initContainers"), *_rows(spec, "containers")]
    for row in (row for container in containers for row in _rows(container, "env")):
        for kind, key in (("secretKeyRef", "secrets"), ("configMapKeyRef", "configmaps")):
            reference = part(row, "valueFrom", kind)
            found |= {(key, str(reference["name"]))} if reference else set()
    return found


def _rows(of: Json, key: str) -> list[Json]:
    return cast("list[Json]", of.get(key) or [])
