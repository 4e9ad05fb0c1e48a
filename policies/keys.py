"""KMS keys."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, on, verdicts
from policies.rule import CONTROLS, Verdict, resource_policy
from policies.subject import Subject

KEY = "aws:kms/key:Key"


def _not_rotatable(value: object) -> str | None:
    """Accept what KMS can't rotate: asymmetric and HMAC keys, keys kept elsewhere.

    https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
    """
    return "can be rotated" if value in (None, "", "SYMMETRIC_DEFAULT") else None


def _rotated(key: Subject) -> Iterator[Verdict]:
    rotation = on("enableKeyRotation")
    yield from verdicts(
        key,
        Need(
            rotation.path,
            rotation.accepts,
            rotation.remedy,
            unless=Need(
                "customerMasterKeySpec",
                _not_rotatable,
                "",
                unless=Need("customKeyStoreId", _not_rotatable, ""),
            ),
        ),
    )


POLICIES: Sequence[Policy] = (
    resource_policy(
        _rotated,
        name="kms-rotation",
        display_name="Keys are rotated",
        description="Symmetric KMS keys get new key material each year.",
        types=(KEY,),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set enableKeyRotation to true. Old material is kept, so all that is encrypted stays "
            "readable and nothing else changes."
        ),
        tags=("encryption",),
        url=f"{CONTROLS}kms-controls.html#kms-4",
    ),
)
