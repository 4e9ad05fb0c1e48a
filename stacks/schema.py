"""The JSON Schema of a stack file, for editors: completion, docs and errors while typing."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from pydantic.alias_generators import to_camel

from stacks.files import FILE_KEYS
from stacks.loading import NAMESPACE, NAMESPACES, REGION
from stacks.settings import REGION as REGION_NAME
from stacks.settings import Settings

PATH = Path(__file__).resolve().parent / "platform.schema.json"


def stack_file_schema() -> dict[str, object]:
    """Return the schema of a whole stack file."""
    settings = _spelled(Settings.model_json_schema(by_alias=True))
    properties = cast("dict[str, object]", settings["properties"])
    properties.pop("region")
    required = [key for key in cast("list[str]", settings["required"]) if key != "region"]
    known = "|".join(sorted(properties))
    config: dict[str, object] = {
        "type": "object",
        "properties": {
            REGION: {
                "type": "string",
                "description": "AWS region, e.g. eu-west-1.",
                "pattern": f"^{REGION_NAME.pattern}$",
            },
            **{f"{NAMESPACE}:{key}": value for key, value in properties.items()},
        },
        "patternProperties": {f"^{NAMESPACE}:(?!({known})$)": False},
        "propertyNames": {"pattern": f"^({'|'.join(NAMESPACES)}):"},
        "required": [REGION, *(f"{NAMESPACE}:{key}" for key in required)],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fastapi-platform stack",
        "type": "object",
        "properties": {**{key: {} for key in FILE_KEYS}, "config": config},
        "additionalProperties": False,
        "required": ["config"],
        "$defs": cast("dict[str, object]", settings["$defs"]),
    }


def _spelled(schema: Mapping[str, object]) -> dict[str, object]:
    """Spell the keys that descriptions name as stack files do: `minSize`, not `min_size`."""
    text = json.dumps(schema)
    known = set(re.findall(r'"(\w+)": \{', text))

    def spell(word: re.Match[str]) -> str:
        return f"`{to_camel(word[1])}`" if to_camel(word[1]) in known else word[0]

    return cast("dict[str, object]", json.loads(re.sub(r"`([a-z]+(?:_[a-z]+)+)`", spell, text)))


def render() -> str:
    """Return the schema file's text."""
    return json.dumps(stack_file_schema(), indent=2, sort_keys=True) + "\n"
