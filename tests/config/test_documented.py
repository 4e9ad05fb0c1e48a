"""Every section of a stack file is spoken of in docs/configuration.md."""

import re
from pathlib import Path

from pydantic.alias_generators import to_camel

from stacks.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_no_section_is_left_out_of_the_configuration_page():
    rows = [line.split("|")[1] for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    named = {key.removeprefix("platform:") for row in rows for key in re.findall(r"`([^`]+)`", row)}
    sections = {to_camel(name) for name in Settings.model_fields}
    assert sections - named == {"region"}, "region is the provider's own key"
    assert named - sections <= {"aws:region"}, "no such section"
