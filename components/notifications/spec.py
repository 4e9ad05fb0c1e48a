"""The structural inputs of an `AlarmTopic`, checked."""

import re

from pydantic import field_validator

from components._base.spec import Spec

ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


class AlarmTopicSpec(Spec):
    """Where alarms go."""

    emails: tuple[str, ...] = ()
    """Addresses that are told, once each has confirmed."""
    protect: bool = False
    """Refuse to delete the topic's key."""

    @field_validator("emails")
    @classmethod
    def _addresses(cls, emails: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [email for email in emails if not ADDRESS.fullmatch(email)]
        if wrong:
            raise ValueError(f"no addresses such as oncall@example.com: {', '.join(wrong)}")
        lowered = [email.lower() for email in emails]
        twice = sorted({email for email in lowered if lowered.count(email) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        return emails
