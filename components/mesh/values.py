"""Values of Linkerd's charts."""

from collections.abc import Mapping, Sequence

import pulumi

from components.cluster.addons import TOLERATIONS
from components.cluster.nodes import LABELS
from components.mesh.plan import NAMESPACE, TRUST_ANNOTATION, VIZ_NAMESPACE, MeshPlan
from components.mesh.spec import MeshProxySpec, MeshTracingSpec, MeshVizSpec
from components.mesh.webhooks import CONTROL_PLANE_WEBHOOKS, VIZ_WEBHOOKS, webhook_values

Values = dict[str, object]

SYSTEM_NODES: Mapping[str, str] = {"kubernetes.io/os": "linux", **LABELS}

PRIORITY, NODE_PRIORITY = "system-cluster-critical", "system-node-critical"
"""Without the control plane no meshed pod starts, and without the CNI plugin none on its node."""


def resources(cpu: str, request: str, limit: str) -> Values:
    """Return requests and the memory limit, in the form of Linkerd's charts."""
    return {"cpu": {"request": cpu}, "memory": {"request": request, "limit": limit}}


CONTROLLER = resources("100m", "64Mi", "512Mi")
IDENTITY = resources("100m", "32Mi", "256Mi")
VIZ = resources("50m", "64Mi", "256Mi")
"""Requests near those of the charts' values-ha.yaml (2026-08), limits twice theirs: a control plane
that is killed for its memory takes the mesh's discovery with it."""


def crds_values() -> Values:
    """Return the values of linkerd-crds: the Gateway API's definitions are another release's."""
    return {"installGatewayAPI": False}


def cni_values() -> Values:
    """Return the values of the CNI plugin, which redirects a pod's traffic to its proxy.

    The repair controller starts pods anew that were faster than the plugin on a new node: Karpenter
    makes new nodes all the time.
    """
    return {
        "priorityClassName": NODE_PRIORITY,
        "resources": resources("10m", "32Mi", "128Mi"),
        "repairController": {
            "enabled": True,
            "logFormat": "json",
            "resources": resources("10m", "32Mi", "128Mi"),
        },
        # A rolling update of one node after another takes hours where there are many.
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
    }


def control_plane_values(
    plan: MeshPlan, probe_networks: Sequence[pulumi.Input[str]] = ()
) -> Values:
    """Return the values of the control plane.

    :param probe_networks: CIDRs from which kubelets probe; none: anywhere.
    """
    spec = plan.spec
    values: Values = {
        "cniEnabled": True,
        "identity": {
            "externalCA": True,
            "issuer": {"scheme": "kubernetes.io/tls"},
        },
        # As the anchors are read when a pod starts, a change of them starts these pods anew.
        "podAnnotations": {TRUST_ANNOTATION: plan.trust_version},
        **webhook_values(NAMESPACE, CONTROL_PLANE_WEBHOOKS),
        # A pod without its proxy would take requests from anybody.
        "webhookFailurePolicy": "Fail",
        "proxy": _proxy(spec.proxy, spec.tracing, spec.inbound_policy.value),
        "controllerReplicas": spec.replicas,
        "enablePodAntiAffinity": plan.highly_available,
        "enablePodDisruptionBudget": plan.highly_available,
        "controller": {"podDisruptionBudget": {"maxUnavailable": 1}},
        "deploymentStrategy": {"rollingUpdate": _rolling(plan.highly_available)},
        "controllerLogFormat": "json",
        "destinationResources": CONTROLLER,
        "identityResources": IDENTITY,
        "proxyInjectorResources": CONTROLLER,
        "spValidatorResources": CONTROLLER,
        "policyController": {
            "resources": CONTROLLER,
            **({"probeNetworks": list(probe_networks)} if probe_networks else {}),
        },
        "priorityClassName": PRIORITY,
        "nodeSelector": SYSTEM_NODES,
        "tolerations": TOLERATIONS,
        # As often as all else is read: every 10 s, as the chart has it, is three times the samples.
        "podMonitor": {
            "enabled": spec.pod_monitors,
            "scrapeInterval": "30s",
            "scrapeTimeout": "10s",
        },
        # It would tell Linkerd's makers about the cluster each day.
        "disableHeartBeat": True,
    }
    return values


def viz_values(viz: MeshVizSpec) -> Values:
    """Return the values of the dashboard and tap, without a Prometheus of their own."""
    several = viz.replicas > 1
    placed: Values = {"nodeSelector": SYSTEM_NODES, "tolerations": TOLERATIONS}
    webhooks = webhook_values(VIZ_NAMESPACE, VIZ_WEBHOOKS)
    sized: Values = {"replicas": viz.replicas, "resources": VIZ}
    return {
        **placed,
        "prometheus": {"enabled": False},
        "prometheusUrl": viz.prometheus_url,
        "metricsAPI": {**sized, **placed},
        "dashboard": {"resources": VIZ},
        **{value: {**sized, **webhooks[value]} for value in VIZ_WEBHOOKS},
        "enablePodAntiAffinity": several,
        "enablePodDisruptionBudget": several,
        "defaultLogFormat": "json",
        # The namespace is ours, and labelled already.
        "createNamespaceMetadataJob": False,
    }


def _proxy(proxy: MeshProxySpec, tracing: MeshTracingSpec | None, inbound: str) -> Values:
    sized = resources(
        f"{proxy.cpu_millis}m", f"{proxy.memory_mib}Mi", f"{proxy.memory_limit_mib}Mi"
    )
    values: Values = {
        "defaultInboundPolicy": inbound,
        # It starts before the application and ends after it, and jobs end in spite of it.
        "nativeSidecar": True,
        "logFormat": "json",
        "resources": sized,
    }
    if tracing:
        values["tracing"] = {
            "enabled": True,
            "collector": {
                "endpoint": tracing.collector,
                "meshIdentity": {
                    "serviceAccountName": tracing.service_account,
                    "namespace": tracing.namespace,
                },
            },
        }
    return values


def _rolling(several: bool) -> Values:
    # With a node each, there is room for a new pod only when an old one has gone.
    if several:
        return {"maxUnavailable": 1, "maxSurge": "25%"}
    return {"maxUnavailable": 0, "maxSurge": 1}
