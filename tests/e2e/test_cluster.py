"""The cluster itself: it does what a real one does, and nothing of it outlives its owner."""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from simulator.engine.__main__ import INTERRUPTED
from simulator.gobuild.recipe import Version
from simulator.workspace import ROOT
from tests.e2e.api import ApiError, Json
from tests.e2e.cluster.build import kubernetes
from tests.e2e.cluster.control import ControlPlane, start
from tests.e2e.cluster.nodes import NODE_GROUPS, is_ready
from tests.e2e.cluster.process import ClusterError, running, until

SECONDS = 60
"""Time for the controllers to do something: one or two seconds on an idle machine."""

LISTENING = "0A"
"""A socket's state in /proc/net/tcp, https://docs.kernel.org/networking/proc_net_tcp.html."""
LOOPBACK = "0100007F"

_numbers = itertools.count(1)


@pytest.fixture
def namespace(control: ControlPlane) -> str:
    """A namespace of the test's own."""
    name = f"cluster-{next(_numbers)}"
    made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    control.client.create("/api/v1/namespaces", made)
    return name


def pods(image: str, **more: object) -> Json:
    """Return a template of pods."""
    container = {"name": "app", "image": image}
    return {
        "metadata": {"labels": {"app": "app"}},
        "spec": {"containers": [container], **more},
    }


def deployment(image: str = "app:1.0.0", replicas: int = 2) -> Json:
    """Return a Deployment that spreads its pods over zones."""
    spread = {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": "app"}},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "app"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "app"}},
            "template": pods(image, topologySpreadConstraints=[spread]),
        },
    }


def deployments(namespace: str) -> str:
    """Return their address."""
    return f"/apis/apps/v1/namespaces/{namespace}/deployments"


def part(of: Json, *keys: str) -> Json:
    """Return what is at a path; empty where there is nothing."""
    for key in keys:
        of = cast("Json", of.get(key) or {})
    return of


def items(of: Json, *keys: str) -> list[Json]:
    """Return the list at a path; empty where there is none."""
    return cast("list[Json]", part(of, *keys[:-1]).get(keys[-1]) or [])


def seen(path: str, control: ControlPlane, wanted: Callable[[Json], bool], what: str) -> Json:
    """Wait until an object is as wanted, and return it."""

    def look() -> Json | None:
        found = control.client.get(path)
        return found if wanted(found) else None

    return until(look, what, SECONDS)


def available(control: ControlPlane, namespace: str, pods: int) -> Json:
    """Wait until a Deployment has that many pods and calls itself available."""

    def wanted(found: Json) -> bool:
        told = {str(each["type"]): each["status"] for each in items(found, "status", "conditions")}
        ready = part(found, "status").get("readyReplicas", 0)
        return told.get("Available") == "True" and ready == pods

    path = f"{deployments(namespace)}/app"
    return seen(path, control, wanted, f"{path} has {pods} pods and is available")


def listening(process: int) -> list[str]:
    """Return the addresses, as the kernel writes them, on which a process listens."""
    sockets = {str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir()}
    found: list[str] = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and f"socket:[{fields[9]}]" in sockets:
                found.append(fields[1])
    return found


def test_it_is_the_pinned_version_with_all_its_nodes(control: ControlPlane):
    said = control.client.get("/version")
    pinned = Version.parse(kubernetes().title)
    assert said["gitVersion"] == f"v{pinned}"
    assert (said["major"], said["minor"]) == (str(pinned.major), str(pinned.minor))
    nodes = control.client.list("/api/v1/nodes")
    assert len(nodes) == sum(len(list(group.nodes())) for group in NODE_GROUPS)
    assert all(map(is_ready, nodes))


def test_a_deployment_becomes_available_rolls_and_scales(control: ControlPlane, namespace: str):
    control.client.create(deployments(namespace), deployment())
    available(control, namespace, 2)
    listed = f"/api/v1/namespaces/{namespace}/pods"
    nodes = {str(part(pod, "spec")["nodeName"]) for pod in control.client.list(listed)}
    zones = {
        part(control.client.get(f"/api/v1/nodes/{node}"), "metadata", "labels")[
            "topology.kubernetes.io/zone"
        ]
        for node in nodes
    }
    assert len(zones) == 2
    # Neither pod tolerates the taints of the system's nodes and of the spot pool.
    assert {node.rpartition("-")[0] for node in nodes} == {"on-demand"}

    path = f"{deployments(namespace)}/app"
    newer = {"spec": {"replicas": 3, "template": pods("app:2.0.0")}}
    control.client.merge(path, newer, manager="test")

    def rolled(found: Json) -> bool:
        status = part(found, "status")
        return status.get("updatedReplicas") == 3 == status.get("availableReplicas")

    seen(path, control, rolled, "three pods of the new version")

    def images() -> bool | None:
        found = control.client.list(listed)
        wanted = [items(pod, "spec", "containers")[0]["image"] for pod in found]
        return True if wanted == ["app:2.0.0"] * 3 else None

    assert until(images, "the old pods are gone", SECONDS)


def test_a_service_gets_its_endpoints(control: ControlPlane, namespace: str):
    control.client.create(deployments(namespace), deployment())
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "app"},
        "spec": {"selector": {"app": "app"}, "ports": [{"port": 80}]},
    }
    control.client.create(f"/api/v1/namespaces/{namespace}/services", service)
    label = "labelSelector=kubernetes.io/service-name=app"
    path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices?{label}"

    def ready(found: Json) -> bool:
        endpoints = [each for one in items(found, "items") for each in items(one, "endpoints")]
        return [part(each, "conditions").get("ready") for each in endpoints] == [True, True]

    assert seen(path, control, ready, "two endpoints")


def test_a_job_succeeds(control: ControlPlane, namespace: str):
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "app"},
        "spec": {"template": pods("app:1.0.0", restartPolicy="Never")},
    }
    jobs = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    control.client.create(jobs, job)
    done = seen(
        f"{jobs}/app", control, lambda f: part(f, "status").get("succeeded") == 1, "a job succeeds"
    )
    assert "Complete" in {each["type"] for each in items(done, "status", "conditions")}


def test_an_image_that_is_missing_never_runs(control: ControlPlane, namespace: str):
    control.client.create(deployments(namespace), deployment("app:missing", replicas=1))

    def waiting() -> Json | None:
        found = control.client.list(f"/api/v1/namespaces/{namespace}/pods")
        told = [each for pod in found for each in items(pod, "status", "containerStatuses")]
        return part(told[0], "state", "waiting") if told else None

    assert until(waiting, "a container's status", SECONDS)["reason"] == "ImagePullBackOff"
    status = part(control.client.get(f"{deployments(namespace)}/app"), "status")
    assert "availableReplicas" not in status


def test_a_deleted_namespace_goes_with_all_that_is_in_it(control: ControlPlane, namespace: str):
    control.client.create(deployments(namespace), deployment())
    available(control, namespace, 2)
    control.client.delete(f"/api/v1/namespaces/{namespace}")

    def gone() -> bool | None:
        try:
            control.client.get(f"/api/v1/namespaces/{namespace}")
        except ApiError as error:
            return True if error.code == 404 else None
        return None

    assert until(gone, f"namespace {namespace} is gone", SECONDS)
    assert control.client.list(f"/api/v1/namespaces/{namespace}/pods") == []


def test_a_killed_api_server_keeps_its_data_and_all_others_find_it_again(
    control: ControlPlane, namespace: str
):
    control.client.create(deployments(namespace), deployment())
    before = available(control, namespace, 2)
    control.kill_api_server()
    with pytest.raises(ApiError) as caught:
        control.client.get("/version")
    assert caught.value.code == 0

    control.start_api_server()
    control.wait_ready()
    after = control.client.get(f"{deployments(namespace)}/app")
    assert part(after, "metadata")["uid"] == part(before, "metadata")["uid"]
    control.check()
    control.client.merge(f"{deployments(namespace)}/app", {"spec": {"replicas": 3}}, manager="test")
    available(control, namespace, 3)


def test_it_listens_on_this_machine_only(control: ControlPlane):
    found = {
        command: [address.partition(":")[0] for address in listening(process)]
        for process, command in running(str(control.home)).items()
    }
    assert len([name for name in found if "/kube-" in name]) >= 3
    addresses = {address for each in found.values() for address in each}
    assert addresses == {LOOPBACK}


def test_a_part_that_dies_unnoticed_is_named_with_the_end_of_its_log(tmp_path: Path):
    def etcd() -> list[int]:
        found = running(str(tmp_path))
        return [pid for pid, command in found.items() if Path(command.split()[0]).name == "etcd"]

    def with_leash() -> bool:
        commands = running(str(tmp_path)).values()
        return any(Path(word).name == "etcd" for command in commands for word in command.split())

    def lose_etcd() -> None:
        with start(tmp_path):
            os.kill(etcd()[0], signal.SIGKILL)
            # and the leash that holds it, which is what the cluster looks at
            until(lambda: None if with_leash() else True, "etcd has ended", SECONDS)

    with pytest.raises(ClusterError) as caught:
        lose_etcd()
    assert str(caught.value).startswith("etcd ended with code ")
    assert str(tmp_path / "etcd.log") in str(caught.value)
    assert running(str(tmp_path)) == {}


@pytest.mark.parametrize(
    ("ending", "begun", "code"),
    [
        pytest.param(signal.SIGINT, "kube-apiserver", INTERRUPTED, id="ctrl-c while it starts"),
        pytest.param(signal.SIGKILL, "kwok", -signal.SIGKILL, id="killed while it runs"),
    ],
)
def test_nothing_outlives_its_owner(ending: signal.Signals, begun: str, code: int, tmp_path: Path):
    owner = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.cluster", "--run"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )

    def there() -> bool | None:
        assert owner.poll() is None
        commands = running(str(tmp_path)).values()
        return True if any(f"/{begun} " in command for command in commands) else None

    until(there, f"{begun} runs", SECONDS)
    owner.send_signal(ending)
    said = owner.communicate(timeout=SECONDS)[1]
    assert owner.returncode == code
    assert "Traceback" not in said
    assert until(lambda: None if running(str(tmp_path)) else True, "all have ended", SECONDS)
    if ending is signal.SIGINT:
        assert list(tmp_path.iterdir()) == []
