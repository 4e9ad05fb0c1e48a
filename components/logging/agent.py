"""Fluent Bit on each node: the release, whom it may talk to, and who reads its metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.confined import CONTAINER_SECURITY
from components._base.inside import Inside
from components._base.objects import CustomObject
from components.addons.network_policies import NAMESPACE_LABEL, POD_IDENTITY
from components.charts.catalog import FLUENT_BIT
from components.charts.release import Values, release
from components.logging.documents import USER
from components.logging.pipeline import METRICS_PATH, METRICS_PORT, RELEASE, SCRIPT, STATE
from components.logging.plan import LoggingPlan
from components.logging.setup import CA_COPY

LABELS: Mapping[str, str] = {"app.kubernetes.io/name": RELEASE}
"""Of the pods, by the chart."""

PRIORITY = "system-node-critical"
"""Kubernetes' own class: a node without its agent would run without logs."""

GRACE_SECONDS = 60
"""Fluent Bit itself takes 30 to send what it has; what is left then is on the disk."""


@dataclass(frozen=True)
class Sinks:
    """What the agents need to know of where they send lines; None: not there."""

    search_host: pulumi.Output[str] | None = None
    search_port: pulumi.Output[str] | None = None
    password_secret: pulumi.Output[str] | None = None
    search_namespace: pulumi.Output[str] | None = None
    log_group: pulumi.Output[str] | None = None
    region: pulumi.Output[str] | None = None


def make_agent(
    inside: Inside,
    plan: LoggingPlan,
    sinks: Sinks,
    *,
    namespace: pulumi.Input[str],
    mirror: str,
    after: Sequence[pulumi.Resource],
) -> kubernetes.helm.v3.Release:
    """Install the agents.

    :param after: what has to be there before the first line is sent.
    """
    door = _network_policy(inside, plan, sinks, namespace)
    installed = release(
        inside,
        FLUENT_BIT,
        name=RELEASE,
        namespace=namespace,
        values=agent_values(plan, sinks),
        mirror=mirror,
        depends_on=[*after, door],
    )
    if plan.spec.monitored:
        _monitor(inside, namespace)
    return installed


def agent_values(plan: LoggingPlan, sinks: Sinks) -> Values:
    """Return the chart's values.

    The kubelet's logs belong to root, so the container runs as root, with no capability at all, a
    root file system that it can't write to, and of the node's files those logs (to read) and its
    own folder.
    """
    search = sinks.search_host is not None
    ca = {"name": "search-ca", "secret": {"secretName": CA_COPY}}
    ca_mount = {"name": "search-ca", "mountPath": "/fluent-bit/search-ca", "readOnly": True}
    return {
        "kind": "DaemonSet",
        "testFramework": {"enabled": False},
        "fullnameOverride": RELEASE,
        "serviceAccount": {"create": True, "name": RELEASE},
        "rbac": {"create": True, "nodeAccess": False, "eventsAccess": False},
        "hostNetwork": False,
        "priorityClassName": PRIORITY,
        # On every node, whatever it is for.
        "tolerations": [{"operator": "Exists"}],
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "podSecurityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "securityContext": {
            "runAsUser": 0,
            **CONTAINER_SECURITY,
        },
        "resources": {
            "requests": {"cpu": "50m", "memory": "128Mi"},
            "limits": {"memory": "384Mi"},
        },
        "metricsPort": METRICS_PORT,
        "env": _environment(sinks),
        "args": ["--workdir=/fluent-bit/etc", "--config=/fluent-bit/etc/conf/fluent-bit.yaml"],
        "config": {"extraFiles": {"fluent-bit.yaml": plan.configuration}},
        "luaScripts": {SCRIPT: plan.script},
        "daemonSetVolumes": [
            {"name": "logs", "hostPath": {"path": "/var/log"}},
            {"name": "state", "hostPath": {"path": STATE, "type": "DirectoryOrCreate"}},
        ],
        "daemonSetVolumeMounts": [
            {"name": "logs", "mountPath": "/var/log", "readOnly": True},
            {"name": "state", "mountPath": STATE},
        ],
        "extraVolumes": [ca] if search else [],
        "extraVolumeMounts": [ca_mount] if search else [],
    }


def _environment(sinks: Sinks) -> list[Mapping[str, object]]:
    """Return what differs between clusters; no password is in the values."""
    plain = {
        "SEARCH_HOST": sinks.search_host,
        "SEARCH_PORT": sinks.search_port,
        "AWS_REGION": sinks.region,
        "LOG_GROUP": sinks.log_group,
    }
    env: list[Mapping[str, object]] = [
        {"name": name, "value": value} for name, value in plain.items() if value is not None
    ]
    if sinks.password_secret is not None:
        key = {"name": sinks.password_secret, "key": "password"}
        env.append({"name": "SEARCH_USER", "value": USER})
        env.append({"name": "SEARCH_PASSWORD", "valueFrom": {"secretKeyRef": key}})
    return env


def _network_policy(
    inside: Inside, plan: LoggingPlan, sinks: Sinks, namespace: pulumi.Input[str]
) -> pulumi.Resource:
    """Let the agents reach the API server and the sinks, and Prometheus the agents.

    The API server is asked under its Service's address, and CloudWatch has no fixed one: both are
    on the port of HTTPS. The instance's metadata is on another port, and closed to them.
    """
    https: kubernetes.networking.v1.NetworkPolicyEgressRuleArgsDict = {"ports": [_port(443)]}
    egress = [https]
    if sinks.search_namespace is not None and sinks.search_port is not None:
        labels = {NAMESPACE_LABEL: sinks.search_namespace}
        egress.append(
            {
                "to": [{"namespace_selector": {"match_labels": labels}}],
                "ports": [{"port": sinks.search_port.apply(int), "protocol": "TCP"}],
            }
        )
    if sinks.log_group is not None:
        egress.append({"to": [{"ip_block": {"cidr": POD_IDENTITY}}], "ports": [_port(80)]})
    watchers: kubernetes.meta.v1.LabelSelectorRequirementArgsDict = {
        "key": NAMESPACE_LABEL,
        "operator": "In",
        "values": list(plan.spec.metrics_namespaces),
    }
    return kubernetes.networking.v1.NetworkPolicy(
        f"{inside.scope.name}-agents",
        metadata={"name": RELEASE, "namespace": namespace},
        spec={
            "pod_selector": {"match_labels": LABELS},
            "policy_types": ["Ingress", "Egress"],
            "ingress": [
                {
                    "from_": [{"namespace_selector": {"match_expressions": [watchers]}}],
                    "ports": [_port(METRICS_PORT)],
                }
            ],
            "egress": egress,
        },
        opts=inside.own,
    )


def _port(number: int) -> kubernetes.networking.v1.NetworkPolicyPortArgsDict:
    return {"port": number, "protocol": "TCP"}


def _monitor(inside: Inside, namespace: pulumi.Input[str]) -> pulumi.Resource:
    """Have Prometheus read the agents' metrics."""
    node = {"sourceLabels": ["__meta_kubernetes_pod_node_name"], "targetLabel": "node"}
    endpoint = {
        "port": "http",
        "path": METRICS_PATH,
        "interval": "30s",
        "relabelings": [node],
    }
    spec = {"selector": {"matchLabels": dict(LABELS)}, "podMetricsEndpoints": [endpoint]}
    return CustomObject(
        f"{inside.scope.name}-monitor",
        api_version="monitoring.coreos.com/v1",
        kind="PodMonitor",
        metadata={"name": RELEASE, "namespace": namespace, "labels": dict(LABELS)},
        fields={"spec": spec},
        opts=inside.own,
    )
