"""AWS Certificate Manager."""

import hashlib
from collections.abc import Iterable
from typing import cast

from simulator.cloud.model import ACCOUNT, ApiCall, Json, Model, Request, Seconds

MOST_NAMES = 10
"""https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html (2026-11)"""

LONGEST_FIRST = 64

ISSUED = (
    "AWS issues a certificate minutes after it has seen the records, "
    "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html (2026-11)"
)


def _names(request: Request) -> list[str]:
    more = request.inputs.get("subjectAlternativeNames")
    others = cast("list[object]", more) if isinstance(more, list) else []
    return [request.text("domainName"), *(name for name in others if isinstance(name, str))]


def _option(name: str) -> Json:
    """Return what proves a name: of a domain and an account, wherever the certificate is."""
    domain = name.removeprefix("*.")
    digest = hashlib.sha256(f"{ACCOUNT}|{domain}".encode()).hexdigest()
    return {
        "domainName": name,
        "resourceRecordName": f"_{digest[:32]}.{domain}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{digest[32:]}.acm-validations.aws.",
    }


def _outputs(request: Request) -> Json:
    return {
        "arn": request.id,
        "domainValidationOptions": [_option(name) for name in _names(request)],
        "status": "PENDING_VALIDATION",
        "type": "AMAZON_ISSUED",
        "notBefore": "",
        "notAfter": "",
        "pendingRenewal": False,
        "renewalEligibility": "INELIGIBLE",
        "validationEmails": [],
    }


def _refuse(request: Request) -> Iterable[str]:
    names = _names(request)
    if len(names) > MOST_NAMES:
        yield f"subjectAlternativeNames: {len(names)} names in all, at most {MOST_NAMES}"
    if len(names[0]) > LONGEST_FIRST:
        yield f"domainName: {len(names[0])} characters, at most {LONGEST_FIRST}"


MODELS = {
    "aws:acm/certificate:Certificate": Model(
        identity=lambda r: r.arn("acm", f"certificate/{r.uuid()}"),
        outputs=_outputs,
        replaces=frozenset(
            {
                *("certificateAuthorityArn", "domainName", "keyAlgorithm", "region"),
                *("subjectAlternativeNames", "validationMethod", "validationOptions"),
            }
        ),
        seconds=Seconds(10, 2, 2, "the provider waits for the validation options"),
        refuses=_refuse,
        api=ApiCall("acm", "RequestCertificate"),
    ),
    "aws:acm/certificateValidation:CertificateValidation": Model(
        identity=lambda r: r.hex("", 32),
        replaces=frozenset({"certificateArn", "region", "validationRecordFqdns"}),
        seconds=Seconds(90, 2, 0, ISSUED),
    ),
}
