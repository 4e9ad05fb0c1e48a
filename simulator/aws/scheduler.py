"""Amazon EventBridge Scheduler."""

from simulator.cloud.model import ApiCall, AutoName, Model, Request

DEFAULT_GROUP = "default"


def _id(request: Request) -> str:
    return f"{request.text('groupName', DEFAULT_GROUP)}/{request.text('name')}"


MODELS = {
    "aws:scheduler/schedule:Schedule": Model(
        identity=_id,
        outputs=lambda r: {
            "arn": r.arn("scheduler", f"schedule/{r.id}"),
            "groupName": r.text("groupName", DEFAULT_GROUP),
        },
        replaces=frozenset({"groupName", "name", "namePrefix"}),
        autoname=AutoName(limit=64),
        api=ApiCall("scheduler", "CreateSchedule"),
    ),
}
