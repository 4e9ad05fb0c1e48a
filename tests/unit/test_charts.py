"""The chart catalog, and what a release is given."""

import re
from collections.abc import Mapping
from typing import cast

import pytest

from components._base.inside import Inside
from components._base.scope import Scope
from components.charts import CATALOG, Chart, release, unsupported
from components.charts.__main__ import main
from components.charts.catalog import Crds
from components.charts.release import merged, nested
from tests.harness import Recorder, build

RELEASE = "kubernetes:helm.sh/v3:Release"
EXACT = re.compile(r"v?\d+\.\d+\.\d+", re.ASCII)
DATED = re.compile(r"https://\S+.* \(20\d\d-\d\d\)", re.DOTALL)

HTTP = Chart(
    "tea",
    "https://charts.example.org",
    "1.2.3",
    "4.5.6",
    "https://example.org (2026-11)",
    labels="global.commonLabels",
    images={"image.repository": "quay.io/shop/tea", "cup.image.registry": "ghcr.io"},
)
OCI = Chart("tea", "oci://ghcr.io/shop", "1.2.3", "4.5.6", "https://example.org (2026-11)")


def install(chart: Chart = HTTP, **options: object) -> Recorder[object]:
    def program() -> object:
        inside = Inside(Scope("p", parent=cast("object", None), tags={}, protect=True), None)  # type: ignore[arg-type]
        values = {"global": {"a": 1}, "image": {"tag": "x"}}
        given = cast("Mapping[str, str]", {"namespace": "n", "values": values, **options})
        return release(inside, chart, **given)  # type: ignore[arg-type]

    return build(program)


@pytest.mark.parametrize("chart", CATALOG, ids=lambda chart: chart.name)
def test_a_chart_of_the_catalog_is_pinned_and_says_where_it_was_looked_up(chart: Chart) -> None:
    assert EXACT.fullmatch(chart.version)
    assert DATED.fullmatch(chart.source)
    assert chart.repository.startswith(("https://", "oci://"))
    assert not chart.repository.endswith("/")
    assert all("/" in image or "." in image for image in chart.images.values())


def test_no_chart_is_there_twice() -> None:
    assert len({chart.name for chart in CATALOG}) == len(CATALOG)


def test_a_release_is_undone_when_it_fails() -> None:
    made = install().one(RELEASE)
    assert made.name == "p-tea"
    assert made.inputs["name"] == "tea"
    assert made.inputs["chart"] == "tea"
    assert made.inputs["version"] == "1.2.3"
    assert made.inputs["repositoryOpts"] == {"repo": "https://charts.example.org"}
    assert (made.inputs["atomic"], made.inputs["cleanupOnFail"]) == (True, True)
    assert made.inputs["timeout"] == 600
    assert not made.protect


def test_values_are_those_given_and_the_labels_of_all() -> None:
    labels = {"app.kubernetes.io/part-of": "fastapi-platform"}
    assert install().one(RELEASE).inputs["values"] == {
        "global": {"a": 1, "commonLabels": labels},
        "image": {"tag": "x"},
    }


def test_an_oci_chart_has_an_address_and_no_repository() -> None:
    made = install(OCI).one(RELEASE)
    assert made.inputs["chart"] == "oci://ghcr.io/shop/tea"
    assert "repositoryOpts" not in made.inputs


@pytest.mark.parametrize("chart", [HTTP, OCI])
def test_a_mirror_has_the_charts(chart: Chart) -> None:
    made = install(chart, mirror="registry.example.com/m").one(RELEASE)
    assert made.inputs["chart"] == "oci://registry.example.com/m/charts/tea"
    assert "repositoryOpts" not in made.inputs


def test_a_mirror_has_the_images() -> None:
    values = cast("Mapping[str, object]", install(mirror="m.io/x").one(RELEASE).inputs["values"])
    assert values["image"] == {"tag": "x", "repository": "m.io/x/quay.io/shop/tea"}
    assert values["cup"] == {"image": {"registry": "m.io/x/ghcr.io"}}


def test_definitions_have_one_owner() -> None:
    own_chart = Chart("t", "https://e.org", "1.2.3", "4", "", crds=Crds.OWN_CHART)
    assert install(own_chart).one(RELEASE).inputs["skipCrds"] is True
    assert install().one(RELEASE).inputs["skipCrds"] is False


def test_a_release_may_be_protected() -> None:
    assert install(protect=True).one(RELEASE).protect
    assert install(stateful=True).one(RELEASE).protect


def test_charts_that_want_a_newer_kubernetes_are_told() -> None:
    assert unsupported("1.9", [HTTP]) == [HTTP]
    assert unsupported("1.31", [HTTP]) == []
    assert unsupported("1.34", CATALOG) == []


def test_values_are_merged_as_deep_as_they_go() -> None:
    assert merged({"a": {"b": 1, "c": [1]}, "d": 1}, {"a": {"b": 2, "c": [3]}}) == {
        "a": {"b": 2, "c": [3]},
        "d": 1,
    }
    assert nested("a.b.c", 1) == {"a": {"b": {"c": 1}}}


def test_what_a_mirror_must_have_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("chart ")]) == len(CATALOG)
    assert any(line.startswith("chart  https://helm.elastic.co eck-operator ") for line in lines)
    assert any("quay.io/jetstack/cert-manager-controller" in line for line in lines)
