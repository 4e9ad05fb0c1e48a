"""The component package in a YAML program, by the real engine and YAML's own language host.

The engine starts the package from its folder, as `pulumi package add` names it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml
from pulumi.automation.errors import CommandError

from policies.environments import configuration
from simulator.project import Project
from simulator.session import POLICY_PACK

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "components"
EXAMPLE = ROOT / "examples" / "yaml"

UNWATCHED = ("service-measured", "service-objective", "service-traced")
"""What the policies want of observability, which the example leaves out."""

Json = Mapping[str, object]


def outputs(project: Project) -> Json:
    return cast("Json", json.loads(project.pulumi("stack", "output", "--json").stdout))


def summary(project: Project, *command: str) -> Mapping[str, int]:
    """Return how many resources a preview would create, change or leave."""
    printed = project.pulumi("preview", "--json", *command).stdout
    return cast("Mapping[str, int]", json.loads(printed)["changeSummary"])


def test_the_example_comes_up_is_settled_and_goes(tmp_path: Path, pulumi_cli: Path):
    levels = {**configuration("local"), **dict.fromkeys(UNWATCHED, "advisory")}
    config = tmp_path / "policies.json"
    config.write_text(json.dumps(levels))
    pack = ["--policy-pack", str(POLICY_PACK), "--policy-pack-config", str(config)]
    with Project.open(EXAMPLE, pulumi_cli, home=tmp_path) as project:
        printed = project.pulumi("up", "--yes", "--skip-preview", *pack).stdout
        assert "fastapi-platform@" in printed  # the policies saw it
        assert "[mandatory]" not in printed

        found = outputs(project)
        alive = {record.type: record for record in project.cloud.inventory.alive()}
        assert found["vpcId"] == alive["aws:ec2/vpc:Vpc"].id
        assert len(cast("list[str]", found["dataSubnetIds"])) == 2
        group = alive["aws:elasticache/replicationGroup:ReplicationGroup"]
        assert str(found["cacheEndpoint"]).startswith(f"master.{group.id}.")
        assert found["cachePort"] == 6379
        assert found["catalogUrl"] == "http://catalog.services.svc:8000"
        assert found["catalogPublicUrls"] == ["https://api.example.com/catalog"]

        # What was sent as numbers, choices and outputs is in the resources.
        vpc = alive["aws:ec2/vpc:Vpc"].inputs
        assert vpc["cidrBlock"] == "10.42.0.0/16"
        endpoints = [
            str(r.inputs["serviceName"])
            for r in project.cloud.inventory.alive()
            if r.type == "aws:ec2/vpcEndpoint:VpcEndpoint"
            and r.inputs["vpcEndpointType"] == "Interface"
        ]
        assert sorted(name.split(".", 3)[3] for name in endpoints) == ["ecr.api", "sts"]
        assert group.inputs["numCacheClusters"] == 2
        deployment = next(
            r.inputs
            for r in project.cloud.inventory.alive()
            if r.urn.endswith("::catalog-deployment")
        )
        assert str(found["cacheEndpoint"]) in json.dumps(deployment)

        assert set(summary(project)) == {"same"}

        project.pulumi("destroy", "--yes", "--skip-preview")
        assert project.cloud.inventory.alive() == []


def test_the_engine_reads_the_committed_schema_from_the_package(tmp_path: Path, pulumi_cli: Path):
    committed = cast("Json", json.loads((COMPONENTS / "schema.json").read_text()))
    with Project.open(EXAMPLE, pulumi_cli, home=tmp_path) as project:
        read = project.pulumi("package", "get-schema", str(COMPONENTS)).stdout
    assert filled(json.loads(read)) == filled(committed)


def filled(value: object) -> object:
    """Return `value` without empty lists and mappings, which the engine leaves out or adds."""
    if isinstance(value, list):
        return [filled(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        entries = {key: filled(item) for key, item in cast("Json", value).items()}
        return {key: item for key, item in entries.items() if item not in ([], {})}
    return value


def program(folder: Path, resources: Json) -> Path:
    written = {
        "name": "wrong",
        "runtime": "yaml",
        "packages": {"fastapi-platform": str(COMPONENTS)},
        "resources": resources,
    }
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(written))
    return folder


CACHE = {"vpcId": "vpc-0a1b2c3d4e5f60718", "subnetIds": ["subnet-1", "subnet-2"]}

ONE_ZONE = {
    "vpcId": "vpc-0a1b2c3d4e5f60718",
    "privateSubnetIds": ["subnet-0000000000000000a", "subnet-0000000000000001a"],
    "dataSubnetIds": ["subnet-0000000000000000b", "subnet-0000000000000000c"],
}


@pytest.mark.parametrize(
    ("component", "given", "told"),
    [
        (
            "Cache",
            {**CACHE, "nodes": {"shards": 2.5}, "snapshotRetentionDays": 36},
            [
                "Cache 'mine' is refused",
                "snapshotRetentionDays with value 36 has a problem: 36 is not valid",
                "nodes.shards with value 2.5 has a problem: 2.5 is not valid: a whole number",
            ],
        ),
        (
            "Cache",
            {**CACHE, "accessString": {"fn::secret": "on ~* +@all >hunter2"}},
            ["accessString with value <secret> has a problem: must be a plain value"],
        ),
        # what only the cloud tells
        ("Network", {"existing": ONE_ZONE}, ["existing.privateSubnetIds", "two or more zones"]),
    ],
    ids=["values", "a secret", "in the cloud"],
)
def test_wrong_inputs_end_in_one_error_that_names_them(
    tmp_path: Path, pulumi_cli: Path, component: str, given: Json, told: list[str]
):
    mine = {"type": f"fastapi-platform:{component}", "properties": given}
    source = program(tmp_path / "source", {"mine": mine})
    with (
        Project.open(source, pulumi_cli, home=tmp_path / "home") as project,
        pytest.raises(CommandError) as caught,
    ):
        project.pulumi("up", "--yes", "--skip-preview")
    said = str(caught.value)
    diagnostics = said[said.index("Diagnostics:") :]
    assert diagnostics.count("error:") == 1
    assert [part for part in told if part not in diagnostics] == []
    assert "hunter2" not in said
    assert "Traceback" not in said
    assert "<class" not in said
    assert project.cloud.inventory.alive() == []


def test_what_the_schema_tells_is_refused_with_its_line(tmp_path: Path, pulumi_cli: Path):
    """By YAML's language host, which has it from the package."""
    network = {"cidr": "10.42.0.0/16", "nat": "perzone"}
    source = program(
        tmp_path / "source",
        {"network": {"type": "fastapi-platform:Network", "properties": network}},
    )
    with (
        Project.open(source, pulumi_cli, home=tmp_path / "home") as project,
        pytest.raises(CommandError, match=r'Allowed values are NONE \("none"\), SHARED'),
    ):
        project.pulumi("up", "--yes", "--skip-preview")
    assert project.cloud.inventory.alive() == []
