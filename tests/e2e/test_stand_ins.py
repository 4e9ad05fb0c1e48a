"""What stands in for what can't be here: charts, their definitions, and AWS's command line."""

import json
import subprocess
from pathlib import Path
from typing import cast

import yaml

from components.charts import CATALOG
from components.charts.catalog import Crds
from tests.crds import needs_crds
from tests.e2e.aws_token import AwsToken
from tests.e2e.charts import make_charts
from tests.e2e.crds import GROUPS, Json, chart_of, definitions, loose

UNUSED = {"opentelemetry-operator"}
"""Charts of whose kinds the local stack has none."""


def spec(definition: Json) -> Json:
    return cast("Json", definition["spec"])


def test_each_chart_of_the_catalog_has_one_of_its_name_and_version(tmp_path: Path):
    make_charts(tmp_path)
    for chart in CATALOG:
        described = yaml.safe_load((tmp_path / chart.name / "Chart.yaml").read_text())
        assert (described["name"], described["version"]) == (chart.name, chart.version)
        brought = {p.parent.name for p in (tmp_path / chart.name).glob("*/*.json")}
        assert brought <= {"definitions" if chart.crds is Crds.TEMPLATES else "crds"}
        assert bool(brought) == (chart.name in GROUPS.keys() - UNUSED)


def test_each_group_is_of_a_chart_in_the_catalog():
    assert {chart.name for chart in CATALOG} >= GROUPS.keys()
    assert chart_of("elasticsearch.k8s.elastic.co") == "eck-operator"
    assert chart_of("gateway.networking.k8s.io") == "gateway-api-crds"
    assert chart_of("apps") is None


@needs_crds
def test_loose_definitions_are_of_the_kinds_that_the_charts_define():
    charts = {
        cast("Json", each["metadata"])["name"]: each
        for found in definitions().values()
        for each in found
    }
    made = list(loose())
    assert len(made) > 20
    for each in made:
        real = charts[cast("Json", each["metadata"])["name"]]
        assert spec(each)["scope"] == spec(real)["scope"]
        assert (
            cast("Json", spec(each)["names"]).items() <= cast("Json", spec(real)["names"]).items()
        )
        served = {v["name"] for v in cast("list[Json]", spec(real)["versions"]) if v["served"]}
        assert {v["name"] for v in cast("list[Json]", spec(each)["versions"])} <= served


def test_aws_answers_with_a_token_and_nothing_else(tmp_path: Path):
    aws = AwsToken(tmp_path / "it's here", "secret")
    command = [str(aws.folder / "aws")]
    asked = [*command, "eks", "get-token", "--cluster-name", "a"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout)["status"] == {"token": "secret"}
    assert aws.calls == ["eks get-token --cluster-name a"]
    other = subprocess.run([*command, "s3", "ls"], capture_output=True, text=True, check=False)
    assert (other.returncode, other.stdout) == (252, "")
    assert "s3 ls" in other.stderr
    assert aws.folder.stat().st_mode & 0o077 == 0
