"""Data stores that the internet could reach."""

from collections.abc import Mapping, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, is_set, off, on, one_of, table
from policies.rule import CONTROLS, resource_policy

PUBLIC_ACLS = frozenset({"authenticated-read", "public-read", "public-read-write"})
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl (2026-11);
`authenticated-read` is for everybody with an AWS account of any kind."""


def _private(acl: object) -> str | None:
    return f"is {acl}" if acl in PUBLIC_ACLS else None


_ACL = Need("acl", _private, "take acl out, and grant access by a bucket policy")
_BLOCKED = tuple(
    on(switch)
    for switch in (
        "blockPublicAcls",
        "blockPublicPolicy",
        "ignorePublicAcls",
        "restrictPublicBuckets",
    )
)
_INSIDE = (
    Need("vpcOptions.subnetIds", is_set, "put the domain into private subnets by vpcOptions"),
)
_PRIVATE = (off("publiclyAccessible"),)
_KAFKA = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"

NEEDS: Mapping[str, Sequence[Need]] = {
    "aws:dms/replicationInstance:ReplicationInstance": _PRIVATE,
    "aws:elasticsearch/domain:Domain": _INSIDE,
    "aws:mq/broker:Broker": _PRIVATE,
    "aws:msk/cluster:Cluster": (
        Need(_KAFKA, one_of("DISABLED"), f"set {_KAFKA} to DISABLED", default="DISABLED"),
    ),
    "aws:neptune/clusterInstance:ClusterInstance": _PRIVATE,
    "aws:opensearch/domain:Domain": _INSIDE,
    "aws:rds/clusterInstance:ClusterInstance": _PRIVATE,
    "aws:rds/instance:Instance": _PRIVATE,
    "aws:redshift/cluster:Cluster": _PRIVATE,
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": _BLOCKED,
    "aws:s3/bucket:Bucket": (_ACL,),
    "aws:s3/bucketAcl:BucketAcl": (_ACL,),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _BLOCKED,
}
"""By type. ElastiCache, MemoryDB, EFS and DAX have no public endpoint; who may call DynamoDB is
IAM's matter."""

POLICIES: Sequence[Policy] = (
    resource_policy(
        table(NEEDS),
        name="no-public-data-store",
        display_name="No data store is public",
        description="Data stores have no address that the internet can reach, and no public ACL.",
        types=NEEDS,
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Take the public endpoint away and connect from the VPC, through a peered network, a "
            "VPN or a bastion. What must be public is served by the gateway, not by the store."
        ),
        tags=("exposure", "data-protection"),
        url=f"{CONTROLS}rds-controls.html#rds-2",
    ),
)
