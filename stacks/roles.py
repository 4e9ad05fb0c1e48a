"""Roles within bounds: a path and a permissions boundary for each role that a stack makes.

With them a deploying role can be let make roles of this path that have this boundary, and no others
(docs/ci.md): without, whoever makes and passes roles is administrator of the account.
"""

import re

import pulumi
import pulumi_aws as aws
from pydantic import Field, field_validator

from components._base.spec import Spec

ROLE = "aws:iam/role:Role"

PATH = r"^/([\w+=,.@-]+/)+$"
"""https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (2026-11)"""

BOUNDARY = re.compile(r"(arn:[\w-]+:iam::(\d{12}|aws):)?policy(/[\w+=,.@-]+)+", re.ASCII)


class RolesSpec(Spec):
    """What each role of the stack has. A path is for ever: set it before the first deployment."""

    path: str = Field("/platform/", pattern=PATH, max_length=512)
    """Path of their names, as `/platform/`."""
    boundary: str
    """Their permissions boundary: `policy/NAME` of the stack's own account, or a whole ARN."""

    @field_validator("boundary")
    @classmethod
    def _is_a_policy(cls, boundary: str) -> str:
        if not BOUNDARY.fullmatch(boundary):
            raise ValueError("policy/NAME or the ARN of an IAM policy is needed")
        return boundary


def bound_roles(spec: RolesSpec | None) -> None:
    """Have each role that is made from here on lie within the bounds; None: there are none."""
    if spec is None:
        return
    boundary = pulumi.Output.from_input(spec.boundary)
    if not spec.boundary.startswith("arn:"):
        partition = aws.get_partition_output().partition
        account = aws.get_caller_identity_output().account_id
        boundary = pulumi.Output.concat("arn:", partition, ":iam::", account, ":", spec.boundary)

    def bound(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if args.type_ != ROLE:
            return None
        bounds = {"path": spec.path, "permissions_boundary": boundary}
        return pulumi.ResourceTransformationResult({**args.props, **bounds}, args.opts)

    pulumi.runtime.register_stack_transformation(bound)
