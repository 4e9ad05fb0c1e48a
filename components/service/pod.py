"""Pods: how every workload runs, and how it stops without losing work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import pulumi

from components._base.confined import CONTAINER_SECURITY, pod_security
from components._base.images import pull_address, split_image
from components.addons.nodes import POOL_TAINT
from components.mesh.plan import TRUST_ANNOTATION
from components.service.contract import HTTP_PORT, LIVE, READY
from components.service.environment import CA_FOLDER
from components.service.objects import NAME_LABEL, Json, Object, Texts
from components.service.plan import Workload

USER = 10001
"""User and group of every process: nobody's, whatever the image says, and not root."""

PRE_STOP_SECONDS = 10
"""For which a pod serves on while gateway, mesh and callers learn that it goes. The kubelet waits,
not the service, so images without our runtime lose no request either."""

MARGIN_SECONDS = 5
"""Between the end of the work and the kill."""

TMP_MIB = 64

CONTAINER = "app"

ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"

HEARTBEAT_FILE = "/tmp/heartbeat"  # noqa: S108 - the pod's own
"""What a worker without HTTP touches while it takes work, see docs/runtime-contract.md."""

HEARTBEAT_MARGIN_SECONDS = 60
"""For which it may be older than the longest task: six beats of our runtime."""

WORKING = """
import os, sys, time
file, most = sys.argv[1:]
state = open("/proc/1/stat").read().rpartition(")")[2].split()[0]
old = os.path.exists(file) and time.time() - os.stat(file).st_mtime > float(most)
sys.exit(old or state in "TXZ")
""".strip()
"""Whether a worker's heartbeat is young and, as not every image has one, its first process neither
stopped nor dead. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (2026-11)"""

CA_VOLUME = "search-ca"

VERSION_LABEL = "app.kubernetes.io/version"

TRACK_LABEL = "fastapi-platform/track"
"""Tells the pods of a service's version from those of a newer one beside it. Everything else
selects both: who they are, whom they may call and who may call them is the same."""


class Track(str, Enum):
    """Versions of a service that serve side by side."""

    STABLE = "stable"
    CANARY = "canary"


@dataclass(frozen=True)
class Pod:
    """What tells one kind of pods from another."""

    name: str
    """Of the Deployment or CronJob; its pods are selected by it, but for those with a track."""
    env: Sequence[Json]
    grace_seconds: int
    """Time for the work in progress when a pod goes."""
    command: Sequence[str] = ()
    """Default: the image's own."""
    http: bool = True
    """It answers probes over HTTP."""
    probe: Sequence[str] = ()
    """Otherwise: a command that succeeds while it works."""
    replicas: int | None = None
    """None: an autoscaler's matter."""
    singleton: bool = False
    """Never two at once, not even for a moment."""
    priority: pulumi.Input[str] | None = None
    spot: bool = False
    """On instances that AWS may take back."""
    once: bool = False
    """It runs to its end, and is not started again in its place."""
    annotations: Texts = field(default_factory=dict[str, pulumi.Input[str]])
    """Its own, besides the mesh's."""
    track: Track | None = None
    """Which of a service's versions it is; its pods are selected by the service's name and it."""


def service_account(workload: Workload) -> Object:
    """Return the account by which mesh and IAM know the pods; none of them calls Kubernetes."""
    fields = {"automountServiceAccountToken": False}
    return Object("v1", "ServiceAccount", workload.name, fields, labels=labels(workload.name))


def labels(name: str) -> dict[str, pulumi.Input[str]]:
    """Return the labels of an object of a workload."""
    return {NAME_LABEL: name, "app.kubernetes.io/managed-by": "pulumi"}


def deployment(workload: Workload, pod: Pod) -> Object:
    """Return the Deployment: a pod goes when its successor serves, but for singletons."""
    rolling: Json = {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": 0, "maxSurge": "25%"},
    }
    spec: dict[str, object] = {
        "revisionHistoryLimit": 3,
        "progressDeadlineSeconds": 600,
        "strategy": {"type": "Recreate"} if pod.singleton else rolling,
        "selector": {"matchLabels": _selected(workload, pod)},
        "template": pod_template(workload, pod),
    }
    if pod.replicas is not None:
        spec["replicas"] = pod.replicas
    own = {**labels(pod.name), **_selected(workload, pod)}
    return Object("apps/v1", "Deployment", pod.name, {"spec": spec}, labels=own)


def track_selector(name: str, track: Track) -> dict[str, str]:
    """Return the labels of the pods of one version of a service."""
    return {NAME_LABEL: name, TRACK_LABEL: track.value}


def _selected(workload: Workload, pod: Pod) -> dict[str, str]:
    """Return the labels by which its pods are told from all others."""
    if pod.track:
        return track_selector(workload.name, pod.track)
    return {NAME_LABEL: pod.name}


def pod_template(workload: Workload, pod: Pod) -> Json:
    """Return what pods are made after: restricted, meshed, without a token of Kubernetes."""
    return {"metadata": _metadata(workload, pod), "spec": _pod(workload, pod)}


def _metadata(workload: Workload, pod: Pod) -> Json:
    annotations: dict[str, pulumi.Input[str]] = {
        "linkerd.io/inject": "enabled",
        "config.linkerd.io/default-inbound-policy": "deny",
        **pod.annotations,
    }
    trust = workload.args.get("trust_version")
    if trust is not None:
        annotations[TRUST_ANNOTATION] = trust
    instrumentation = workload.args.get("instrumentation")
    if workload.spec.auto_instrument and instrumentation is not None:
        annotations |= {
            "instrumentation.opentelemetry.io/inject-python": instrumentation,
            "instrumentation.opentelemetry.io/container-names": CONTAINER,
        }
    version = {VERSION_LABEL: workload.version[:63]}
    return {
        "labels": {**labels(pod.name), **_selected(workload, pod), **version},
        "annotations": annotations,
    }


def _pod(workload: Workload, pod: Pod) -> Json:
    pre_stop = PRE_STOP_SECONDS if pod.http else 0
    volumes: list[Json] = [{"name": "tmp", "emptyDir": {"sizeLimit": f"{TMP_MIB}Mi"}}]
    mounts: list[Json] = [{"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108 - the pod's own
    ca_secret = _ca_secret(workload)
    if ca_secret is not None:
        volumes.append({"name": CA_VOLUME, "secret": {"secretName": ca_secret}})
        mounts.append({"name": CA_VOLUME, "mountPath": CA_FOLDER, "readOnly": True})
    spec: dict[str, object] = {
        "serviceAccountName": workload.name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": pre_stop + pod.grace_seconds + MARGIN_SECONDS,
        "securityContext": pod_security(USER),
        "containers": [_container(workload, pod, mounts)],
        "volumes": volumes,
    }
    if pod.once:
        spec["restartPolicy"] = "Never"
    elif not pod.singleton:
        spec["topologySpreadConstraints"] = [
            _spread(_selected(workload, pod), key) for key in (ZONE, HOST)
        ]
    if pod.spot:
        spec["nodeSelector"] = {"karpenter.sh/capacity-type": "spot"}
        spec["tolerations"] = [{"key": POOL_TAINT, "value": "spot", "effect": "NoSchedule"}]
    if pod.priority is not None:
        spec["priorityClassName"] = pod.priority
    return spec


def _container(workload: Workload, pod: Pod, mounts: Sequence[Json]) -> Json:
    spec = workload.spec
    memory = f"{spec.memory_mib}Mi"
    container: dict[str, object] = {
        "name": CONTAINER,
        "image": _image(workload),
        "env": list(pod.env),
        # No limit of the CPU: it would slow down a pod beside an idle one.
        "resources": {
            "requests": {"cpu": f"{round(spec.cpu * 1000)}m", "memory": memory},
            "limits": {"memory": memory},
        },
        "securityContext": CONTAINER_SECURITY,
        "volumeMounts": list(mounts),
    }
    if pod.command:
        container["command"] = list(pod.command)
    if pod.http:
        container |= {
            "ports": [{"name": "http", "containerPort": HTTP_PORT, "protocol": "TCP"}],
            "lifecycle": {"preStop": {"sleep": {"seconds": PRE_STOP_SECONDS}}},
            "startupProbe": _probe(LIVE, period=2, failures=60),
            "livenessProbe": _probe(LIVE, period=10, failures=3),
            "readinessProbe": _probe(READY, period=5, failures=2),
        }
    elif not pod.once:
        check = {"exec": {"command": list(pod.probe or _working(pod))}}
        times = {"periodSeconds": 60, "timeoutSeconds": 20, "failureThreshold": 3}
        container |= {"livenessProbe": {**check, **times}, "readinessProbe": {**check, **times}}
    return container


def _working(pod: Pod) -> Sequence[str]:
    most = pod.grace_seconds + HEARTBEAT_MARGIN_SECONDS
    return ("python3", "-c", WORKING, HEARTBEAT_FILE, str(most))


def _probe(path: str, *, period: int, failures: int) -> Json:
    return {
        "httpGet": {"path": path, "port": "http"},
        "periodSeconds": period,
        "timeoutSeconds": 2,
        "failureThreshold": failures,
    }


def _spread(selected: Mapping[str, str], key: str) -> Json:
    """Spread pods, but start them also where there is no room for an even spread."""
    return {
        "maxSkew": 1,
        "topologyKey": key,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": dict(selected)},
        # Pods of the version before don't count: they are about to go.
        "matchLabelKeys": ["pod-template-hash"],
    }


def _image(workload: Workload) -> pulumi.Input[str]:
    repository, version = split_image(workload.spec.image)
    url = workload.args.get("repository_url")
    if repository or url is None:
        return workload.spec.image
    return pull_address(url, version)


def _ca_secret(workload: Workload) -> pulumi.Input[str] | None:
    stores: Mapping[str, object] = workload.args.get("stores") or {}
    if not workload.uses.search or "search" not in stores:
        return None
    return (workload.args.get("stores") or {}).get("search", {}).get("ca_secret")
