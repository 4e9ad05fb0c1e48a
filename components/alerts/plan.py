"""Which rules a stack gets, computed before anything is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem, nearest
from components._base.names import check_name
from components._base.spec import read_spec
from components.alerts.args import AlertsArgs
from components.alerts.catalog import PARTS, platform_groups
from components.alerts.rules import Alert, Group, Rule
from components.alerts.slo import slo_group
from components.alerts.spec import AlertsSpec
from components.alerts.workers import WatchedWorker, worker_group
from components.service.slo import SloSpec


@dataclass(frozen=True)
class AlertsPlan:
    """The rules of a stack."""

    objects: Mapping[str, Sequence[Group]]
    """Groups of each PrometheusRule, by its name."""
    runbooks: str
    """URL of the repository's files."""

    @property
    def alerts(self) -> list[Alert]:
        """All alerts."""
        return [alert for groups in self.objects.values() for g in groups for alert in g.alerts]

    def bodies(self, name: str) -> list[Rule]:
        """Return the groups of a PrometheusRule as Prometheus takes them."""
        return [group.body(self.runbooks) for group in self.objects[name]]


def plan_alerts(args: AlertsArgs, name: str) -> AlertsPlan:
    """Check `args` and return what to make.

    :raises InvalidInput: with every problem at once.
    """
    owner = f"Alerts {name!r}"
    check_name(name, owner)
    spec = read_spec(AlertsSpec, AlertsArgs, args, owner)
    problems = [
        Problem("disabled", f"there is no alert {alert!r}; {nearest(alert, known_alerts())}")
        for alert in spec.disabled
        if alert not in known_alerts()
    ]
    if problems:
        raise InvalidInput(owner, problems)
    where = spec.services_namespace
    objects = {
        "platform": platform_groups(spec.parts),
        **{
            f"service-{service}": [slo_group(service, where, each.slo)]
            for service, each in sorted(spec.services.items())
        },
    }
    if spec.workers:
        objects["workers"] = [
            worker_group(worker.watched(each), where)
            for each, worker in sorted(spec.workers.items())
        ]
    wanted = {key: _without(groups, spec.disabled) for key, groups in objects.items()}
    return AlertsPlan({key: groups for key, groups in wanted.items() if groups}, spec.runbook_url)


def known_alerts() -> set[str]:
    """Return the names of all alerts that any stack may have."""
    groups = [
        slo_group("any", "any", SloSpec.model_validate({})),
        worker_group(WatchedWorker("any", 1, 1, True), ""),
    ]
    return {
        *(alert.name for part in PARTS.values() for alert in part.alerts),
        *(alert.name for group in groups for alert in group.alerts),
    }


def _without(groups: Sequence[Group], disabled: Sequence[str]) -> list[Group]:
    left = [Group(g.name, [r for r in g.rules if r.name not in disabled]) for g in groups]
    return [group for group in left if group.rules]
