"""What a `RabbitMq` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.spec import read_spec
from components.rabbitmq.args import RabbitMqArgs, RabbitMqMode
from components.rabbitmq.spec import RabbitMqSpec
from components.rabbitmq.versions import CHANNELS_PER_CONNECTION, CONNECTIONS

DAYS = {
    "mon": "MONDAY",
    "tue": "TUESDAY",
    "wed": "WEDNESDAY",
    "thu": "THURSDAY",
    "fri": "FRIDAY",
    "sat": "SATURDAY",
    "sun": "SUNDAY",
}

ALARMING_SHARE = 0.8
"""Of connections and channels: above it, it is time for larger nodes."""


@dataclass(frozen=True)
class RabbitMqPlan:
    """A broker, with nothing left to default."""

    mode: RabbitMqMode
    version: str
    instance_type: str
    configuration: str
    """As RabbitMQ takes it: a line for each setting."""
    maintenance_day: str
    """As Amazon MQ names it."""
    maintenance_time: str
    """`HH:MM`, UTC."""
    apply_immediately: bool
    log_retention_days: int
    max_connections: int
    """Connections above which there is an alarm."""
    max_channels: int
    """Channels above which there is an alarm."""
    max_messages: int
    """Messages above which there is an alarm."""
    password_version: int
    protect: bool


def plan_rabbitmq(args: RabbitMqArgs, owner: str = "RabbitMq") -> RabbitMqPlan:
    """Compute what `args` ask for.

    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    spec = read_spec(RabbitMqSpec, RabbitMqArgs, args, owner)
    day, time = spec.maintenance_start.split(":", 1)
    most = int(ALARMING_SHARE * CONNECTIONS[spec.instance_type])
    return RabbitMqPlan(
        mode=spec.mode,
        version=spec.version,
        instance_type=spec.instance_type,
        configuration=_configuration(spec),
        maintenance_day=DAYS[day],
        maintenance_time=time,
        apply_immediately=spec.apply_immediately,
        log_retention_days=spec.log_retention_days,
        max_connections=most,
        max_channels=most * CHANNELS_PER_CONNECTION,
        max_messages=spec.max_messages,
        password_version=spec.password_version,
        protect=spec.protect,
    )


def _configuration(spec: RabbitMqSpec) -> str:
    """Return the settings, sorted, so that equal ones never make a revision.

    What Amazon MQ lets be set, and recommends:
    https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/configurable-values.html (2026-11)
    """
    settings = {
        "consumer_timeout": spec.consumer_timeout_seconds * 1000,
        "heartbeat": spec.heartbeat_seconds,
        # clients must not lift the operator's policies, by which queues are replicated and bounded
        "management.restrictions.operator_policy_changes.disabled": "true",
        # a client that declares a queue as it was before it became a quorum queue is not cut off
        "quorum_queue.property_equivalence.relaxed_checks_on_redeclaration": "true",
        "secure.management.http.headers.enabled": "true",
    }
    return "".join(f"{key}={value}\n" for key, value in sorted(settings.items()))
