"""How fast a service uses up what its SLO allows, and when that is worth waking somebody up.

An error budget is what an SLO leaves: 0.1 % of the requests for 99.9 %. A burn rate of 1 uses it up
in just the SLO's window. Each alert looks at a long window, so that a blip is none, and at a short
one, so that it ends soon after the trouble does. Windows and shares of the budget are those of
https://sre.google/workbook/alerting-on-slos/, table 5-8 (2026-11).

Long windows are averages of what is recorded every evaluation, weighted by traffic: a query over
three days of a histogram would cost more than all else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from components.alerts.rules import Alert, Group, Recording, Severity
from components.service.slo import HOUR_SHARE, HOURS_PER_DAY, SloSpec

PAGE = "services"

DURATION = "http_server_request_duration_seconds"
"""The runtime library's histogram of requests (examples/services/runtime/…/metrics.py), with the
labels http_request_method, http_route and http_response_status_code. Prometheus adds namespace and
service, which is the Kubernetes Service's name."""

UNCOUNTED = "/health/.*|/metrics"
"""Routes that the platform itself asks."""

ERRORS = "5.."
"""Status codes for which the service is to blame."""

LEVEL = "namespace_service"
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
BASE_WINDOW, LONGER_WINDOWS = WINDOWS[0], WINDOWS[1:]

LEAST_BAD_REQUESTS = 10
"""In the long window, for an alert: one error of a hundred requests in a night is a ratio of 1 %,
and nobody's outage (the workbook's "Low-Traffic Services and Error Budget Alerting"). A service
that is asked twice an hour still pages within some hours when nothing works."""

LEAST_BURN = 1.0
"""What burns slower lasts for the whole window: in windows below ten days the shares of the longer
alerts would be less."""


@dataclass(frozen=True)
class Burn:
    """One of the four alerts."""

    long: str
    short: str
    hours: int
    """Of the long window."""
    share: float
    """Of the budget, used up within the long window."""
    lasting: str
    severity: Severity

    def rate(self, window_days: int) -> float:
        """Return the burn rate that uses the share in the long window: 14.4, 6, 3, 1 of 30 days."""
        return max(LEAST_BURN, self.share * window_days * HOURS_PER_DAY / self.hours)


BURNS = (
    Burn("1h", "5m", 1, HOUR_SHARE, "2m", Severity.CRITICAL),
    Burn("6h", "30m", 6, 0.05, "15m", Severity.CRITICAL),
    Burn("1d", "2h", 24, 0.10, "1h", Severity.WARNING),
    Burn("3d", "6h", 72, 0.10, "3h", Severity.WARNING),
)


@dataclass(frozen=True)
class Indicator:
    """What is counted as bad, of all requests."""

    metric: str
    """Middle part of the recordings' names."""
    alert: str
    """Beginning of the alerts' names."""
    target: float
    """Percent that have to be good."""
    bad: str
    """Query for what is bad in a second."""
    what: str
    """What is bad, in the summary."""

    @property
    def budget(self) -> float:
        """The share that may be bad."""
        return round(1 - self.target / 100, 9)

    def rate(self, window: str) -> str:
        """Return the name of the recording of bad requests in a second."""
        return f"{LEVEL}:{self.metric}:rate{window}"

    def ratio(self, window: str) -> str:
        """Return the name of the recording of their share."""
        return f"{LEVEL}:{self.metric}:ratio_rate{window}"


REQUESTS = f"{LEVEL}:http_server_requests:rate"
"""Beginning of the names of the recordings of all requests in a second."""


def slo_group(service: str, namespace: str, slo: SloSpec) -> Group:
    """Return the rules of a service: none but its absence where nobody wants to know."""
    own = f'namespace="{namespace}",service="{service}"'
    rules: list[Recording | Alert] = []
    if slo.enabled:
        indicators = _indicators(own, slo)
        rules += _recordings(own, indicators)
        rules += [
            _alert(service, own, slo, indicator, burn) for indicator in indicators for burn in BURNS
        ]
    rules += _presence(service, namespace, own)
    return Group(f"service-{service}", rules)


def _indicators(own: str, slo: SloSpec) -> tuple[Indicator, Indicator]:
    good = f'http_route!~"{UNCOUNTED}",http_response_status_code!~"{ERRORS}"'
    bad = f'http_route!~"{UNCOUNTED}",http_response_status_code=~"{ERRORS}"'
    seconds = slo.latency.threshold_ms / 1000
    errors = f"{_sum(f'{DURATION}_count', own, bad)} or 0 * {REQUESTS}{BASE_WINDOW}{{{own}}}"
    in_time = _sum(f"{DURATION}_bucket", own, f'{good},le="{seconds}"')
    slow = f"clamp_min({_sum(f'{DURATION}_count', own, good)} - {in_time}, 0)"
    return (
        Indicator(
            metric="http_server_request_errors",
            alert="ServiceErrorBudgetBurn",
            target=slo.availability,
            bad=errors,
            what="fail",
        ),
        Indicator(
            metric="http_server_slow_requests",
            alert="ServiceLatencyBudgetBurn",
            target=slo.latency.target,
            bad=f"{slow} or 0 * {REQUESTS}{BASE_WINDOW}{{{own}}}",
            what=f"take more than {slo.latency.threshold_ms} ms",
        ),
    )


def _sum(metric: str, own: str, more: str) -> str:
    return f"sum by (namespace, service) (rate({metric}{{{own},{more}}}[{BASE_WINDOW}]))"


def _recordings(own: str, indicators: tuple[Indicator, ...]) -> Iterator[Recording]:
    counted = f'http_route!~"{UNCOUNTED}"'
    yield Recording(f"{REQUESTS}{BASE_WINDOW}", _sum(f"{DURATION}_count", own, counted))
    for indicator in indicators:
        yield Recording(indicator.rate(BASE_WINDOW), indicator.bad)
    for window in LONGER_WINDOWS:
        yield Recording(f"{REQUESTS}{window}", _averaged(f"{REQUESTS}{BASE_WINDOW}", own, window))
        for indicator in indicators:
            base = indicator.rate(BASE_WINDOW)
            yield Recording(indicator.rate(window), _averaged(base, own, window))
    for indicator in indicators:
        for window in WINDOWS:
            share = f"{indicator.rate(window)}{{{own}}} / ({REQUESTS}{window}{{{own}}} > 0)"
            yield Recording(indicator.ratio(window), share)


def _averaged(metric: str, own: str, window: str) -> str:
    return f"avg_over_time({metric}{{{own}}}[{window}])"


def _alert(service: str, own: str, slo: SloSpec, indicator: Indicator, burn: Burn) -> Alert:
    rate = burn.rate(slo.window_days)
    limit = f"{rate * indicator.budget:.6g}"
    long, short = indicator.ratio(burn.long), indicator.ratio(burn.short)
    enough = f"{LEAST_BAD_REQUESTS} / {burn.hours * 3600}"
    return Alert(
        name=indicator.alert,
        expression=f"{long}{{{own}}} > {limit} and {short}{{{own}}} > {limit} "
        f"and {indicator.rate(burn.long)}{{{own}}} >= {enough}",
        lasting=burn.lasting,
        severity=burn.severity,
        summary=f"{service}: too many requests {indicator.what}",
        description=f"More than {100 * float(limit):.4g}% of the requests of the last {burn.long} "
        f"{indicator.what}. The error budget of {100 * indicator.budget:.4g}% in "
        f"{slo.window_days} days goes {rate:.3g} times as fast as it may.",
        page=PAGE,
        labels={"window": burn.long},
    )


def _presence(service: str, namespace: str, own: str) -> Iterator[Alert]:
    deployment = f'namespace="{namespace}",deployment="{service}"'
    yield Alert(
        name="ServiceDown",
        expression=f"kube_deployment_status_replicas_available{{{deployment}}} == 0 "
        f"and kube_deployment_spec_replicas{{{deployment}}} > 0",
        lasting="3m",
        severity=Severity.CRITICAL,
        summary=f"{service}: no pod is available",
        description="No pod is ready, so every request fails, and none is counted by the service.",
        page=PAGE,
        labels={"service": service},
    )
    yield Alert(
        name="ServiceMetricsAbsent",
        expression=f"absent(http_server_active_requests{{{own}}})",
        lasting="15m",
        severity=Severity.WARNING,
        summary=f"{service}: no metrics arrive",
        description="Nobody knows how the service does: its other alerts can't fire.",
        page=PAGE,
    )
