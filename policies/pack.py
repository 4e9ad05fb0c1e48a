"""All policies of the pack, in the order in which they are documented."""

from pulumi_policy import EnforcementLevel, Policy, PolicyPack

from policies import compute, encryption, exposure, logs, tagging

NAME = "fastapi-platform"

POLICIES: tuple[Policy, ...] = (
    *encryption.POLICIES,
    *exposure.POLICIES,
    *compute.POLICIES,
    *tagging.POLICIES,
    *logs.POLICIES,
)


def serve() -> None:
    """Serve the pack until the engine is done with it."""
    PolicyPack(NAME, list(POLICIES), enforcement_level=EnforcementLevel.MANDATORY)
