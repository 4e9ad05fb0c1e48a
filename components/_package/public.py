"""What the package is called, and every component that is in it."""

from pulumi import ComponentResource

from components.addons import Addons
from components.alerts import Alerts
from components.backup import Backup
from components.cache import Cache
from components.cluster import Cluster
from components.edge import Edge
from components.gateway import Gateway
from components.grafana import Grafana
from components.identity import Identity
from components.kafka import Kafka
from components.logging import Logging
from components.memcached import Memcached
from components.mesh import Mesh
from components.metrics import Metrics
from components.network import Network
from components.notifications import AlarmTopic
from components.observability import Observability
from components.rabbitmq import RabbitMq
from components.registry import Registry
from components.scans import SecurityScans
from components.search import ElasticsearchCluster, OpenSearchDomain
from components.serverless import ServerlessApi
from components.service import FastApiService, ScheduledJob, ServiceNamespace, Worker
from components.storage import Storage
from components.tables import Tables
from components.tracing import Tracing

NAME = "fastapi-platform"
"""First part of every type, e.g. `fastapi-platform:index:Network`."""

VERSION = "0.1.0"
"""As in pyproject.toml. The engine asks the provider for it, not the files beside it."""

PUBLIC: tuple[type[ComponentResource], ...] = (
    *(AlarmTopic, Backup, Cluster, Edge, Identity, Network, Registry, ServerlessApi),
    *(Cache, Kafka, Memcached, OpenSearchDomain, RabbitMq, Storage, Tables),
    *(Addons, ElasticsearchCluster, Gateway, Mesh, SecurityScans),
    *(Alerts, Grafana, Logging, Metrics, Observability, Tracing),
    *(FastApiService, ScheduledJob, ServiceNamespace, Worker),
)
"""In AWS; data services; in the cluster; what watches; what runs."""

INTERNAL: dict[type[ComponentResource], str] = {}
"""Components that other languages do not get, each with the reason."""
