"""Amazon DynamoDB."""

import re
from collections.abc import Iterator, Mapping
from typing import cast

from simulator.cloud.core import CloudError
from simulator.cloud.model import ACCOUNT, NAMED, ApiCall, Json, Model, Request, Seconds

TABLE_TIME = "typical of Terraform logs of small tables"

NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
(2026-11)"""

STREAM_LABEL = "2026-01-01T00:00:00.000"

UNITS = ("readCapacity", "writeCapacity")


def _streamed(request: Request) -> Json:
    """Return the outputs of a stream; none without it."""
    if request.inputs.get("streamEnabled") is not True:
        return {"streamArn": "", "streamLabel": ""}
    return {
        "streamArn": request.arn("dynamodb", f"table/{request.id}/stream/{STREAM_LABEL}"),
        "streamLabel": STREAM_LABEL,
    }


def _refuse(request: Request) -> Iterator[str]:
    name = request.inputs.get("name")
    if isinstance(name, str) and not NAME.fullmatch(name):
        yield f"name: {name!r} is not valid: 3 to 255 letters, digits, '_', '.' and '-'"
    yield from _attribute_refusals(request.inputs)
    yield from _capacity_refusals(request.inputs)
    if request.inputs.get("streamEnabled") is True and "streamViewType" not in request.inputs:
        yield "streamViewType: is required by streamEnabled"
    yield from _replica_refusals(request)


def _attribute_refusals(inputs: Json) -> Iterator[str]:
    if "restoreSourceName" in inputs or "restoreSourceTableArn" in inputs:
        return  # comes with the copy
    declared = {str(a.get("name")) for a in _parts(inputs, "attributes")}
    indexed = _indexed(inputs)
    missing, unused = sorted(indexed - declared), sorted(declared - indexed)
    if missing:
        yield f"attributes: all indexes must match a defined attribute. Unmatched: {missing}"
    if unused:
        yield f"attributes: all attributes must be indexed. Unused attributes: {unused}"


def _indexed(inputs: Json) -> set[str]:
    """Return the names of all key attributes."""
    indexes = [*_parts(inputs, "globalSecondaryIndexes"), *_parts(inputs, "localSecondaryIndexes")]
    keys = [part.get(key) for part in (inputs, *indexes) for key in ("hashKey", "rangeKey")]
    schemas = [key.get("attributeName") for i in indexes for key in _parts(i, "keySchemas")]
    return {key for key in (*keys, *schemas) if isinstance(key, str)}


def _capacity_refusals(inputs: Json) -> Iterator[str]:
    provisioned = inputs.get("billingMode", "PROVISIONED") == "PROVISIONED"
    indexes = {
        f"globalSecondaryIndexes[{position}].": index
        for position, index in enumerate(_parts(inputs, "globalSecondaryIndexes"))
    }
    for prefix, part in {"": inputs, **indexes}.items():
        for key in UNITS:
            if provisioned and not part.get(key):
                yield f"{prefix}{key}: must be at least 1 when billingMode is PROVISIONED"
            if not provisioned and part.get(key):
                yield f"{prefix}{key}: can't be set when billingMode is PAY_PER_REQUEST"


def _replica_refusals(request: Request) -> Iterator[str]:
    replicas = _parts(request.inputs, "replicas")
    if not replicas:
        return
    if request.inputs.get("streamViewType") != "NEW_AND_OLD_IMAGES":
        yield "streamViewType: replicas need a stream of NEW_AND_OLD_IMAGES"
    for position, replica in enumerate(replicas):
        if replica.get("regionName") == request.region:
            yield f"replicas[{position}].regionName: is the table's own region"


def _update(request: Request, olds: Json) -> Json:
    """Refuse what UpdateTable refuses: another type of an attribute that stays a key."""
    before = {a.get("name"): a.get("type") for a in _parts(olds, "attributes")}
    for attribute in _parts(request.inputs, "attributes"):
        name, kind = attribute.get("name"), attribute.get("type")
        if before.get(name, kind) != kind:
            raise CloudError(
                f"ValidationException: attributes: the type of {name} can't be changed"
            )
    return _streamed(request)


def _parts(inputs: Json, key: str) -> list[Json]:
    value = inputs.get(key)
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Json", item) for item in items if isinstance(item, Mapping)]


def _insights_id(request: Request) -> str:
    table, index = request.text("tableName"), request.text("indexName")
    return f"name:{table}/index:{index}/{ACCOUNT}"


MODELS = {
    "aws:dynamodb/table:Table": Model(
        outputs=lambda r: {"arn": r.arn("dynamodb", f"table/{r.id}"), **_streamed(r)},
        updates=_update,
        replaces=frozenset({"name", "hashKey", "rangeKey", "localSecondaryIndexes"}),
        seconds=Seconds(10, 15, 10, TABLE_TIME),
        autoname=NAMED,
        api=ApiCall("dynamodb", "CreateTable", (("name", "tableName"),)),
        refuses=_refuse,
        guards_deletion="deletionProtectionEnabled",
    ),
    "aws:dynamodb/contributorInsights:ContributorInsights": Model(
        identity=_insights_id,
        replaces=frozenset({"tableName", "indexName"}),
        seconds=Seconds(60, 60, 60, "the provider waits until AWS says that it is enabled"),
        api=ApiCall("dynamodb", "UpdateContributorInsights"),
    ),
}
"""What replaces: the key schema of a table is for ever, and UpdateTable takes no local index. An
index whose keys change is deleted and made again by the provider, within an update (2026-11)."""
