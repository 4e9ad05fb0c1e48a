"""CloudFront in front of the load balancer."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.scope import Scope
from components._base.secret import generated_password
from components.edge.listeners import SECRET_HEADER
from components.edge.load_balancer import Balancer
from components.edge.plan import HTTP_PORT, HTTPS_PORT, EdgePlan
from components.edge.tls import ORIGIN_TLS

CACHE_NOTHING = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
FORWARD_ALL = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""AWS's own policies CachingDisabled and AllViewer: an API's answers are each caller's own, and the
host goes along, by which the gateway routes and for which the load balancer has the certificate.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
(2026-11)
"""

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
CACHED_METHODS = ("GET", "HEAD")

MOST_KEEPALIVE_SECONDS = MOST_READ_SECONDS = 60
"""Without asking AWS for more.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
(2026-11)
"""

SECRET_LENGTH = 40

ORIGIN = "load-balancer"


def make_secrets(scope: Scope, plan: EdgePlan) -> Sequence[pulumi.Output[str]]:
    """Generate what CloudFront proves itself by: the newest, and the one before.

    Letters and digits only, as a condition of a load balancer reads more into `*` and `?`.
    """
    return [
        generated_password(
            scope, f"origin-v{version}", length=SECRET_LENGTH, special="", version=version
        )
        for version in plan.secret_versions
    ]


def make_distribution(
    scope: Scope,
    plan: EdgePlan,
    balancer: Balancer,
    *,
    certificate_arn: pulumi.Input[str],
    web_acl_arn: pulumi.Input[str] | None,
    secret: pulumi.Input[str],
    ready: Sequence[pulumi.Resource],
) -> aws.cloudfront.Distribution:
    """Create the distribution: HTTPS on both sides, and nothing kept.

    Its requests are in the load balancer's logs, as each of them that the firewall lets in goes
    there.

    :param certificate_arn: of a certificate in us-east-1.
    :param ready: what has to be there for requests to be forwarded.
    """
    if plan.domain is None or plan.cloudfront is None:  # the caller has seen to it
        raise AssertionError("CloudFront needs names")
    name = f"{scope.name}-distribution"
    idle = plan.spec.idle_timeout_seconds
    return aws.cloudfront.Distribution(
        name,
        comment=f"Edge {scope.name}",
        enabled=True,
        is_ipv6_enabled=True,
        http_version="http2and3",
        price_class=plan.cloudfront.price_class.value,
        aliases=list(plan.domain.names),
        web_acl_id=web_acl_arn,
        origins=[
            {
                "origin_id": ORIGIN,
                "domain_name": balancer.balancer.dns_name,
                "custom_headers": [{"name": SECRET_HEADER, "value": secret}],
                "custom_origin_config": {
                    "http_port": HTTP_PORT,
                    "https_port": HTTPS_PORT,
                    "origin_protocol_policy": "https-only",
                    "origin_ssl_protocols": [ORIGIN_TLS],
                    # it lets go of a connection before the load balancer does
                    "origin_keepalive_timeout": max(1, min(MOST_KEEPALIVE_SECONDS, idle - 5)),
                    "origin_read_timeout": min(MOST_READ_SECONDS, idle),
                },
            }
        ],
        default_cache_behavior={
            "target_origin_id": ORIGIN,
            "allowed_methods": list(METHODS),
            "cached_methods": list(CACHED_METHODS),
            "cache_policy_id": CACHE_NOTHING,
            "origin_request_policy_id": FORWARD_ALL,
            "viewer_protocol_policy": "redirect-to-https",
            "compress": True,
        },
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={
            "acm_certificate_arn": certificate_arn,
            "minimum_protocol_version": plan.viewer_tls,
            "ssl_support_method": "sni-only",
        },
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            # callers' names point to it, and a new one takes long to be everywhere
            protect=scope.protect,
            # no caller comes before there is a way on
            depends_on=list(ready),
        ),
    )
