"""Stacks under mocks, as the report reads them."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from simulator.record import RunRecord
from simulator.report.collect import from_state
from simulator.report.model import Report
from simulator.session import platform_program
from stacks.files import DIRECTORY, read_stack_file
from tests.harness import Recorder, build


@cache
def deployed(path: Path) -> Recorder[None]:
    """Return all that a stack file makes."""
    config = cast("Mapping[str, object]", read_stack_file(path)["config"])
    handed = {k: v if isinstance(v, str) else json.dumps(v) for k, v in config.items()}
    return build(platform_program, config=handed, stack=path.name.split(".")[1])


def stack_file(stack: str) -> Path:
    return DIRECTORY / f"Pulumi.{stack}.yaml"


def reported(stack: str) -> Report:
    """Return the report that the engine's deployment of a stack would give, but for policies."""
    cloud = deployed(stack_file(stack))
    root = f"urn:pulumi:{stack}::fastapi-platform::pulumi:pulumi:Stack::fastapi-platform-{stack}"
    resources: list[Mapping[str, object]] = [{"urn": root, "type": "pulumi:pulumi:Stack"}]
    for each in cloud.resources:
        outputs = cloud.outputs[each.urn]
        resources.append(
            {
                "urn": each.urn,
                "type": each.type,
                "custom": each.custom,
                "id": outputs.get("id", ""),
                "parent": each.parent.urn if each.parent else root,
                "inputs": each.inputs,
                "outputs": outputs,
                "dependencies": sorted(each.depends_on),
                "provider": each.provider,
            }
        )
    record = RunRecord()
    return from_state({"resources": resources}, record, stack=stack, region="eu-west-1")
