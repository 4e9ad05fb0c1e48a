"""What an `AlarmTopic` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.names import LOGICAL, check_name
from components._base.spec import read_spec
from components.notifications.args import AlarmTopicArgs
from components.notifications.spec import AlarmTopicSpec


@dataclass(frozen=True)
class AlarmTopicPlan:
    """A topic and who is told."""

    emails: tuple[str, ...]
    https_endpoints: tuple[str, ...]
    """Names of the endpoints."""
    protect: bool


def plan_alarm_topic(
    args: AlarmTopicArgs, name: str = "alarms", owner: str = "AlarmTopic"
) -> AlarmTopicPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    check_name(name, owner)
    spec = read_spec(AlarmTopicSpec, AlarmTopicArgs, args, owner)
    endpoints = tuple(sorted(args.get("https_endpoints") or {}))
    wrong = [endpoint for endpoint in endpoints if not LOGICAL.fullmatch(endpoint)]
    if wrong:
        reason = f"no short names of small letters, digits and hyphens: {', '.join(wrong)}"
        raise InvalidInput(owner, [Problem("https_endpoints", reason)])
    return AlarmTopicPlan(spec.emails, endpoints, spec.protect)
