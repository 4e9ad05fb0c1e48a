"""A name of one's own for the API."""

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components._base.scope import Scope
from components.serverless.gateway import Gateway

SECURITY_POLICY = "TLS_1_2"
"""The strictest that HTTP APIs know.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-ciphers.html (2026-11)
"""

PROOF_TTL_SECONDS = 60


def make_domain(
    scope: Scope,
    gateway: Gateway,
    host: str,
    *,
    certificate_arn: pulumi.Input[str] | None,
    zone_id: pulumi.Input[str] | None,
) -> pulumi.Output[str]:
    """Put the API under `host`, and return the host once the API answers there.

    :param certificate_arn: None: one is made, and proved in the zone.
    """
    name = f"{scope.name}-domain"
    if certificate_arn is None and zone_id is not None:
        certificate_arn = _certificate(scope, name, host, zone_id)
    domain = aws.apigatewayv2.DomainName(
        name,
        domain_name=host,
        domain_name_configuration={
            "certificate_arn": certificate_arn or "",
            "endpoint_type": "REGIONAL",
            "security_policy": SECURITY_POLICY,
        },
        tags=scope.tagged(name),
        opts=scope.own,
    )
    ready: list[pulumi.Resource] = [
        aws.apigatewayv2.ApiMapping(
            f"{name}-mapping",
            api_id=gateway.api.id,
            domain_name=domain.id,
            stage=gateway.stage.name,
            opts=scope.own,
        )
    ]
    if zone_id is not None:
        ready.append(_record(scope, name, host, domain, zone_id))
    return after(domain.domain_name, ready)


def _certificate(
    scope: Scope, name: str, host: str, zone_id: pulumi.Input[str]
) -> pulumi.Output[str]:
    """Return the ARN of a certificate, once AWS has seen that the host is ours."""
    certificate = aws.acm.Certificate(
        f"{name}-certificate",
        domain_name=host,
        validation_method="DNS",
        tags=scope.tagged(f"{name}-certificate"),
        opts=scope.own,
    )
    option = certificate.domain_validation_options.apply(lambda options: options[0])
    proof = aws.route53.Record(
        f"{name}-proof",
        zone_id=zone_id,
        name=option.apply(lambda found: found.resource_record_name or ""),
        type=option.apply(lambda found: found.resource_record_type or ""),
        records=[option.apply(lambda found: found.resource_record_value or "")],
        ttl=PROOF_TTL_SECONDS,
        # may be there from a certificate before, with the very same value
        allow_overwrite=True,
        opts=scope.own,
    )
    return aws.acm.CertificateValidation(
        f"{name}-validation",
        certificate_arn=certificate.arn,
        validation_record_fqdns=[proof.fqdn],
        opts=scope.own,
    ).certificate_arn


def _record(
    scope: Scope,
    name: str,
    host: str,
    domain: aws.apigatewayv2.DomainName,
    zone_id: pulumi.Input[str],
) -> aws.route53.Record:
    return aws.route53.Record(
        f"{name}-record",
        zone_id=zone_id,
        name=host,
        type="A",
        aliases=[
            aws.route53.RecordAliasArgs(
                name=domain.domain_name_configuration.apply(lambda c: c.target_domain_name or ""),
                zone_id=domain.domain_name_configuration.apply(lambda c: c.hosted_zone_id or ""),
                evaluate_target_health=False,
            )
        ],
        opts=scope.own,
    )
