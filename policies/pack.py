"""All policies of the pack, in the order in which they are documented."""

from pulumi_policy import Policy

from policies import compute, encryption, exposure, logs, tagging

NAME = "fastapi-platform"

POLICIES: tuple[Policy, ...] = (
    *encryption.POLICIES,
    *exposure.POLICIES,
    *compute.POLICIES,
    *tagging.POLICIES,
    *logs.POLICIES,
)
