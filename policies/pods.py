"""Where Kubernetes objects keep their pods, for the policies on what runs in them."""

from collections.abc import Callable, Mapping, Sequence

from policies.needs import Need

TEMPLATE = "spec.template.spec"

CONTROLLERS: Mapping[str, str] = {
    "kubernetes:apps/v1:Deployment": TEMPLATE,
    "kubernetes:apps/v1:StatefulSet": TEMPLATE,
    "kubernetes:apps/v1:DaemonSet": TEMPLATE,
    "kubernetes:apps/v1:ReplicaSet": TEMPLATE,
}
"""What keeps pods running; with the path of their spec."""

PODS: Mapping[str, str] = {
    **CONTROLLERS,
    "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template.spec",
    "kubernetes:batch/v1:Job": TEMPLATE,
    "kubernetes:core/v1:Pod": "spec",
}
"""All that has pods. What a chart brings is the chart's: its release has no pods to look at."""


def needs(
    make: Callable[[str], Sequence[Need]], types: Mapping[str, str] = PODS
) -> Mapping[str, Sequence[Need]]:
    """Return a table of needs by type, `make` given the path of its pods' spec."""
    return {type_: make(pod) for type_, pod in types.items()}


def containers(pod: str) -> tuple[str, ...]:
    """Return the paths of all containers of a pod."""
    return (f"{pod}.containers[]", f"{pod}.initContainers[]")
