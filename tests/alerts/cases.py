"""Makes promtool's files from the cases: `cases/*.yaml` of single alerts, `slo.yaml` of traffic.

https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ (2026-11)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from components.alerts import AlertsPlan, plan_alerts
from components.alerts.args import AlertPart, AlertsArgs
from components.alerts.rules import Alert, Group
from components.alerts.slo import DURATION

HERE = Path(__file__).parent

LONG_MINUTES = 100
"""Alerts that take longer are looked at every five minutes."""

Json = Mapping[str, object]
Series = Mapping[str, str]

ARGS: AlertsArgs = {
    "namespace": "observability",
    "runbook_url": "https://git.example.com/platform/blob/main",
    "parts": list(AlertPart),
    "services": {
        "orders": {},
        "weekly": {"slo": {"window_days": 7}},
        "toy": {"slo": {"enabled": False}},
    },
    "workers": {"mailer": {}},
}


def every_alert() -> list[Alert]:
    """Return the alerts of all parts, a service and a worker."""
    args: AlertsArgs = {
        "namespace": "o",
        "parts": list(AlertPart),
        "services": {"orders": {}},
        "workers": {"mailer": {}},
    }
    return plan_alerts(args, "alerts").alerts


@cache
def plan() -> AlertsPlan:
    """Return rules of every kind."""
    return plan_alerts(ARGS, "alerts")


def groups() -> dict[str, Group]:
    """Return the groups by the file that their cases are in."""
    found = {group.name: group for groups in plan().objects.values() for group in groups}
    return {
        **{part.value: found[part.value] for part in AlertPart},
        "services": found["service-orders"],
        "workers": found["worker-mailer"],
    }


def cases(file: str) -> dict[str, Json]:
    """Return the cases of a file, by their alert."""
    return cast("dict[str, Json]", yaml.safe_load((HERE / "cases" / f"{file}.yaml").read_text()))


def traffic() -> list[Json]:
    """Return the cases of SLOs."""
    return cast("list[Json]", yaml.safe_load((HERE / "slo.yaml").read_text()))


def write(folder: Path) -> list[Path]:
    """Write rules and tests of single alerts, and return the tests."""
    written: list[Path] = []
    for file, group in groups().items():
        known = cases(file)
        for alert in group.alerts:
            if alert.name in known:
                rules = [Group(group.name, [alert])]
                tests = list(_tests(alert, known[alert.name]))
                every = 5 if _minutes(str(known[alert.name]["at"])) > LONG_MINUTES else 1
                written.append(_write(folder, alert.name, rules, every, tests))
    return written


def write_traffic(folder: Path, *, quick: bool) -> list[Path]:
    """Write rules and tests of SLOs, and return the tests: the quick ones, or all others."""
    found: dict[tuple[str, int], list[Json]] = {}
    for case in traffic():
        if bool(case.get("quick")) is quick:
            key = str(case.get("service", "orders")), int(str(case["step"]))
            found.setdefault(key, []).append(case)
    return [
        _write(
            folder,
            f"slo-{service}-{step}",
            [slo(service)],
            step,
            [_traffic_test(case, slo(service), service) for case in chosen],
        )
        for (service, step), chosen in found.items()
    ]


def slo(service: str) -> Group:
    """Return the rules of a service."""
    return plan().objects[f"service-{service}"][0]


def _write(
    folder: Path, name: str, rules: Sequence[Group], every: int, tests: Sequence[Json]
) -> Path:
    runbooks = plan().runbooks
    rule_file, test_file = folder / f"{name}.rules.json", folder / f"{name}.test.json"
    rule_file.write_text(yaml.safe_dump({"groups": [group.body(runbooks) for group in rules]}))
    body = {
        "rule_files": [rule_file.name],
        "evaluation_interval": f"{every}m",
        "tests": list(tests),
    }
    test_file.write_text(yaml.safe_dump(body))
    return test_file


def _tests(alert: Alert, case: Json) -> Iterator[Json]:
    """Give the tests of an alert: it fires, not too early, and not without its reason."""
    at = str(case["at"])
    fires = cast("Sequence[Series]", case["fires"])
    pairs = cast("Mapping[str, Sequence[str]]", case["series"])
    bad = {name: str(values[0]) for name, values in pairs.items()}
    lasting = _minutes(alert.lasting)
    moments: dict[str, Sequence[Series]] = {f"{lasting - 1}m": ()} if lasting > 1 else {}
    yield _test(alert, "fires, and not too early", bad, {**moments, at: fires})
    yield _test(alert, "quiet", {name: str(values[1]) for name, values in pairs.items()}, {at: ()})
    for more in cast("Sequence[Json]", case.get("quiet", ())):
        yield _test(alert, str(more["why"]), cast("Series", more["series"]), {at: ()})


def _test(alert: Alert, why: str, series: Series, moments: Mapping[str, Sequence[Series]]) -> Json:
    """Return the test that an alert fires with some labels, at some moments."""
    return {
        "name": f"{alert.name}: {why}",
        "interval": "1m",
        "input_series": [{"series": name, "values": str(v)} for name, v in series.items()],
        "alert_rule_test": [
            {
                "eval_time": at,
                "alertname": alert.name,
                "exp_alerts": [expected(alert, labels) for labels in fires],
            }
            for at, fires in moments.items()
        ],
    }


def expected(alert: Alert, labels: Series) -> Json:
    """Return what Alertmanager gets of an alert, with every label of its texts filled in."""
    rule = alert.rule(plan().runbooks)
    texts = cast("Series", rule["annotations"])
    own = {**labels, **cast("Series", rule["labels"])}
    return {
        "exp_labels": own,
        "exp_annotations": {key: _filled(text, labels) for key, text in texts.items()},
    }


def _filled(text: str, labels: Series) -> str:
    return re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda match: str(labels[match[1]]), text)


def _minutes(duration: str) -> int:
    number, unit = int(duration[:-1]), duration[-1]
    return number * {"m": 1, "h": 60, "d": 1440}[unit]


def _traffic_test(case: Json, group: Group, service: str) -> Json:
    step = int(str(case["step"]))
    every = 1 if step == 1 else 2
    phases = cast("Sequence[Mapping[str, float]]", case["phases"])
    end = int(sum(phase["minutes"] for phase in phases))
    fires = cast("Mapping[str, Sequence[str]]", case["fires"])
    names = ("ServiceErrorBudgetBurn", "ServiceLatencyBudgetBurn")
    labels = {"namespace": "services", "service": service}
    return {
        "name": f"{service}: {case['why']}",
        "interval": f"{every}m",
        "input_series": [
            {"series": name, "values": values}
            for name, values in _counters(phases, service, every).items()
        ],
        "alert_rule_test": [
            {
                "eval_time": f"{end}m",
                "alertname": name,
                "exp_alerts": [
                    expected(alert, labels)
                    for alert in group.alerts
                    if alert.name == name and alert.labels["window"] in fires.get(name, ())
                ],
            }
            for name in names
        ],
    }


def _counters(phases: Sequence[Mapping[str, float]], service: str, every: int) -> dict[str, str]:
    """Return the runtime library's histogram of what a service is asked."""
    own = f'namespace="services",service="{service}",http_request_method="GET"'
    route = f'{own},http_route="/orders"'
    good, bad = 'http_response_status_code="200"', 'http_response_status_code="503"'
    errors = [phase.get("errors", 0) for phase in phases]
    slow = [phase.get("slow", 0) for phase in phases]
    fine = [phase["requests"] - e - s for phase, e, s in zip(phases, errors, slow, strict=True)]
    answered = [f + s for f, s in zip(fine, slow, strict=True)]
    minutes = [int(phase["minutes"]) for phase in phases]
    refused = [phase["requests"] for phase in phases]
    counted = {
        f"{DURATION}_count{{{route},{good}}}": answered,
        f'{DURATION}_bucket{{{route},{good},le="0.5"}}': fine,
        f"{DURATION}_count{{{route},{bad}}}": errors,
        f'{DURATION}_bucket{{{route},{bad},le="0.5"}}': [0.0] * len(phases),
        # probes and callers' own mistakes, which are nobody's promise
        f'{DURATION}_count{{{own},http_route="/health/ready",{bad}}}': refused,
        f'{DURATION}_count{{{own},http_route="/orders",http_response_status_code="404"}}': [0.0]
        * len(phases),
    }
    return {name: _values(rates, minutes, every) for name, rates in counted.items()}


def _values(rates: Sequence[float], minutes: Sequence[int], every: int) -> str:
    """Return a counter as promtool writes it, that goes up at one rate after another."""
    parts, total = list[str](), 0.0
    for rate, length in zip(rates, minutes, strict=True):
        step, samples = rate * every, length // every
        parts.append(f"{total:.6f}+{step:.6f}x{samples - 1}")
        total += step * samples
    return " ".join(parts)
