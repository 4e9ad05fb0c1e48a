"""All pages that are written from the code."""

from scripts.docs.analysis import Analysis
from scripts.docs.components import component_pages
from scripts.docs.configuration import Reference
from scripts.docs.guides import ROOT

REFERENCE = ROOT / "docs" / "reference"


def pages() -> dict[str, str]:
    """Return the generated pages by their path in docs/reference/."""
    analysis = Analysis()
    return {**component_pages(analysis), **Reference(analysis).pages()}
