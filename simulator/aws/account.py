"""What AWS tells about the account, the partition, the region and its zones."""

from collections.abc import Callable, Mapping

from simulator.aws.vpc import zone_id
from simulator.cloud.model import ACCOUNT, Json, Model, Request

MODELS: dict[str, Model] = {}

ZONES = ("a", "b", "c")
"""The simulated region has three availability zones, as most regions offer a new account."""


def _zones(request: Request) -> Json:
    return {
        "id": request.region,
        "region": request.region,
        "names": [f"{request.region}{zone}" for zone in ZONES],
        "zoneIds": [zone_id(f"{request.region}{zone}") for zone in ZONES],
        "groupNames": [request.region],
    }


INVOKES: Mapping[str, Callable[[Request], Json]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": lambda _: {
        "id": ACCOUNT,
        "accountId": ACCOUNT,
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/simulated/deployer",
        "userId": "AROASIMULATED:deployer",
    },
    "aws:index/getPartition:getPartition": lambda _: {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    },
    "aws:index/getRegion:getRegion": lambda r: {
        "id": r.region,
        "region": r.region,
        "name": r.region,
        "description": f"simulated {r.region}",
        "endpoint": f"ec2.{r.region}.amazonaws.com",
    },
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
}
