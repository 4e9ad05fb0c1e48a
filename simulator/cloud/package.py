"""What of a package's schema a program in YAML asks for: how its provider is configured.

Resources of the package itself are left out. Such a program makes them by our components, or the
YAML language host tells that it knows no such type.
"""

import json
from collections.abc import Mapping
from importlib import metadata

from simulator.cloud.schema import provider_inputs

ANY = {"$ref": "pulumi.json#/Any"}

_TYPES: Mapping[object, Mapping[str, str]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
}


def package_schema(package: str) -> str:
    """Return the schema of `package`, as JSON."""
    inputs = {name: _TYPES.get(type_, ANY) for name, type_ in provider_inputs(package).items()}
    schema = {
        "name": package,
        "version": metadata.version(f"pulumi-{package}"),
        "provider": {"inputProperties": inputs},
    }
    return json.dumps(schema)
