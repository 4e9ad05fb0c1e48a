"""The structural inputs of an `ElasticsearchCluster`, checked."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from components._base.spec import Spec
from components.search.opensearch_spec import quoted
from components.search.versions import DEFAULT_ELASTIC, ELASTIC_RELEASES

NAMESPACE = re.compile(r"[a-z]([a-z0-9-]{0,40}[a-z0-9])?")
"""A DNS label, with room for what is put in front of it."""

INDEX_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]*\*?")
"""Never a lone `*`: that would take in Elasticsearch's own indices."""

CRON = re.compile(r"\S+( \S+){4,5} \S+")
"""Six or seven fields, the first of them seconds.

https://www.elastic.co/docs/explore-analyze/alerts-cases/watcher/schedule-types (2026-11)
"""

READER = re.compile(r"[a-z][a-z0-9-]{0,29}")
TAKEN = ("application", "elastic", "kibana", "monitoring", "roles", "user")
"""Users that there are, and names of objects beside them."""

POLICY_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")


def _known(version: str) -> str:
    if version not in ELASTIC_RELEASES:
        raise ValueError(f"allowed: {', '.join(ELASTIC_RELEASES)}")
    return version


ElasticVersion = Annotated[str, BeforeValidator(quoted), AfterValidator(_known)]


class ElasticsearchNodesSpec(Spec):
    """The nodes of Elasticsearch: each holds data and can lead."""

    per_zone: int = Field(1, ge=1, le=20)
    """Number of nodes in each zone."""
    cpu: float = Field(1, ge=0.25, le=64)
    """Cores that a node is sure to get."""
    memory_gib: int = Field(4, ge=2, le=64)
    """GiB of memory of a node, half of it heap."""
    disk_gib: int = Field(100, ge=10, le=16384)
    """GiB of encrypted gp3 of a node; it can grow, and never shrinks."""


class ElasticsearchSnapshotsSpec(Spec):
    """Snapshots of all indices in S3."""

    schedule: str = "0 30 1 * * ?"
    """When, as Elasticsearch's cron with seconds, UTC."""
    keep_days: int = Field(30, ge=1, le=3650)
    """Days until a snapshot is deleted."""
    keep_least: int = Field(5, ge=1, le=1000)
    """Snapshots that are kept however old they are."""

    @field_validator("schedule")
    @classmethod
    def _with_seconds(cls, schedule: str) -> str:
        if not CRON.fullmatch(schedule):
            raise ValueError("six fields are needed, seconds first, e.g. '0 30 1 * * ?'")
        return schedule


class IndexLifecycleSpec(Spec):
    """What becomes of an index that names this policy."""

    rollover_gib: int = Field(50, ge=1, le=100)
    """GiB of a primary shard at which a new index is begun."""
    rollover_days: int = Field(1, ge=1, le=365)
    """Days after which a new index is begun all the same."""
    delete_days: int = Field(30, ge=1, le=3650)
    """Days after that until the index is deleted."""


def _logs() -> dict[str, IndexLifecycleSpec]:
    return {"logs": IndexLifecycleSpec()}  # pyright: ignore[reportCallIssue]


class ElasticsearchSpec(Spec):
    """Elasticsearch and Kibana on the cluster, run by ECK."""

    version: ElasticVersion = DEFAULT_ELASTIC
    """Version of Elasticsearch and Kibana."""
    namespace: str = "search"
    """Kubernetes namespace, which is created."""
    zones: int = 3
    """Zones over which the nodes are spread: 1 or 3."""
    nodes: ElasticsearchNodesSpec = ElasticsearchNodesSpec()  # pyright: ignore[reportCallIssue]
    """Size and number of the nodes."""
    kibana_replicas: int = Field(2, ge=0, le=5)
    """Number of Kibana's pods."""
    index_patterns: tuple[str, ...] = ("app-*",)
    """Indices that the user `application` may create, read and write."""
    readers: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Users who may read and no more, each with patterns of indices."""
    password_version: int = Field(1, ge=1)
    """Another number makes other passwords of these users."""
    snapshots: ElasticsearchSnapshotsSpec = ElasticsearchSnapshotsSpec()  # pyright: ignore[reportCallIssue]
    """Snapshots of all indices in S3."""
    lifecycles: dict[str, IndexLifecycleSpec] = Field(default_factory=_logs)
    """Index lifecycle policies by name, for indices that name one."""
    client_namespaces: tuple[str, ...] = ()
    """Namespaces whose pods may connect; default: none but its own."""
    protect: bool = False
    """Refuse to delete Elasticsearch, its snapshots, its key and its secret; keep its volumes."""

    @field_validator("zones")
    @classmethod
    def _majority(cls, zones: int) -> int:
        if zones not in (1, 3):
            raise ValueError("1 or 3 allowed: of two zones, the loss of one may leave no majority")
        return zones

    @field_validator("namespace")
    @classmethod
    def _one_namespace(cls, name: str) -> str:
        return _namespaces((name,))[0]

    @field_validator("client_namespaces")
    @classmethod
    def _all_namespaces(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _namespaces(names)

    @field_validator("readers")
    @classmethod
    def _names(cls, readers: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        wrong = [name for name in readers if not READER.fullmatch(name) or name in TAKEN]
        if wrong:
            raise ValueError(
                f"{', '.join(wrong)}: small letters, digits and hyphens, at most 30, a letter "
                f"first, but none of {', '.join(TAKEN)}"
            )
        empty = [name for name, patterns in readers.items() if not patterns]
        if empty:
            raise ValueError(f"{', '.join(empty)}: patterns of indices are needed")
        return readers

    @field_validator("index_patterns")
    @classmethod
    def _not_everything(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [pattern for pattern in patterns if not INDEX_PATTERN.fullmatch(pattern)]
        if wrong or not patterns:
            raise ValueError(
                "one or more names of indices are needed, of small letters, digits and .-_, which "
                f"may end in *: {', '.join(wrong) or 'none given'}"
            )
        return patterns

    @field_validator("lifecycles")
    @classmethod
    def _named(cls, policies: dict[str, IndexLifecycleSpec]) -> dict[str, IndexLifecycleSpec]:
        wrong = [name for name in policies if not POLICY_NAME.fullmatch(name)]
        if wrong:
            raise ValueError(f"no names of small letters, digits and hyphens: {', '.join(wrong)}")
        return policies


def _namespaces(names: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [name for name in names if not NAMESPACE.fullmatch(name) or name.startswith("kube-")]
    if wrong:
        raise ValueError(f"no names of namespaces for workloads: {', '.join(wrong)}")
    return names
