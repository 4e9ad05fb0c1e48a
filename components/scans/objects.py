"""What runs a scan in the cluster: its program, its pods, and whom these may reach."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components._base.confined import CONTAINER_SECURITY, pod_security
from components.mesh.network import PROXY_PORT
from components.scans.plan import ScansPlan
from components.scans.runner import scan
from components.scans.zap import CONFIG, FAILED, IMAGE, VERSION, WORK, automation
from components.service.contract import HTTP_PORT
from components.service.environment import EXTERNAL_SECRET, REFRESH
from components.service.job_plan import IGNORE_DISRUPTIONS
from components.service.network import (
    HTTPS_PORT,
    IDENTITY_AGENT,
    IDENTITY_PORT,
    INSIDE,
    NAMESPACE_LABEL,
)
from components.service.objects import NAME_LABEL, Json, Object

ACCOUNT = "scans"
"""Service account of all scans."""

CLIENT_SECRET = "scan-client"  # noqa: S105 - a name
CLIENT_VALUES = {
    "CLIENT_ID": "client_id",
    "CLIENT_SECRET": "client_secret",
    "TOKEN_ENDPOINT": "token_endpoint",
}

PREFIX = "reports/"

USER = 1000
"""ZAP's own: its image belongs to it."""

HOME = "/home/zap"
ROOM_MIB = {"home": 1024, "work": 512, "tmp": 256}
PATHS = {"home": HOME, "work": WORK, "tmp": "/tmp"}  # noqa: S108 - the pod's own

HEAP_SHARE = 0.6
"""Of the pod's memory; the rest is Java's own and Python's."""

START_SECONDS, KEPT_RUNS, KEPT_SECONDS = 3600, 3, 7 * 86_400


@dataclass(frozen=True)
class Store:
    """Where reports go."""

    bucket: pulumi.Input[str]
    region: pulumi.Input[str]


def account() -> Object:
    """Return the account by which the scans' pods get their role; none calls Kubernetes."""
    return Object("v1", "ServiceAccount", ACCOUNT, {"automountServiceAccountToken": False})


def network_policy(plan: ScansPlan) -> Object:
    """Return whom scans may reach: services' documents, the gateway as the world has it, and S3."""
    services = plan.args.get("services_namespace") or "services"
    outside: list[Json] = [{"ipBlock": {"cidr": "0.0.0.0/0", "except": list(INSIDE)}}]
    outside += [{"ipBlock": {"cidr": cidr}} for cidr in plan.args.get("private_cidrs") or ()]
    documents: list[Json] = [{"namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: services}}}]
    agent: list[Json] = [{"ipBlock": {"cidr": IDENTITY_AGENT}}]
    egress = [
        _to(documents, HTTP_PORT, PROXY_PORT),
        _to(agent, IDENTITY_PORT),
        _to(outside, HTTPS_PORT),
    ]
    spec: Json = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": egress}
    return Object("networking.k8s.io/v1", "NetworkPolicy", ACCOUNT, {"spec": spec})


def _to(peers: Sequence[Json], *ports: int) -> Json:
    return {"to": peers, "ports": [{"port": port, "protocol": "TCP"} for port in ports]}


def client_secret(plan: ScansPlan) -> list[Object]:
    """Return what fetches the client's secret, if scans have one."""
    arn = plan.args.get("client_secret_arn")
    if plan.spec.client is None or arn is None:
        return []
    spec = {
        "refreshInterval": REFRESH,
        "secretStoreRef": {
            "kind": "ClusterSecretStore",
            "name": plan.args.get("secret_store"),
        },
        "target": {"name": CLIENT_SECRET, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
        "data": [
            {"secretKey": name, "remoteRef": {"key": arn, "property": field}}
            for name, field in CLIENT_VALUES.items()
        ],
    }
    awaited = {"pulumi.com/waitFor": "condition=Ready"}
    return [
        Object(
            EXTERNAL_SECRET, "ExternalSecret", CLIENT_SECRET, {"spec": spec}, annotations=awaited
        )
    ]


def program(plan: ScansPlan, service: str) -> Object:
    """Return the scan's program and its plan. YAML takes JSON as it is."""
    url = pulumi.Output.from_input(plan.args["targets"][service]["url"])
    body = url.apply(lambda text: automation(service, text, plan.spec))
    data = {
        "scan.py": inspect.getsource(scan),
        "plan.yaml": pulumi.Output.json_dumps(body, indent=2),
    }
    return Object("v1", "ConfigMap", f"scan-{service}", {"data": data}, labels=_labels(service))


def cron_job(plan: ScansPlan, service: str, store: Store) -> Object:
    """Return the CronJob of a service's scan."""
    spec = plan.spec
    failures: Json = {
        "rules": [
            # another try would find the same
            {
                "action": "FailJob",
                "onExitCodes": {"containerName": "zap", "operator": "In", "values": [FAILED]},
            },
            IGNORE_DISRUPTIONS,
        ]
    }
    job: Json = {
        "backoffLimit": 1,
        "activeDeadlineSeconds": spec.max_minutes * 60,
        "ttlSecondsAfterFinished": KEPT_SECONDS,
        "podFailurePolicy": failures,
        "podReplacementPolicy": "Failed",
        "template": {
            "metadata": {"labels": _labels(service)},
            "spec": _pod(plan, service, store),
        },
    }
    fields: Json = {
        "schedule": plan.schedule(service),
        "timeZone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": START_SECONDS,
        "successfulJobsHistoryLimit": KEPT_RUNS,
        "failedJobsHistoryLimit": KEPT_RUNS,
        "jobTemplate": {"metadata": {"labels": _labels(service)}, "spec": job},
    }
    name = f"scan-{service}"
    return Object("batch/v1", "CronJob", name, {"spec": fields}, labels=_labels(service))


def _pod(plan: ScansPlan, service: str, store: Store) -> Json:
    volumes: list[Json] = [
        {"name": name, "emptyDir": {"sizeLimit": f"{room}Mi"}} for name, room in ROOM_MIB.items()
    ]
    config: Json = {"name": "config", "configMap": {"name": f"scan-{service}"}}
    spec: dict[str, object] = {
        "restartPolicy": "Never",
        "serviceAccountName": ACCOUNT,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": pod_security(USER),
        "containers": [_container(plan, service, store)],
        "volumes": [*volumes, config],
    }
    priority = plan.args.get("priority_class")
    if priority is not None:
        spec["priorityClassName"] = priority
    return spec


def _container(plan: ScansPlan, service: str, store: Store) -> Json:
    mirror, memory = plan.args.get("mirror") or "", f"{plan.spec.memory_mib}Mi"
    mounts: list[Json] = [{"name": name, "mountPath": path} for name, path in PATHS.items()]
    return {
        "name": "zap",
        "image": f"{mirror}/{IMAGE}:{VERSION}" if mirror else f"{IMAGE}:{VERSION}",
        "command": ["python3", f"{CONFIG}/scan.py"],
        "env": _environment(plan, service, store),
        "resources": {
            "requests": {"cpu": "500m", "memory": memory},
            "limits": {"memory": memory},
        },
        "securityContext": CONTAINER_SECURITY,
        "volumeMounts": [*mounts, {"name": "config", "mountPath": CONFIG, "readOnly": True}],
    }


def _environment(plan: ScansPlan, service: str, store: Store) -> list[Json]:
    target, spec = plan.args["targets"][service], plan.spec
    values: dict[str, pulumi.Input[str]] = {
        "AWS_DEFAULT_REGION": store.region,
        "BUCKET": store.bucket,
        "DOCUMENT_URL": target["document_url"],
        "HEAP_MIB": str(int(spec.memory_mib * HEAP_SHARE)),
        "HOME": HOME,
        "METHODS": spec.methods.value,
        "PLAN": f"{CONFIG}/plan.yaml",
        "PREFIX": f"{PREFIX}{service}/",
        "TARGET_URL": target["url"],
        "WORK": WORK,
    }
    made: list[Json] = [{"name": name, "value": value} for name, value in values.items()]
    if spec.client is None:
        return made
    return made + [
        {"name": name, "valueFrom": {"secretKeyRef": {"name": CLIENT_SECRET, "key": name}}}
        for name in CLIENT_VALUES
    ]


def _labels(service: str) -> dict[str, pulumi.Input[str]]:
    return {NAME_LABEL: f"scan-{service}", "app.kubernetes.io/managed-by": "pulumi"}
