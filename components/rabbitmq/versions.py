"""What Amazon MQ runs RabbitMQ on, and in which versions."""

from collections.abc import Mapping

UPGRADES: Mapping[str, str | None] = {"4.3": "4.2", "4.2": "3.13", "3.13": None}
"""Versions, newest first, and the one from which each can be reached in place. From 4.2 on queues
are quorum queues unless they say otherwise; in 3.13 each must say so.

https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-version-management.html and
https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-43.html (2026-11)
"""

DEFAULT_VERSION = "4.2"
"""The one that AWS recommends. A change here is no upgrade of brokers that exist: it must be
announced, and named in their stack files."""

CONNECTIONS: Mapping[str, int] = {
    "mq.m7g.medium": 300,
    "mq.m7g.large": 5_000,
    "mq.m7g.xlarge": 10_000,
    "mq.m7g.2xlarge": 20_000,
    "mq.m7g.4xlarge": 40_000,
    "mq.m7g.8xlarge": 80_000,
    "mq.m7g.12xlarge": 120_000,
}
"""Connections that a single node takes; a cluster takes no fewer. RabbitMQ 4 runs on these only.

https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-resource-hard-limit.html
(2026-11)
"""

CHANNELS_PER_CONNECTION = 3
"""On average, by the same page."""
