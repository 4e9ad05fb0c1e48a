"""What may be reached from the internet."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.needs import is_false, judge
from policies.networks import WIDEST, too_wide
from policies.rule import CONTROLS, Verdict, Violation, resource_policy
from policies.subject import Subject, items

REMEDY = (
    "set vpcConfig.endpointPublicAccess to false, or list your own networks in publicAccessCidrs"
)


def _endpoint(cluster: Subject) -> Iterator[Verdict]:
    private = judge(is_false, cluster.get("vpcConfig.endpointPublicAccess"))
    if private is None:
        return
    failures = list(_allow_list(cluster))
    if failures and isinstance(private, UnknownValueError):
        yield private  # the list is bad, which only matters if the endpoint is public
    else:
        yield from failures


def _allow_list(cluster: Subject) -> Iterator[Verdict]:
    listed = list(items(cluster.get("vpcConfig.publicAccessCidrs")))
    if not listed:  # AWS then takes 0.0.0.0/0
        yield Violation("has a public endpoint that the whole internet may call", REMEDY)
    for cidr in listed:
        if isinstance(cidr, UnknownValueError):
            yield cidr
        elif problem := too_wide(cidr, cluster):
            yield Violation(f"has a public endpoint open to {cidr}, {problem}", REMEDY)


POLICIES: Sequence[Policy] = (
    resource_policy(
        _endpoint,
        name="eks-endpoint-allow-list",
        display_name="The Kubernetes API is private or behind an allow-list",
        description="An EKS cluster's public endpoint is off, or open to listed networks only.",
        types=("aws:eks/cluster:Cluster",),
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Turn the public endpoint off and reach the cluster through the VPC, or list the "
            "addresses of your offices, VPN and CI runners in publicAccessCidrs."
        ),
        tags=("exposure", "eks"),
        url=f"{CONTROLS}eks-controls.html#eks-1",
        settings=WIDEST,
    ),
)
