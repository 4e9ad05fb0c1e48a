"""The way from a caller to the load balancer: straight, or by way of CloudFront."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components._base.scope import Scope
from components.edge.alarms import (
    make_certificate_alarm,
    make_firewall_alarm,
    make_global_firewall_alarm,
)
from components.edge.args import EdgeArgs
from components.edge.certificate import (
    lead_callers,
    prove_domains,
    request_certificate,
    validated,
)
from components.edge.distribution import make_distribution, make_secrets
from components.edge.listeners import Tls, make_listeners
from components.edge.load_balancer import Balancer
from components.edge.plan import EdgePlan
from components.edge.shield import shield
from components.edge.waf import CLOUDFRONT_REGION, Firewall, make_firewall
from components.edge.waf_logs import make_waf_logs

CERTIFICATE, VIEWER_CERTIFICATE = "certificate", "viewer-certificate"


@dataclass(frozen=True)
class Front:
    """What callers meet."""

    host: pulumi.Output[str]
    """Its own name, once requests are forwarded."""
    listeners: Sequence[pulumi.Resource]
    """What has to be there for requests to be forwarded."""
    web_acl_arn: pulumi.Output[str]
    """Empty without a firewall."""
    distribution_id: pulumi.Output[str]
    """Empty without CloudFront."""


def reached_directly(scope: Scope, plan: EdgePlan, args: EdgeArgs, balancer: Balancer) -> Front:
    """Let callers come to the load balancer itself."""
    topic = args.get("alarm_topic_arn")
    tls: Tls | None = None
    if plan.domain:
        certificate = request_certificate(scope, plan, CERTIFICATE)
        proofs = prove_domains(scope, plan, certificate)
        make_certificate_alarm(scope, certificate, topic)
        tls = Tls(plan.balancer_tls, validated(scope, CERTIFICATE, certificate, proofs))
    firewall = _firewall(scope, plan, region=None)
    guards: list[pulumi.Resource] = []
    if firewall and plan.waf:
        make_firewall_alarm(scope, plan.waf, firewall, topic)
        guards.append(
            aws.wafv2.WebAclAssociation(
                f"{scope.name}-web-acl-association",
                resource_arn=balancer.balancer.arn,
                web_acl_arn=firewall.acl.arn,
                opts=scope.own,
            )
        )
    if plan.spec.shield:
        shield(scope, plan.spec.shield, balancer.balancer.arn, guarded_by=guards)
    listeners = make_listeners(scope, plan, balancer, tls=tls, guards=guards, secrets=[])
    host = after(balancer.balancer.dns_name, listeners)
    lead_callers(
        scope,
        plan,
        host=host,
        zone_id=balancer.balancer.zone_id,
        ipv6=plan.spec.ipv6,
        watch_health=True,
    )
    return Front(host, listeners, _arn(firewall), pulumi.Output.from_input(""))


def behind_cloudfront(scope: Scope, plan: EdgePlan, args: EdgeArgs, balancer: Balancer) -> Front:
    """Let callers come to CloudFront, and nobody else to the load balancer.

    The firewall is CloudFront's, where it sees the callers' own addresses.
    """
    certificate = request_certificate(scope, plan, CERTIFICATE)
    viewers = request_certificate(scope, plan, VIEWER_CERTIFICATE, region=CLOUDFRONT_REGION)
    proofs = prove_domains(scope, plan, certificate)
    make_certificate_alarm(scope, certificate, args.get("alarm_topic_arn"))
    firewall = _firewall(scope, plan, region=CLOUDFRONT_REGION)
    if firewall and plan.waf:
        make_global_firewall_alarm(
            scope,
            plan.waf,
            firewall,
            args.get("global_alarm_topic_arn"),
            region=CLOUDFRONT_REGION,
        )
    secrets = make_secrets(scope, plan)
    tls = Tls(plan.balancer_tls, validated(scope, CERTIFICATE, certificate, proofs))
    listeners = make_listeners(scope, plan, balancer, tls=tls, guards=[], secrets=secrets)
    distribution = make_distribution(
        scope,
        plan,
        balancer,
        certificate_arn=validated(
            scope, VIEWER_CERTIFICATE, viewers, proofs, region=CLOUDFRONT_REGION
        ),
        web_acl_arn=firewall.acl.arn if firewall else None,
        secret=secrets[0],
        ready=listeners,
    )
    if plan.spec.shield:
        shield(scope, plan.spec.shield, distribution.arn, guarded_by=[distribution])
    lead_callers(
        scope,
        plan,
        host=distribution.domain_name,
        zone_id=distribution.hosted_zone_id,
        ipv6=True,
        watch_health=False,  # Route 53 can't watch CloudFront's
    )
    return Front(distribution.domain_name, listeners, _arn(firewall), distribution.id)


def _firewall(scope: Scope, plan: EdgePlan, *, region: str | None) -> Firewall | None:
    if not plan.waf:
        return None
    firewall = make_firewall(scope, plan.waf, region=region)
    make_waf_logs(scope, plan.waf, firewall, region=region)
    return firewall


def _arn(firewall: Firewall | None) -> pulumi.Output[str]:
    return firewall.acl.arn if firewall else pulumi.Output.from_input("")
