"""Valkey or Redis on ElastiCache: nodes of a chosen size, or serverless."""

from components.cache.access import connect_statements
from components.cache.args import CacheArgs
from components.cache.component import Cache
from components.cache.plan import CachePlan, plan_cache
from components.cache.spec import CacheSpec

__all__ = ["Cache", "CacheArgs", "CachePlan", "CacheSpec", "connect_statements", "plan_cache"]
