"""Metrics on the real engine: what changes in place, and in which order it goes."""

from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.order import after
from components.metrics import Metrics, MetricsArgs
from components.observability import Observability
from simulator.session import Program
from tests.engine.conftest import Bench
from tests.stacks.changes import changes, make_cluster

TAGS = {"owner": "me", "environment": "local", "project": "test", "managed-by": "pulumi"}

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-AbCdEf"

ORDERS = (
    # The operator ends what it made while its definitions are still there.
    ("metrics-brokers", "metrics-kube-prometheus-stack"),
    ("metrics-kube-prometheus-stack", "observability-prometheus-operator-crds"),
    ("metrics-prometheus-elasticsearch-exporter", "metrics-kube-prometheus-stack"),
    ("metrics-kube-prometheus-stack", "metrics-receivers"),
    ("metrics-kube-prometheus-stack", "metrics-alertmanager-identity"),
    ("metrics-kube-prometheus-stack", "metrics-workspace"),
    ("metrics-prometheus-yet-another-cloudwatch-exporter", "metrics-cloudwatch-exporter-identity"),
    # With the namespace go the volumes, as long as there is who deletes them.
    ("metrics-kube-prometheus-stack", "observability-observability-namespace"),
    ("observability-observability-namespace", "eks"),
)
"""What is deleted before what."""


def program(**given: object) -> Program:
    def run() -> None:
        cluster, provider = make_cluster()
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        storage = kubernetes.storage.v1.StorageClass(
            "gp3", provisioner="ebs.csi.aws.com", opts=inside
        )
        ground = Observability("observability", {}, inside)
        args = {
            "cluster_name": cluster.name,
            "namespace": ground.namespace,
            "agents_namespace": ground.agents_namespace,
            "storage_class": after(pulumi.Output.from_input("gp3"), [storage]),
            "requires": [ground.ready],
            "secret_store": "secrets-manager",
            "alarm_topic_arn": "arn:aws:sns:eu-west-1:123456789012:alarms",
            "kafka_brokers": ["b-1.example.com", "b-2.example.com"],
            "elasticsearch": {
                "endpoint": "https://elasticsearch-es-http.search.svc:9200",
                "ca_secret": "search/elasticsearch-es-http-certs-public",
                "monitoring_secret": "search/search-monitoring",
            },
            "slack": {"secret_arn": SECRET, "channel": "#alerts"},
            "managed_prometheus": {},
            "cloudwatch": {"services": ["lambda", "sqs"]},
            "tags": TAGS,
            **given,
        }
        Metrics("metrics", cast("MetricsArgs", args), inside)

    return run


def test_metrics_change_in_place_and_go_in_order(local: Bench):
    """Reports 10 and 14: no diff without a change; volumes go before the cluster does."""
    with local.open(program(), policies=()) as session:
        session.up()
        assert set(session.preview().changes()) == {"same"}
    changed = program(
        parts=["keda", "kong", "linkerd"],
        prometheus={"retention_days": 30},
        cloudwatch={"services": ["alb", "lambda"]},
        kafka_brokers=["b-1.example.com", "b-2.example.com", "b-3.example.com"],
    )
    with local.open(changed, policies=()) as session:
        assert changes(session.up()) == {
            "metrics-brokers": "update",
            "metrics-kube-prometheus-stack": "update",
            "metrics-prometheus-yet-another-cloudwatch-exporter": "update",
        }
        order = [step.urn.rsplit("::", 1)[-1] for step in session.destroy().steps()]
    for earlier, later in ORDERS:
        assert order.index(earlier) < order.index(later), (earlier, later)
