"""The platform itself: what the components build for each stack passes the pack."""

import pytest

from policies.document import STACKS
from policies.environments import configuration
from tests.config.test_program import deployed
from tests.policies.verdict import complaints


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_passes(stack: str) -> None:
    resources = deployed(stack).resources
    assert complaints(resources, configuration(stack)) == []
    demanding = {"required-tags": {"required": ["cost-centre"]}}
    assert complaints(resources, demanding), "the pack looks at nothing"
