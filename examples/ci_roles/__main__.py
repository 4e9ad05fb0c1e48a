"""`pulumi up`: the roles that CI takes in this account. See docs/ci.md."""

import sys
from pathlib import Path

import pulumi

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from examples.ci_roles.roles import CiRoles, read_settings

roles = CiRoles("ci", read_settings(pulumi.Config()))
pulumi.export("deployRole", roles.deploy_arn)
pulumi.export("previewRole", roles.preview_arn)
pulumi.export("boundary", roles.boundary_arn)
