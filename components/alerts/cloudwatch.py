"""What metrics of CloudWatch are called in Prometheus, by YACE, the exporter.

https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/master/pkg/promutil/prometheus.go
(2026-11). Dimensions are labels `dimension_X`, with underscores for blanks, as the exporter has
them without `labels-snake-case`. What CloudWatch has no value for is NaN, which is above nothing.
"""

from dataclasses import dataclass

SEPARATORS = " ,\t/\\.-:=@<>()“"


@dataclass(frozen=True)
class CloudWatchMetric:
    """A metric that alerts ask for, so the exporter has to fetch it."""

    namespace: str
    """E.g. `AWS/Lambda`."""
    name: str
    """E.g. `Errors`."""
    statistic: str
    """E.g. `Sum`."""

    @property
    def exported(self) -> str:
        """Its name in Prometheus, e.g. `aws_lambda_errors_sum`."""
        parts = (self.namespace.lower(), self.name, self.statistic)
        return "_".join(_snake(part) for part in parts)

    def __str__(self) -> str:
        return self.exported


def _snake(text: str) -> str:
    """Spell as the exporter does: capitals after small letters or digits start a word."""
    written, before = "", ""
    for letter in text:
        if letter in SEPARATORS:
            written += "_"
        elif letter == "%":
            written += "_percent"
        else:
            starts = letter.isupper() and (before.islower() or before.isdigit())
            written += f"_{letter.lower()}" if starts else letter.lower()
        before = letter
    return written
