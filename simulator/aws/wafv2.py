"""AWS WAF."""

import re
from collections.abc import Iterable, Iterator
from typing import cast

from components.edge.managed_rules import MANAGED_GROUPS
from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request, Seconds

PROPAGATES = "AWS spreads a change within seconds to a minute, and the provider retries until then"

GLOBAL, HOME = "CLOUDFRONT", "us-east-1"

MOST_CAPACITY = 5000
"""https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html (2026-11)"""

WINDOWS = (60, 120, 300, 600)

GROUP_CAPACITY = {group.name: group.capacity for group in MANAGED_GROUPS.values()}

LOG_GROUP = re.compile(r"arn:[\w-]+:logs:[\w-]+:\d+:log-group:aws-waf-logs-[^:]+")


def _place(request: Request) -> str:
    return "global" if request.text("scope") == GLOBAL else "regional"


def _arn(request: Request, kind: str) -> str:
    path = f"{_place(request)}/{kind}/{request.text('name')}/{request.id}"
    return request.arn("wafv2", path)


def capacity(rules: object) -> int:
    """Return the WCU of rules, each text's transformation counted wherever it is done."""
    return sum(_cost(cast("Json", rule.get("statement") or {})) for rule in _listed(rules))


def _listed(value: object) -> list[Json]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Json", item) for item in items if isinstance(item, dict)]


def _cost(statement: Json) -> int:
    """Return the WCU of a statement.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html (2026-11)
    """
    total = 0
    for kind, content in statement.items():
        part = cast("Json", content)
        total += {"ipSetReferenceStatement": 1, "rateBasedStatement": 2}.get(kind, 0)
        if kind == "managedRuleGroupStatement":
            total += GROUP_CAPACITY.get(str(part.get("name")), 0)
        if kind == "sizeConstraintStatement":
            total += 1 + _transformations(part)
        if kind == "byteMatchStatement":
            exact = part.get("positionalConstraint") in ("EXACTLY", "STARTS_WITH", "ENDS_WITH")
            total += (2 if exact else 10) + _transformations(part)
        inner = [part.get("scopeDownStatement"), part.get("statement")]
        total += sum(_cost(cast("Json", each)) for each in inner if each)
        total += sum(_cost(each) for each in _listed(part.get("statements")))
    return total


def _transformations(part: Json) -> int:
    kinds = [each.get("type") for each in _listed(part.get("textTransformations"))]
    return 10 * sum(kind != "NONE" for kind in kinds)


def _refuse_scope(request: Request) -> Iterator[str]:
    if request.text("scope") == GLOBAL and request.region != HOME:
        yield f"scope: WAFInvalidParameterException: {GLOBAL} is in {HOME} only"


def _refuse_acl(request: Request) -> Iterable[str]:
    yield from _refuse_scope(request)
    rules = _listed(request.inputs.get("rules"))
    bodies = {body.get("key") for body in _listed(request.inputs.get("customResponseBodies"))}
    for key in ("name", "priority"):
        values = [rule.get(key) for rule in rules]
        twice = sorted({str(value) for value in values if values.count(value) > 1})
        if twice:
            yield f"rules: WAFInvalidParameterException: {key} twice: {', '.join(twice)}"
    for index, rule in enumerate(rules):
        yield from (f"rules[{index}].{problem}" for problem in _refuse_rule(rule, bodies))
    if capacity(request.inputs.get("rules")) > MOST_CAPACITY:
        yield f"rules: WAFLimitsExceededException: more than {MOST_CAPACITY} WCU"


def _refuse_group(request: Request) -> Iterable[str]:
    yield from _refuse_scope(request)
    needed, given = capacity(request.inputs.get("rules")), request.inputs.get("capacity")
    if isinstance(given, int | float) and needed > given:
        yield f"capacity: WAFInvalidParameterException: {needed} WCU are needed, {given:g} given"


def _refuse_rule(rule: Json, bodies: set[object]) -> Iterator[str]:
    statement = cast("Json", rule.get("statement") or {})
    group = statement.keys() & {"managedRuleGroupStatement", "ruleGroupReferenceStatement"}
    wanted = "overrideAction" if group else "action"
    other = "action" if wanted == "overrideAction" else "overrideAction"
    if not rule.get(wanted) or rule.get(other):
        yield f"{other}: WAFInvalidParameterException: {wanted} is what this statement takes"
    rate = cast("Json", statement.get("rateBasedStatement") or {})
    if rate and rate.get("evaluationWindowSec", 300) not in WINDOWS:
        yield f"statement.rateBasedStatement: window of {', '.join(map(str, WINDOWS))} seconds only"
    action = cast("Json", rule.get("action") or {})
    response = cast("Json", cast("Json", action.get("block") or {}).get("customResponse") or {})
    body = response.get("customResponseBodyKey")
    if body is not None and body not in bodies:
        yield f"action.block.customResponse: no body {body!r}"


def _refuse_association(request: Request) -> Iterable[str]:
    if ":global/" in request.text("webAclArn"):
        yield "webAclArn: WAFInvalidParameterException: a distribution names its web ACL itself"


def _refuse_logging(request: Request) -> Iterable[str]:
    found = request.inputs.get("logDestinationConfigs")
    arns = cast("list[object]", found) if isinstance(found, list) else []
    for arn in arns:
        if isinstance(arn, str) and ":logs:" in arn and not LOG_GROUP.fullmatch(arn):
            yield f"logDestinationConfigs: WAFLogDestinationPermissionIssueException: {arn}"


MODELS = {
    "aws:wafv2/webAcl:WebAcl": Model(
        identity=lambda r: r.uuid(),
        outputs=lambda r: {
            "arn": _arn(r, "webacl"),
            "capacity": capacity(r.inputs.get("rules")),
            "lockToken": r.uuid("lock"),
            "applicationIntegrationUrl": "",
        },
        updates=lambda r, _: {"capacity": capacity(r.inputs.get("rules"))},
        replaces=frozenset({"name", "namePrefix", "region", "scope"}),
        autoname=AutoName(limit=128),
        seconds=Seconds(10, 10, 10, PROPAGATES),
        refuses=_refuse_acl,
        api=ApiCall("wafv2", "CreateWebACL"),
    ),
    "aws:wafv2/ipSet:IpSet": Model(
        identity=lambda r: r.uuid(),
        outputs=lambda r: {"arn": _arn(r, "ipset"), "lockToken": r.uuid("lock")},
        replaces=frozenset({"ipAddressVersion", "name", "namePrefix", "region", "scope"}),
        autoname=AutoName(limit=128),
        refuses=_refuse_scope,
        api=ApiCall("wafv2", "CreateIPSet"),
    ),
    "aws:wafv2/ruleGroup:RuleGroup": Model(
        identity=lambda r: r.uuid(),
        outputs=lambda r: {"arn": _arn(r, "rulegroup"), "lockToken": r.uuid("lock")},
        replaces=frozenset({"capacity", "name", "namePrefix", "region", "scope"}),
        autoname=AutoName(limit=128),
        refuses=_refuse_group,
        api=ApiCall("wafv2", "CreateRuleGroup"),
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": Model(
        identity=lambda r: f"{r.text('webAclArn')},{r.text('resourceArn')}",
        replaces=frozenset({"region", "resourceArn", "webAclArn"}),
        seconds=Seconds(10, 2, 10, PROPAGATES),
        refuses=_refuse_association,
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Model(
        identity=lambda r: r.text("resourceArn"),
        replaces=frozenset({"logDestinationConfigs", "region", "resourceArn"}),
        refuses=_refuse_logging,
        seconds=Seconds(5, 2, 2, PROPAGATES),
    ),
}
