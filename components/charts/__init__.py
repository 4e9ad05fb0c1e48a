"""Helm charts: the one catalog of what is installed, and the one way to install it."""

from components.charts.catalog import CATALOG, Chart, unsupported
from components.charts.release import Values, release

__all__ = ["CATALOG", "Chart", "Values", "release", "unsupported"]
