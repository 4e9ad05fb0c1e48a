"""What an `AlarmTopic` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class AlarmTopicArgs(TypedDict):
    """Inputs of `AlarmTopic`."""

    emails: NotRequired[Sequence[str]]
    """Addresses that are told. Each gets a message with a link, and nothing else until somebody
    follows it. Default: none."""
    https_endpoints: NotRequired[Mapping[str, pulumi.Input[str]]]
    """URLs of incident tools, by a short name of each, e.g. `pager`. They often hold a token: give
    them as secrets. The tool has to confirm the subscription. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete the topic's key. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
