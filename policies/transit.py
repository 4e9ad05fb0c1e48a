"""Encryption in transit: nothing that holds data talks in the clear."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.documents import Statement, statements
from policies.needs import Need, on, one_of, verdicts
from policies.rule import CONTROLS, Verdict, Violation, resource_policy
from policies.subject import Subject

TLS_POLICIES = (
    "Policy-Min-TLS-1-2-2019-07",
    "Policy-Min-TLS-1-2-PFS-2023-10",
    "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
)
"""Those of OpenSearch Service that refuse TLS 1.1 and older,
https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html
(2026-11)."""

_SEARCH = (
    on("domainEndpointOptions.enforceHttps"),
    Need(
        "domainEndpointOptions.tlsSecurityPolicy",
        one_of(*TLS_POLICIES),
        f"set domainEndpointOptions.tlsSecurityPolicy to {TLS_POLICIES[1]}",
    ),
    on("nodeToNodeEncryption.enabled"),
)
_BROKERS = "encryptionInfo.encryptionInTransit"

NEEDS: Mapping[str, Sequence[Need]] = {
    "aws:dax/cluster:Cluster": (
        Need(
            "clusterEndpointEncryptionType",
            one_of("TLS"),
            "set clusterEndpointEncryptionType to TLS",
        ),
    ),
    "aws:elasticache/cluster:Cluster": (on("transitEncryptionEnabled"),),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        on("transitEncryptionEnabled"),
        # `preferred` takes clients without TLS too, which only a migration wants
        Need(
            "transitEncryptionMode",
            one_of("required"),
            "set transitEncryptionMode to required",
            default="required",
        ),
    ),
    "aws:elasticsearch/domain:Domain": _SEARCH,
    "aws:memorydb/cluster:Cluster": (on("tlsEnabled", default=True),),
    # Both are what MSK does when told nothing.
    "aws:msk/cluster:Cluster": (
        Need(
            f"{_BROKERS}.clientBroker",
            one_of("TLS"),
            f"set {_BROKERS}.clientBroker to TLS, so that there is no plaintext listener",
            default="TLS",
        ),
        on(f"{_BROKERS}.inCluster", default=True),
    ),
    "aws:opensearch/domain:Domain": _SEARCH,
    "aws:rds/proxy:Proxy": (on("requireTls"),),
}
"""By type. Amazon MQ, serverless caches and DynamoDB speak nothing but TLS. Buckets
are reached by HTTP too unless their policy refuses it."""

BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def _check(resource: Subject) -> Iterator[Verdict]:
    if resource.type == BUCKET_POLICY:
        yield from _refuses_http(resource)
    else:
        yield from verdicts(resource, *NEEDS[resource.type])


def _refuses_http(policy: Subject) -> Iterator[Verdict]:
    found = list(statements(policy, "policy"))
    if any(isinstance(each, Statement) and _denies_http(each) for each in found):
        return
    unknown = [each for each in found if isinstance(each, UnknownValueError)]
    remedy = (
        "add a statement that denies s3:* to * on the bucket and its objects when "
        "aws:SecureTransport is false"
    )
    yield from unknown or [Violation("does not refuse requests without TLS", remedy)]


def _denies_http(statement: Statement) -> bool:
    condition = {"bool": {"aws:securetransport": ["false"]}}
    return (
        not statement.allows
        and "*" in statement.principals
        and not {"s3:*", "*"}.isdisjoint(statement.actions)
        and any(resource.endswith("*") for resource in statement.resources)
        and statement.conditions == condition
    )


POLICIES: Sequence[Policy] = (
    resource_policy(
        _check,
        name="encryption-in-transit",
        display_name="Data is encrypted in transit",
        description="Data stores take TLS connections only, from clients and among themselves.",
        types=(*NEEDS, BUCKET_POLICY),
        severity=Severity.HIGH,
        remediation_steps=(
            "Set the property that the message names, and have clients connect by TLS first: the "
            "stores' own migration modes (preferred, TLS_PLAINTEXT) are for the time between."
        ),
        tags=("encryption", "data-protection"),
        url=f"{CONTROLS}elasticache-controls.html#elasticache-5",
    ),
)
