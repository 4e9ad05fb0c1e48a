"""Who may talk to Prometheus and its like, and whom they may, in a namespace that is closed.

Its pods among themselves may already (`Observability`). Whether Prometheus may read a pod elsewhere
is for that pod's own policies to say.
"""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.addons.network_policies import HTTPS, NAMESPACE_LABEL, POD_IDENTITY
from components.metrics.names import POD_LABEL
from components.metrics.plan import MetricsPlan

PROMETHEUS, KUBELET, NODE_EXPORTER = 9090, 10250, 9100
MSK_PORTS = (11001, 11002)
"""Kafka's figures and those of its hosts.

https://docs.aws.amazon.com/msk/latest/developerguide/open-monitoring.html (2026-11)
"""

WEBHOOK = 10250
"""Of the operator, for the API server, which no selector names. It speaks TLS."""

Json = Mapping[str, object]

EVERY_POD: Json = {"namespaceSelector": {}}
"""Of the cluster."""


def make_network_policies(
    inside: Inside, plan: MetricsPlan, namespace: pulumi.Input[str], *, kafka: bool
) -> list[pulumi.Resource]:
    """Create the policies.

    :param kafka: there are MSK brokers to read.
    """
    readers = [_namespace(name) for name in plan.spec.query_namespaces]
    nodes = (KUBELET, NODE_EXPORTER, *(MSK_PORTS if kafka else ()))
    return [
        # The Kubernetes API and those of AWS, Slack and PagerDuty, by names that move about.
        _policy(
            inside,
            namespace,
            "calls",
            {"matchExpressions": [{"key": POD_LABEL, "operator": "Exists"}]},
            egress=[
                {"ports": _ports(HTTPS)},
                {"to": [{"ipBlock": {"cidr": POD_IDENTITY}}], "ports": _ports(80)},
            ],
        ),
        _policy(
            inside,
            namespace,
            "prometheus",
            {"matchLabels": {POD_LABEL: "prometheus"}},
            ingress=[{"from": readers, "ports": _ports(PROMETHEUS)}] if readers else [],
            egress=[{"to": [EVERY_POD]}, {"ports": _ports(*nodes)}],
        ),
        _policy(
            inside,
            namespace,
            "operator",
            {"matchLabels": {POD_LABEL: "operator"}},
            ingress=[{"ports": _ports(WEBHOOK)}],
        ),
    ]


def _policy(
    inside: Inside,
    namespace: pulumi.Input[str],
    name: str,
    pods: Json,
    *,
    ingress: Sequence[Json] = (),
    egress: Sequence[Json] = (),
) -> pulumi.Resource:
    rules = {"ingress": list(ingress), "egress": list(egress)}
    given = {direction: listed for direction, listed in rules.items() if listed}
    types = [direction.capitalize() for direction in given]
    spec = {"podSelector": pods, "policyTypes": types, **given}
    return kubernetes.networking.v1.NetworkPolicy(
        f"{inside.scope.name}-{name}-access",
        metadata={"name": f"metrics-{name}", "namespace": namespace},
        spec=cast("kubernetes.networking.v1.NetworkPolicySpecArgsDict", spec),
        opts=inside.own,
    )


def _namespace(name: str) -> Json:
    return {"namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: name}}}


def _ports(*numbers: int) -> list[Json]:
    return [{"port": number, "protocol": "TCP"} for number in numbers]
