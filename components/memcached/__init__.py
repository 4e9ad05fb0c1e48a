"""Memcached on ElastiCache."""

from components.memcached.args import MemcachedArgs
from components.memcached.component import Memcached, plan_memcached
from components.memcached.spec import MemcachedSpec

__all__ = ["Memcached", "MemcachedArgs", "MemcachedSpec", "plan_memcached"]
