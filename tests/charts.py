"""Checks a release's values against those of its chart, where the chart is at hand."""

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml

Values = Mapping[str, object]

CHARTS = Path(__file__).parents[2] / "shared" / "charts"

OBJECTS = frozenset(
    {"affinity", "containerSecurityContext", "nodeSelector", "podSecurityContext", "resources"}
    | {"podAnnotations", "podLabels", "securityContext"}
)
"""Values that are Kubernetes' own objects: they take what Kubernetes takes."""

needs_charts = pytest.mark.skipif(not CHARTS.is_dir(), reason=f"the charts are not in {CHARTS}")


def unknown_values(inputs: Values, folder: str = "") -> list[str]:
    """Return the values, as dotted paths, that the chart of a release does not know.

    A mapping that is empty in the chart's values.yaml takes any key, as labels or resources do; a
    key that is there as a comment only is known too.

    :param inputs: of the release.
    :param folder: of the chart, if it is not called as the chart is.
    """
    text = (
        CHARTS / (folder or str(inputs["chart"]).rsplit("/", 1)[-1]) / "values.yaml"
    ).read_text()
    commented = frozenset(re.findall(r"^\s*#\s*([A-Za-z]\w*):", text, re.MULTILINE))
    found = _unknown(cast("Values", inputs["values"]), _read(text), "")
    return sorted(path for path in found if path.rsplit(".", 1)[-1] not in commented)


def _unknown(values: Values, known: Values, path: str) -> Iterator[str]:
    for key, value in values.items():
        here = f"{path}{key}"
        if key not in known:
            yield here
        elif isinstance(value, Mapping) and isinstance(known[key], Mapping):
            if not known[key] or key in OBJECTS:
                continue
            yield from _unknown(cast("Values", value), cast("Values", known[key]), f"{here}.")


@functools.cache
def _read(text: str) -> Values:
    return cast("Values", yaml.safe_load(text))
