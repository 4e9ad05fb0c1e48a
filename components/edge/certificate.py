"""Certificates, validated by records of the zone, and the records by which callers find the way."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.scope import Scope
from components.edge.plan import EdgePlan, names_by_domain

KEY_ALGORITHM = "EC_prime256v1"
"""A shorter handshake than RSA's; load balancers and CloudFront take it.

https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html (2026-11)
"""

VALIDATION_TTL_SECONDS = 60

Option = aws.acm.outputs.CertificateDomainValidationOption


def request_certificate(
    scope: Scope, plan: EdgePlan, label: str, *, region: str | None = None
) -> aws.acm.Certificate:
    """Ask for a certificate of all names; it is of no use before `validated`.

    :param region: where it is to be; default: the provider's.
    """
    if plan.domain is None:  # the caller has seen to it
        raise AssertionError("a certificate needs names")
    first, *others = plan.domain.names
    name = f"{scope.name}-{label}"
    return aws.acm.Certificate(
        name,
        domain_name=first,
        subject_alternative_names=others or None,
        validation_method="DNS",
        key_algorithm=KEY_ALGORITHM,
        region=region,
        tags=scope.tagged(name),
        opts=scope.own,
    )


def prove_domains(
    scope: Scope, plan: EdgePlan, certificate: aws.acm.Certificate
) -> Sequence[aws.route53.Record]:
    """Create the records that prove that the domains are ours.

    A domain has one record in an account, whatever certificate it is for and in which region, and
    `*.example.com` has that of `example.com`. They stay, and AWS renews the certificate by them.
    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html (2026-11)
    """
    if plan.domain is None:  # the caller has seen to it
        raise AssertionError("a certificate needs names")
    records: list[aws.route53.Record] = []
    for domain in plan.validated:
        option = certificate.domain_validation_options.apply(
            lambda options, domain=domain: _option(options, domain)
        )
        records.append(
            aws.route53.Record(
                f"{scope.name}-validation-{domain}",
                zone_id=plan.domain.zone_id,
                name=option.apply(lambda found: found.resource_record_name or ""),
                type=option.apply(lambda found: found.resource_record_type or ""),
                records=[option.apply(lambda found: found.resource_record_value or "")],
                ttl=VALIDATION_TTL_SECONDS,
                # may be there from a certificate before, with the very same value
                allow_overwrite=True,
                opts=scope.own,
            )
        )
    return records


def _option(options: Sequence[Option], domain: str) -> Option:
    return next(o for o in options if (o.domain_name or "").removeprefix("*.") == domain)


def validated(
    scope: Scope,
    label: str,
    certificate: aws.acm.Certificate,
    proofs: Sequence[aws.route53.Record],
    *,
    region: str | None = None,
) -> pulumi.Output[str]:
    """Return the certificate's ARN, once AWS has issued it."""
    return aws.acm.CertificateValidation(
        f"{scope.name}-{label}-validation",
        certificate_arn=certificate.arn,
        validation_record_fqdns=[proof.fqdn for proof in proofs],
        region=region,
        opts=scope.own,
    ).certificate_arn


def lead_callers(
    scope: Scope,
    plan: EdgePlan,
    *,
    host: pulumi.Input[str],
    zone_id: pulumi.Input[str],
    ipv6: bool,
    watch_health: bool,
) -> None:
    """Create an alias record for each name.

    :param host: where callers are led, and `zone_id` the zone of that.
    :param watch_health: give no answer while nothing behind it is well.
    """
    if plan.domain is None:
        return
    kinds = ("A", "AAAA") if ipv6 else ("A",)
    for label, domain in names_by_domain(plan).items():
        for kind in kinds:
            aws.route53.Record(
                f"{scope.name}-{label}-{kind.lower()}",
                zone_id=plan.domain.zone_id,
                name=domain,
                type=kind,
                aliases=[
                    {"name": host, "zone_id": zone_id, "evaluate_target_health": watch_health}
                ],
                opts=scope.own,
            )
