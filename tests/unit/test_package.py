"""The component package: what other languages get, and how what they send comes to a component."""

import functools
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import cast

import pulumi
import pytest
import yaml
from pulumi.provider import ConstructResult
from pulumi.provider.experimental.analyzer import PropertyDefinition

from components._base.errors import InvalidInput
from components._package import public
from components._package.inputs import python_inputs
from components._package.provider import PackageProvider
from components._package.schema import PATH
from components.network.args import InterfaceEndpoint, NatMode
from components.service.args import DataAccess
from tests.given import deployed
from tests.harness import Recorder, build

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "components"

Json = Mapping[str, object]


@functools.cache
def package() -> PackageProvider:
    return PackageProvider()


@functools.cache
def schema() -> Mapping[str, Mapping[str, Json]]:
    return json.loads(package().documented)


def defined(kind: type[object]) -> Iterator[type[object]]:
    for subclass in kind.__subclasses__():
        if subclass.__module__.startswith("components."):
            yield subclass
        yield from defined(subclass)


def test_every_component_is_public_or_says_why_it_is_not():
    for module in pkgutil.walk_packages([str(COMPONENTS)], "components."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = set(defined(pulumi.ComponentResource))
    assert len(found) > 25
    assert found == {*public.PUBLIC, *public.INTERNAL}
    assert all(public.INTERNAL.values())
    hosted = {token.rpartition(":")[2] for token in schema()["resources"]}
    assert hosted == {component.__name__ for component in public.PUBLIC}


def test_the_committed_schema_is_that_of_the_components():
    assert PATH.read_text(encoding="utf-8") == package().documented, "run `make schema`"


def test_the_schema_says_what_each_input_and_output_is():
    told = {
        f"{token}.{section}.{name}": str(declared.get("description", ""))
        for kind in ("resources", "types")
        for token, each in schema()[kind].items()
        for section in ("inputProperties", "properties")
        for name, declared in cast("Mapping[str, Json]", each.get(section, {})).items()
    }
    assert len(told) > 900
    assert [path for path, text in told.items() if not text] == []
    assert [path for path, text in told.items() if "\n  " in text] == []


def test_types_are_named_so_that_sdks_can_be_generated():
    """The generators add `Args`, and in Go a type has no other name in the package."""
    types = [token.rpartition(":")[2] for token in schema()["types"]]
    components = [token.rpartition(":")[2] for token in schema()["resources"]]
    assert len(types) == len(package().types)
    assert [name for name in types if name.endswith("Args")] == []
    assert set(types).isdisjoint(components)
    references = set(re.findall(r'"#/types/([^"]+)"', package().documented))
    assert references == set(schema()["types"])


def test_the_plugin_is_of_the_projects_version_and_environment():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == public.VERSION
    assert project["name"] == public.NAME
    plugin = yaml.safe_load((COMPONENTS / "PulumiPlugin.yaml").read_text())
    program = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    assert plugin == {"runtime": program["runtime"]}


def test_the_wheel_has_all_files_of_the_components_and_no_others(tmp_path: Path):
    build_wheel = [
        *(sys.executable, "-m", "uv", "build"),
        *("--wheel", "--offline", "-o", tmp_path),
    ]
    subprocess.run(build_wheel, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {
        name
        for name in zipfile.ZipFile(wheel).namelist()
        if not name.endswith("/") and ".dist-info/" not in name
    }
    files = {
        str(path.relative_to(ROOT))
        for path in COMPONENTS.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "components/logging/record.lua" in packed
    assert packed == files


def read(component: str, **given: object) -> dict[str, object]:
    return python_inputs(given, package().definitions[component], package().types)


def test_choices_in_lists_and_mappings_and_whole_numbers_arrive():
    """The SDK's own translation makes `{}` of the first two, and floats of the last."""
    network = read(
        "Network",
        cidr="10.0.0.0/16",
        zoneCount=3.0,
        nat="perZone",
        interfaceEndpoints=["ecr.api", "sts"],
        flowLogs={"retentionDays": 7.0},
        tags={"costCenter": "a"},
        podCidr=None,
    )
    assert network == {
        "cidr": "10.0.0.0/16",
        "zone_count": 3,
        "nat": NatMode.PER_ZONE,
        "interface_endpoints": [InterfaceEndpoint.ECR_API, InterfaceEndpoint.STS],
        "flow_logs": {"retention_days": 7},
        "tags": {"costCenter": "a"},  # a name of the user's own
    }
    assert isinstance(network["zone_count"], int)
    service = read(
        "FastApiService",
        image="a:1.0.0",
        namespace="services",
        cpu=1.0,
        uses={"tables": {"myOrders": "readWrite"}, "buckets": {"a-b": "read"}},
    )
    assert service["uses"] == {
        "tables": {"myOrders": DataAccess.READ_WRITE},
        "buckets": {"a-b": DataAccess.READ},
    }
    assert isinstance(service["cpu"], float)


def test_what_is_no_whole_number_is_left_for_the_component_to_refuse():
    assert read("Network", zoneCount=2.5) == {"zone_count": 2.5}


def test_outputs_pass_where_they_are_wiring():
    arn, subnets = pulumi.Output.from_input("arn"), pulumi.Output.from_input(["a"])
    given = read(
        "Cache",
        vpcId=arn,
        subnetIds=subnets,
        clients={"a": arn},
        alarmTopicArn=arn,
        tags={"b": arn},
    )
    assert given == {
        "vpc_id": arn,
        "subnet_ids": subnets,
        "clients": {"a": arn},
        "alarm_topic_arn": arn,
        "tags": {"b": arn},
    }


def test_what_the_schema_does_not_allow_is_told_at_once_by_the_schemas_names():
    output = pulumi.Output.from_input("hunter2")
    with pytest.raises(InvalidInput) as caught:
        read(
            "FastApiService",
            image=output,
            naemspace="services",
            public={"maxBodyMegabytes": 1.0},
            uses={"tables": {"orders": "all"}, "kafka": 5.0},
            stores={"cache": {"endpoint": "host", "secretARN": "arn"}},
            counters=output,
        )
    assert {(p.path, p.reason) for p in caught.value.problems} == {
        ("image", "must be a plain value, not a Pulumi output: it decides which resources exist"),
        ("naemspace", "unknown input; did you mean 'namespace'?"),
        ("namespace", "is required"),
        ("public.paths", "is required"),
        ("uses.tables.orders", "'all' is not valid: allowed: 'read', 'readWrite', 'write'"),
        ("uses.kafka", "a mapping is needed"),
        ("stores.cache.secretARN", "unknown input; did you mean 'secretArn'?"),
        ("stores.cache.secretArn", "is required"),
        (
            "counters",
            "must not be an output as a whole, though what is in it may be one: write it out",
        ),
    }


# --- every component that a stack has ----------------------------------------------------------


def sent(value: object, declared: PropertyDefinition) -> object:
    """Return what a program in another language sends for `value`."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list | tuple):
        items = declared.items or PropertyDefinition()
        return [sent(item, items) for item in cast("Sequence[object]", value)]
    if isinstance(value, Mapping):
        entries = cast("Json", value)
        type_ = package().types.get((declared.ref or "").rpartition(":")[2])
        if type_:
            return sent_properties(entries, type_.properties, type_.properties_mapping)
        each = declared.additional_properties or PropertyDefinition()
        return {key: sent(item, each) for key, item in entries.items()}
    return value


def sent_properties(
    given: Json, properties: Mapping[str, PropertyDefinition], names: Mapping[str, str]
) -> dict[str, object]:
    schema_names = {python: name for name, python in names.items()}
    return {
        schema_names[key]: sent(value, properties[schema_names[key]])
        for key, value in given.items()
        if value is not None
    }


def plain(value: object) -> object:
    """Return `value` without what Python alone tells apart: tuples, and members of enums."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("Sequence[object]", value)]
    if isinstance(value, Mapping):
        entries = cast("Json", value).items()
        return {key: plain(item) for key, item in entries if item is not None}
    return value


def test_all_that_a_stack_gives_its_components_can_be_given_from_another_language(
    monkeypatch: pytest.MonkeyPatch,
):
    """Their inputs, as another language sends them, are the same again for the component."""
    made: list[tuple[str, Json]] = []

    def noting(component: type[pulumi.ComponentResource]) -> None:
        original = component.__init__

        def noted(self: object, name: str, args: Json, *rest: object) -> None:
            made.append((component.__name__, args))
            cast("object", original(cast("pulumi.ComponentResource", self), name, args, *rest))  # pyright: ignore[reportArgumentType, reportCallIssue]

        monkeypatch.setattr(component, "__init__", noted)

    for component in public.PUBLIC:
        noting(component)
    deployed("local")
    assert len({name for name, _ in made}) > 22
    for name, args in made:
        definition = package().definitions[name]
        given = sent_properties(args, definition.inputs, definition.inputs_mapping)
        assert plain(python_inputs(given, definition, package().types)) == plain(args), name


# --- through the provider ----------------------------------------------------------------------


def hosted(component: str, name: str, **inputs: object) -> ConstructResult:
    token = f"{public.NAME}:index:{component}"
    return package().construct(name, token, cast("pulumi.Inputs", inputs))


def registered(recorder: Recorder[object]) -> dict[str, Json]:
    children = [r for r in recorder.resources if r.custom]
    return {f"{r.type} {r.name}": r.inputs for r in children}


def test_a_hosted_component_makes_what_it_makes_in_a_python_program():
    from components.cache import Cache

    wiring = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": ["subnet-1", "subnet-2"]}
    secret = "arn:aws:sns:eu-west-1:123456789012:secret"
    direct = build(
        lambda: cast(
            "object",
            Cache(
                "cache",
                {
                    **wiring,  # pyright: ignore[reportArgumentType]
                    "nodes": {"replicas": 1, "log_retention_days": 30},
                    "snapshot_retention_days": 3,
                    "alarm_topic_arn": pulumi.Output.secret(secret),
                },
            ),
        )
    )
    through: Recorder[object] = build(
        lambda: hosted(
            "Cache",
            "cache",
            vpcId=wiring["vpc_id"],
            subnetIds=wiring["subnet_ids"],
            nodes={"replicas": 1.0, "logRetentionDays": 30.0},
            snapshotRetentionDays=3.0,
            alarmTopicArn=pulumi.Output.secret(secret),
        )
    )
    assert len(registered(direct)) > 20
    assert registered(through) == registered(direct)
    state = cast("ConstructResult", through.result).state
    assert state.keys() >= {"primaryEndpoint", "port", "secretArn"}


def refused(component: str, **inputs: object) -> pulumi.InputPropertiesError:
    with pytest.raises(pulumi.InputPropertiesError) as caught:
        build(lambda: hosted(component, "mine", **inputs))
    assert not isinstance(caught.value, pulumi.RunError)  # the SDK would add a traceback
    return caught.value


def test_a_components_refusal_names_its_inputs_as_the_schema_does():
    error = refused(
        "Cache",
        vpcId="vpc-0a1b2c3d4e5f60718",
        subnetIds=["subnet-1"],
        passwordVersion=0.0,
        nodes={"multiAz": True, "replicas": 0.0, "logRetentionDays": 8.0},
    )
    assert error.message == "Cache 'mine' is refused"
    problems = {e["property_path"]: e["reason"] for e in error.errors or []}
    assert problems.keys() == {"passwordVersion", "nodes.logRetentionDays"}


def test_a_rule_over_several_inputs_is_told_by_the_schemas_names():
    error = refused(
        "Cache",
        vpcId="vpc-0a1b2c3d4e5f60718",
        subnetIds=["subnet-1"],
        nodes={"multiAz": True, "replicas": 0.0},
    )
    (problem,) = error.errors or []
    assert problem["property_path"] == "nodes"
    assert problem["reason"].startswith("multiAz needs two or more nodes")


def test_a_refusal_of_the_whole_has_no_path_and_is_in_the_message():
    error = refused(
        "Cache", vpcId="vpc-0a1b2c3d4e5f60718", subnetIds=["subnet-1"], nodes={}, serverless={}
    )
    assert error.errors == []
    assert "can't be combined" in error.message
