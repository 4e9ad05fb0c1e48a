"""What an `Edge` will make, computed before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from components._base.names import check_name
from components._base.spec import read_spec
from components.edge.args import EdgeArgs, EdgeTls
from components.edge.spec import EdgeCloudFrontSpec, EdgeDomainSpec, EdgeSpec
from components.edge.tls import TLS_POLICIES
from components.edge.waf_spec import EdgeWafSpec
from components.storage.spec import BucketSpec

ANYWHERE_4, ANYWHERE_6 = "0.0.0.0/0", "::/0"

HTTP_PORT, HTTPS_PORT = 80, 443


@dataclass(frozen=True)
class EdgePlan:
    """A load balancer, and what is before it."""

    spec: EdgeSpec
    ports: tuple[int, ...]
    """Where callers connect; with CloudFront: where it does."""
    callers: tuple[str, ...]
    """Ranges that may connect. None with CloudFront, which has a list of its own."""
    balancer_tls: str
    """The load balancer's TLS policy."""
    viewer_tls: str | None
    """CloudFront's."""
    validated: tuple[str, ...]
    """Domains that are validated: `example.com` for itself and for `*.example.com`, whose record is
    the same."""
    log_bucket: BucketSpec
    """Where the load balancer's logs go."""
    secret_versions: tuple[int, ...]
    """Of the secret between CloudFront and the load balancer: the newest, and the one before."""

    @property
    def domain(self) -> EdgeDomainSpec | None:
        """The names under which callers come."""
        return self.spec.domain

    @property
    def cloudfront(self) -> EdgeCloudFrontSpec | None:
        """CloudFront in front."""
        return self.spec.cloudfront

    @property
    def waf(self) -> EdgeWafSpec | None:
        """The firewall, if there is one."""
        return self.spec.waf if self.spec.waf.enabled else None


def plan_edge(args: EdgeArgs, name: str = "edge", owner: str = "Edge") -> EdgePlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    check_name(name, owner)
    spec = read_spec(EdgeSpec, EdgeArgs, args, owner)
    # CloudFront can't speak what the strictest policies ask for
    balancer = TLS_POLICIES[EdgeTls.TLS_12 if spec.cloudfront else spec.tls]
    return EdgePlan(
        spec=spec,
        ports=_ports(spec),
        callers=_callers(spec),
        balancer_tls=balancer.balancer,
        viewer_tls=TLS_POLICIES[spec.tls].cloudfront,
        validated=_validated(spec),
        log_bucket=BucketSpec(
            expire_days=spec.access_logs.retention_days,
            force_destroy=spec.access_logs.force_destroy,
            versioning=True,
            access_logs=False,
        ),
        secret_versions=_secret_versions(spec),
    )


def _ports(spec: EdgeSpec) -> tuple[int, ...]:
    if spec.cloudfront:
        return (HTTPS_PORT,)  # it redirects callers to HTTPS itself
    return (HTTP_PORT, HTTPS_PORT) if spec.domain else (HTTP_PORT,)


def _callers(spec: EdgeSpec) -> tuple[str, ...]:
    if spec.cloudfront:
        return ()
    named = tuple(map(str, spec.allowed_cidrs))
    anywhere = (ANYWHERE_4, ANYWHERE_6) if spec.ipv6 else (ANYWHERE_4,)
    return named or anywhere


def _validated(spec: EdgeSpec) -> tuple[str, ...]:
    names = spec.domain.names if spec.domain else ()
    return tuple(dict.fromkeys(name.removeprefix("*.") for name in names))


def _secret_versions(spec: EdgeSpec) -> tuple[int, ...]:
    if not spec.cloudfront:
        return ()
    current = spec.cloudfront.secret_version
    return (current, current - 1) if current > 1 else (current,)


def names_by_domain(plan: EdgePlan) -> Mapping[str, str]:
    """Return the names of callers' records, by what resources of each are called."""
    names = plan.domain.names if plan.domain else ()
    return {name.replace("*", "wildcard"): name for name in names}
