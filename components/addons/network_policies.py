"""Who may talk to the add-ons, and whom they may talk to, in namespaces that are closed."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.namespaces import Namespace, NamespacePlan, Quota, make_namespace
from components.addons.kit import Kit

HTTPS = 443

POD_IDENTITY = "169.254.170.23/32"
"""Where the agent of EKS Pod Identity gives out credentials, on port 80 of each node.

https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html (2026-11)
"""

QUOTA = Quota(cpu="2", memory="4Gi", pods=20)
"""More than twice what any add-on asks for, as an upgrade runs old and new side by side."""

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Kubernetes itself puts it on every namespace."""


@dataclass(frozen=True)
class Doors:
    """What a namespace of an add-on lets in and out, beside names and its own pods."""

    webhooks: Sequence[int] = ()
    """Ports that the API server calls. It comes from its interfaces in the VPC, which no selector
    names, so these are open to all who get there; each speaks TLS and decides nothing by caller."""
    metrics: Sequence[int] = ()
    """Ports that pods of the namespaces with the metrics system read."""
    out: Sequence[int] = ()
    """Ports anywhere that the add-on calls, beside those of Kubernetes and AWS."""


def make_closed_namespace(kit: Kit, name: str, doors: Doors) -> Namespace:
    """Create the namespace of an add-on with exactly these doors.

    Whatever is installed in it comes after `closed`.
    """
    made = make_namespace(kit.inside, NamespacePlan(name, quota=QUOTA))
    policies = [
        _policy(kit, made.name, name, "calls", egress=_calls(doors)),
        _policy(kit, made.name, name, "own", ingress=[_own("from_")], egress=[_own("to")]),
    ]
    if doors.webhooks:
        ports = _ports(doors.webhooks)
        policies.append(_policy(kit, made.name, name, "webhooks", ingress=[{"ports": ports}]))
    if doors.metrics and kit.plan.spec.metrics_namespaces:
        policies.append(
            _policy(kit, made.name, name, "metrics", ingress=[_scrapes(kit, doors.metrics)])
        )
    return Namespace(made.name, made.resource, [*made.closed, *policies])


def _calls(doors: Doors) -> list[kubernetes.networking.v1.NetworkPolicyEgressRuleArgsDict]:
    return [
        {"ports": _ports((HTTPS, *doors.out))},
        {"to": [{"ip_block": {"cidr": POD_IDENTITY}}], "ports": _ports((80,))},
    ]


def _own(direction: str) -> dict[str, object]:
    return {direction: [{"pod_selector": {}}]}


def _scrapes(
    kit: Kit, ports: Sequence[int]
) -> kubernetes.networking.v1.NetworkPolicyIngressRuleArgsDict:
    names = list(kit.plan.spec.metrics_namespaces)
    in_these: kubernetes.meta.v1.LabelSelectorRequirementArgsDict = {
        "key": NAMESPACE_LABEL,
        "operator": "In",
        "values": names,
    }
    return {
        "from_": [{"namespace_selector": {"match_expressions": [in_these]}}],
        "ports": _ports(ports),
    }


def _ports(numbers: Sequence[int]) -> list[kubernetes.networking.v1.NetworkPolicyPortArgsDict]:
    return [{"port": number, "protocol": "TCP"} for number in numbers]


def _policy(
    kit: Kit,
    namespace: pulumi.Input[str],
    label: str,
    suffix: str,
    *,
    ingress: Sequence[object] = (),
    egress: Sequence[object] = (),
) -> pulumi.Resource:
    rules = {"ingress": list(ingress), "egress": list(egress)}
    given = {direction: listed for direction, listed in rules.items() if listed}
    return kubernetes.networking.v1.NetworkPolicy(
        f"{kit.scope.name}-{label}-{suffix}",
        metadata={"name": suffix, "namespace": namespace},
        spec={
            "pod_selector": {},
            "policy_types": [direction.capitalize() for direction in given],
            **given,  # pyright: ignore[reportArgumentType]
        },
        opts=kit.inside.own,
    )
