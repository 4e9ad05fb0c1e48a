"""Every alert on Prometheus's own promtool: it fires, not too early, and not without its reason."""

from pathlib import Path

from tests.alerts.cases import cases, groups, write, write_traffic
from tests.alerts.promtool import complaint, promtool

__all__ = ["promtool"]


def test_alerts_fire_when_they_should_and_only_then(promtool: str, tmp_path: Path) -> None:
    tests = [*write(tmp_path), *write_traffic(tmp_path, quick=True)]
    rules = sorted(tmp_path.glob("*.rules.json"))
    assert complaint(promtool, "check", "rules", *rules) == ""
    assert complaint(promtool, "test", "rules", *tests) == ""


def test_every_alert_has_a_case():
    for file, group in groups().items():
        names = {alert.name for alert in group.alerts if "window" not in alert.labels}
        assert set(cases(file)) == names, file
