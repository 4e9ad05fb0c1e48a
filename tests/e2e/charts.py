"""Stand-ins for the charts of the catalog: what a real one brings, in little.

No chart can be fetched here. Each stand-in has the real one's name and versions, its custom
resource definitions where that has them, and one Deployment for all of its controllers. So order,
values and Helm's own work are tested; the real charts' templates are not.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import yaml

from components.charts import CATALOG, Chart
from components.charts.catalog import Crds
from tests.e2e.crds import Json, definitions

TEMPLATES = Path(__file__).parent / "stand_in" / "templates"


def make_charts(folder: Path) -> None:
    """Make a stand-in for each chart of the catalog: a folder of its name in `folder`."""
    defined = definitions()
    for chart in CATALOG:
        _make(folder / chart.name, chart, defined.get(chart.name, ()))


def _make(folder: Path, chart: Chart, defined: Sequence[Json]) -> None:
    (folder / "templates").mkdir(parents=True)
    described = {
        "apiVersion": "v2",
        "name": chart.name,
        "version": chart.version,
        "appVersion": chart.app_version,
        "kubeVersion": f">={chart.kubernetes}-0",
    }
    (folder / "Chart.yaml").write_text(yaml.safe_dump(described))
    if chart.images:  # the others are definitions only
        shutil.copy(TEMPLATES / "deployment.yaml", folder / "templates")
    place = "definitions" if chart.crds is Crds.TEMPLATES else "crds"
    if place == "definitions":
        shutil.copy(TEMPLATES / "definitions.yaml", folder / "templates")
    (folder / place).mkdir()
    for each in defined:
        name = str(cast("Json", each["metadata"])["name"])
        (folder / place / f"{name}.json").write_text(json.dumps(each))
