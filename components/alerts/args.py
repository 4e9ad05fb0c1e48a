"""What `Alerts` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi

from components.service.args import SloArgs


class AlertPart(str, Enum):
    """A part of the platform that has alerts."""

    WORKLOADS = "workloads"
    """Whatever runs in the cluster."""
    MONITORING = "monitoring"
    """What watches."""
    NODES = "nodes"
    """Karpenter."""
    CERTIFICATES = "certificates"
    """cert-manager."""
    SECRETS = "secrets"
    """External Secrets."""
    SCALING = "scaling"
    """KEDA."""
    MESH = "mesh"
    """Linkerd."""
    GATEWAY = "gateway"
    """Kong."""
    EDGE = "edge"
    """The load balancer and its firewall."""
    CACHE = "cache"
    """ElastiCache."""
    KAFKA = "kafka"
    """MSK, and dead letters of services."""
    RABBITMQ = "rabbitmq"
    """Amazon MQ."""
    ELASTICSEARCH = "elasticsearch"
    """Elasticsearch on the cluster."""
    OPENSEARCH = "opensearch"
    """An OpenSearch domain."""
    TABLES = "tables"
    """DynamoDB."""
    SERVERLESS = "serverless"
    """Lambda functions and their queues."""
    COLLECTORS = "collectors"
    """OpenTelemetry collectors."""
    LOGGING = "logging"
    """Fluent Bit."""


class AlertedServiceArgs(TypedDict):
    """A service, as far as its alerts go."""

    slo: NotRequired[SloArgs]
    """What it promises. Default: as of `FastApiService`."""


class AlertedWorkerArgs(TypedDict):
    """A worker, as far as its alerts go."""

    per_pod: NotRequired[int]
    """Tasks or records that may wait for one pod. Default: 20."""
    most: NotRequired[int]
    """Pods under load. Default: 10."""
    scaled: NotRequired[bool]
    """Whether KEDA scales it, and so knows how much waits. Default: true."""


class AlertsArgs(TypedDict):
    """Inputs of `Alerts`."""

    namespace: pulumi.Input[str]
    """Where the rules are: `Observability.namespace`."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of what has to be there first: `Observability.ready`, which defines PrometheusRules.
    Default: nothing."""
    runbook_url: NotRequired[str]
    """URL below which this repository's files are shown, e.g.
    `https://github.com/acme/platform/blob/main`. Default: alerts name the file."""
    disabled: NotRequired[Sequence[str]]
    """Names of alerts that are not wanted. Default: none."""
    parts: NotRequired[Sequence[AlertPart]]
    """What the stack has. Default: workloads and monitoring."""
    services: NotRequired[Mapping[str, AlertedServiceArgs]]
    """Services by name. Default: none."""
    workers: NotRequired[Mapping[str, AlertedWorkerArgs]]
    """Workers by name. Default: none."""
    services_namespace: NotRequired[str]
    """Where they run. Default: `services`."""
    protect: NotRequired[bool]
    """Taken as by every component; rules hold no data, so it protects nothing. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS, of which there is none: all is in the cluster."""
