"""Versions of TLS, as each service names them."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.edge.args import EdgeTls


@dataclass(frozen=True)
class TlsPolicy:
    """One choice of versions and ciphers."""

    balancer: str
    """What load balancers call it."""
    cloudfront: str | None
    """What CloudFront calls it; None: it has no such thing."""


TLS_POLICIES: Mapping[EdgeTls, TlsPolicy] = {
    EdgeTls.TLS_12: TlsPolicy("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "TLSv1.2_2025"),
    EdgeTls.TLS_13: TlsPolicy("ELBSecurityPolicy-TLS13-1-3-PQ-2025-09", "TLSv1.3_2025"),
    EdgeTls.FIPS: TlsPolicy("ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09", None),
}
"""With key exchange that quantum computers can't undo, for callers that know it.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
(2026-11)
"""

ORIGIN_TLS = "TLSv1.2"
"""What CloudFront speaks to the load balancer, which must take it whatever callers may speak.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-ciphers-cloudfront-to-origin.html
(2026-11)
"""
