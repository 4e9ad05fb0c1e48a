"""Families of instances: those that were chosen, and none that is outdated."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, every, opposite, same, some
from policies.rule import Verdict, Violation, demanded, resource_policy
from policies.subject import Subject, item, items

NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"

_SEARCH = tuple(
    f"clusterConfig.{each}" for each in ("instanceType", "dedicatedMasterType", "warmType")
)

SIZED: Mapping[str, Sequence[str]] = {
    "aws:autoscaling/group:Group": (
        "mixedInstancesPolicy.launchTemplate.overrides[].instanceType",
    ),
    "aws:dax/cluster:Cluster": ("nodeType",),
    "aws:docdb/clusterInstance:ClusterInstance": ("instanceClass",),
    "aws:ec2/fleet:Fleet": ("launchTemplateConfigs[].overrides[].instanceType",),
    "aws:ec2/instance:Instance": ("instanceType",),
    "aws:ec2/launchConfiguration:LaunchConfiguration": ("instanceType",),
    "aws:ec2/launchTemplate:LaunchTemplate": ("instanceType",),
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": ("instanceType",),
    "aws:eks/nodeGroup:NodeGroup": ("instanceTypes[]",),
    "aws:elasticache/cluster:Cluster": ("nodeType",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("nodeType",),
    "aws:elasticsearch/domain:Domain": _SEARCH,
    "aws:memorydb/cluster:Cluster": ("nodeType",),
    "aws:mq/broker:Broker": ("hostInstanceType",),
    "aws:msk/cluster:Cluster": ("brokerNodeGroupInfo.instanceType",),
    "aws:neptune/clusterInstance:ClusterInstance": ("instanceClass",),
    "aws:opensearch/domain:Domain": _SEARCH,
    "aws:rds/clusterInstance:ClusterInstance": ("instanceClass",),
    "aws:rds/instance:Instance": ("instanceClass",),
    "aws:redshift/cluster:Cluster": ("nodeType",),
}
"""Where each type says its type of instance."""

SERVICES = ("cache", "dax", "db", "express", "kafka", "mq")
"""What comes before the family where the instances are of a managed service."""

OUTDATED = ("c1", "c3", "cc2", "cr1", "g2", "hs1", "i2", "m1", "m2", "m3", "r3", "t1")
"""The oldest of what AWS calls the previous generation,
https://aws.amazon.com/ec2/previous-generation/ (2026-11)."""

OF_FAMILY = "karpenter.k8s.aws/instance-family"
OF_TYPE = "node.kubernetes.io/instance-type"
OF_CATEGORY = "karpenter.k8s.aws/instance-category"
"""Requirements by which a NodePool says what Karpenter may start,
https://karpenter.sh/docs/concepts/nodepools/ (2026-11)."""


def _families(resource: Subject) -> Iterator[Verdict]:
    allowed = resource.texts("families")
    if resource.type == NODE_POOL:
        yield from _of_pool(resource, allowed)
        return
    for path in SIZED[resource.type]:
        for value in resource.each(path):
            if value.content is not None:
                yield from _of_type(value.content, allowed, resource.texts("outdated"))


def _of_type(content: object, allowed: Sequence[str], outdated: Sequence[str]) -> Iterator[Verdict]:
    if isinstance(content, UnknownValueError):
        if allowed or outdated:
            yield content
        return
    family = family_of(str(content))
    if family in outdated:
        yield Violation(
            f"runs on {content}, which AWS replaced long ago",
            "move to a family of today, such as m7g",
        )
    elif family is not None and allowed and not _listed(family, allowed):
        yield Violation(
            f"runs on {content}, whose family is not allowed",
            f"choose one of {', '.join(allowed)}, or list {family} in the setting families",
        )


def _of_pool(pool: Subject, allowed: Sequence[str]) -> Iterator[Verdict]:
    requirements = list(items(pool.get("spec.template.spec.requirements")))
    wide = Violation(
        "may start instances of families that are not allowed",
        f"require {OF_FAMILY} to be In {', '.join(allowed)}",
    )
    narrow = some(_narrow(each, allowed) for each in requirements)
    yield from demanded(narrow, wide, of=bool(allowed))
    old = Violation(
        "may start instances that AWS replaced long ago", f"take them out of {OF_FAMILY}"
    )
    kept = every(opposite(_old(each, pool.texts("outdated"))) for each in requirements)
    yield from demanded(kept, old)


def _narrow(requirement: object, allowed: Sequence[str]) -> Answer:
    """Tell whether a requirement leaves nothing but what is allowed."""
    key, values = item(requirement, "key"), list(items(item(requirement, "values")))
    if isinstance(key, UnknownValueError):
        return key
    if key not in (OF_FAMILY, OF_TYPE, OF_CATEGORY):
        return False
    listed = (
        value
        if isinstance(value, UnknownValueError)
        else f"{value}*" in allowed
        if key == OF_CATEGORY
        else _listed(str(value).partition(".")[0], allowed)
        for value in values
    )
    return every((same(item(requirement, "operator"), "In"), bool(values), *listed))


def _old(requirement: object, outdated: Sequence[str]) -> Answer:
    """Tell whether a requirement names what is outdated."""
    values = items(item(requirement, "values"))
    named = some(
        value if isinstance(value, UnknownValueError) else str(value).partition(".")[0] in outdated
        for value in values
    )
    key = item(requirement, "key")
    of_instances = some((same(key, OF_FAMILY), same(key, OF_TYPE)))
    return every((of_instances, same(item(requirement, "operator"), "In"), named))


def _listed(family: str, allowed: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(family, each) for each in allowed)


def family_of(kind: str) -> str | None:
    """Return the family of a type of instance, of any service; None where it has none."""
    service, _, rest = kind.partition(".")
    family = rest.partition(".")[0] if service in SERVICES else service
    return None if family == "serverless" else family


POLICIES: Sequence[Policy] = (
    resource_policy(
        _families,
        name="allowed-instance-families",
        display_name="Instances are of a kind that was chosen",
        description=(
            "Instances, nodes and stores are of allowed families, if there is a list, and none is "
            "outdated."
        ),
        types=(*SIZED, NODE_POOL),
        severity=Severity.LOW,
        remediation_steps=(
            "Choose an instance type of an allowed family, or list its family in the pack's "
            "configuration. Bounds of cost, licences and savings plans are by family."
        ),
        tags=("cost", "compute"),
        url="https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html",
        settings={
            "families": {
                "type": "array",
                "items": {"type": "string", "pattern": "^[a-z][a-z0-9-]*\\*?$"},
                "default": [],
                "description": "Families such as m7g, or m* for all that begin so; empty: all.",
            },
            "outdated": {
                "type": "array",
                "items": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
                "default": list(OUTDATED),
                "description": "Families that are never allowed.",
            },
        },
    ),
)
