"""The platform itself: what the components build for each stack passes the pack."""

from collections.abc import Iterator, Mapping
from typing import cast

import pytest
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy

from policies.document import STACKS
from policies.environments import configuration, level
from policies.pack import POLICIES
from tests.config.test_program import deployed
from tests.harness import Registration
from tests.policies.verdict import judge


def failures(
    resources: list[Registration], configured: Mapping[str, object], *levels: EnforcementLevel
) -> Iterator[str]:
    """Give the violations, of policies of some levels, and what can't be decided."""
    for policy in POLICIES:
        if level(policy, configured) not in levels:
            continue
        settings = configured.get(policy.name)
        config = cast("dict[str, object]", settings) if isinstance(settings, dict) else None
        assert isinstance(policy, ResourceValidationPolicy)
        for resource in resources:
            result = judge(
                policy,
                resource.type,
                resource.inputs,
                name=resource.name,
                protect=resource.protect,
                config=config,
            )
            yield from result.violations
            if result.undecided:
                yield f"{policy.name}: {resource.name}: {result.undecided}"


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_passes(stack: str) -> None:
    resources = deployed(stack).resources
    assert list(failures(resources, configuration(stack), EnforcementLevel.MANDATORY)) == []
