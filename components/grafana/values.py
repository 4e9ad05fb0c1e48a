"""Values of Grafana's chart.

No sidecar looks for dashboards: they are mounted, and Grafana reads files that change by itself. So
its pods need no access to the Kubernetes API, and have none.
"""

from collections.abc import Mapping

import pulumi

from components._base.confined import CONTAINER_SECURITY
from components.addons.classes import PriorityClass
from components.addons.kit import resources
from components.charts import Values
from components.cluster.addons import TOLERATIONS
from components.cluster.nodes import LABELS
from components.gateway.names import SERVICE_ANNOTATIONS
from components.grafana.args import GrafanaArgs, GrafanaTraces
from components.grafana.names import (
    ACCOUNT,
    CA_SECRET,
    LOGIN_SECRET,
    LOGS_SECRET,
    OIDC_SECRET,
    SERVICE_PORT,
    TLS_SECRET,
)
from components.grafana.plan import GrafanaPlan
from components.grafana.settings import FOLDER, TLS_FOLDER, settings
from components.grafana.sources import CA_FILE, PASSWORD, USER, data_sources

Json = dict[str, object]

XRAY_PLUGIN = "grafana-x-ray-datasource"
"""Not in Grafana's image.

https://grafana.com/grafana/plugins/grafana-x-ray-datasource (2026-11)
"""

UPDATE_SECONDS = 30
"""How often Grafana looks for dashboards that have changed."""


def chart_values(plan: GrafanaPlan, args: GrafanaArgs, region: pulumi.Input[str]) -> Values:
    """Return all of them."""
    public = plan.spec.host is not None
    scheme = "HTTPS" if public else "HTTP"
    healthy = {"path": "/api/health", "port": "grafana", "scheme": scheme}
    return {
        # Sessions are in a database in the pod: two pods would not know each other's.
        "replicas": 1,
        # The new one takes over before the old one goes; people are logged in anew, unseen.
        "deploymentStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
        },
        "persistence": {"enabled": False},
        "initChownData": {"enabled": False},
        "testFramework": {"enabled": False},
        "rbac": {"create": False},
        "serviceAccount": {"create": True, "name": ACCOUNT, "automountServiceAccountToken": False},
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "service": {
            "port": SERVICE_PORT[public],
            "annotations": {**SERVICE_ANNOTATIONS, "konghq.com/protocol": "https"}
            if public
            else {},
        },
        "serviceMonitor": {"enabled": plan.spec.monitored},
        "readinessProbe": {"httpGet": healthy},
        "livenessProbe": {"httpGet": healthy, "initialDelaySeconds": 60, "failureThreshold": 10},
        **_pod(plan),
        "env": _plain(args),
        "envValueFrom": _secrets(args),
        "extraSecretMounts": _mounts(plan, args),
        **({"plugins": [XRAY_PLUGIN]} if plan.spec.traces is GrafanaTraces.XRAY else {}),
        "grafana.ini": settings(plan, args),
        "datasources": {"datasources.yaml": data_sources(plan, args, region)},
        "dashboardProviders": {"dashboardproviders.yaml": _providers(plan)},
        "dashboardsConfigMaps": {shelf.name: shelf.name for shelf in plan.shelves},
    }


def _pod(plan: GrafanaPlan) -> Json:
    memory = f"{plan.spec.memory_mib}Mi"
    return {
        "nodeSelector": dict(LABELS),
        "tolerations": list(TOLERATIONS),
        "priorityClassName": PriorityClass.INFRASTRUCTURE.value,
        "resources": resources("100m", memory, memory),
        "podAnnotations": {"linkerd.io/inject": "disabled"},
        "containerSecurityContext": {
            **CONTAINER_SECURITY,
            "privileged": False,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "extraEmptyDirMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - the pod's own
            {"name": "logs", "mountPath": "/var/log/grafana"},
        ],
    }


def _plain(args: GrafanaArgs) -> Json:
    """Return variables; the chart makes a Secret with a password of its own without the first."""
    if "oidc" in args:
        return {"GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION": "true"}
    return {"GF_SECURITY_ADMIN_USER": "admin"}


def _secrets(args: GrafanaArgs) -> Mapping[str, Json]:
    """Return variables from Secrets, by which nothing secret is in a value or a ConfigMap."""
    found = {"GF_SECURITY_SECRET_KEY": (LOGIN_SECRET, "secret-key")}
    if "oidc" in args:
        found["GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET"] = (OIDC_SECRET, "client_secret")
    else:
        found["GF_SECURITY_ADMIN_PASSWORD"] = (LOGIN_SECRET, "admin-password")
    if "logs" in args:
        found |= {USER: (LOGS_SECRET, "username"), PASSWORD: (LOGS_SECRET, "password")}
    return {
        variable: {"secretKeyRef": {"name": secret, "key": key}}
        for variable, (secret, key) in found.items()
    }


def _mounts(plan: GrafanaPlan, args: GrafanaArgs) -> list[Json]:
    mounts: list[Json] = []
    logs = args.get("logs")
    if logs is not None and "ca_secret" in logs:
        mounts.append(_mount("logs-ca", CA_SECRET, CA_FILE.rsplit("/", 1)[0]))
    if plan.spec.host:
        mounts.append(_mount("tls", TLS_SECRET, TLS_FOLDER))
    return mounts


def _mount(name: str, secret: str, folder: str) -> Json:
    return {"name": name, "secretName": secret, "mountPath": folder, "readOnly": True}


def _providers(plan: GrafanaPlan) -> Json:
    return {
        "apiVersion": 1,
        "providers": [
            {
                "name": shelf.name,
                "orgId": 1,
                "folder": shelf.folder,
                "type": "file",
                "disableDeletion": True,
                "allowUiUpdates": False,
                "updateIntervalSeconds": UPDATE_SECONDS,
                "options": {"path": f"{FOLDER}/{shelf.name}"},
            }
            for shelf in plan.shelves
        ],
    }
