"""Resources are printed for others to judge, so also those of a stack that our policies refuse."""

from collections.abc import Callable

import pulumi_aws as aws
import pytest

from simulator.errors import Exit, SimulatorError
from tests.engine.conftest import Bench


def program() -> None:
    aws.sqs.Queue("open", sqs_managed_sse_enabled=False)


def test_a_stack_that_policies_refuse_has_its_resources_listed(bench: Callable[[str], Bench]):
    with bench("prod").open(program) as session:
        with pytest.raises(SimulatorError) as refused:
            session.preview()
        assert refused.value.code is Exit.REFUSED
        listed = [each["name"] for each in session.planned().resources()]
    assert "open" in listed
