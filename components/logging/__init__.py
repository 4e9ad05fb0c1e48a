"""Logs: read on each node, without secrets, to Elasticsearch and CloudWatch, and none is lost."""

from components.logging.args import (
    LoggingArgs,
    LoggingCloudWatchArgs,
    LoggingElasticsearchArgs,
    LoggingSearchArgs,
)
from components.logging.component import Logging
from components.logging.spec import LoggingSpec

__all__ = [
    "Logging",
    "LoggingArgs",
    "LoggingCloudWatchArgs",
    "LoggingElasticsearchArgs",
    "LoggingSearchArgs",
    "LoggingSpec",
]
