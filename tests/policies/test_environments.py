"""The pack's configurations: of known policies, valid, and strictest where it matters."""

from typing import cast

import jsonschema
import pytest
from pulumi_policy import EnforcementLevel

from policies.document import STACKS
from policies.environments import config_file, configuration, level, stacks
from policies.pack import POLICIES
from tests.policies.verdict import BY_NAME

RELAXED = (
    *("backups-enabled", "deletion-protection", "kafka-durable", "kafka-topic-used"),
    *("lambda-concurrency-reserved", "minimum-replicas", "multi-az"),
)
UNCERTIFIED = {"local": ("listener-encrypted",)}
"""A stack without a domain has no certificate; this one is made up, and for nobody outside."""


def test_every_stack_of_the_project_has_a_configuration() -> None:
    assert set(stacks()) == set(STACKS)


@pytest.mark.parametrize("stack", stacks())
def test_configuration_is_valid(stack: str) -> None:
    for name, chosen in configuration(stack).items():
        policy = BY_NAME[name]
        assert level(policy, {name: chosen})
        if isinstance(chosen, str):
            continue
        settings = dict(cast("dict[str, object]", chosen))
        settings.pop("enforcementLevel", None)
        assert policy.config_schema
        properties = policy.config_schema.properties
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        jsonschema.validate(settings, schema)  # pyright: ignore[reportUnknownMemberType]


def test_production_has_every_policy_mandatory() -> None:
    production = configuration("prod")
    assert {level(p, production) for p in POLICIES} == {EnforcementLevel.MANDATORY}


@pytest.mark.parametrize("stack", stacks())
def test_only_resilience_is_ever_relaxed(stack: str) -> None:
    """Security holds everywhere: data leaks from development too."""
    configured = configuration(stack)
    relaxed = {p.name for p in POLICIES if level(p, configured) is not EnforcementLevel.MANDATORY}
    assert relaxed <= {*RELAXED, *UNCERTIFIED.get(stack, ())}


def test_a_stack_without_a_file_gets_the_policies_own_levels() -> None:
    assert config_file("test") is None
    assert {level(p, configuration("test")) for p in POLICIES} == {EnforcementLevel.MANDATORY}


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ({"multi-az": "advisory"}, EnforcementLevel.ADVISORY),
        ({"multi-az": {"enforcementLevel": "disabled"}}, EnforcementLevel.DISABLED),
        ({"all": "advisory"}, EnforcementLevel.ADVISORY),
        ({"all": "advisory", "multi-az": "mandatory"}, EnforcementLevel.MANDATORY),
        ({"backups-enabled": "advisory"}, EnforcementLevel.MANDATORY),
        ({"backups-enabled": {"minDays": 3}}, EnforcementLevel.MANDATORY),
    ],
)
def test_levels_are_read_as_the_engine_reads_them(
    configured: dict[str, object], expected: EnforcementLevel
) -> None:
    assert level(BY_NAME["multi-az"], configured) is expected
