"""AWS Shield Advanced."""

from simulator.cloud.model import ApiCall, AutoName, Model

MODELS = {
    "aws:shield/protection:Protection": Model(
        identity=lambda r: r.uuid(),
        outputs=lambda r: {"arn": r.arn("shield", f"protection/{r.id}", region=False)},
        replaces=frozenset({"name", "resourceArn"}),
        autoname=AutoName(limit=128),
        api=ApiCall("shield", "CreateProtection"),
    ),
    "aws:shield/applicationLayerAutomaticResponse:ApplicationLayerAutomaticResponse": Model(
        identity=lambda r: r.text("resourceArn"),
        replaces=frozenset({"resourceArn"}),
    ),
}
