"""Amazon DynamoDB."""

from simulator.cloud.model import NAMED, Model, Seconds

MODELS = {
    "aws:dynamodb/table:Table": Model(
        outputs=lambda r: {
            "arn": r.arn("dynamodb", f"table/{r.id}"),
            **(
                {"streamArn": r.arn("dynamodb", f"table/{r.id}/stream/2026-01-01T00:00:00.000")}
                if r.inputs.get("streamEnabled")
                else {}
            ),
        },
        replaces=frozenset({"name", "hashKey", "rangeKey", "localSecondaryIndexes"}),
        seconds=Seconds(10, 15, 10, "typical of Terraform logs of small tables"),
        autoname=NAMED,
        guards_deletion="deletionProtectionEnabled",
    ),
}
