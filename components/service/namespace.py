"""The namespace of services: closed, meshed, bounded, and open to the gateway's routes."""

from typing import Optional

import pulumi
from pydantic import Field

from components._base.inside import Inside, split_options
from components._base.names import check_name
from components._base.namespaces import NamespacePlan, PodSecurity, Quota, make_namespace
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components._base.spec import Spec, read_spec
from components.gateway.names import ROUTES_ALLOWED
from components.mesh.network import make_access, meshed_rules
from components.service.namespace_args import ServiceNamespaceArgs
from components.service.search_ca import SECRET, make_search_ca
from components.service.values import WorkloadName


class QuotaSpec(Spec):
    """The most that all pods of a namespace may ask for in all, their proxies among them."""

    cpu: int = Field(100, ge=1, le=100_000)
    """Cores."""
    memory_gib: int = Field(400, ge=1, le=1_000_000)
    """GiB."""
    pods: int = Field(1000, ge=1, le=100_000)
    """Pods."""


class ServiceNamespaceSpec(Spec):
    """The namespace of services."""

    namespace: WorkloadName | None = None
    """Its name in the cluster; default: the component's."""
    quota: QuotaSpec = QuotaSpec()  # pyright: ignore[reportCallIssue]
    """The most that its pods may ask for in all."""
    observability_namespace: WorkloadName = "observability"
    """Namespace that reads the proxies' metrics."""


def plan_service_namespace(args: ServiceNamespaceArgs, name: str) -> NamespacePlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"ServiceNamespace {name!r}"
    check_name(name, owner)
    spec = read_spec(ServiceNamespaceSpec, ServiceNamespaceArgs, args, owner)
    return NamespacePlan(
        spec.namespace or name,
        pod_security=PodSecurity.RESTRICTED,
        meshed=True,
        quota=Quota(str(spec.quota.cpu), f"{spec.quota.memory_gib}Gi", spec.quota.pods),
        labels=ROUTES_ALLOWED,
    )


class ServiceNamespace(pulumi.ComponentResource):
    """A namespace for services and workers: what runs in it is meshed, restricted and cut off.

    Example: `ServiceNamespace("services", {"requires": [mesh.trust_domain]}, in_cluster(cluster,
    provider))`.
    """

    namespace: pulumi.Output[str]
    """Its name in the cluster."""
    ready: pulumi.Output[str]
    """The same, once pods may start in it: for `requires` of what runs here."""
    search_ca_secret: pulumi.Output[str]
    """Secret with the `ca.crt` of Elasticsearch, for `stores.search.ca_secret`; empty: none."""

    @all_given
    def __init__(
        self,
        name: str,
        args: ServiceNamespaceArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        plan = plan_service_namespace(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:ServiceNamespace", name, dict(args), own)
        inside = Inside(Scope(name, parent=self, tags={}, protect=False), control_plane)
        made = make_namespace(inside, plan)
        watcher = args.get("observability_namespace") or "observability"
        closed = [
            *made.closed,
            make_access(inside, plan.name, made.name, meshed_rules([watcher])),
        ]
        ca = args.get("search_ca")
        copies = make_search_ca(inside, made.name, ca, after=made.closed) if ca is not None else []

        self.namespace = pulumi.Output.from_input(plan.name)
        earlier = pulumi.Output.all(made.name, *(args.get("requires") or ()))
        self.ready = after(earlier.apply(lambda _: plan.name), closed)
        copied = pulumi.Output.from_input(SECRET if copies else "")
        self.search_ca_secret = after(copied, copies)
        self.register_outputs(
            {
                "namespace": self.namespace,
                "ready": self.ready,
                "searchCaSecret": self.search_ca_secret,
            }
        )
