"""Amazon EventBridge, which the SDK still files under CloudWatch."""

import json
import re
from collections.abc import Iterable

from simulator.cloud.model import ApiCall, AutoName, Model, Request

TARGET_ID = re.compile(r"[.\-_A-Za-z0-9]{1,64}")
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html (2026-11)"""


def _bus(request: Request, separator: str) -> str:
    name = request.text("eventBusName")
    return "" if name in ("", "default") else f"{name}{separator}"


def _target_id(request: Request) -> str:
    return request.text("targetId") or f"terraform-{request.token(26, 'target', '0123456789')}"


def _refuse_rule(request: Request) -> Iterable[str]:
    pattern = request.inputs.get("eventPattern")
    if not isinstance(pattern, str):
        return
    try:
        document = json.loads(pattern)
    except ValueError:
        yield "eventPattern: InvalidEventPattern: is not JSON"
        return
    if not isinstance(document, dict) or not document:
        yield "eventPattern: InvalidEventPattern: must be an object that is not empty"


def _refuse_target(request: Request) -> Iterable[str]:
    id_ = request.inputs.get("targetId")
    if isinstance(id_, str) and not TARGET_ID.fullmatch(id_):
        yield f"targetId: {id_!r} is not valid: letters, digits, '.', '-' and '_', at most 64"
    given = [key for key in ("input", "inputPath", "inputTransformer") if key in request.inputs]
    if len(given) > 1:
        yield f"only one of {', '.join(given)} is allowed"


MODELS = {
    "aws:cloudwatch/eventRule:EventRule": Model(
        identity=lambda r: _bus(r, "/") + r.text("name"),
        outputs=lambda r: {"arn": r.arn("events", f"rule/{r.id}")},
        replaces=frozenset({"name", "namePrefix", "eventBusName"}),
        autoname=AutoName(limit=64),
        api=ApiCall("events", "PutRule"),
        refuses=_refuse_rule,
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Model(
        identity=lambda r: f"{_bus(r, '-')}{r.text('rule')}-{_target_id(r)}",
        outputs=lambda r: {"targetId": _target_id(r)},
        replaces=frozenset({"rule", "targetId", "eventBusName"}),
        refuses=_refuse_target,
    ),
}
