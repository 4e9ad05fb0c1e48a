"""Components in production: in every shape they offer, they pass the whole pack."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import pulumi
import pytest

from components.addons import Addons
from components.alerts import Alerts
from components.backup import Backup
from components.cache import Cache
from components.edge import Edge
from components.gateway import Gateway
from components.grafana import Grafana
from components.identity import Identity
from components.kafka import Kafka
from components.logging import Logging
from components.memcached import Memcached
from components.mesh import Mesh
from components.metrics import Metrics
from components.notifications import AlarmTopic
from components.observability import Observability
from components.rabbitmq import RabbitMq
from components.registry import Registry
from components.scans import SecurityScans
from components.search import ElasticsearchCluster, OpenSearchDomain
from components.serverless import ServerlessApi
from components.service import FastApiService, ScheduledJob, Worker
from components.storage import Storage
from components.tables import Tables
from components.tracing import Tracing
from policies.environments import Configuration
from tests.harness import build
from tests.policies.verdict import complaints

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
COMMON: Mapping[str, object] = {
    "protect": True,
    "tags": {"project": "p", "owner": "o", "environment": "prod"},
}
PLACE: Mapping[str, object] = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": [f"subnet-0000000000000000{zone}" for zone in "abc"],
    "clients": {"cluster": "sg-0000000000000000c"},
    "alarm_topic_arn": TOPIC,
}
KAFKA: Mapping[str, object] = {**PLACE, "zone_count": 3}
EDGE: Mapping[str, object] = {
    **{key: PLACE[key] for key in ("vpc_id", "subnet_ids", "alarm_topic_arn")},
    "targets": {"cluster": "sg-0000000000000000c"},
    "domain": {"names": ["api.example.com"], "zone_id": "Z0123456789ABCDEFGHIJ"},
}
ADDONS: Mapping[str, object] = {
    "cluster_name": "c",
    "cluster_endpoint": "https://example.com",
    "vpc_id": PLACE["vpc_id"],
    "node_security_group_id": "sg-0000000000000000c",
    "node_role_name": "nodes",
    "interruption_queue_name": "interruptions",
    "discovery": "p-prod",
}
METRICS: Mapping[str, object] = {
    "cluster_name": "c",
    "namespace": "observability",
    "agents_namespace": "node-agents",
    "storage_class": "gp3",
}
SERVERLESS: Mapping[str, object] = {
    "image": "1.4.2",
    "repository_url": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/catalog",
    "issuer": "https://id.example.com",
    "audiences": ["catalog"],
    "alarm_topic_arn": TOPIC,
    "reserved_concurrency": 20,
}
LOGS: Mapping[str, object] = {
    "cluster_name": "c",
    "agents_namespace": "node-agents",
    "cloudwatch": {},
    "elasticsearch": {},
    "search": {"endpoint": "https://e.search.svc:9200", "ca_secret": "search/ca"},
    "monitored": True,
}
TABLE = {"hash_key": {"name": "id"}}
WORKLOAD: Mapping[str, object] = {
    "image": "example.com/it:1.4.2",
    "namespace": "services",
    "identity": {"issuer": "https://i", "audience": "a", "jwks_uri": "https://i/j"},
    "scaled_objects": "keda.sh/v1alpha1",
    "secret_store": "secrets-manager",
    "data_cidrs": ["10.0.8.0/22"],
    "stores": {
        "rabbitmq": {"secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:q"}
    },
    "uses": {"rabbitmq": True},
    "otel_endpoint": "http://otel-collector.observability.svc.cluster.local:4318",
    "monitored": True,
}
PUBLIC: Mapping[str, object] = {**WORKLOAD, "hosts": ["api.example.com"], "callers": ["web"]}

GRAFANA: Mapping[str, object] = {
    "namespace": "observability",
    "host": "grafana.example.com",
    "oidc": {
        "client_id": "grafana",
        "client_secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:g",
        "auth_url": "https://i/authorize",
        "token_url": "https://i/token",
        "userinfo_url": "https://i/userinfo",
    },
    "roles": {"admins": ["platform"]},
    "secret_store": "secrets-manager",
    "cluster_name": "c",
    "cloudwatch": True,
    "workloads": {"orders": {"slo": {}}},
}


def stateless(
    component: Callable[..., pulumi.ComponentResource],
) -> Callable[..., pulumi.ComponentResource]:
    """Return a component that keeps nothing, beside the gateway and the alerts that it has."""

    def make(name: str, args: Mapping[str, object]) -> pulumi.ComponentResource:
        Gateway("gateway", {"vpc_cidr": "10.0.0.0/16", "target_group_arn": "arn:aws:tg"})
        Alerts("alerts", {"namespace": "observability", "services": {name: {}}})
        own = {key: value for key, value in args.items() if key != "protect"}
        return component(name, cast("Any", own))

    return make


TRACING = {"cluster_name": "c", "namespace": "observability", "trust_version": "1"}

SHAPES: Mapping[str, tuple[Callable[..., pulumi.ComponentResource], Mapping[str, object]]] = {
    "add-ons": (Addons, {**ADDONS, "zones": {"example.com": "Z0123456789ABCDEFGHIJ"}}),
    "add-ons, small": (Addons, {**ADDONS, "replicas": 1, "nodes": {"os": "al2023"}}),
    "alarm topic": (AlarmTopic, {"emails": ["ops@example.com"]}),
    "backup": (Backup, {}),
    "cache": (Cache, PLACE),
    "cache, sharded": (
        Cache,
        {**PLACE, "nodes": {"cluster_mode": "enabled", "shards": 2, "replicas": 1}},
    ),
    "cache, serverless": (Cache, {**PLACE, "serverless": {"max_gib": 5}}),
    "cache, IAM": (Cache, {**PLACE, "auth": "iam"}),
    "identity": (
        Identity,
        {
            "cognito": {
                "domain_prefix": "example-prod",
                "resource_servers": {"orders": {"scopes": {"read": "Read orders"}}},
                "machine_clients": {"billing": {"scopes": ["orders/read"]}},
            }
        },
    ),
    "edge": (Edge, EDGE),
    "edge, internal": (Edge, {**EDGE, "internal": True, "allowed_cidrs": ["10.0.0.0/8"]}),
    "edge, CloudFront": (Edge, {**EDGE, "cloudfront": {}, "shield": {}}),
    "gateway": (Gateway, {"vpc_cidr": "10.0.0.0/16", "target_group_arn": "arn:aws:tg"}),
    "job": (stateless(ScheduledJob), {**WORKLOAD, "schedule": "30 2 * * *"}),
    "grafana": (stateless(Grafana), GRAFANA),
    "grafana, small": (stateless(Grafana), {"namespace": "observability", "monitored": True}),
    "kafka": (Kafka, {**KAFKA, "topics": {"orders": {}}}),
    "kafka, express": (Kafka, {**KAFKA, "mode": "express"}),
    "kafka, serverless": (Kafka, {**KAFKA, "mode": "serverless"}),
    "logs": (Logging, LOGS),
    "memcached": (Memcached, PLACE),
    "mesh": (Mesh, {"cert_manager_namespace": "cert-manager"}),
    "mesh with its dashboard": (
        Mesh,
        {"cert_manager_namespace": "cert-manager", "viz": {"prometheus_url": "http://p.n:9090"}},
    ),
    "observability": (Observability, {}),
    "alerts": (Alerts, {"namespace": "observability", "services": {"orders": {}}}),
    "metrics": (Metrics, METRICS),
    "metrics, all over": (
        Metrics,
        {
            **METRICS,
            "alarm_topic_arn": TOPIC,
            "kafka_brokers": ["b-1.example.com"],
            "managed_prometheus": {},
            "cloudwatch": {"services": ["apiGateway", "lambda"]},
        },
    ),
    "rabbitmq": (RabbitMq, PLACE),
    "registry": (
        Registry,
        {
            "repositories": {"orders": {"lambda_pull": True}},
            "caches": {"k8s": {"upstream": "kubernetes"}},
        },
    ),
    "scans": (
        SecurityScans,
        {
            "targets": {"orders": {"url": "https://a", "document_url": "http://orders:8000/o"}},
            "environment": "prod",
            "cluster_name": "c",
            "alarm_topic_arn": TOPIC,
            "alarm_key_arn": "arn:aws:kms:eu-west-1:123456789012:key/it",
        },
    ),
    "search, Elasticsearch": (
        ElasticsearchCluster,
        {"cluster_name": "c", "availability_zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]},
    ),
    "search, OpenSearch": (OpenSearchDomain, PLACE),
    "search, OpenSearch with a password": (OpenSearchDomain, {**PLACE, "auth": "password"}),
    "service": (stateless(FastApiService), {**PUBLIC, "public": {"paths": ["/it"]}}),
    "service, for everybody": (
        stateless(FastApiService),
        {**PUBLIC, "public": {"paths": ["/it"], "anonymous": True}, "replicas": {"min": 1}},
    ),
    "service, with a canary": (
        stateless(FastApiService),
        {
            **PUBLIC,
            "public": {"paths": ["/it"]},
            "rollout": {"canary": {"image": "example.com/it:9.9.9"}},
        },
    ),
    "service, within the cluster": (stateless(FastApiService), WORKLOAD),
    "serverless": (ServerlessApi, SERVERLESS),
    "serverless, in the VPC": (
        ServerlessApi,
        {
            **SERVERLESS,
            "vpc_id": PLACE["vpc_id"],
            "subnet_ids": PLACE["subnet_ids"],
            "stores": {"cache": {"security_group_id": "sg-0000000000000000c", "ports": [6379]}},
            "background": {"command": ["catalog.jobs.handler"], "reserved_concurrency": 10},
            "provisioned": {"min": 1, "max": 4},
        },
    ),
    "storage": (Storage, {"buckets": {"uploads": {}, "exports": {"expire_days": 30}}}),
    "tables": (Tables, {"tables": {"orders": TABLE}}),
    "tables, replicated": (Tables, {"tables": {"orders": {**TABLE, "replicas": ["eu-central-1"]}}}),
    "tracing": (Tracing, TRACING),
    "tracing, one layer": (Tracing, {**TRACING, "max_replicas": 1, "min_replicas": 1}),
    "tracing, X-Ray": (Tracing, {**TRACING, "backend": "xray", "auto_instrumentation": True}),
    "worker": (
        stateless(Worker),
        {**WORKLOAD, "queue": {"name": "mails"}, "beat": ["celery", "beat"]},
    ),
}


CONFIGURED: Mapping[str, Configuration] = {
    "kafka": {"kafka-topic-used": {"readElsewhere": ["*"], "writtenElsewhere": ["*"]}},
    "scans": {"lambda-concurrency-reserved": {"shared": {"it-compare": "runs once for a scan"}}},
    "service, for everybody": {"minimum-replicas": {"replicas": 1}},
}
"""What who has only such a shape tells the pack."""


def failures(shape: str, **more: object) -> list[str]:
    component, args = SHAPES[shape]
    made = build(lambda: component("it", cast("Any", {**COMMON, **args, **more})))
    return complaints(made.resources, CONFIGURED.get(shape))


@pytest.mark.parametrize("shape", SHAPES)
def test_no_component_violates_any_policy(shape: str) -> None:
    assert failures(shape) == []


def test_the_pack_sees_what_components_are_told() -> None:
    careless = failures("cache", protect=False, snapshot_retention_days=0, tags={})
    assert {message.split("\n")[1].split(":")[0] for message in careless} == {
        "backups-enabled",
        "deletion-protection",
        "required-tags",
    }
