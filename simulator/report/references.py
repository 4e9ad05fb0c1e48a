"""Follows ids and ARNs back to the resources they belong to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from simulator.cloud.model import Json
from simulator.report.model import Report, Resource


@dataclass(frozen=True)
class References:
    """What each id, ARN and physical name of a report belongs to."""

    by_handle: Mapping[str, Resource]

    @classmethod
    def of(cls, report: Report) -> "References":
        """Read the handles of every resource."""
        return cls({h: resource for resource in report.resources for h in resource.handles})

    def resource(self, handle: object) -> Resource | None:
        """Return the resource that `handle` is an id, ARN or physical name of."""
        return self.by_handle.get(handle) if isinstance(handle, str) else None

    def named(self, text: str) -> str:
        """Replace each handle in a text by the logical name: `${network-vpc}`."""
        if not self.by_handle:
            return text
        return self._pattern.sub(lambda found: f"${{{self.by_handle[found[0]].name}}}", text)

    def readable(self, value: object) -> object:
        """Replace the handles in all strings of a nested value."""
        if isinstance(value, str):
            return self.named(value)
        if isinstance(value, Mapping):
            return {key: self.readable(item) for key, item in cast("Json", value).items()}
        if isinstance(value, list):
            return [self.readable(item) for item in cast("list[object]", value)]
        return value

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.by_handle, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))
