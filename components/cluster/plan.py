"""What a `Cluster` will make, computed before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from components._base.errors import InvalidInput, Problem
from components._base.spec import read_spec
from components.cluster.args import AccessLevel, ClusterArgs
from components.cluster.spec import (
    ClusterAccessSpec,
    ClusterEndpointSpec,
    ClusterSpec,
    SystemNodesSpec,
)
from components.cluster.versions import ADDONS, RELEASES, WARN_DAYS, Addon, supported_versions


@dataclass(frozen=True)
class ClusterPlan:
    """An EKS cluster and what comes with it."""

    version: str
    addons: Mapping[Addon, str]
    """Version of each add-on."""
    access: Mapping[str, ClusterAccessSpec]
    api_endpoint: ClusterEndpointSpec
    log_retention_days: int
    system_nodes: SystemNodesSpec
    protect: bool
    warnings: tuple[str, ...]
    """What is right today and will not be for long."""


def plan_cluster(
    args: ClusterArgs, owner: str = "Cluster", *, today: date | None = None
) -> ClusterPlan:
    """Compute what `args` ask for.

    :param owner: who is speaking in an error.
    :param today: decides which Kubernetes versions are supported. Default: the current date in UTC.
    :raises InvalidInput: with every problem at once.
    """
    today = today or datetime.now(tz=UTC).date()
    spec = read_spec(ClusterSpec, ClusterArgs, args, owner)
    supported = supported_versions(today)
    if spec.version not in supported:
        raise InvalidInput(owner, [Problem("version", _unsupported(spec.version, today))])
    return ClusterPlan(
        version=spec.version,
        addons=ADDONS[spec.version],
        access=spec.access,
        api_endpoint=spec.api_endpoint,
        log_retention_days=spec.log_retention_days,
        system_nodes=spec.system_nodes,
        protect=spec.protect,
        warnings=(*_ending(spec.version, today), *_unreachable(spec)),
    )


def _unsupported(version: str, today: date) -> str:
    release, supported = RELEASES[version], supported_versions(today)
    if release.supported(today):
        reason = "is supported by EKS, but its add-ons are not pinned in versions.py"
    elif today < release.released:
        reason = f"is not on EKS before {release.released}"
    else:
        reason = f"left standard support on {release.standard_until}"
    allowed = ", ".join(f"{v} (until {RELEASES[v].standard_until})" for v in supported)
    remedy = f"supported: {allowed}" if allowed else "add a newer one to versions.py"
    return f"Kubernetes {version} {reason}; {remedy}"


def _ending(version: str, today: date) -> tuple[str, ...]:
    until = RELEASES[version].standard_until
    days = (until - today).days
    if days > WARN_DAYS:
        return ()
    when = f"Kubernetes {version} leaves standard support on {until}, in {days} days"
    return (f"{when}; EKS then upgrades the cluster by itself",)


def _unreachable(spec: ClusterSpec) -> tuple[str, ...]:
    if any(entry.level is AccessLevel.ADMIN for entry in spec.access.values()):
        return ()
    consequence = "nobody can put anything into the cluster, not even the one who creates it"
    return (f"access names no admin: {consequence}",)
