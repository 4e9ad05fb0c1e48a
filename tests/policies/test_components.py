"""Components in production: in every shape they offer, they pass the whole pack."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import pulumi
import pytest

from components.addons import Addons
from components.backup import Backup
from components.cache import Cache
from components.edge import Edge
from components.gateway import Gateway
from components.identity import Identity
from components.kafka import Kafka
from components.memcached import Memcached
from components.notifications import AlarmTopic
from components.rabbitmq import RabbitMq
from components.registry import Registry
from components.search import ElasticsearchCluster, OpenSearchDomain
from components.storage import Storage
from components.tables import Tables
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
TABLE = {"hash_key": {"name": "id"}}

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
    "kafka": (Kafka, {**KAFKA, "topics": {"orders": {}}}),
    "kafka, express": (Kafka, {**KAFKA, "mode": "express"}),
    "kafka, serverless": (Kafka, {**KAFKA, "mode": "serverless"}),
    "memcached": (Memcached, PLACE),
    "rabbitmq": (RabbitMq, PLACE),
    "registry": (
        Registry,
        {
            "repositories": {"orders": {"lambda_pull": True}},
            "caches": {"k8s": {"upstream": "kubernetes"}},
        },
    ),
    "search, Elasticsearch": (
        ElasticsearchCluster,
        {"cluster_name": "c", "availability_zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]},
    ),
    "search, OpenSearch": (OpenSearchDomain, PLACE),
    "search, OpenSearch with a password": (OpenSearchDomain, {**PLACE, "auth": "password"}),
    "storage": (Storage, {"buckets": {"uploads": {}, "exports": {"expire_days": 30}}}),
    "tables": (Tables, {"tables": {"orders": TABLE}}),
    "tables, replicated": (Tables, {"tables": {"orders": {**TABLE, "replicas": ["eu-central-1"]}}}),
}


def failures(shape: str, **more: object) -> list[str]:
    component, args = SHAPES[shape]
    made = build(lambda: component("it", cast("Any", {**COMMON, **args, **more})))
    return complaints(made.resources)


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
