"""Instances and nodes."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.needs import Need, at_most, is_set, one_of, verdicts
from policies.remedies import Corrections
from policies.rule import CONTROLS, Verdict, resource_policy
from policies.subject import Subject

FROM_TEMPLATE = Need("launchTemplate", is_set, "")
"""The instance takes its options from a launch template, which is checked itself."""

OPTIONS: Mapping[str, str] = {
    "aws:ec2/instance:Instance": "metadataOptions",
    "aws:ec2/launchConfiguration:LaunchConfiguration": "metadataOptions",
    "aws:ec2/launchTemplate:LaunchTemplate": "metadataOptions",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": "metadataOptions",
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": "spec.metadataOptions",
}
"""Where each type keeps its metadata options."""

KARPENTER = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"

OWN_TEMPLATE = Need(
    "launchTemplate",
    is_set,
    "give the node group a launch template that requires IMDSv2 with hop limit 1",
)


def _metadata(resource: Subject) -> Iterator[Verdict]:
    if resource.type == NODE_GROUP:  # without a template, EKS makes one with a hop limit of 2
        yield from verdicts(resource, OWN_TEMPLATE)
        return
    options = OPTIONS[resource.type]
    inherited = FROM_TEMPLATE if resource.get(options) is None else None
    limit = resource.number("hopLimit")
    # Karpenter's own defaults comply: https://karpenter.sh/docs/concepts/nodeclasses
    safe = resource.type == KARPENTER
    disabled = Need(f"{options}.httpEndpoint", one_of("disabled"), "")
    yield from verdicts(
        resource,
        Need(
            f"{options}.httpTokens",
            one_of("required"),
            f"set {options}.httpTokens to required",
            default="required" if safe else None,
            unless=inherited or disabled,
        ),
        Need(
            f"{options}.httpPutResponseHopLimit",
            at_most(limit),
            f"set {options}.httpPutResponseHopLimit to {limit}",
            default=1 if safe else None,
            unless=inherited or disabled,
        ),
    )


def _required(resource: Subject) -> Corrections:
    """Require IMDSv2 and shorten the way of its answers; a node group gets no template by that."""
    options = OPTIONS.get(resource.type)
    if options is None:
        return {}
    way = tuple(options.split("."))
    limit = resource.number("hopLimit")
    hops = resource.get(f"{options}.httpPutResponseHopLimit")
    near = isinstance(hops, int | float) and hops <= limit
    corrections: dict[tuple[str, ...], object] = {(*way, "httpTokens"): "required"}
    if not near and not isinstance(hops, UnknownValueError):
        corrections[*way, "httpPutResponseHopLimit"] = limit
    return corrections


POLICIES: Sequence[Policy] = (
    resource_policy(
        _metadata,
        name="imdsv2-required",
        display_name="Instance credentials are out of a pod's reach",
        description="Instances answer metadata requests by IMDSv2 only, and no further than a hop.",
        types=(*OPTIONS, NODE_GROUP),
        severity=Severity.HIGH,
        remediation_steps=(
            "Set httpTokens to required and httpPutResponseHopLimit to 1 in metadataOptions: a "
            "forged request from a service, or a pod on its own network, then gets no credentials "
            "of the node. Pods get theirs from EKS Pod Identity."
        ),
        tags=("compute", "identity"),
        url=f"{CONTROLS}ec2-controls.html#ec2-8",
        settings={
            "hopLimit": {
                "type": "integer",
                "minimum": 1,
                "maximum": 64,
                "default": 1,
                "description": "Most network hops that an answer of the metadata service may take.",
            }
        },
        correct=_required,
    ),
)
