"""Elastic Load Balancing: Application Load Balancers."""

import re
from collections.abc import Iterable
from typing import cast

from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request, Seconds

LOGS = "typical durations in public apply logs of the AWS provider (2026-11)"
GONE = "the provider waits until its network interfaces are gone, as subnets and groups need them"

NAME = re.compile(r"(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?")
NAME_LIMIT = 32
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
(2026-11)"""

ZONES = {
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-west-2": "Z1H1FL5HABSF5",
}
"""https://docs.aws.amazon.com/general/latest/gr/elb.html (2026-11); others: as eu-west-1's."""

MOST_CONDITION_VALUES = 5
LONGEST_HEADER = 40
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
(2026-11)"""


def _parts(inputs: Json, key: str) -> list[Json]:
    found = inputs.get(key)
    items = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("Json", item) for item in items if isinstance(item, dict)]


def _arn(request: Request, kind: str) -> str:
    """Return e.g. `arn:…:loadbalancer/app/edge-alb-1a2b3c4/50dc6c495c0c9188`."""
    return request.arn("elasticloadbalancing", f"{kind}/{request.text('name')}/{_id(request)}")


def _id(request: Request) -> str:
    return request.hex("", 16)


def _below(request: Request, parent: str, kind: str) -> str:
    """Return the ARN of a listener, or of a listener's rule."""
    place, _, path = request.text(parent).partition("/")
    return f"{place.rpartition(':')[0]}:{kind}/{path}/{_id(request)}"


def _balancer_outputs(request: Request) -> Json:
    number = int(request.hex("", 8, "dns"), 16)
    prefix = "internal-" if request.inputs.get("internal") is True else ""
    region = request.region
    return {
        "arn": request.id,
        "arnSuffix": request.id.partition("loadbalancer/")[2],
        "dnsName": f"{prefix}{request.text('name')}-{number}.{region}.elb.amazonaws.com",
        "zoneId": ZONES.get(region, ZONES["eu-west-1"]),
        "vpcId": request.hex("vpc-"),
    }


def _refuse_name(request: Request) -> Iterable[str]:
    name = request.inputs.get("name")
    if isinstance(name, str) and not NAME.fullmatch(name):
        yield f"name: {name!r} is not valid: letters, digits and '-', at most {NAME_LIMIT}"


def _refuse_balancer(request: Request) -> Iterable[str]:
    yield from _refuse_name(request)
    subnets = request.inputs.get("subnets")
    if isinstance(subnets, list) and len(set(cast("list[str]", subnets))) < 2:
        yield "subnets: At least two subnets in two different Availability Zones must be specified"
    idle = request.inputs.get("idleTimeout", 60)
    if isinstance(idle, int | float) and not 1 <= idle <= 4000:
        yield f"idleTimeout: is {idle:g}; 1 to 4000 allowed"
    mode = request.text("desyncMitigationMode", "defensive")
    if mode not in ("monitor", "defensive", "strictest"):
        yield f"desyncMitigationMode: {mode!r} is not one of monitor, defensive, strictest"


def _refuse_target_group(request: Request) -> Iterable[str]:
    yield from _refuse_name(request)
    check = request.part("healthCheck")
    interval, timeout = check.get("interval", 30), check.get("timeout", 5)
    if isinstance(interval, int | float) and isinstance(timeout, int | float):
        if timeout >= interval:
            yield "healthCheck.timeout: must be smaller than the interval"
        if not 5 <= interval <= 300:
            yield f"healthCheck.interval: is {interval:g}; 5 to 300 allowed"
    algorithm = request.text("loadBalancingAlgorithmType", "round_robin")
    if request.text("loadBalancingAnomalyMitigation") == "on" and algorithm != "weighted_random":
        yield "loadBalancingAnomalyMitigation: only with weighted_random"
    if request.inputs.get("slowStart") and algorithm != "round_robin":
        yield f"slowStart: not with {algorithm}"


def _refuse_listener(request: Request) -> Iterable[str]:
    https = request.text("protocol", "HTTP") == "HTTPS"
    # a certificate that is not known yet is not in `inputs`
    if not https and request.inputs.get("certificateArn"):
        yield "certificateArn: a certificate cannot be specified for HTTP listeners"
    if not https and request.inputs.get("sslPolicy"):
        yield "sslPolicy: is for HTTPS listeners"
    if https and not request.inputs.get("sslPolicy"):
        yield "sslPolicy: is required for HTTPS"
    for index, action in enumerate(_parts(request.inputs, "defaultActions")):
        response = cast("Json", action.get("fixedResponse") or {})
        if len(str(response.get("messageBody", ""))) > 1024:
            yield f"defaultActions[{index}].fixedResponse.messageBody: at most 1024 characters"


def _refuse_rule(request: Request) -> Iterable[str]:
    values = 0
    for index, condition in enumerate(_parts(request.inputs, "conditions")):
        for kind in condition.values():
            listed = cast("Json", kind).get("values") if isinstance(kind, dict) else None
            values += len(cast("list[object]", listed)) if isinstance(listed, list) else 0
        header = cast("Json", condition.get("httpHeader") or {}).get("httpHeaderName")
        if isinstance(header, str) and len(header) > LONGEST_HEADER:
            yield f"conditions[{index}].httpHeader: names of {LONGEST_HEADER} characters at most"
        if isinstance(header, str) and header.lower() == "host":
            yield f"conditions[{index}].httpHeader: use hostHeader for the host"
    if values > MOST_CONDITION_VALUES:
        yield f"conditions: {values} values, at most {MOST_CONDITION_VALUES}"


MODELS = {
    "aws:lb/loadBalancer:LoadBalancer": Model(
        identity=lambda r: _arn(r, "loadbalancer/app"),
        outputs=_balancer_outputs,
        replaces=frozenset(
            {"customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"}
        ),
        autoname=AutoName(limit=NAME_LIMIT),
        seconds=Seconds(150, 10, 60, f"{LOGS}; {GONE}"),
        refuses=_refuse_balancer,
        api=ApiCall("elbv2", "CreateLoadBalancer", (("loadBalancerType", "type"),)),
        guards_deletion="enableDeletionProtection",
    ),
    "aws:lb/targetGroup:TargetGroup": Model(
        identity=lambda r: _arn(r, "targetgroup"),
        outputs=lambda r: {
            "arn": r.id,
            "arnSuffix": f"targetgroup/{r.text('name')}/{_id(r)}",
            "loadBalancerArns": [],
        },
        replaces=frozenset(
            {
                *("ipAddressType", "name", "namePrefix", "port", "protocol", "protocolVersion"),
                *("targetControlPort", "targetType", "vpcId"),
            }
        ),
        autoname=AutoName(limit=NAME_LIMIT),
        seconds=Seconds(2, 2, 1, LOGS),
        refuses=_refuse_target_group,
        api=ApiCall("elbv2", "CreateTargetGroup"),
    ),
    "aws:lb/listener:Listener": Model(
        identity=lambda r: _below(r, "loadBalancerArn", "listener"),
        outputs=lambda r: {"arn": r.id},
        replaces=frozenset({"loadBalancerArn"}),
        seconds=Seconds(1, 1, 1, LOGS),
        refuses=_refuse_listener,
        api=ApiCall("elbv2", "CreateListener"),
    ),
    "aws:lb/listenerRule:ListenerRule": Model(
        identity=lambda r: _below(r, "listenerArn", "listener-rule"),
        outputs=lambda r: {"arn": r.id},
        replaces=frozenset({"listenerArn"}),
        seconds=Seconds(1, 1, 1, LOGS),
        refuses=_refuse_rule,
        api=ApiCall("elbv2", "CreateRule"),
    ),
}
