"""The runtime contract's sections of the data services; a service names those that it uses."""

from enum import Enum
from typing import Annotated

from pydantic import Field, SecretStr

from platform_runtime.settings import Seconds, Section

Url = Annotated[str, Field(pattern=r"^https?://\S+$")]


class CacheSettings(Section):
    """Valkey or Redis."""

    url: str = Field(
        pattern=r"^rediss?://[^@]+$", description="`rediss://HOST:6379`; without credentials"
    )
    username: str = Field(default="", description="User, from the cache's secret; empty: none")
    password: SecretStr = Field(default=SecretStr(""), description="Its password")
    secret_arn: str = Field(
        default="",
        pattern=r"^(arn:[\w:/+=,.@-]+)?$",
        description="A Lambda function's instead of both: the secret, which it reads itself",
    )
    timeout_seconds: Seconds = Field(
        default=0.25, description="For one command; then the cache is skipped"
    )
    ttl_seconds: Seconds = Field(default=60, description="A value is fresh for so long")
    stale_seconds: float = Field(
        default=600,
        ge=0,
        description="And may be served for so much longer when its source is down",
    )


class KafkaAuth(str, Enum):
    """How a client shows who it is."""

    IAM = "iam"
    NONE = "none"


class KafkaSettings(Section):
    """Kafka on MSK."""

    bootstrap_servers: str = Field(
        min_length=1, description="`HOST:PORT` of some brokers, separated by commas"
    )
    auth: KafkaAuth = Field(
        default=KafkaAuth.IAM,
        description="`iam`: SASL_SSL with the pod's role; `none`: plain, local only",
    )
    region: str = Field(default="eu-west-1", description="Of the cluster, for the token")
    group: str = Field(default="", description="Consumer group; default: the service's name")
    attempts: int = Field(
        default=5, ge=1, le=20, description="Tries of one record before it becomes a dead letter"
    )


class SearchSettings(Section):
    """Elasticsearch."""

    url: Url = Field(description="`https://HOST:9200`")
    username: str = Field(default="", description="User; empty: no authentication, local only")
    password: SecretStr = Field(default=SecretStr(""), description="Its password")
    ca_file: str = Field(default="", description="PEM of the authority; default: the system's")
    timeout_seconds: Seconds = Field(default=2, description="For one search")


class TablesSettings(Section):
    """DynamoDB. Credentials come from the pod's role."""

    orders: str = Field(min_length=1, description="Name of the table `orders`")
    region: str = Field(default="eu-west-1", description="Region")
    endpoint_url: str = Field(default="", description="Another endpoint, local only")
    timeout_seconds: Seconds = Field(default=2, description="For one call")


class BucketsSettings(Section):
    """S3. Credentials come from the pod's role."""

    uploads: str = Field(min_length=1, description="Name of the bucket `uploads`")
    region: str = Field(default="eu-west-1", description="Region")
    endpoint_url: str = Field(default="", description="Another endpoint, local only")
    timeout_seconds: Seconds = Field(default=10, description="For one call")


class RabbitmqSettings(Section):
    """RabbitMQ, the broker of Celery's workers."""

    url: SecretStr = Field(description="`amqps://USER:PASSWORD@HOST:5671`; from its secret")
    queue: str = Field(default="notifications", description="Queue of the worker")


class PeerSettings(Section):
    """Other services that this one calls."""

    catalog_url: Url = Field(description="`http://catalog.NAMESPACE.svc:8000`")
    timeout_seconds: Seconds = Field(default=2, description="For one try; within the caller's time")
