"""AWS Key Management Service."""

from simulator.cloud.model import Model

MODELS = {
    "aws:kms/key:Key": Model(
        identity=lambda r: r.uuid(),
        outputs=lambda r: {"arn": r.arn("kms", f"key/{r.id}"), "keyId": r.id},
        replaces=frozenset(
            {"keyUsage", "customerMasterKeySpec", "multiRegion", "customKeyStoreId"}
        ),
    ),
    "aws:kms/alias:Alias": Model(
        identity=lambda r: r.text("name") or f"{r.text('namePrefix')}{r.token(8)}",
        outputs=lambda r: {
            "name": r.id,
            "arn": r.arn("kms", r.id),
            "targetKeyArn": r.arn("kms", f"key/{r.text('targetKeyId')}"),
        },
        replaces=frozenset({"name", "namePrefix"}),
    ),
}
