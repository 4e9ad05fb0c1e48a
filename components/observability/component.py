"""The namespaces of what watches the platform, and the Prometheus operator's definitions."""

from typing import Optional

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside, split_options
from components._base.names import check_name
from components._base.namespaces import Namespace, NamespacePlan, PodSecurity, make_namespace
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components._base.spec import read_spec
from components.charts.catalog import PROMETHEUS_OPERATOR_CRDS
from components.charts.release import release
from components.gateway.names import ROUTES_ALLOWED
from components.observability.args import ObservabilityArgs
from components.observability.names import AGENTS_NAMESPACE, NAMESPACE
from components.observability.spec import ObservabilitySpec

SEEN_BY_THE_INJECTOR = {"config.linkerd.io/admission-webhooks": "enabled"}
"""The namespace is in no mesh, but collectors and Tempo, which have what customers do, ask for a
proxy by annotation. The price: while Linkerd's injector is away, no pod starts here."""


class Observability(pulumi.ComponentResource):
    """What metrics, traces, logs, dashboards and alerts stand on.

    Give it the cluster's provider, and as `deleted_with` the cluster itself. It comes early: what
    has monitors or alerts of its own needs the definitions.

    Example: `Observability("observability", {}, in_cluster(cluster, provider))`.
    """

    namespace: pulumi.Output[str]
    """Namespace of Prometheus, Grafana, collectors and exporters, once it is closed."""
    agents_namespace: pulumi.Output[str]
    """Namespace of what reads the nodes' files, once it is closed."""
    ready: pulumi.Output[str]
    """API version of ServiceMonitors, PodMonitors and PrometheusRules, once both namespaces and the
    definitions are there."""

    @all_given
    def __init__(
        self, name: str, args: ObservabilityArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        owner = f"Observability {name!r}"
        check_name(name, owner)
        spec = read_spec(ObservabilitySpec, ObservabilityArgs, args, owner)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:Observability", name, dict(args), own)
        scope = Scope(name, parent=self, tags={}, protect=spec.protect)
        inside = Inside(scope, control_plane)

        # The metrics' volumes go with it: before the cluster does, or nobody would delete them.
        seen = {**SEEN_BY_THE_INJECTOR, **(ROUTES_ALLOWED if spec.shown else {})}
        plan = NamespacePlan(NAMESPACE, labels=seen)
        telemetry = make_namespace(inside, plan, stateful=True)
        among_themselves = _among_themselves(inside, telemetry)
        agents = make_namespace(inside, NamespacePlan(AGENTS_NAMESPACE, PodSecurity.PRIVILEGED))
        keep = {"annotations": {"helm.sh/resource-policy": "keep"}} if spec.protect else {}
        definitions = release(
            inside,
            PROMETHEUS_OPERATOR_CRDS,
            namespace=telemetry.name,
            values={"crds": keep},
            mirror=args.get("mirror") or "",
            protect=spec.protect,
        )

        earlier = pulumi.Output.all(telemetry.name, *(args.get("requires") or ()))
        self.namespace = after(
            earlier.apply(lambda _: NAMESPACE), [*telemetry.closed, among_themselves]
        )
        self.agents_namespace = after(agents.name, agents.closed)
        self.ready = after(
            pulumi.Output.all(self.namespace, self.agents_namespace).apply(
                lambda _: "monitoring.coreos.com/v1"
            ),
            [definitions],
        )
        self.register_outputs(
            {
                "namespace": self.namespace,
                "agentsNamespace": self.agents_namespace,
                "ready": self.ready,
            }
        )


def _among_themselves(inside: Inside, namespace: Namespace) -> pulumi.Resource:
    """Let the pods of the namespace talk to each other: Grafana to Prometheus, and so on."""
    return kubernetes.networking.v1.NetworkPolicy(
        f"{inside.scope.name}-own",
        metadata={"name": "own", "namespace": namespace.name},
        spec={
            "pod_selector": {},
            "policy_types": ["Ingress", "Egress"],
            "ingress": [{"from_": [{"pod_selector": {}}]}],
            "egress": [{"to": [{"pod_selector": {}}]}],
        },
        opts=inside.own,
    )
