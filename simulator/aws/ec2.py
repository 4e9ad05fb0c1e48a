"""Amazon EC2: security groups, launch templates, tags. Networks are in `vpc.py`."""

import re
from collections.abc import Iterable

from simulator.aws.vpc import LOGS, of_vpc
from simulator.cloud.model import ACCOUNT, NAMED, AutoName, Json, Model, Request, Seconds

DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
"""What EC2 takes as the description of a security group or rule; no apostrophes, no umlauts.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (2026-11)
"""


def _new_launch_template_version(_: Request, olds: Json) -> Json:
    latest = olds.get("latestVersion")
    return {"latestVersion": (int(latest) if isinstance(latest, int | float) else 1) + 1}


def _launch_template_outputs(request: Request) -> Json:
    return {
        "arn": request.arn("ec2", f"launch-template/{request.id}"),
        "defaultVersion": request.inputs.get("defaultVersion", 1),
        "latestVersion": 1,
    }


def _bad_description(request: Request) -> Iterable[str]:
    if not DESCRIPTION.fullmatch(request.text("description")):
        yield f"description: may hold up to 255 of {DESCRIPTION.pattern.split('{0')[0]}"
    if request.text("name").startswith("sg-"):
        yield "name: can't start with 'sg-'"


def _bad_rule(request: Request) -> Iterable[str]:
    yield from _bad_description(request)
    peers = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
    # A peer that is not known yet is left out of `inputs`: only too many can be told here.
    if sum(peer in request.inputs for peer in peers) > 1:
        yield f"only one of {', '.join(peers)} is allowed"


_RULE = Model(
    identity=lambda r: r.hex("sgr-"),
    outputs=lambda r: {
        "arn": r.arn("ec2", f"security-group-rule/{r.id}"),
        "securityGroupRuleId": r.id,
    },
    replaces=frozenset({"securityGroupId"}),
    refuses=_bad_rule,
)

MODELS = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Model(
        identity=lambda r: of_vpc(r.text("vpcId"), "sg-"),
        outputs=lambda r: {
            "arn": r.arn("ec2", f"security-group/{r.id}"),
            "name": "default",
            "description": "default VPC security group",
            "ownerId": ACCOUNT,
        },
        replaces=frozenset({"vpcId"}),
    ),
    "aws:ec2/securityGroup:SecurityGroup": Model(
        identity=lambda r: r.hex("sg-"),
        outputs=lambda r: {
            "arn": r.arn("ec2", f"security-group/{r.id}"),
            "description": r.text("description", "Managed by Pulumi"),
            "ownerId": ACCOUNT,
        },
        replaces=frozenset({"description", "name", "namePrefix", "vpcId"}),
        autoname=NAMED,
        refuses=_bad_description,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _RULE,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _RULE,
    "aws:ec2/launchTemplate:LaunchTemplate": Model(
        identity=lambda r: r.hex("lt-"),
        outputs=_launch_template_outputs,
        updates=_new_launch_template_version,
        replaces=frozenset({"name", "namePrefix"}),
        autoname=AutoName(limit=125),
        seconds=Seconds(create=6, update=4, delete=1, source=LOGS),
    ),
    "aws:ec2/tag:Tag": Model(
        identity=lambda r: f"{r.text('resourceId')},{r.text('key')}",
        replaces=frozenset({"resourceId", "key"}),
    ),
}
