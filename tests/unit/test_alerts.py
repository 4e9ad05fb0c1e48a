"""Alerts and recordings: which there are, what they ask for, and what they tell."""

import ast
import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pulumi
import pulumi_aws as aws
import pytest

from components._base.errors import InvalidInput
from components._base.order import after
from components.alerts import (
    AlertedServiceSpec,
    AlertedWorkerSpec,
    AlertPart,
    Alerts,
    AlertsArgs,
    AlertsSpec,
    cloudwatch_metrics,
    plan_alerts,
)
from components.alerts.catalog import PARTS
from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.parts.mesh import MISSED_HOURS
from components.alerts.rules import Alert, Recording, Severity
from components.alerts.slo import BURNS, DURATION, WINDOWS, slo_group
from components.mesh.trust import ISSUER_RENEWED_BEFORE_HOURS
from components.metrics.cloudwatch import WANTED
from components.service.slo import BUCKET_SECONDS, SloLatencySpec, SloSpec
from components.service.spec import FastApiServiceSpec
from components.service.worker_spec import WorkerSpec
from tests.alerts.cases import every_alert
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, build

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "examples" / "services" / "runtime" / "src" / "platform_runtime"
DEFAULT = SloSpec.model_validate({})
RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
CHART_ALERTS = frozenset(
    {
        *("KubePodCrashLooping", "KubePodNotReady", "KubeHpaMaxedOut", "KubeQuotaFullyUsed"),
        *("KubePersistentVolumeFillingUp", "KubeNodeNotReady", "KubeJobFailed", "TargetDown"),
        *("Watchdog", "PrometheusRuleFailures", "PrometheusRemoteWriteBehind"),
        "AlertmanagerFailedToSendAlerts",
    }
)
"""Of kube-prometheus-stack, which are not to be told twice."""


def make(**given: object) -> Recorder[Alerts]:
    def program() -> Alerts:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        ready = after(pulumi.Output.from_input("monitoring.coreos.com/v1"), [cluster])
        args = {"namespace": "observability", "requires": [ready], **given}
        inside = pulumi.ResourceOptions(deleted_with=cluster)
        return Alerts("alerts", cast("AlertsArgs", args), inside)

    return build(program)


@functools.cache
def whole() -> Recorder[Alerts]:
    return make(
        parts=list(AlertPart),
        services={"orders": {"slo": {"availability": 99.5}}, "catalog": {}},
        workers={"mailer": {"per_pod": 5}},
        runbook_url="https://git.example.com/blob/main/",
    )


def test_one_object_of_the_platform_one_of_each_service_one_of_all_workers():
    rules = whole().all(RULE)
    assert [cast("Mapping[str, str]", rule.inputs["metadata"])["name"] for rule in rules] == [
        "platform",
        "service-catalog",
        "service-orders",
        "workers",
    ]
    cluster = whole().one("aws:eks/cluster:Cluster")
    for rule in rules:
        assert rule.deleted_with == cluster.urn
        assert whole().comes_after(rule, cluster)
        assert rule.parent
        assert rule.parent.type == "fastapi-platform:index:Alerts"
    assert whole().output(whole().result.names) == [
        "platform",
        "service-catalog",
        "service-orders",
        "workers",
    ]


@needs_crds
def test_rules_are_what_the_operator_takes():
    for rule in whole().all(RULE):
        assert crd_problems("prometheusrules.monitoring.coreos.com", rule.inputs) == []


def test_a_stack_gets_alerts_of_what_it_has():
    small = plan_alerts({"namespace": "o"}, "alerts")
    assert [group.name for group in small.objects["platform"]] == ["workloads", "monitoring"]
    assert list(small.objects) == ["platform"]
    more = plan_alerts({"namespace": "o", "parts": [AlertPart.CACHE, AlertPart.CACHE]}, "alerts")
    assert [group.name for group in more.objects["platform"]] == ["cache"]


def test_alerts_tell_what_is_wrong_how_bad_and_what_to_do():
    for alert in every_alert():
        assert re.fullmatch(r"[A-Z][A-Za-z]+", alert.name)
        assert isinstance(alert.severity, Severity), alert.name
        assert 10 < len(alert.summary) <= 100, alert.name
        assert re.fullmatch(r".{20,}\.", alert.description), alert.name
        rule = alert.rule("https://git.example.com/blob/main/")
        texts = cast("Mapping[str, str]", rule["annotations"])
        assert texts["runbook_url"] == (
            f"https://git.example.com/blob/main/docs/runbooks/{alert.page}.md#{alert.name.lower()}"
        )
    assert every_alert()[0].runbook().startswith("docs/runbooks/")


def test_no_alert_of_the_chart_is_told_twice():
    names = {alert.name for alert in every_alert()}
    assert not names & CHART_ALERTS


def test_names_of_alerts_are_unique_but_for_windows():
    seen = [(alert.name, alert.labels.get("window")) for alert in every_alert()]
    assert len(seen) == len(set(seen))


def test_alerts_that_nobody_wants_are_left_out_and_a_name_that_is_none_is_told():
    args: AlertsArgs = {"namespace": "o", "parts": [AlertPart.TABLES]}
    args["disabled"] = ["TableThrottled"]
    assert [alert.name for alert in plan_alerts(args, "alerts").alerts] == ["TableSystemErrors"]
    args["disabled"] = ["TableSystemErrors", "TableThrottled"]
    assert plan_alerts(args, "alerts").objects == {}
    args["disabled"] = ["TableThrotled"]
    with pytest.raises(InvalidInput, match="did you mean 'TableThrottled'"):
        plan_alerts(args, "alerts")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"runbook_url": "http://x"}, "runbook_url"),
        ({"parts": ["databases"]}, "parts\\[0\\]: 'databases' is not valid: allowed"),
        ({"services": {"orders": {"slo": {"availability": 100}}}}, "less than 100"),
        ({"workers": {"mailer": {"per_pod": 0}}}, "workers.mailer.per_pod"),
    ],
)
def test_what_is_wrong_is_told(given: Mapping[str, object], message: str):
    with pytest.raises(InvalidInput, match=message):
        plan_alerts(cast("AlertsArgs", {"namespace": "o", **given}), "alerts")


def test_args_and_spec_are_the_same():
    wiring = {"namespace", "requires", "tags"}
    assert set(AlertsArgs.__annotations__) - wiring == set(AlertsSpec.model_fields)


# --- SLOs


def test_metrics_labels_and_buckets_are_those_of_the_runtime_library():
    source = (RUNTIME / "metrics.py").read_text()
    found = {
        node.targets[0].id: node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert ast.literal_eval(found["BUCKETS"]) == BUCKET_SECONDS
    histogram = ast.unparse(found["DURATION"])
    for name in (DURATION, "http_route", "http_response_status_code"):
        assert f"'{name}'" in histogram
    assert "'http_server_active_requests'" in source.replace('"', "'")
    assert "'kafka_records_total'" in source.replace('"', "'")
    assert '"dead"' in (RUNTIME / "consumer.py").read_text()
    assert 'UNOBSERVED = ("/health/", "/metrics")' in (RUNTIME / "telemetry.py").read_text()


def test_a_threshold_is_a_bound_of_the_histogram():
    assert SloLatencySpec.model_validate({"threshold_ms": 250}).threshold_ms == 250
    with pytest.raises(ValueError, match=r"allowed: 5, 10, 25, .*, 7500, 10000"):
        SloLatencySpec.model_validate({"threshold_ms": 300})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"availability": 90}, "availability: 90 is too low .* over 30 days.* more than 93.1"),
        ({"latency": {"target": 92}}, "latency.target: 92 is too low"),
        ({"window_days": 3}, "greater than or equal to 7"),
        ({"availability": 0}, "greater than 0"),
    ],
)
def test_a_promise_that_nobody_could_watch_is_refused(given: Mapping[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        SloSpec.model_validate(given)


def test_burn_rates_are_the_workbooks_and_follow_the_window():
    assert [round(burn.rate(30), 6) for burn in BURNS] == [14.4, 6, 3, 1]
    assert [round(burn.rate(28), 6) for burn in BURNS] == [13.44, 5.6, 2.8, 1]
    assert [round(burn.rate(7), 6) for burn in BURNS] == [3.36, 1.4, 1, 1]
    assert [(burn.long, burn.short) for burn in BURNS] == [
        ("1h", "5m"),
        ("6h", "30m"),
        ("1d", "2h"),
        ("3d", "6h"),
    ]
    assert [burn.severity for burn in BURNS] == [Severity.CRITICAL] * 2 + [Severity.WARNING] * 2


def test_recordings_have_names_as_prometheus_advises_and_each_window():
    group = slo_group("orders", "services", DEFAULT)
    names = [rule.name for rule in group.rules if isinstance(rule, Recording)]
    assert len(names) == len(set(names)) == 5 * len(WINDOWS)
    for name in names:
        assert re.fullmatch(r"namespace_service:[a-z_]+:(ratio_)?rate\d+[mhd]", name)
    assert {name.rsplit("rate", 1)[1] for name in names} == set(WINDOWS)


def test_an_alert_asks_for_recordings_that_come_before_it():
    group = slo_group("orders", "services", DEFAULT)
    known: set[str] = set()
    for rule in group.rules:
        asked = set(re.findall(r"namespace_service:\w+:\w+", rule.expression))
        assert asked <= known, rule.name
        known.add(rule.name)


def test_a_service_that_promises_nothing_is_only_missed():
    group = slo_group("toy", "services", SloSpec.model_validate({"enabled": False}))
    assert [rule.name for rule in group.rules] == ["ServiceDown", "ServiceMetricsAbsent"]


def test_a_services_own_slo_is_in_its_alerts():
    service = FastApiServiceSpec.model_validate(
        {"image": "1.0.0", "slo": {"availability": 99.5, "latency": {"thresholdMs": 1000}}}
    )
    slo = AlertedServiceSpec.of(service).slo
    alerts = slo_group("orders", "services", slo).alerts
    burn = {(alert.name, alert.labels.get("window")): alert for alert in alerts}
    assert "> 0.072 and" in burn["ServiceErrorBudgetBurn", "1h"].expression
    assert "> 0.144 and" in burn["ServiceLatencyBudgetBurn", "1h"].expression
    slow = next(r for r in slo_group("orders", "services", slo).rules if "slow" in r.name)
    assert 'le="1.0"' in slow.expression


def test_a_workers_limits_are_what_it_is_scaled_for():
    worker = WorkerSpec.model_validate(
        {
            "image": "1.0.0",
            "queue": {"name": "mail", "tasksPerPod": 7},
            "uses": {"rabbitmq": True},
            "replicas": {"min": 0, "max": 3},
        }
    )
    args = {"namespace": "o", "workers": {"mailer": AlertedWorkerSpec.of(worker).model_dump()}}
    plan = plan_alerts(cast("AlertsArgs", args), "alerts")
    alerts = {alert.name: alert for alert in plan.alerts}
    assert alerts["WorkerQueueBehind"].expression.endswith("> 210")
    fixed = {"namespace": "o", "workers": {"mailer": {"scaled": False}}}
    plan = plan_alerts(cast("AlertsArgs", fixed), "alerts")
    assert not {"WorkerQueueBehind", "WorkerQueueStuck"} & {alert.name for alert in plan.alerts}


# --- the platform


def test_what_alerts_ask_of_cloudwatch_is_what_the_exporter_fetches():
    fetched = {
        CloudWatchMetric(wanted.namespace, name, statistic)
        for wanted in WANTED.values()
        for name, statistics in wanted.metrics.items()
        for statistic in statistics
    }
    asked = cloudwatch_metrics(list(AlertPart))
    assert set(asked) <= fetched
    for part in PARTS.values():
        used = {name for a in part.alerts for name in re.findall(r"\baws_[a-z0-9_]+", a.expression)}
        assert used <= {metric.exported for metric in part.cloudwatch}


@pytest.mark.parametrize(
    ("metric", "exported"),
    [
        (("AWS/Lambda", "Errors", "Sum"), "aws_lambda_errors_sum"),
        (("AWS/ES", "ClusterStatus.red", "Maximum"), "aws_es_cluster_status_red_maximum"),
        (("AWS/AmazonMQ", "RabbitMQMemUsed", "Maximum"), "aws_amazonmq_rabbit_mqmem_used_maximum"),
        (
            ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum"),
            "aws_applicationelb_httpcode_elb_5_xx_count_sum",
        ),
        (("AWS/EBS", "Burst Balance %", "p99"), "aws_ebs_burst_balance__percent_p99"),
    ],
)
def test_names_are_as_the_exporter_makes_them(metric: Sequence[str], exported: str):
    assert CloudWatchMetric(*metric).exported == exported


def test_a_missed_renewal_of_the_issuer_is_told_while_there_is_time():
    """Field report 23: identity may miss an issuer; alert on its age, not on its end."""
    assert ISSUER_RENEWED_BEFORE_HOURS - MISSED_HOURS > 72
    mesh = {alert.name: alert for alert in PARTS[AlertPart.MESH].alerts}
    assert mesh["MeshIssuerNotRenewed"].expression.endswith(f"< {96 * 3600}")
    assert mesh["MeshIssuerNotRenewed"].severity is Severity.CRITICAL


# --- runbooks

WHOLE = re.MULTILINE | re.DOTALL
SECTIONS = ("Meaning", "Impact", "Diagnosis", "Mitigation")


@pytest.mark.parametrize("alert", every_alert(), ids=lambda alert: alert.name)
def test_every_alert_has_a_runbook_that_says_what_to_do(alert: Alert):
    page, anchor = alert.runbook().split("#")
    parts = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", (ROOT / page).read_text(), WHOLE))
    assert {heading.lower() for heading in parts} >= {anchor}
    found = re.findall(r"\*\*(\w+)\.\*\*\s(.+?)(?=\n\n|\Z)", parts[alert.name], re.DOTALL)
    assert tuple(name for name, _ in found) == SECTIONS
    assert all(text.strip().endswith((".", "?", ".)", "`")) for _, text in found)
    words = sum(len(text.split()) for _, text in found)
    assert words >= 25, f"{alert.name}: a stub of {words} words"


def test_runbooks_have_no_part_for_an_alert_that_is_none():
    names = {alert.name for alert in every_alert()}
    for page in {alert.page for alert in every_alert()}:
        text = (ROOT / "docs" / "runbooks" / f"{page}.md").read_text()
        assert set(re.findall(r"^## (\w+)$", text, re.MULTILINE)) <= names, page


def test_links_of_runbooks_lead_somewhere():
    for page in [*(ROOT / "docs" / "runbooks").glob("*.md"), ROOT / "docs" / "alerting.md"]:
        for path, anchor in re.findall(r"\]\((?!http)([^)#]*)#?([^)]*)\)", page.read_text()):
            target = (page.parent / path) if path else page
            assert target.is_file(), f"{page.name}: {path}"
            headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}
            assert not anchor or anchor in anchors, f"{page.name}: {path}#{anchor}"
