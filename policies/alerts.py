"""Alerts: whoever is woken up knows how bad it is, what it is, and what to do."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.needs import Condition, is_set, judge, one_of
from policies.rule import Verdict, Violation, resource_policy
from policies.subject import Subject, item, items

RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"

SEVERITIES = ("critical", "warning", "info", "none")
"""https://runbooks.prometheus-operator.dev/runbooks/general/ (2026-11) routes by these."""


def _actionable(rules: Subject) -> Iterator[Verdict]:
    severities = rules.texts("severities")
    for group in items(rules.get("spec.groups")):
        for rule in items(item(group, "rules")):
            if isinstance(rule, UnknownValueError):
                yield rule
            elif item(rule, "alert") is not None:
                yield from _of(rule, severities)


def _of(alert: object, severities: Sequence[str]) -> Iterator[Verdict]:
    wanted: Sequence[tuple[str, str, Condition]] = (
        ("labels", "severity", one_of(*severities)),
        ("annotations", "summary", is_set),
        ("annotations", "runbook_url", is_set),
    )
    for holder, key, condition in wanted:
        complaint = judge(condition, item(item(alert, holder), key))
        if isinstance(complaint, UnknownValueError):
            yield complaint
        elif complaint:
            yield Violation(
                f"has the alert '{item(alert, 'alert')}', whose {holder}.{key} {complaint}",
                f"give the alert {holder}.{key}",
            )


POLICIES: Sequence[Policy] = (
    resource_policy(
        _actionable,
        name="alert-actionable",
        display_name="Whoever is woken up knows what to do",
        description="Every alert has a severity, a summary and the link of a runbook.",
        types=(RULES,),
        severity=Severity.LOW,
        remediation_steps=(
            "Give the alert labels.severity, by which it is routed, annotations.summary, and "
            "annotations.runbook_url of a page that says what it means and what to do."
        ),
        tags=("observability", "alerting"),
        url="https://monitoring.mixins.dev/#guidelines-for-alert-names-labels-and-annotations",
        settings={
            "severities": {
                "type": "array",
                "items": {"type": "string"},
                "minItems": 1,
                "default": list(SEVERITIES),
                "description": "Severities by which alerts are routed.",
            }
        },
    ),
)
