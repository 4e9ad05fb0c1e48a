"""Amazon Simple Storage Service: buckets, and their settings as resources of their own."""

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import cast

from simulator.cloud.model import AutoName, Json, Model, Request, Seconds

BUCKET_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]")
RESERVED = re.compile(
    r"(xn--|sthree-|amzn-s3-demo-).*|.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)"
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (2026-11)"""

WAIT = "the provider reads a new bucket's settings until S3 is consistent about them"
SETTLED = "one PUT; a read waits until the setting is seen"

HOSTED_ZONES = {
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-west-2": "Z3BJ6K6RIION7M",
}
"""https://docs.aws.amazon.com/general/latest/gr/s3.html (2026-11); others: as eu-west-1's."""

DAYS_BEFORE_COLDER = {"STANDARD_IA": 30, "ONEZONE_IA": 30}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
(2026-11)"""


def _bucket_outputs(request: Request) -> Json:
    name, region = request.id, request.region
    return {
        "arn": request.arn("s3", name, region=False, account=False),
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        "bucketRegion": region,
        "hostedZoneId": HOSTED_ZONES.get(region, HOSTED_ZONES["eu-west-1"]),
    }


def _bucket_name(request: Request) -> str:
    return request.text("bucket") or f"{request.text('bucketPrefix')}{request.token(26)}"


def _refuse_bucket(request: Request) -> Iterable[str]:
    name = request.inputs.get("bucket")
    if isinstance(name, str) and not BUCKET_NAME.fullmatch(name):
        yield f"bucket: {name!r} is not valid: 3 to 63 small letters, digits, '-' and '.'"
    elif isinstance(name, str) and RESERVED.fullmatch(name):
        yield f"bucket: {name!r} has a prefix or suffix that S3 keeps to itself"


def _refuse_policy(request: Request) -> Iterable[str]:
    text, bucket = request.inputs.get("policy"), request.text("bucket")
    if not isinstance(text, str):
        return
    try:
        statements = cast("list[Json]", json.loads(text)["Statement"])
    except (KeyError, TypeError, ValueError):
        yield "policy: MalformedPolicy: is not JSON with a Statement"
        return
    for statement in statements:
        if "Principal" not in statement:
            yield f"policy: MalformedPolicy: statement {statement.get('Sid')} has no Principal"
        resources = statement.get("Resource")
        listed = cast("list[object]", resources) if isinstance(resources, list) else [resources]
        for arn in listed:
            if bucket and isinstance(arn, str) and not _speaks_of(arn, bucket):
                yield f"policy: MalformedPolicy: {arn} is not in bucket {bucket}"


def _speaks_of(arn: str, bucket: str) -> bool:
    name = arn.partition(":::")[2]
    return name == bucket or name.startswith(f"{bucket}/")


def _refuse_lifecycle(request: Request) -> Iterable[str]:
    for index, rule in enumerate(cast("list[Json]", request.inputs.get("rules") or [])):
        path = f"rules[{index}]"
        expiry = cast("Json", rule.get("expiration") or {}).get("days")
        for transition in cast("list[Json]", rule.get("transitions") or []):
            days, target = transition.get("days"), transition.get("storageClass")
            least = DAYS_BEFORE_COLDER.get(str(target), 0)
            if isinstance(days, int | float) and days < least:
                yield f"{path}.transitions: {target} takes objects of {least} days and more"
            if isinstance(days, int | float) and isinstance(expiry, int | float) and days >= expiry:
                yield f"{path}.expiration: after {expiry} days, not after the transition's {days}"


def _refuse_encryption(request: Request) -> Iterable[str]:
    for index, rule in enumerate(cast("list[Json]", request.inputs.get("rules") or [])):
        default = cast("Json", rule.get("applyServerSideEncryptionByDefault") or {})
        algorithm = default.get("sseAlgorithm")
        path = f"rules[{index}].applyServerSideEncryptionByDefault"
        if isinstance(algorithm, str) and algorithm not in ("AES256", "aws:kms", "aws:kms:dsse"):
            yield f"{path}.sseAlgorithm: {algorithm!r} is not one of AES256, aws:kms, aws:kms:dsse"
        if algorithm == "AES256" and default.get("kmsMasterKeyId"):
            yield f"{path}.kmsMasterKeyId: only with aws:kms"


def _setting(refuses: Callable[[Request], Iterable[str]] = lambda _: ()) -> Model:
    """Return the model of a setting: changed in place, replaced with its bucket."""
    return Model(
        identity=lambda r: r.text("bucket"),
        replaces=frozenset({"bucket", "expectedBucketOwner"}),
        seconds=Seconds(2, 2, 2, SETTLED),
        refuses=refuses,
    )


def _of_bucket(setting: str) -> str:
    return f"aws:s3/{setting}:{setting[0].upper()}{setting[1:]}"


def _without_owner(model: Model) -> Model:
    """Return the model of a setting that names no expected owner."""
    return dataclasses.replace(model, replaces=frozenset({"bucket"}))


MODELS: Mapping[str, Model] = {
    "aws:s3/bucket:Bucket": Model(
        identity=_bucket_name,
        outputs=_bucket_outputs,
        replaces=frozenset({"bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"}),
        autoname=AutoName("bucket", 63),
        seconds=Seconds(5, 3, 3, WAIT),
        refuses=_refuse_bucket,
    ),
    _of_bucket("bucketCorsConfiguration"): _setting(),
    _of_bucket("bucketLifecycleConfiguration"): dataclasses.replace(
        _setting(_refuse_lifecycle), seconds=Seconds(20, 20, 5, WAIT)
    ),
    _of_bucket("bucketLogging"): _setting(),
    _of_bucket("bucketNotification"): _without_owner(_setting()),
    _of_bucket("bucketObjectLockConfiguration"): _setting(),
    _of_bucket("bucketOwnershipControls"): _without_owner(_setting()),
    _of_bucket("bucketPolicy"): _without_owner(_setting(_refuse_policy)),
    _of_bucket("bucketPublicAccessBlock"): _without_owner(_setting()),
    _of_bucket("bucketServerSideEncryptionConfiguration"): _setting(_refuse_encryption),
    _of_bucket("bucketVersioning"): _setting(),
}
