"""The structural inputs of `Logging`, checked."""

import re

from pydantic import Field, field_validator, model_validator

from components._base.logs import RetentionDays
from components._base.names import checked_namespaces
from components._base.spec import Spec

FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")


class LoggingElasticsearchSpec(Spec):
    """How long lines are kept in Elasticsearch, and in what."""

    rollover_gib: int = Field(50, ge=1, le=50)
    """GiB at which a new index is begun."""
    rollover_days: int = Field(1, ge=1, le=30)
    """Days after which a new index is begun all the same."""
    warm_days: int = Field(2, ge=1, le=365)
    """Days after that until an index is merged and takes no more lines."""
    delete_days: int = Field(30, ge=2, le=3650)
    """Days after that until an index is deleted."""
    replicas: int = Field(1, ge=0, le=2)
    """Copies of each index beside the first; 0: a lost node is lost lines."""
    password_version: int = Field(1, ge=1)
    """Another number makes another password of the user that writes."""

    @model_validator(mode="after")
    def _in_order(self) -> "LoggingElasticsearchSpec":
        if self.delete_days <= self.warm_days:
            raise ValueError(
                f"delete_days {self.delete_days} must be more than warm_days {self.warm_days}"
            )
        return self


class LoggingCloudWatchSpec(Spec):
    """How long lines are kept in CloudWatch."""

    retention_days: RetentionDays = 30
    """Days, of those that CloudWatch Logs accepts."""


class LoggingSpec(Spec):
    """Logs of all containers, read on each node, to Elasticsearch and CloudWatch."""

    elasticsearch: LoggingElasticsearchSpec | None = None
    """Send lines to the stack's Elasticsearch; left out: no."""
    cloudwatch: LoggingCloudWatchSpec | None = None
    """Send lines to a log group in CloudWatch; left out: no."""
    exclude_namespaces: tuple[str, ...] = ()
    """Namespaces whose lines are not read."""
    drop_probes: bool = True
    """Drop access lines of health probes."""
    secret_fields: tuple[str, ...] = ()
    """Names of fields whose values are hidden, beside those of passwords, tokens and the like."""
    lines_per_second: int = Field(0, ge=0, le=1_000_000)
    """Lines that a node sends at most; what is over that is dropped. 0: all."""
    buffer_mib: int = Field(2048, ge=64, le=102_400)
    """MiB of a node's disk for lines while a sink is away, for each sink."""
    metrics_namespaces: tuple[str, ...] = ("observability",)
    """Namespaces whose pods may read the agents' metrics."""
    monitored: bool = False
    """Create a PodMonitor, whose definition has to be there before."""
    protect: bool = False
    """Refuse to delete the log group and its key."""

    @model_validator(mode="after")
    def _goes_somewhere(self) -> "LoggingSpec":
        if not (self.elasticsearch or self.cloudwatch):
            raise ValueError("one of elasticsearch and cloudwatch is needed, and both are allowed")
        return self

    @field_validator("exclude_namespaces", "metrics_namespaces")
    @classmethod
    def _namespaces(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return checked_namespaces(names)

    @field_validator("secret_fields")
    @classmethod
    def _fields(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [name for name in names if not FIELD.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"letters, digits and _.- are allowed, a letter first: {', '.join(wrong)}"
            )
        return names
