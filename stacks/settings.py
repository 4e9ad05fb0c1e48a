"""What can be set in a stack file: one tree of checked settings under `platform:`.

A section is the input spec of the component that it configures, so a stack file is checked by the
component's own rules before anything runs. A new component adds one line to `Settings`.
"""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from components._base.spec import Spec
from components.addons import AddonsSpec
from components.alerts import AlertsSettings
from components.backup import BackupSpec
from components.cache import CacheSpec
from components.cluster import ClusterSpec
from components.edge import EdgeSpec
from components.gateway import GatewaySpec
from components.grafana import GrafanaSpec
from components.identity import IdentitySpec
from components.kafka import KafkaSpec, zone_problems
from components.logging import LoggingSpec
from components.memcached import MemcachedSpec
from components.mesh import MeshSpec, node_problems
from components.metrics import MetricsSpec
from components.network import NetworkSpec
from components.notifications import AlarmTopicSpec
from components.rabbitmq import RabbitMqSpec
from components.registry import RegistrySpec
from components.scans import SecurityScansSpec
from components.search import ElasticsearchSpec, SearchSpec
from components.service import FastApiServiceSpec, ScheduledJobSpec, WorkerSpec
from components.storage import StorageSpec
from components.tables import TablesSpec
from components.tracing import TracingSpec
from stacks.exemptions import ExemptionSpec
from stacks.roles import RolesSpec
from stacks.serverless_spec import StackServerlessSpec

TAG_VALUE = re.compile(r"(?=.*\S)[A-Za-z0-9 _.:/=+@-]{1,256}")
TAG_KEY = re.compile(r"(?!aws:)(?=.*\S)[A-Za-z0-9 _.:/=+@-]{1,128}", re.IGNORECASE)
"""Characters that every AWS service takes in a tag.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html (2026-11)
"""

MOST_EXTRA_TAGS = 40
"""AWS allows 50 on a resource; the rest is for the platform, and for controllers in the cluster."""

PLATFORM_TAGS: Sequence[str] = (
    *("cost-center", "environment", "managed-by", "name", "owner", "project"),
)

NAMESPACE = "services"
"""Where services, workers and jobs run."""

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d", re.ASCII)

GUARD_ENTRY = re.compile(r"(urn:pulumi:.+|[\w-]+:[\w./-]+:\w+)::.+")


def _tag_value(value: str) -> str:
    if not TAG_VALUE.fullmatch(value):
        raise ValueError("1 to 256 letters, digits, spaces and _.:/=+@- allowed, not all spaces")
    return value


TagValue = Annotated[
    str,
    AfterValidator(_tag_value),
    WithJsonSchema({"type": "string", "pattern": f"^{TAG_VALUE.pattern}$"}),
]


class TagsSpec(Spec):
    """Tags of every resource: who owns it and what it belongs to."""

    owner: TagValue
    """Team that is called when something is wrong, e.g. `platform-team`."""
    environment: TagValue
    """What the stack is for, e.g. `prod`."""
    project: TagValue = "fastapi-platform"
    """What the resources belong to."""
    cost_center: TagValue | None = None
    """Where the cost is booked; default: no such tag."""
    extra: dict[str, TagValue] = Field(default_factory=dict[str, str])
    """Any further tags, by key."""

    @field_validator("extra")
    @classmethod
    def _free_keys(cls, extra: dict[str, str]) -> dict[str, str]:
        taken: dict[str, str] = dict.fromkeys(("name", "managed-by", "cost-center"), "the platform")
        taken |= dict.fromkeys(("owner", "environment", "project"), "the platform")
        for key in extra:
            if not TAG_KEY.fullmatch(key):
                raise ValueError(
                    f"{key!r} is no tag key: 1 to 128 letters, digits, spaces and _.:/=+@-, "
                    "not starting with 'aws:'"
                )
            # IAM takes keys that differ in case only for the same one.
            if key.lower() in taken:
                raise ValueError(f"{key!r} is already set by {taken[key.lower()]}")
            taken[key.lower()] = repr(key)
        if len(extra) > MOST_EXTRA_TAGS:
            raise ValueError(f"{len(extra)} tags; at most {MOST_EXTRA_TAGS} allowed")
        return extra

    def as_tags(self) -> dict[str, str]:
        """Return the tags for components."""
        booked = {"cost-center": self.cost_center} if self.cost_center else {}
        return {
            **self.extra,
            **booked,
            "environment": self.environment,
            "managed-by": "pulumi",
            "owner": self.owner,
            "project": self.project,
        }


class Settings(Spec):
    """The `platform:` configuration of a stack."""

    region: str
    """AWS region, from the provider's own key `aws:region`."""
    tags: TagsSpec
    """Tags of every resource."""
    protect: bool = False
    """Refuse to delete or replace what holds data or carries everything else. On in production."""
    allow_replacement: tuple[str, ...] = ()
    """Stateful resources that may be replaced or deleted, as `type::name` or URN.

    Empty but for the one deployment that needs it."""
    exemptions: tuple[ExemptionSpec, ...] = ()
    """Policies that need not hold of some resources, each with an owner and an end."""
    roles: RolesSpec | None = None
    """Path and permissions boundary of each IAM role that is made; left out: neither."""
    network: NetworkSpec
    """The VPC and its subnets."""
    cluster: ClusterSpec = ClusterSpec()
    """The Kubernetes cluster."""
    addons: AddonsSpec | None = None
    """What every cluster needs before services: nodes, certificates, secrets; left out: none."""
    mesh: MeshSpec | None = None
    """Linkerd; needs addons; left out: none."""
    gateway: GatewaySpec | None = None
    """Kong; needs addons and mesh; left out: none."""
    edge: EdgeSpec | None = None
    """Load balancer, certificate and firewall in front of the gateway; left out: none."""
    identity: IdentitySpec | None = None
    """Who issues the callers' tokens; left out: nobody."""
    dns_zones: dict[str, str] = Field(default_factory=dict[str, str])
    """Ids of public Route 53 zones by domain, for names and certificates of what runs in the
    cluster; default: none."""
    mirror: str = Field("", pattern=r"^([a-z0-9.:/_-]*[a-z0-9])?$")
    """Registry with all charts and images, see docs/private-registry.md; empty: the public ones."""
    alarms: AlarmTopicSpec = AlarmTopicSpec()
    """Who is told of alarms."""
    cache: CacheSpec | None = None
    """Valkey or Redis; left out: none."""
    kafka: KafkaSpec | None = None
    """Kafka brokers and topics; left out: none."""
    memcached: MemcachedSpec | None = None
    """Memcached, for what may be lost at any time; left out: none."""
    rabbitmq: RabbitMqSpec | None = None
    """RabbitMQ broker for task queues; left out: none."""
    registry: RegistrySpec | None = None
    """Repositories for container images; left out: none."""
    search: SearchSpec | None = None
    """Elasticsearch on the cluster, or an OpenSearch domain; left out: none."""
    storage: StorageSpec | None = None
    """Buckets; left out: none."""
    tables: TablesSpec | None = None
    """DynamoDB tables; left out: none."""
    backup: BackupSpec | None = None
    """Vault and plan for buckets and tables; left out: none."""
    metrics: MetricsSpec | None = None
    """Prometheus and Alertmanager; needs addons; left out: none."""
    tracing: TracingSpec | None = None
    """Collectors, and where traces are kept; needs addons; left out: nothing is traced."""
    logging: LoggingSpec | None = None
    """What reads all containers' logs; needs addons; left out: they stay on the nodes."""
    grafana: GrafanaSpec | None = None
    """Dashboards of it all; needs metrics; left out: none."""
    alerts: AlertsSettings | None = None
    """Alerts of services and of the platform's parts; needs metrics; left out: none."""

    services: dict[str, FastApiServiceSpec] = Field(default_factory=dict[str, FastApiServiceSpec])
    """FastAPI services by name."""
    workers: dict[str, WorkerSpec] = Field(default_factory=dict[str, WorkerSpec])
    """Workers by name: Celery, RQ, or consumers of Kafka."""
    jobs: dict[str, ScheduledJobSpec] = Field(default_factory=dict[str, ScheduledJobSpec])
    """What runs to its end by a schedule, by name."""
    scans: SecurityScansSpec | None = None
    """Security scans of the public services; need edge.domain; left out: none."""
    serverless: dict[str, StackServerlessSpec] = Field(
        default_factory=dict[str, StackServerlessSpec]
    )
    """FastAPI on Lambda, by name."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names under which the services' routes are found: all but Grafana's."""
        domain = self.edge.domain if self.edge else None
        dashboards = self.grafana.host if self.grafana else None
        names = domain.names if domain else (f"api.{self.tags.environment}.internal",)
        return tuple(name for name in names if name != dashboards)

    @property
    def elasticsearch(self) -> ElasticsearchSpec | None:
        """The search, if it is Elasticsearch on the cluster; None without one, or with a domain."""
        return self.search.in_cluster if self.search else None

    @property
    def watched(self) -> bool:
        """Whether anything of the cluster is measured, traced or collected."""
        return any((self.metrics, self.tracing, self.logging))

    @property
    def common(self) -> dict[str, object]:
        """Return the inputs that every component takes."""
        return {"tags": self.tags.as_tags(), "protect": self.protect}

    @property
    def backup_tags(self) -> dict[str, str]:
        """Return the tag that puts a resource in the first backup plan."""
        plans = self.backup.plans if self.backup else {}
        return {"backup": next(iter(plans))} if plans else {}

    @field_validator("region")
    @classmethod
    def _names_a_region(cls, region: str) -> str:
        if not REGION.fullmatch(region):
            raise ValueError("an AWS region such as eu-west-1 is needed")
        return region

    @field_validator("allow_replacement")
    @classmethod
    def _names_resources(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        for entry in entries:
            if not GUARD_ENTRY.fullmatch(entry):
                raise ValueError(
                    f"{entry!r} names no resource; write TYPE::NAME, "
                    "e.g. aws:eks/cluster:Cluster::cluster-eks"
                )
        return entries

    @field_validator("network")
    @classmethod
    def _in_the_region(cls, network: NetworkSpec, info: ValidationInfo) -> NetworkSpec:
        region: str | None = info.data.get("region")
        zones = network.availability_zones or ()
        elsewhere = [zone for zone in zones if region and zone[:-1] != region]
        if elsewhere:
            raise ValueError(f"availabilityZones: {', '.join(elsewhere)}: not in {region}")
        return network

    @field_validator("kafka")
    @classmethod
    def _in_the_zones(cls, kafka: KafkaSpec | None, info: ValidationInfo) -> KafkaSpec | None:
        network: NetworkSpec | None = info.data.get("network")
        if not kafka or not network:
            return kafka
        problems = zone_problems(kafka, network.zones)
        if problems:
            raise ValueError("; ".join(problems))
        return kafka

    @field_validator("search")
    @classmethod
    def _search_in_the_zones(
        cls, search: SearchSpec | None, info: ValidationInfo
    ) -> SearchSpec | None:
        network: NetworkSpec | None = info.data.get("network")
        if search and network and search.chosen.zones > network.zones:
            raise ValueError(
                f"{search.engine.value}.zones: {search.chosen.zones}, "
                f"but the network has {network.zones}"
            )
        return search

    @field_validator("mesh")
    @classmethod
    def _mesh_stands(cls, mesh: MeshSpec | None, info: ValidationInfo) -> MeshSpec | None:
        if mesh and not info.data.get("addons"):
            raise ValueError("needs the section addons, whose cert-manager issues certificates")
        cluster: ClusterSpec | None = info.data.get("cluster")
        problems = node_problems(mesh, cluster.system_nodes.min_size) if mesh and cluster else []
        if problems:
            raise ValueError("; ".join(problems))
        return mesh

    @field_validator("gateway")
    @classmethod
    def _gateway_stands(
        cls, gateway: GatewaySpec | None, info: ValidationInfo
    ) -> GatewaySpec | None:
        missing = [name for name in ("addons", "mesh") if not info.data.get(name)]
        if gateway and missing:
            raise ValueError(f"needs {' and '.join(missing)} too")
        return gateway
