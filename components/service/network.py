"""Who may connect to a workload, and whom it may connect to: policies of network and mesh."""

import re
from collections.abc import Sequence

import pulumi

from components.gateway import names as gateway
from components.gateway.values import pod_labels as gateway_labels
from components.mesh.network import PROXY_PORT
from components.mesh.policy import (
    Caller,
    MeshProtocol,
    Network,
    PortAccess,
    RouteAccess,
    WorkloadAccess,
    workload_policies,
)
from components.service.contract import HTTP_PORT, LIVE, METRICS, READY
from components.service.environment import CACHE_PORT
from components.service.objects import NAME_LABEL, Json, Object, from_mesh
from components.service.plan import FastApiServicePlan, Workload
from components.service.pod import TRACK_LABEL, VERSION_LABEL, labels

KAFKA_PORT, AMQPS_PORT, OTLP_PORT, HTTPS_PORT, ELASTICSEARCH_PORT = 9098, 5671, 4318, 443, 9200

IN_THE_MESH = (HTTP_PORT, PROXY_PORT)
"""Between meshed pods the proxy's own port is used, but where it speaks plain HTTP."""

IDENTITY_AGENT, IDENTITY_PORT = "169.254.170.23/32", 80
"""EKS' own agent, from which pods get their role's credentials.

https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html (2026-11)
"""

INSIDE = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
"""What is no address of the internet: https://www.rfc-editor.org/rfc/rfc6890 (2026-11)."""

DOCUMENT = "/openapi.json"
"""What API a service has, unless it is told not to say (docs/runtime-contract.md)."""

DOCUMENT_ACCESS = RouteAccess(
    "document", DOCUMENT, methods=("GET",), networks=(Network("document", ("0.0.0.0/0",)),)
)

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Kubernetes itself puts it on every namespace."""


def workload_policy(
    workload: Workload,
    *,
    callers: Sequence[str] = (),
    public: bool = False,
    scraped: bool = False,
    scanner: str | None = None,
    pods: Sequence[str] = (),
) -> Object:
    """Return the NetworkPolicy of a workload's pods.

    :param callers: workloads of the namespace that may connect.
    :param public: the gateway may.
    :param scraped: Prometheus may.
    :param scanner: namespace whose pods may.
    :param pods: names of its Deployments, if there are several.
    """
    ingress: list[Json] = []
    if public:
        pod = {"podSelector": {"matchLabels": gateway_labels("gateway")}}
        ingress.append(_rule("from", {**_namespace(gateway.NAMESPACE), **pod}, *IN_THE_MESH))
    if callers:
        ingress.append(_rule("from", _named(callers), *IN_THE_MESH))
    if scraped:
        prometheus = _namespace(workload.observability_namespace)
        ingress.append(_rule("from", prometheus, *IN_THE_MESH))
    if scanner:
        ingress.append(_rule("from", _namespace(scanner), *IN_THE_MESH))
    spec = {
        "podSelector": _named(pods or [workload.name])["podSelector"],
        "policyTypes": ["Ingress", "Egress"],
        "ingress": ingress,
        "egress": _egress(workload),
    }
    name = workload.name
    return Object(
        "networking.k8s.io/v1", "NetworkPolicy", name, {"spec": spec}, labels=labels(name)
    )


def _egress(workload: Workload) -> list[Json]:
    """Return where its pods may connect to, besides DNS and the mesh's control plane."""
    args, uses = workload.args, workload.uses
    rules: list[Json] = []
    calls, collector = args.get("calls"), args.get("otel_endpoint")
    if calls:
        rules.append(_rule("to", _named(sorted(calls)), *IN_THE_MESH))
    if collector is not None:
        telemetry = _namespace(workload.observability_namespace)
        rules.append(_rule("to", telemetry, OTLP_PORT, PROXY_PORT))
    rules += _stores(workload)
    if workload.needs_role:
        rules.append(_rule("to", _network(IDENTITY_AGENT), IDENTITY_PORT))
    if args.get("identity") is not None or uses.tables or uses.buckets:
        # The issuer's keys, DynamoDB and S3: their addresses are many and change.
        outside = {"ipBlock": {"cidr": "0.0.0.0/0", "except": list(INSIDE)}}
        rules.append(_rule("to", outside, HTTPS_PORT))
    return rules


def _stores(workload: Workload) -> list[Json]:
    uses, stores = workload.uses, workload.args.get("stores") or {}
    ports: list[int] = []
    rules: list[Json] = []
    if uses.cache and "cache" in stores:
        ports.append(int(stores["cache"].get("port", CACHE_PORT)))
    ports += [KAFKA_PORT] if uses.kafka else []
    ports += [AMQPS_PORT] if uses.rabbitmq else []
    if uses.search and "search" in stores:
        namespace = stores["search"].get("namespace")
        if namespace:
            engine = _namespace(namespace)
            rules.append(_rule("to", engine, ELASTICSEARCH_PORT))
        else:
            ports.append(HTTPS_PORT)
    if ports:
        cidrs = [_network(cidr) for cidr in workload.args.get("data_cidrs") or ()]
        rules.append({"to": cidrs, "ports": _ports(*ports)})
    return rules


def callers_of(plan: FastApiServicePlan) -> list[Caller]:
    """Return who may call a service: the gateway if it is public, and the declared callers."""
    public = [Caller(gateway.PROXY, gateway.NAMESPACE)] if plan.spec.public else []
    return [*public, *(Caller(name, plan.args["namespace"]) for name in plan.spec.callers)]


def mesh_policies(
    workload: Workload, callers: Sequence[Caller], *, scanned: bool = False
) -> list[Object]:
    """Return who may call a workload's HTTP port: `callers`, and Prometheus its metrics only.

    :param scanned: scans may read what API it has: pods outside the mesh, of which the network
        policy lets in their own only.
    """
    account = workload.args.get("prometheus_account")
    monitored = bool(workload.args.get("monitored"))
    metrics = RouteAccess(
        "metrics",
        METRICS,
        methods=("GET",),
        callers=(Caller(account, workload.observability_namespace),) if account else (),
        # Unmeshed pods of its namespace are all that the network policy lets in.
        networks=() if account else (Network("metrics", ("0.0.0.0/0",)),),
    )
    port = PortAccess(
        port="http",
        name="http",
        protocol=MeshProtocol.HTTP1,
        callers=tuple(callers),
        routes=(*((metrics,) if monitored else ()), *((DOCUMENT_ACCESS,) if scanned else ())),
        probe_paths=(LIVE, READY),
    )
    access = WorkloadAccess(workload.name, {NAME_LABEL: workload.name}, (port,))
    return [from_mesh(resource) for resource in workload_policies(access)]


RELABELINGS: Sequence[Json] = [
    {"sourceLabels": [f"__meta_kubernetes_{owner}_label_{label}"], "targetLabel": target}
    for owner, label, target in (
        ("service", re.sub(r"\W", "_", NAME_LABEL), "service"),
        ("pod", re.sub(r"\W", "_", VERSION_LABEL), "version"),
        ("pod", re.sub(r"\W", "_", TRACK_LABEL), "track"),
    )
]
"""A canary's metrics are its service's, of another `version`; by default `service` is the name of
the Service, of which it has its own.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config
(2026-11)
"""


def service_monitor(name: str) -> Object:
    """Return what makes Prometheus read the service's metrics, and its canary's."""
    endpoint = {"port": "http", "path": METRICS, "interval": "30s", "relabelings": RELABELINGS}
    spec = {"selector": {"matchLabels": {NAME_LABEL: name}}, "endpoints": [endpoint]}
    return Object(
        "monitoring.coreos.com/v1", "ServiceMonitor", name, {"spec": spec}, labels=labels(name)
    )


def pod_monitor(name: str) -> Object:
    """Return the same for a worker, which has no Service."""
    spec = {
        "selector": {"matchLabels": {NAME_LABEL: name}},
        "podMetricsEndpoints": [{"port": "http", "path": METRICS, "interval": "30s"}],
    }
    return Object(
        "monitoring.coreos.com/v1", "PodMonitor", name, {"spec": spec}, labels=labels(name)
    )


def _named(names: Sequence[str]) -> Json:
    """Return the pods of workloads in the same namespace."""
    if len(names) == 1:
        return {"podSelector": {"matchLabels": {NAME_LABEL: names[0]}}}
    listed = {"key": NAME_LABEL, "operator": "In", "values": list(names)}
    return {"podSelector": {"matchExpressions": [listed]}}


def _namespace(name: str) -> Json:
    return {"namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: name}}}


def _network(cidr: pulumi.Input[str]) -> Json:
    return {"ipBlock": {"cidr": cidr}}


def _rule(side: str, peer: Json, *ports: int) -> Json:
    return {side: [peer], "ports": _ports(*ports)}


def _ports(*numbers: int) -> list[Json]:
    return [{"port": number, "protocol": "TCP"} for number in numbers]
