"""The structural inputs of a `RabbitMq`, checked."""

import re

from pydantic import Field, field_validator

from components._base.errors import nearest
from components._base.logs import RetentionDays
from components._base.spec import Spec
from components._base.windows import CLOCK, DAYS
from components.rabbitmq.args import RabbitMqMode
from components.rabbitmq.versions import CONNECTIONS, DEFAULT_VERSION, UPGRADES

LONGEST_TIMEOUT = 2_147_483
"""Seconds; RabbitMQ counts milliseconds in 31 bits.

https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/configurable-values.html (2026-11), as
the range of the heartbeat.
"""

WEEKLY = re.compile(rf"({'|'.join(DAYS)}):{CLOCK}")


class RabbitMqSpec(Spec):
    """RabbitMQ on Amazon MQ: private, over TLS only."""

    mode: RabbitMqMode = RabbitMqMode.CLUSTER
    """How many nodes there are; a change replaces the broker."""
    version: str = DEFAULT_VERSION
    """RabbitMQ version; upgrades are in place, one step at a time, and there is no way back."""
    instance_type: str = "mq.m7g.large"
    """Type of each node."""
    consumer_timeout_seconds: int = Field(default=1800, ge=0, le=LONGEST_TIMEOUT)
    """Seconds after which a consumer that did not acknowledge loses its channel; 0: never."""
    heartbeat_seconds: int = Field(default=60, ge=60, le=3600)
    """Seconds of silence after which a connection is taken for dead."""
    maintenance_start: str = "sun:03:00"
    """Weekly time, UTC, from when on two hours are for patches and restarts."""
    apply_immediately: bool = False
    """Restart the nodes at once where a change needs it, not when maintenance starts."""
    log_retention_days: RetentionDays = 90
    """Days until a log record is deleted."""
    max_messages: int = Field(default=100_000, ge=1)
    """Alarm when more messages than these are in all queues together."""
    password_version: int = Field(default=1, ge=1)
    """Another number makes another password, which has to be set in RabbitMQ too."""
    protect: bool = False
    """Refuse to delete the broker, its key and its secret."""

    @field_validator("version")
    @classmethod
    def _known(cls, version: str) -> str:
        if version not in UPGRADES:
            patch = re.fullmatch(r"(\d+\.\d+)\.\d+", version)
            if patch and patch[1] in UPGRADES:
                raise ValueError(f"AWS chooses the patch; say '{patch[1]}'")
            raise ValueError(f"not known here; known versions: {', '.join(UPGRADES)}")
        return version

    @field_validator("instance_type")
    @classmethod
    def _offered(cls, instance_type: str) -> str:
        if instance_type not in CONNECTIONS:
            raise ValueError(nearest(instance_type, CONNECTIONS))
        return instance_type

    @field_validator("maintenance_start")
    @classmethod
    def _weekly(cls, start: str) -> str:
        if not WEEKLY.fullmatch(start.lower()):
            raise ValueError("a weekly time in UTC such as sun:03:00 is needed")
        return start.lower()
