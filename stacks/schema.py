"""The JSON Schema of a stack file, for editors: completion, docs and errors while typing."""

import json
from pathlib import Path
from typing import cast

from stacks.loading import NAMESPACE, REGION
from stacks.settings import Settings

PATH = Path(__file__).resolve().parent / "platform.schema.json"


def stack_file_schema() -> dict[str, object]:
    """Return the schema of a whole stack file."""
    settings = Settings.model_json_schema(by_alias=True)
    definitions = cast("dict[str, object]", settings.get("$defs", {}))
    properties = cast("dict[str, object]", settings["properties"])
    properties.pop("region")
    required = [k for k in cast("list[str]", settings.get("required", [])) if k != "region"]
    known = "|".join(sorted(properties))
    config = {
        "type": "object",
        "properties": {
            REGION: {"type": "string", "description": "AWS region, e.g. eu-west-1."},
            **{f"{NAMESPACE}:{key}": value for key, value in properties.items()},
        },
        "patternProperties": {f"^{NAMESPACE}:(?!({known})$)": False},
        "required": [REGION, *(f"{NAMESPACE}:{key}" for key in required)],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fastapi-platform stack",
        "type": "object",
        "properties": {"config": config},
        "required": ["config"],
        "$defs": definitions,
    }


def render() -> str:
    """Return the schema file's text."""
    return json.dumps(stack_file_schema(), indent=2, sort_keys=True) + "\n"
