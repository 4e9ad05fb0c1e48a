"""Node types of ElastiCache in a `Spec`."""

import re
from typing import Annotated

from pydantic import AfterValidator

CACHE_NODE_TYPE = re.compile(
    r"cache\.(t3|t4g|m5|m6g|m7g|r5|r6g|r6gd|r7g|c7gn)\.(micro|small|medium|large|\d*xlarge)"
)
"""Families of the current generation.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html (2026-11)
"""


def _current(node_type: str) -> str:
    if not CACHE_NODE_TYPE.fullmatch(node_type):
        raise ValueError("a node type of a current family is needed, such as cache.r7g.large")
    return node_type


CacheNodeType = Annotated[str, AfterValidator(_current)]
"""Such as `cache.r7g.large`."""
