"""What `Metrics` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class MonitoredPart(str, Enum):
    """Parts of the platform whose metrics are read, where they are installed."""

    CERT_MANAGER = "certManager"
    """cert-manager and trust-manager."""
    EXTERNAL_DNS = "externalDns"
    EXTERNAL_SECRETS = "externalSecrets"
    ECK = "eck"
    """The operator of Elasticsearch."""
    KARPENTER = "karpenter"
    KEDA = "keda"
    KONG = "kong"
    """The gateway and its controller."""
    LINKERD = "linkerd"
    """The control plane, and the proxy of every meshed pod."""
    LOAD_BALANCER_CONTROLLER = "loadBalancerController"


class CloudWatchService(str, Enum):
    """Services of AWS whose CloudWatch metrics are copied into Prometheus."""

    ALB = "alb"
    API_GATEWAY = "apiGateway"
    DYNAMO_DB = "dynamoDb"
    ELASTI_CACHE = "elastiCache"
    LAMBDA = "lambda"
    MQ = "mq"
    """Amazon MQ for RabbitMQ."""
    MSK = "msk"
    OPEN_SEARCH = "openSearch"
    SQS = "sqs"


class PrometheusArgs(TypedDict):
    """The Prometheus in the cluster."""

    replicas: NotRequired[int]
    """Pods that read everything, each in a zone of its own: 1 or 2. Default: 2."""
    retention_days: NotRequired[int]
    """Days that samples are kept, 1 to 365. Default: 15."""
    disk_gib: NotRequired[int]
    """GiB of each pod's volume, 5 to 16384; the oldest samples go when 80 % of it are used.
    Default: 100."""
    cpu_millis: NotRequired[int]
    """Thousandths of a core that a pod is sure to get, 50 to 64000. Default: 500."""
    memory_mib: NotRequired[int]
    """MiB of memory that a pod is sure to get, 256 to 524288; it is killed at half as much again.
    Default: 4096."""


class AlertmanagerArgs(TypedDict):
    """The Alertmanager in the cluster."""

    replicas: NotRequired[int]
    """Pods that tell each other what has been sent, 1 to 3. Default: 3."""
    critical_repeat_hours: NotRequired[int]
    """Hours until a page that nobody ended is sent again, 1 to 24. Default: 4."""
    warning_repeat_hours: NotRequired[int]
    """Hours until a ticket is, 1 to 168. Default: 24."""


class SlackReceiverArgs(TypedDict):
    """A Slack channel that alerts are posted to."""

    secret_arn: str
    """ARN of the secret of Secrets Manager that holds the incoming webhook's URL, as plain text."""
    channel: str
    """The channel, with its `#`."""


class PagerDutyReceiverArgs(TypedDict):
    """A service of PagerDuty that critical alerts open incidents in."""

    secret_arn: str
    """ARN of the secret with the integration key of its Events API v2, as plain text."""


class HeartbeatReceiverArgs(TypedDict):
    """A service outside that raises the alarm when it hears nothing for a while."""

    secret_arn: str
    """ARN of the secret with the URL that is called every few minutes, as plain text."""


class ManagedPrometheusArgs(TypedDict):
    """A workspace of Amazon Managed Service for Prometheus that gets every sample too."""

    log_retention_days: NotRequired[int]
    """Days until its log is deleted, one of those that CloudWatch Logs takes. Default: 90."""


class CloudWatchMetricsArgs(TypedDict):
    """CloudWatch metrics in Prometheus, of resources that carry the platform's own tags."""

    services: Sequence[CloudWatchService]
    """Whose metrics."""
    period_seconds: NotRequired[int]
    """Seconds between two values, 60 to 3600, in minutes: each request costs. Default: 300."""


class ElasticsearchMetricsArgs(TypedDict):
    """Elasticsearch in the cluster, whose state an exporter beside it shows Prometheus."""

    endpoint: pulumi.Input[str]
    """URL of its REST API (`ElasticsearchCluster.endpoint`)."""
    ca_secret: pulumi.Input[str]
    """Kubernetes secret with its `ca.crt`, as `namespace/name`; the exporter runs there."""
    monitoring_secret: pulumi.Input[str]
    """Kubernetes secret with `username` and `password`, likewise
    (`ElasticsearchCluster.monitoring_secret`)."""


class MetricsArgs(TypedDict):
    """Inputs of `Metrics`."""

    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster; also the label `cluster` of all that leaves Prometheus."""
    namespace: pulumi.Input[str]
    """Namespace of all of it (`Observability.namespace`)."""
    agents_namespace: pulumi.Input[str]
    """Namespace of the node exporter (`Observability.agents_namespace`)."""
    storage_class: pulumi.Input[str]
    """StorageClass of the volumes (`Addons.storage_class`)."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of whatever has to be there before: `Observability.ready`,
    `Addons.cert_manager_namespace` for the webhook's certificate, `Addons.node_class`."""
    secret_store: NotRequired[pulumi.Input[str]]
    """Name of the ClusterSecretStore for receivers' secrets (`Addons.secret_store_name`). Needed
    with `slack`, `pagerduty` or `heartbeat`."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """The SNS topic that gets critical alerts and warnings. Default: none."""
    alarm_topic_key_arn: NotRequired[pulumi.Input[str]]
    """The key by which the topic is encrypted. Default: it is not, or by AWS's own."""
    kafka_brokers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Host names of MSK brokers with open monitoring (`Kafka.broker_hosts`). Default: none."""
    elasticsearch: NotRequired[ElasticsearchMetricsArgs]
    """Elasticsearch in the cluster. Default: none."""
    parts: NotRequired[Sequence[MonitoredPart]]
    """Parts of the platform that are installed and read. Default: those of the add-ons."""
    prometheus: NotRequired[PrometheusArgs]
    """The Prometheus in the cluster."""
    alertmanager: NotRequired[AlertmanagerArgs]
    """The Alertmanager in the cluster."""
    slack: NotRequired[SlackReceiverArgs]
    """Gets critical alerts and warnings. Default: none."""
    pagerduty: NotRequired[PagerDutyReceiverArgs]
    """Gets critical alerts. Default: none."""
    heartbeat: NotRequired[HeartbeatReceiverArgs]
    """Is called while alerting works. Default: none."""
    managed_prometheus: NotRequired[ManagedPrometheusArgs]
    """A workspace that gets every sample too. Default: none."""
    cloudwatch: NotRequired[CloudWatchMetricsArgs]
    """CloudWatch metrics in Prometheus. Default: none."""
    query_namespaces: NotRequired[Sequence[str]]
    """Other namespaces whose pods may query Prometheus, which asks nobody for a password. Default:
    `keda`, which scales by it, and `linkerd-viz`."""
    mirror: NotRequired[str]
    """A registry with all charts and images; see `docs/private-registry.md`. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete the workspace and what it is encrypted with. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS; with `cloudwatch`, `project` and `environment` are needed."""
