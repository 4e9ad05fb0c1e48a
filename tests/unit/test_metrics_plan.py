"""What is asked for, whom Alertmanager tells, what is read of the platform and of AWS."""

import functools
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pulumi
import pytest
import yaml

from components._base.errors import InvalidInput
from components._base.spec import Spec
from components.addons import certificates, dns, keda, secrets
from components.gateway import names as gateway
from components.metrics import CloudWatchService, MetricsArgs, MetricsSpec, MonitoredPart
from components.metrics.args import (
    AlertmanagerArgs,
    CloudWatchMetricsArgs,
    HeartbeatReceiverArgs,
    ManagedPrometheusArgs,
    PagerDutyReceiverArgs,
    PrometheusArgs,
    SlackReceiverArgs,
)
from components.metrics.cloudwatch import WANTED, exporter_config
from components.metrics.monitors import TARGETS, pod_monitors
from components.metrics.plan import plan_metrics
from components.metrics.receivers import alertmanager_config
from components.metrics.spec import (
    AlertmanagerSpec,
    CloudWatchMetricsSpec,
    HeartbeatReceiverSpec,
    ManagedPrometheusSpec,
    PagerDutyReceiverSpec,
    PrometheusSpec,
    SlackReceiverSpec,
)
from components.search.elasticsearch_operator import METRICS_PORT
from tests.harness import build

Json = Mapping[str, object]

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
TAGS = {"project": "shop", "environment": "prod"}

NEEDED: Mapping[str, object] = {
    "cluster_name": "blue",
    "namespace": "observability",
    "agents_namespace": "node-agents",
    "storage_class": "gp3",
    "tags": TAGS,
}

EVERYONE: Mapping[str, object] = {
    "secret_store": "secrets-manager",
    "slack": {"secret_arn": f"{SECRET}slack-AbCdEf", "channel": "#alerts"},
    "pagerduty": {"secret_arn": f"{SECRET}pagerduty-AbCdEf"},
    "heartbeat": {"secret_arn": f"{SECRET}heartbeat-AbCdEf"},
}

amtool = shutil.which("amtool")
needs_amtool = pytest.mark.skipif(
    amtool is None, reason="amtool, of Debian's prometheus-alertmanager, is not installed"
)


def args(**given: object) -> MetricsArgs:
    return cast("MetricsArgs", {**NEEDED, **given})


def config(topic: str | None = TOPIC, /, **given: object) -> Json:
    return alertmanager_config(plan_metrics(args(**given)), topic_arn=topic, region="eu-west-1")


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        (AlertmanagerSpec, AlertmanagerArgs),
        (CloudWatchMetricsSpec, CloudWatchMetricsArgs),
        (HeartbeatReceiverSpec, HeartbeatReceiverArgs),
        (ManagedPrometheusSpec, ManagedPrometheusArgs),
        (PagerDutyReceiverSpec, PagerDutyReceiverArgs),
        (PrometheusSpec, PrometheusArgs),
        (SlackReceiverSpec, SlackReceiverArgs),
    ],
)
def test_stack_files_take_what_the_component_takes(spec: type[Spec], wanted: type):
    assert set(spec.model_fields) == set(wanted.__annotations__)


def test_the_section_has_all_but_what_is_wired():
    wiring = {
        *("cluster_name", "namespace", "agents_namespace", "storage_class", "requires"),
        *("secret_store", "alarm_topic_arn", "alarm_topic_key_arn", "kafka_brokers"),
        "elasticsearch",
        *("mirror", "tags"),
    }
    assert set(MetricsSpec.model_fields) == set(MetricsArgs.__annotations__) - wiring


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"prometheus": {"replicas": 3}}, "prometheus.replicas: 3"),
        ({"alertmanager": {"replicas": 5}}, "alertmanager.replicas: 5"),
        ({"parts": ["keda", "keda"]}, "parts: .*a part is named twice"),
        ({"parts": ["istio"]}, "parts"),
        ({"slack": {"secret_arn": "https://hooks.slack.com/x", "channel": "#a"}}, "secret_arn"),
        (
            {"slack": {"secret_arn": f"{SECRET}slack-AbCdEf", "channel": "alerts"}},
            "the name of a channel is needed",
        ),
        (
            {"pagerduty": {"secret_arn": f"{SECRET}p-AbCdEf"}},
            "secret_store: is needed, as pagerduty come",
        ),
        ({"cloudwatch": {"services": []}}, "cloudwatch.services"),
        ({"cloudwatch": {"services": ["sqs"], "period_seconds": 90}}, "period_seconds: 90"),
        (
            {"cloudwatch": {"services": ["sqs"]}, "tags": {"project": "p"}},
            "tags: environment are needed with cloudwatch",
        ),
        ({"alarm_topic_key_arn": "arn:aws:kms:x"}, "is of use with alarm_topic_arn only"),
        (
            {"elasticsearch": {"endpoint": "https://e:9200", "secret": "search/x"}},
            "elasticsearch: ca_secret, monitoring_secret are missing",
        ),
        ({"query_namespaces": ["No"]}, "no names of namespaces: No"),
        ({"managed_prometheus": {"log_retention_days": 2}}, "allowed days: 1, 3"),
    ],
)
def test_what_is_wrong_is_told(given: Json, message: str):
    with pytest.raises(InvalidInput, match=message):
        plan_metrics(args(**given))


def test_a_secret_is_not_repeated_in_an_error():
    url = "https://hooks.slack.com/services/T000/B000/" + "x" * 60
    with pytest.raises(InvalidInput) as error:
        plan_metrics(args(slack={"secret_arn": url, "channel": "#a"}))
    assert "x" * 20 not in str(error.value)


def routes(given: Json) -> list[Json]:
    return cast("list[Json]", cast("Json", given["route"])["routes"])


def receivers(given: Json) -> dict[str, Json]:
    return {
        str(each["name"]): {key: value for key, value in each.items() if key != "name"}
        for each in cast("list[Json]", given["receivers"])
    }


def test_the_worse_it_is_the_more_are_told():
    given = receivers(config(**EVERYONE))
    assert set(given["critical"]) == {"pagerduty_configs", "slack_configs", "sns_configs"}
    assert set(given["warning"]) == {"slack_configs", "sns_configs"}
    assert set(given["heartbeat"]) == {"webhook_configs"}
    assert given["nobody"] == {}


def test_each_severity_goes_its_way_and_what_has_none_is_not_lost():
    given = config(**EVERYONE)
    assert [(route["matchers"], route["receiver"]) for route in routes(given)] == [
        (['alertname = "Watchdog"'], "heartbeat"),
        (['alertname = "InfoInhibitor"'], "nobody"),
        (['severity = "critical"'], "critical"),
        (['severity = "info"'], "nobody"),
    ]
    assert cast("Json", given["route"])["receiver"] == "warning"
    assert "continue" not in {key for route in routes(given) for key in route}


def test_a_page_is_repeated_sooner_than_a_ticket():
    given = config(alertmanager={"critical_repeat_hours": 2, "warning_repeat_hours": 48})
    assert cast("Json", given["route"])["repeat_interval"] == "48h"
    assert routes(given)[2]["repeat_interval"] == "2h"


def test_the_watchdog_tells_nobody_but_who_waits_for_it():
    assert routes(config())[0]["receiver"] == "nobody"
    assert "heartbeat" not in receivers(config())
    assert routes(config(**EVERYONE))[0]["repeat_interval"] == "5m"


def test_no_secret_is_in_the_configuration():
    text = json.dumps(config(**EVERYONE))
    assert "secretsmanager" not in text
    files = re.findall(r'"(\w+_file)": "([^"]+)"', text)
    directory = "/etc/alertmanager/secrets/alertmanager-receivers"
    assert set(files) == {
        ("api_url_file", f"{directory}/slack"),
        ("routing_key_file", f"{directory}/pagerduty"),
        ("url_file", f"{directory}/heartbeat"),
    }


def test_without_receivers_alerts_are_kept_and_told_nobody():
    given = receivers(config(None))
    assert given == {"critical": {}, "warning": {}, "nobody": {}}


@needs_amtool
@pytest.mark.parametrize("given", [EVERYONE, {}], ids=["everyone", "nobody"])
def test_alertmanager_takes_the_configuration(given: Json, tmp_path: Path):
    text = yaml.safe_dump(config(**given) if given else config(None))
    file = tmp_path / "alertmanager.yaml"
    # Debian's amtool is of 0.25; `url_file` came with 0.26.
    file.write_text(re.sub(r"url_file: /etc\S+heartbeat", "url: http://example.com", text))
    done = subprocess.run(
        [str(amtool), "check-config", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "SUCCESS" in done.stdout


@needs_amtool
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["alertname=Watchdog", "severity=none"], "heartbeat"),
        (["alertname=ServiceErrorBudgetBurn", "severity=critical"], "critical"),
        (["alertname=KubePodCrashLooping", "severity=warning"], "warning"),
        (["alertname=CPUThrottlingHigh", "severity=info"], "nobody"),
        (["alertname=Unheard"], "warning"),
    ],
)
def test_alertmanager_routes_as_meant(labels: list[str], receiver: str, tmp_path: Path):
    text = yaml.safe_dump(config(**EVERYONE))
    file = tmp_path / "alertmanager.yaml"
    file.write_text(re.sub(r"url_file: /etc\S+heartbeat", "url: http://example.com", text))
    done = subprocess.run(
        [str(amtool), "config", "routes", "test", f"--config.file={file}", *labels],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == receiver


def test_ports_are_those_that_the_parts_let_prometheus_in_at():
    """A port that a network policy does not know would be read in vain."""
    ports = {
        part: [(target.namespace, target.port) for target in targets]
        for part, targets in TARGETS.items()
    }
    assert ports[MonitoredPart.CERT_MANAGER] == [
        (certificates.NAMESPACE, port) for port in certificates.DOORS.metrics
    ]
    assert ports[MonitoredPart.KEDA] == [(keda.NAMESPACE, port) for port in keda.DOORS.metrics]
    assert ports[MonitoredPart.EXTERNAL_SECRETS] == [
        (secrets.NAMESPACE, port) for port in secrets.DOORS.metrics
    ]
    assert ports[MonitoredPart.EXTERNAL_DNS] == [(dns.NAMESPACE, dns.METRICS_PORT)]
    assert ports[MonitoredPart.KONG] == [("kong", 8100), ("kong", gateway.CONTROLLER_METRICS_PORT)]
    assert ports[MonitoredPart.ECK] == [("elastic-system", METRICS_PORT)]
    assert set(TARGETS) == set(MonitoredPart) - {MonitoredPart.LINKERD}


def test_each_part_has_a_job_of_its_own():
    monitors = pod_monitors(MonitoredPart)
    assert [monitor["name"] for monitor in monitors] == [
        *("aws-load-balancer-controller", "cert-manager", "elastic-operator", "external-dns"),
        *("external-secrets", "karpenter", "keda", "kong", "kong-controller"),
        *("linkerd-controller", "linkerd-proxy"),
    ]
    for monitor in monitors:
        [endpoint] = cast("list[dict[str, list[Json]]]", monitor["podMetricsEndpoints"])
        assert endpoint["relabelings"][-1] == {"targetLabel": "job", "replacement": monitor["name"]}
    assert pod_monitors([]) == []


def test_of_linkerd_all_proxies_are_read_and_only_the_control_planes_own_processes():
    control, proxies = pod_monitors([MonitoredPart.LINKERD])
    assert control["namespaceSelector"] == {"matchNames": ["linkerd", "linkerd-viz"]}
    assert proxies["namespaceSelector"] == {"any": True}
    rules = cast("list[dict[str, list[Json]]]", proxies["podMetricsEndpoints"])[0]["relabelings"]
    assert rules[0]["regex"] == "linkerd-proxy;linkerd-admin;linkerd"
    mapped = [rule["regex"] for rule in rules if rule.get("action") == "labelmap"]
    # not every label of every pod
    assert mapped == [
        "__meta_kubernetes_pod_label_linkerd_io_proxy_(.+)",
        "__meta_kubernetes_pod_label_linkerd_io_(.+)",
    ]


@functools.cache
def exported() -> Json:
    spec = CloudWatchMetricsSpec(services=tuple(CloudWatchService), period_seconds=300)

    def program() -> pulumi.Output[str]:
        return exporter_config(spec, region="eu-west-1", tags=TAGS)

    made = build(program)
    return cast("Json", json.loads(cast("str", made.output(made.result))))


def test_only_resources_of_the_platform_are_read():
    jobs = cast("list[Json]", cast("Json", exported()["discovery"])["jobs"])
    assert {str(job["type"]) for job in jobs} == {each.namespace for each in WANTED.values()}
    for job in jobs:
        assert job["searchTags"] == [
            {"key": "project", "value": "^shop$"},
            {"key": "environment", "value": "^prod$"},
        ]
        assert job["regions"] == ["eu-west-1"]
        assert (job["period"], job["length"]) == (300, 600)


def test_the_exporters_configuration_is_no_template():
    """The chart renders it as one: two braces would begin an action."""
    assert "{{" not in json.dumps(exported(), sort_keys=True)


def test_every_service_is_wanted():
    assert set(WANTED) == set(CloudWatchService)
    for wanted in WANTED.values():
        assert all(wanted.metrics.values())
