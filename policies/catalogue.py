"""What there is to say of policies: as a table, as JSON, and one in full."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pulumi_policy import Policy

from policies.configuration import corrects
from policies.environments import Configuration, level
from policies.standards import group, standards

Row = Mapping[str, object]


def as_rows(policies: Sequence[Policy], files: Mapping[str, Configuration]) -> list[Row]:
    """Return a row for each policy.

    :param files: what each stack configures, by name.
    """
    return [
        {
            "id": policy.name,
            "group": group(policy),
            "severity": _severity(policy),
            "levels": {stack: level(policy, files[stack]).value for stack in files},
            "remediates": corrects(policy),
            "holds": policy.description,
            "standards": [
                {"name": each.name, "version": each.version, "reference": each.reference}
                for each in standards(policy)
            ],
        }
        for policy in policies
    ]


def as_table(policies: Sequence[Policy], files: Mapping[str, Configuration]) -> str:
    """Return a line for each policy, in columns; `files` as for `as_rows`."""
    cells = [["POLICY", "GROUP", "SEVERITY", *(stack.upper() for stack in files)]]
    for policy in policies:
        levels = [level(policy, configured).value for configured in files.values()]
        cells.append([policy.name, group(policy), _severity(policy), *levels])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in cells]
    return "\n".join(lines) + "\n"


def explained(policy: Policy, files: Mapping[str, Configuration]) -> str:
    """Return all that there is to know of one policy."""
    return "\n".join(_explained(policy, files)) + "\n"


def _explained(policy: Policy, files: Mapping[str, Configuration]) -> Iterator[str]:
    yield f"{policy.name}: {policy.display_name}"
    yield f"\n  {policy.description}"
    yield f"\nSeverity  {_severity(policy)}"
    yield f"Group     {group(policy)} ({', '.join(policy.tags or ())})"
    for stack, configured in files.items():
        yield f"{stack:<9} {level(policy, configured).value}{_own_settings(policy, configured)}"
    yield f"\nRemedy    {policy.remediation_steps}"
    if corrects(policy):
        yield '          It corrects what it can by itself at the level "remediate".'
    yield f"More      {policy.url}"
    for each in standards(policy):
        yield f"Maps to   {each.name} {each.version}: {each.reference}"
    schemas = policy.config_schema.properties if policy.config_schema else {}
    if schemas:
        yield "\nSettings"
    for key, schema in schemas.items():
        told = {k: v for k, v in schema.items() if k not in ("default", "description")}
        yield f"  {key}  {schema['description']}"
        yield f"    default {json.dumps(schema['default'])}; schema {json.dumps(told)}"
    defaults = {key: schema["default"] for key, schema in schemas.items()}
    example = {policy.name: {"enforcementLevel": "advisory", **defaults}}
    yield f"\nExample of a configuration\n{json.dumps(example, indent=2)}"


def _own_settings(policy: Policy, configured: Configuration) -> str:
    """Return the settings that a stack has of its own, as text to go on with."""
    chosen = configured.get(policy.name)
    own = dict(cast("Mapping[str, object]", chosen)) if isinstance(chosen, dict) else {}
    own.pop("enforcementLevel", None)
    return "".join(f"; {key} {json.dumps(value)}" for key, value in own.items())


def _severity(policy: Policy) -> str:
    return policy.severity.value if policy.severity else ""
