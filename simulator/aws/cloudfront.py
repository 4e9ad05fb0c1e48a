"""Amazon CloudFront."""

from collections.abc import Iterable, Mapping
from typing import cast

from simulator.cloud.model import Json, Model, Request, Seconds

HOSTED_ZONE = "Z2FDTNDATAQYW2"
"""Of every distribution: https://docs.aws.amazon.com/general/latest/gr/cf_region.html (2026-11)."""

HOME = "us-east-1"

DEPLOYED = (
    "until it is at all locations; https://aws.amazon.com/blogs/networking-and-content-delivery/"
    "slashing-cloudfront-change-propagation-times-in-2020-recent-changes-and-looking-forward/ "
    "(2020-12); a delete turns it off first"
)


def _outputs(request: Request) -> Json:
    return {
        "arn": request.arn("cloudfront", f"distribution/{request.id}", region=False),
        "domainName": f"d{request.token(13)}.cloudfront.net",
        "hostedZoneId": HOSTED_ZONE,
        "callerReference": request.uuid("caller"),
        "etag": request.token(13, "etag").upper(),
        "status": "Deployed",
        "lastModifiedTime": "2026-01-01 00:00:00 +0000 UTC",
        "inProgressValidationBatches": 0,
        "loggingV1Enabled": False,
        "trustedKeyGroups": [],
        "trustedSigners": [],
    }


def _refuse(request: Request) -> Iterable[str]:
    certificate = request.part("viewerCertificate").get("acmCertificateArn")
    if isinstance(certificate, str) and f":{HOME}:" not in certificate:
        yield f"viewerCertificate.acmCertificateArn: InvalidViewerCertificate: must be in {HOME}"
    web_acl = request.text("webAclId")
    if web_acl.startswith("arn:") and ":global/webacl/" not in web_acl:
        yield "webAclId: InvalidWebACLId: must be of scope CLOUDFRONT"
    default = request.part("viewerCertificate").get("cloudfrontDefaultCertificate") is True
    if request.inputs.get("aliases") and default:
        yield "aliases: need a certificate that has them"
    behavior = request.part("defaultCacheBehavior")
    if not behavior.get("cachePolicyId") and not behavior.get("forwardedValues"):
        yield "defaultCacheBehavior: cachePolicyId or forwardedValues is needed"
    origins = request.inputs.get("origins")
    found = cast("list[Json]", origins) if isinstance(origins, list) else []
    ids = {origin.get("originId") for origin in found}
    if behavior.get("targetOriginId") not in ids:
        yield "defaultCacheBehavior.targetOriginId: NoSuchOrigin"


MODELS = {
    "aws:cloudfront/distribution:Distribution": Model(
        identity=lambda r: f"E{r.token(13).upper()}",
        outputs=_outputs,
        replaces=frozenset({"staging"}),
        seconds=Seconds(240, 180, 300, DEPLOYED),
        refuses=_refuse,
    ),
}


def _prefix_list(request: Request) -> Json:
    name = request.text("name")
    list_id = request.text("id") or "pl-4fa04526"
    return {
        "id": list_id,
        "arn": f"arn:aws:ec2:{request.region}:aws:prefix-list/{list_id}",
        "name": name,
        "addressFamily": "IPv4",
        "maxEntries": 55,
        "entries": [{"cidr": "198.51.100.0/24", "description": ""}],
        "ownerId": "AWS",
        "version": 1,
    }


INVOKES: Mapping[str, object] = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
}
"""Prefix lists that AWS keeps; CloudFront's is the one that we look up."""
