"""AWS Secrets Manager."""

from collections.abc import Iterable

from simulator.cloud.model import DNS_SAFE, ApiCall, AutoName, Json, Model, Request, Seconds

RECOVERY_DAYS = (0, *range(7, 31))
"""What `DeleteSecret` takes, and 0 for `ForceDeleteWithoutRecovery`.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html (2026-11)
"""

SUFFIX_LENGTH = 6
"""Secrets Manager ends each ARN in six random characters, so that a secret made again under an old
name is another one: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
(2026-11)."""

PROPAGATION = "the provider reads a version until it is seen everywhere"


def _secret_arn(request: Request) -> str:
    suffix = request.token(SUFFIX_LENGTH, "arn", DNS_SAFE)
    return request.arn("secretsmanager", f"secret:{request.text('name')}-{suffix}")


def _refuse_secret(request: Request) -> Iterable[str]:
    days = request.inputs.get("recoveryWindowInDays", 30)
    if days not in RECOVERY_DAYS:
        yield f"recoveryWindowInDays: is {days}, 7 to 30 allowed, or 0 for none"


def _version_outputs(request: Request) -> Json:
    secret = request.text("secretId")
    return {
        "arn": secret,
        "secretArn": secret,
        "versionId": request.id.rsplit("|", 1)[-1],
        "versionStages": request.inputs.get("versionStages", ["AWSCURRENT"]),
        "hasSecretStringWo": "secretStringWo" in request.inputs,
    }


MODELS = {
    "aws:secretsmanager/secret:Secret": Model(
        identity=_secret_arn,
        outputs=lambda r: {"arn": r.id},
        replaces=frozenset({"name", "namePrefix", "type"}),
        autoname=AutoName(limit=512),
        api=ApiCall("secretsmanager", "CreateSecret"),
        refuses=_refuse_secret,
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Model(
        identity=lambda r: f"{r.text('secretId')}|{r.uuid()}",
        outputs=_version_outputs,
        # a value is never changed, it is followed by another one
        replaces=frozenset({"secretBinary", "secretId", "secretString", "secretStringWoVersion"}),
        seconds=Seconds(3, 3, 2, PROPAGATION),
        api=ApiCall("secretsmanager", "PutSecretValue"),
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": Model(
        identity=lambda r: r.text("secretArn"),
        replaces=frozenset({"secretArn"}),
        api=ApiCall("secretsmanager", "PutResourcePolicy", (("policy", "resourcePolicy"),)),
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": Model(
        identity=lambda r: r.text("secretId"),
        outputs=lambda _: {"rotationEnabled": True},
        replaces=frozenset({"secretId"}),
        api=ApiCall("secretsmanager", "RotateSecret"),
    ),
}
