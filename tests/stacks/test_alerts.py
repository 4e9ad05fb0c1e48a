"""Alerts on the real engine, and the burn rates of weeks of traffic on the real promtool."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pulumi

from components.alerts import Alerts, AlertsArgs
from tests.alerts.cases import write_traffic
from tests.alerts.promtool import complaint, promtool
from tests.engine.conftest import Bench
from tests.stacks.changes import make_cluster, preview, up

__all__ = ["promtool"]


def program(**given: object) -> Callable[[], None]:
    def run() -> None:
        cluster, provider = make_cluster()
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        args = {"namespace": "observability", "parts": ["workloads", "gateway", "kafka"], **given}
        Alerts("alerts", cast("AlertsArgs", args), inside)

    return run


def test_a_service_more_is_an_object_more_and_its_slo_changes_nothing_else(local: Bench):
    up(local, program(services={"orders": {}}))
    assert preview(local, program(services={"orders": {}})) == {}
    more = program(services={"orders": {}, "catalog": {}})
    assert preview(local, more) == {"alerts-service-catalog": "create"}
    stricter = program(services={"orders": {"slo": {"availability": 99.95}}})
    assert preview(local, stricter) == {"alerts-service-orders": "update"}
    none = program(services={})
    assert preview(local, none) == {"alerts-service-orders": "delete"}


def test_services_page_when_their_budget_burns_and_only_then(promtool: str, tmp_path: Path) -> None:
    tests = write_traffic(tmp_path, quick=False)
    assert complaint(promtool, "test", "rules", *tests) == ""
