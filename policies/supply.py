"""Supply of images: what was tested is what runs."""

from collections.abc import Mapping, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, on, one_of, table
from policies.rule import CONTROLS, resource_policy

NEEDS: Mapping[str, Sequence[Need]] = {
    "aws:ecr/repository:Repository": (
        Need(
            "imageTagMutability",
            one_of("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
            "set imageTagMutability to IMMUTABLE",
        ),
        on("imageScanningConfiguration.scanOnPush"),
    ),
}

POLICIES: Sequence[Policy] = (
    resource_policy(
        table(NEEDS),
        name="ecr-immutable-scanned",
        display_name="Images keep their tags and are scanned",
        description="An image's tag never names another image, and each push is scanned.",
        types=NEEDS,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Make tags immutable and push each build under a tag of its own; turn scanOnPush on, "
            "and read the findings before you deploy."
        ),
        tags=("supply-chain",),
        url=f"{CONTROLS}ecr-controls.html#ecr-2",
    ),
)
