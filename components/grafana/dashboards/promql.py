"""Expressions of PromQL that many panels share."""

from collections.abc import Sequence

WINDOW = "$__rate_interval"
"""Grafana's own: four scrapes at least, and no less than what one point of the picture covers."""


def rate(selector: str, window: str = WINDOW) -> str:
    """Return how much a counter grows in a second, for each series."""
    return f"rate({selector}[{window}])"


def total(selector: str, *by: str, window: str = WINDOW) -> str:
    """Return how much counters grow in a second together, for each value of the labels `by`."""
    return f"sum{_by(by)} ({rate(selector, window)})"


def ratio(part: str, whole: str) -> str:
    """Return which part of the whole it is; nothing while there is nothing at all.

    Where there is no series of the part yet, that is 0 of it.
    """
    return f"(({part}) or 0 * ({whole})) / (({whole}) > 0)"


def quantile(share: float, buckets: str, *by: str, window: str = WINDOW) -> str:
    """Return the value that this share of a histogram's observations stays below.

    :param buckets: selector of the series that end in `_bucket`.
    """
    return f"histogram_quantile({share:g}, {total(buckets, 'le', *by, window=window)})"


def matching(**labels: str) -> str:
    """Return a selector's matchers: equality, or what is given with its operator (`=~"a.*"`)."""
    return ", ".join(
        f"{name}{value}" if value.startswith(("=", "!")) else f'{name}="{value}"'
        for name, value in labels.items()
        if value
    )


def pods_of(workload: str) -> str:
    """Return the regular expression of the names that a Deployment's pods have.

    The ReplicaSet's hash and five characters: `orders-.*` would be the pods of `orders-export`,
    too.
    """
    return f"{workload}-[a-z0-9]+-[a-z0-9]{{5}}"


def _by(labels: Sequence[str]) -> str:
    return f" by ({', '.join(labels)})" if labels else ""
