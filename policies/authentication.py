"""Authentication: a data store knows who is calling."""

from collections.abc import Mapping, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, is_set, is_true, off, on, table
from policies.rule import CONTROLS, resource_policy


def _not_open(acl: object) -> str | None:
    """Refuse MemoryDB's own ACL for everybody."""
    return is_set(acl) or ("is open-access" if acl == "open-access" else None)


def _switched_off(access: object) -> str | None:
    """Accept the access string of a user that can't log in."""
    return None if isinstance(access, str) and access.split()[:1] == ["off"] else "is not off"


def _has_password(mode: object) -> str | None:
    return "is no-password-required" if mode == "no-password-required" else None


def _either(*needs: Need) -> Need:
    """Return the first of some needs, each later one another way to comply."""
    first, *others = needs
    if not others:
        return first
    rest = _either(*others)
    return Need(first.path, first.accepts, first.remedy, first.default, unless=rest)


_DISABLED_USER = Need("accessString", _switched_off, "")
_SASL = "clientAuthentication.sasl"

NEEDS: Mapping[str, Sequence[Need]] = {
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        _either(
            Need("userGroupIds", is_set, "name a user group in userGroupIds, or set authToken"),
            Need("authToken", is_set, ""),
            Need("authTokenWo", is_set, ""),
        ),
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": (
        Need("userGroupId", is_set, "name a user group in userGroupId"),
    ),
    # A group must have a user `default`, which is best one that can't log in:
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    "aws:elasticache/user:User": (
        Need(
            "noPasswordRequired",
            off("").accepts,
            "give the user passwords or IAM authentication",
            default=False,
            unless=_DISABLED_USER,
        ),
        Need(
            "authenticationMode.type",
            _has_password,
            "set authenticationMode.type to password or iam",
            unless=_DISABLED_USER,
        ),
    ),
    "aws:memorydb/cluster:Cluster": (
        Need("aclName", _not_open, "set aclName to an ACL with users of your own"),
    ),
    "aws:msk/cluster:Cluster": (
        off("clientAuthentication.unauthenticated"),
        _either(
            Need(f"{_SASL}.iam", is_true, f"set {_SASL}.iam to true"),
            Need(f"{_SASL}.scram", is_true, ""),
            Need("clientAuthentication.tls.certificateAuthorityArns", is_set, ""),
        ),
    ),
    "aws:msk/serverlessCluster:ServerlessCluster": (on(f"{_SASL}.iam.enabled"),),
    "aws:opensearch/domain:Domain": (
        on("advancedSecurityOptions.enabled"),
        off("advancedSecurityOptions.anonymousAuthEnabled"),
    ),
}
"""By type. Amazon MQ and RDS have no access without a password; Memcached has no users at all, so
its security group alone decides."""

POLICIES: Sequence[Policy] = (
    resource_policy(
        table(NEEDS),
        name="no-unauthenticated-access",
        display_name="No data store lets in who has no credentials",
        description="Caches, brokers and search domains authenticate each client.",
        types=NEEDS,
        severity=Severity.HIGH,
        remediation_steps=(
            "Turn on the store's own authentication; prefer IAM where there is it, as no password "
            "has then to be kept or changed. A security group is no authentication."
        ),
        tags=("identity", "data-protection"),
        url=f"{CONTROLS}msk-controls.html#msk-6",
    ),
)
