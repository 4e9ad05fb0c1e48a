"""Amazon EventBridge, which the SDK still files under CloudWatch."""

from simulator.cloud.model import AutoName, Model


def _bus(name: str) -> str:
    return "" if name in ("", "default") else f"{name}/"


MODELS = {
    "aws:cloudwatch/eventRule:EventRule": Model(
        identity=lambda r: _bus(r.text("eventBusName")) + r.text("name"),
        outputs=lambda r: {"arn": r.arn("events", f"rule/{r.id}")},
        replaces=frozenset({"name", "namePrefix", "eventBusName"}),
        autoname=AutoName(limit=64),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Model(
        identity=lambda r: f"{r.text('rule')}-{r.text('targetId') or r.token(26, 'target')}",
        outputs=lambda r: {"targetId": r.text("targetId") or r.token(26, "target")},
        replaces=frozenset({"rule", "targetId", "eventBusName"}),
    ),
}
