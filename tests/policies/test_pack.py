"""The pack as a whole: what the engine is told, how it starts, what its pages say."""

import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import grpc
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, Policy

from policies import document
from policies.pack import NAME, POLICIES

PACK = Path(document.__file__).parent


@contextmanager
def served(command: list[str], cwd: Path) -> Generator[analyzer_pb2_grpc.AnalyzerStub]:
    """Start the pack as the engine does: it prints its port, then answers."""
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port.isdigit(), f"no port from {command}"
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.terminate()


def info(command: list[str], cwd: Path) -> analyzer_pb2.AnalyzerInfo:
    """Start the pack and ask what it has."""
    with served(command, cwd) as analyzer:
        answer = cast("object", analyzer.GetAnalyzerInfo(empty_pb2.Empty(), timeout=20))
    assert isinstance(answer, analyzer_pb2.AnalyzerInfo)
    return answer


@pytest.mark.parametrize(
    ("command", "cwd"),
    [
        pytest.param([str(PACK / "run-pack"), "127.0.0.1:1"], Path("/"), id="executable"),
        pytest.param(
            [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."], PACK, id="directory"
        ),
    ],
)
def test_pack_starts_in_any_way_an_engine_starts_it(
    command: list[str], cwd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FASTAPI_PLATFORM_PYTHON", sys.executable)
    answer = info(command, cwd)
    served_policies = cast("list[dict[str, object]]", json_format.MessageToDict(answer)["policies"])
    assert answer.name == NAME
    assert [policy["name"] for policy in served_policies] == [policy.name for policy in POLICIES]
    assert {policy["enforcementLevel"] for policy in served_policies} == {"MANDATORY"}
    configurable = [policy["name"] for policy in served_policies if "configSchema" in policy]
    assert configurable == [policy.name for policy in POLICIES if policy.config_schema]


def test_executable_says_what_to_do_without_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_PLATFORM_PYTHON", "/nowhere/python")
    run = subprocess.run(
        [PACK / "run-pack", "127.0.0.1:1"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "no Python at /nowhere/python" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_pack_loads_no_cloud_sdk() -> None:
    """It starts with every preview: pulumi_aws alone would cost more than the whole pack."""
    code = "import sys, policies.pack; print({'pulumi_aws', 'pydantic'} & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=PACK.parent, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"


def test_no_module_hides_one_of_pythons() -> None:
    """The engine may start the pack inside its directory, which then leads Python's search path."""
    assert {path.stem for path in PACK.glob("*.py")} & sys.stdlib_module_names == set()


@pytest.mark.parametrize("policy", POLICIES, ids=[policy.name for policy in POLICIES])
def test_policy_is_described_in_full(policy: Policy) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", policy.name)
    assert policy.enforcement_level is EnforcementLevel.MANDATORY
    assert policy.severity
    assert policy.display_name
    assert policy.description.endswith(".")
    assert "\n" not in policy.description
    assert policy.remediation_steps
    assert policy.tags
    assert (policy.url or "").startswith("https://")
    for schema in policy.config_schema.properties.values() if policy.config_schema else ():
        assert schema.keys() >= {"type", "default", "description"}


def test_names_are_unique() -> None:
    names = [policy.name for policy in POLICIES]
    assert sorted(set(names)) == sorted(names)


def test_page_is_fresh() -> None:
    assert document.PAGE.read_text() == document.rendered(), "run: python -m policies.document"
