"""What the load balancer does with what comes in."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components._base.scope import Scope
from components.edge.load_balancer import Balancer
from components.edge.plan import HTTP_PORT, HTTPS_PORT, EdgePlan

SECRET_HEADER = "x-origin-verify"  # noqa: S105 - the header's name
"""Holds what only CloudFront and the load balancer know: its addresses are CloudFront's, and so are
those of anybody else's distribution."""

REDIRECT = "HTTP_301"


@dataclass(frozen=True)
class Tls:
    """On which terms HTTPS is spoken."""

    policy: str
    certificate_arn: pulumi.Input[str]


def make_listeners(
    scope: Scope,
    plan: EdgePlan,
    balancer: Balancer,
    *,
    tls: Tls | None,
    guards: Sequence[pulumi.Resource],
    secrets: Sequence[pulumi.Input[str]],
) -> Sequence[pulumi.Resource]:
    """Create the listeners, and return whatever has to be there for requests to be forwarded.

    :param tls: None without a domain: plain HTTP.
    :param guards: what has to be there before anything is let in.
    :param secrets: with CloudFront: what it may send in `SECRET_HEADER`.
    """
    forward = aws.lb.ListenerDefaultActionArgs(
        type="forward", target_group_arn=balancer.target_group.arn
    )
    balancer_arn = after(balancer.balancer.arn, guards)
    if tls is None:
        return [_listener(scope, balancer_arn, HTTP_PORT, forward)]
    if not plan.cloudfront:
        return [
            _listener(scope, balancer_arn, HTTP_PORT, _redirect()),
            _listener(scope, balancer_arn, HTTPS_PORT, forward, tls),
        ]
    listener = _listener(scope, balancer_arn, HTTPS_PORT, _refuse(), tls)
    return [listener, _known_callers(scope, balancer, listener, secrets)]


def _listener(
    scope: Scope,
    balancer_arn: pulumi.Input[str],
    port: int,
    action: aws.lb.ListenerDefaultActionArgs,
    tls: Tls | None = None,
) -> aws.lb.Listener:
    protocol = "HTTPS" if tls else "HTTP"
    name = f"{scope.name}-{protocol.lower()}"
    return aws.lb.Listener(
        name,
        load_balancer_arn=balancer_arn,
        port=port,
        protocol=protocol,
        ssl_policy=tls.policy if tls else None,
        certificate_arn=tls.certificate_arn if tls else None,
        default_actions=[action],
        routing_http_response_server_enabled=False,  # who we are is nobody's business
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _redirect() -> aws.lb.ListenerDefaultActionArgs:
    return aws.lb.ListenerDefaultActionArgs(
        type="redirect",
        redirect=aws.lb.ListenerDefaultActionRedirectArgs(
            protocol="HTTPS", port=str(HTTPS_PORT), status_code=REDIRECT
        ),
    )


def _refuse() -> aws.lb.ListenerDefaultActionArgs:
    return aws.lb.ListenerDefaultActionArgs(
        type="fixed-response",
        fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
            content_type="application/json",
            message_body='{"detail":"Forbidden"}',
            status_code="403",
        ),
    )


def _known_callers(
    scope: Scope,
    balancer: Balancer,
    listener: aws.lb.Listener,
    secrets: Sequence[pulumi.Input[str]],
) -> aws.lb.ListenerRule:
    """Forward what holds one of `secrets`: the newest, or the one before while it spreads."""
    name = f"{scope.name}-from-cloudfront"
    return aws.lb.ListenerRule(
        name,
        listener_arn=listener.arn,
        priority=1,
        conditions=[{"http_header": {"http_header_name": SECRET_HEADER, "values": list(secrets)}}],
        actions=[{"type": "forward", "target_group_arn": balancer.target_group.arn}],
        tags=scope.tagged(name),
        opts=scope.own,
    )
