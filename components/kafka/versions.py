"""Kafka versions and broker sizes that MSK has, and how many partitions a broker bears."""

from collections.abc import Mapping
from dataclasses import dataclass

STANDARD_VERSIONS = ("4.1.x.kraft", "4.0.x.kraft", "3.9.x.kraft")
"""Of standard brokers, newest first. KRaft only: ZooKeeper mode has no way to Kafka 4.

https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html and
`aws kafka list-kafka-versions`, as recorded by public projects (2026-09). MSK patches the `x`.
"""

EXPRESS_VERSIONS = ("4.2.x.kraft", "3.9.x.kraft")
"""Of express brokers, newest first; same source. 4.2 is on express only, KRaft from 3.9 on."""

EXPRESS_PREFIX = "express."


@dataclass(frozen=True)
class BrokerSize:
    """One instance type of brokers."""

    most_partitions: int
    """Partitions per broker, replicas included. Beyond it MSK blocks updates of a standard broker,
    and allows no express broker at all."""


def _standard(size: str) -> int:
    return {"large": 1500, "xlarge": 1500, "2xlarge": 3000}.get(size, 6000)


_M5 = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge")
_M7G = _M5[:-1]

STANDARD_SIZES: Mapping[str, BrokerSize] = {
    f"kafka.{family}.{size}": BrokerSize(_standard(size))
    for family, sizes in (("m7g", _M7G), ("m5", _M5))
    for size in sizes
}
"""kafka.t3.small is left out: it is not for KRaft.

https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-sizes.html and
https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html#partitions-per-broker
(2026-11)
"""

EXPRESS_SIZES: Mapping[str, BrokerSize] = {
    f"express.m7g.{size}": BrokerSize(most)
    for size, most in zip(_M7G, (1500, 2000, 4000, 8000, 16000, 24000, 32000), strict=True)
}
"""https://docs.aws.amazon.com/msk/latest/developerguide/limits.html#msk-express-broker-partition-quota
(2026-11)"""

MOST_BROKERS = 60
"""In KRaft mode, https://docs.aws.amazon.com/msk/latest/developerguide/limits.html
(2026-11)"""
