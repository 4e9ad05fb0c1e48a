"""Tags: who owns a resource, and what it belongs to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.needs import judge
from policies.remedies import Corrections
from policies.rule import Verdict, Violation, resource_policy
from policies.subject import Subject, entries, item, items
from policies.taggable import taggable_types

REQUIRED = ("Name", "environment", "owner", "project")
"""What `components/` puts on every resource: `Name` by itself, the rest from the stack file."""


def _required_tags(resource: Subject) -> Iterator[Verdict]:
    tags = dict(_tags(resource))
    doubts = [tag for tag in tags.values() if isinstance(tag, UnknownValueError)]
    missing: list[str] = []
    for key in resource.texts("required"):
        if key in tags:
            value = judge(_blank, tags[key])
            if isinstance(value, UnknownValueError):
                yield value
            elif value:
                yield Violation(f"has the tag '{key}' without a value", f"give '{key}' a value")
        elif "" in tags:  # unknown tags: this one may be among them
            yield doubts[0]
        else:
            missing.append(key)
    if missing:
        listed = ", ".join(f"'{key}'" for key in missing)
        noun = "tag" if len(missing) == 1 else "tags"
        yield Violation(f"lacks the {noun} {listed}", f"add {listed} to its tags")


def _blank(value: object) -> str | None:
    return None if isinstance(value, str) and value.strip() else "is blank"


def _tags(resource: Subject) -> Iterator[tuple[str, object]]:
    """Give the tags in force, its own over the provider's; what is unknown has the key ''."""
    defaults = item(resource.provider, "defaultTags")
    if isinstance(defaults, str):  # nested provider settings travel as JSON
        defaults = cast("object", json.loads(defaults))
    inherited = defaults if isinstance(defaults, UnknownValueError) else item(defaults, "tags")
    for tags in (inherited, resource.get("tags")):
        if isinstance(tags, UnknownValueError):
            yield "", tags
        yield from entries(tags)
        for tag in items(tags):  # auto scaling groups have a list of keys and values
            key = tag if isinstance(tag, UnknownValueError) else item(tag, "key")
            yield (key, item(tag, "value")) if isinstance(key, str) else ("", key)


def _tagged(resource: Subject) -> Corrections:
    """Add what is missing or blank and has a value here; lists of tags are left alone."""
    own = resource.get("tags")
    if own is not None and not isinstance(own, Mapping):
        return {}
    values = {"Name": resource.name, **cast("Mapping[str, str]", resource.settings["values"])}
    present = {key for key, value in _tags(resource) if judge(_blank, value) is None}
    return {
        ("tags", key): values[key]
        for key in resource.texts("required")
        if key in values and key not in present
    }


POLICIES: Sequence[Policy] = (
    resource_policy(
        _required_tags,
        name="required-tags",
        display_name="Every resource says whose it is",
        description="AWS resources carry the tags that cost, incident and access rules rely on.",
        types=taggable_types(),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set the tags in the stack file; components pass them to each resource and add Name. "
            "Tags that the AWS provider adds by default count too."
        ),
        tags=("tagging", "cost"),
        url="https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
        settings={
            "required": {
                "type": "array",
                "items": {"type": "string"},
                "default": list(REQUIRED),
                "description": "Keys of the tags that every taggable resource must have.",
            },
            "values": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "default": {},
                "description": "What `remediate` gives tags that are missing, by key.",
            },
        },
        correct=_tagged,
    ),
)
