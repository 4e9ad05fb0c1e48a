"""Linkerd, with identities from cert-manager."""

from collections.abc import Sequence
from typing import Optional

import pulumi

from components._base.inside import Inside, split_options
from components._base.namespaces import Namespace, NamespacePlan, PodSecurity, make_namespace
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components.charts.catalog import (
    GATEWAY_API_CRDS,
    LINKERD_CNI,
    LINKERD_CONTROL_PLANE,
    LINKERD_CRDS,
    LINKERD_VIZ,
)
from components.charts.release import release
from components.mesh import values
from components.mesh.args import MeshArgs
from components.mesh.network import (
    cni_rules,
    control_plane_rules,
    make_access,
    viz_rules,
)
from components.mesh.plan import (
    CNI_NAMESPACE,
    NAMESPACE,
    TRUST_DOMAIN,
    VIZ_NAMESPACE,
    MeshPlan,
    plan_mesh,
)
from components.mesh.spec import MeshVizSpec
from components.mesh.trust import CONTROL_PLANE_LABEL, make_trust
from components.mesh.webhooks import make_webhook_certificates


class Mesh(pulumi.ComponentResource):
    """Linkerd's CNI plugin and control plane, its certificates, and the Gateway API's definitions.

    Give it the cluster's provider, and as `deleted_with` the cluster itself.

    Example: `Mesh("mesh", {"cert_manager_namespace": addons.cert_manager_namespace},
    in_cluster(cluster, provider))`.
    """

    namespace: pulumi.Output[str]
    """Namespace of the control plane, which runs once this is known."""
    trust_domain: pulumi.Output[str]
    """Where identities are, e.g. `cluster.local`; known once pods can be meshed: whatever is meshed
    waits for it."""
    trust_version: pulumi.Output[str]
    """For the annotation `TRUST_ANNOTATION` of meshed pods, which another value starts anew."""
    gateway_api: pulumi.Output[str]
    """Version of the Gateway API, e.g. `v1.5.1`, once its definitions are there; empty when they
    are somebody else's."""

    @all_given
    def __init__(
        self, name: str, args: MeshArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_mesh(args, name)
        spec = plan.spec
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:Mesh", name, dict(args), own)
        scope = Scope(name, parent=self, tags={}, protect=spec.protect)
        inside = Inside(scope, control_plane)

        linkerd = make_namespace(inside, _linkerd())
        gateway_api = _gateway_api(inside, plan, linkerd)
        definitions = release(
            inside,
            LINKERD_CRDS,
            namespace=linkerd.name,
            values=values.crds_values(),
            mirror=plan.mirror,
            depends_on=gateway_api,
            protect=spec.protect,
        )
        cni = _cni(inside, plan)
        # The bundle goes to the namespace, though it does not say so.
        cert_manager = after(
            pulumi.Output.from_input(args["cert_manager_namespace"]), [linkerd.resource]
        )
        trust = make_trust(
            inside, plan, cert_manager_namespace=cert_manager, namespace=linkerd.name
        )
        webhooks = make_webhook_certificates(inside, namespace=linkerd.name, depends_on=trust)
        access = make_access(
            inside,
            NAMESPACE,
            linkerd.name,
            control_plane_rules(spec.metrics_namespaces, spec.tracing),
        )
        running = release(
            inside,
            LINKERD_CONTROL_PLANE,
            namespace=linkerd.name,
            values=values.control_plane_values(plan, args.get("probe_networks") or ()),
            mirror=plan.mirror,
            depends_on=[definitions, cni, access, *trust, *webhooks, *linkerd.closed],
        )
        if spec.viz:
            _viz(inside, plan, spec.viz, running)

        self.namespace = after(linkerd.name, [running])
        self.trust_domain = after(pulumi.Output.from_input(TRUST_DOMAIN), [running])
        self.trust_version = after(pulumi.Output.from_input(plan.trust_version), [running])
        version = GATEWAY_API_CRDS.app_version if spec.gateway_api else ""
        self.gateway_api = after(pulumi.Output.from_input(version), gateway_api)
        self.register_outputs(
            {
                "namespace": self.namespace,
                "trustDomain": self.trust_domain,
                "trustVersion": self.trust_version,
                "gatewayApi": self.gateway_api,
            }
        )


def _linkerd() -> NamespacePlan:
    """As restricted as can be: with the CNI plugin no pod needs a capability."""
    labels = {**CONTROL_PLANE_LABEL, "linkerd.io/control-plane-ns": NAMESPACE}
    return NamespacePlan(NAMESPACE, PodSecurity.RESTRICTED, labels=labels)


def _gateway_api(inside: Inside, plan: MeshPlan, namespace: Namespace) -> list[pulumi.Resource]:
    """Install the Gateway API's definitions, which nothing else in the platform does."""
    if not plan.spec.gateway_api:
        return []
    made = release(
        inside,
        GATEWAY_API_CRDS,
        namespace=namespace.name,
        # With the definitions would go every route and gateway there is.
        values={"channel": "standard", "resourcePolicy": {"keep": plan.spec.protect}},
        mirror=plan.mirror,
        protect=plan.spec.protect,
    )
    return [made]


def _cni(inside: Inside, plan: MeshPlan) -> pulumi.Resource:
    """Install the CNI plugin; it writes to the nodes' disks, so its namespace is privileged."""
    labels = {"linkerd.io/cni-resource": "true"}
    namespace = make_namespace(
        inside, NamespacePlan(CNI_NAMESPACE, PodSecurity.PRIVILEGED, labels=labels)
    )
    access = make_access(inside, CNI_NAMESPACE, namespace.name, cni_rules())
    return release(
        inside,
        LINKERD_CNI,
        name="linkerd-cni",
        namespace=namespace.name,
        values=values.cni_values(),
        mirror=plan.mirror,
        depends_on=[access, *namespace.closed],
    )


def _viz(inside: Inside, plan: MeshPlan, viz: MeshVizSpec, mesh: pulumi.Resource) -> None:
    labels = {"linkerd.io/extension": "viz"}
    namespace = make_namespace(
        inside, NamespacePlan(VIZ_NAMESPACE, PodSecurity.RESTRICTED, meshed=True, labels=labels)
    )
    needed: Sequence[pulumi.Resource] = [
        make_access(inside, VIZ_NAMESPACE, namespace.name, viz_rules(viz, plan.spec.tracing)),
        *make_webhook_certificates(inside, namespace=namespace.name, viz=True, depends_on=[mesh]),
    ]
    release(
        inside,
        LINKERD_VIZ,
        namespace=namespace.name,
        values=values.viz_values(viz),
        mirror=plan.mirror,
        depends_on=[mesh, *needed, *namespace.closed],
    )
