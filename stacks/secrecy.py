"""Secrets in configuration: found when in plain text, and never shown."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from components._base.errors import Problem

STAND_IN = "secret"
"""Takes the place of a value that can't, or must not, be read."""

SECRET_KEY = re.compile(
    r"(password|passwd|passphrase|secret|token|credentials?|(api|access|private|secret)[_-]?key)$",
    re.IGNORECASE,
)

SECRET_VALUE = re.compile(
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"  # AWS access keys
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bgh[pousr]_\w{36,}|\bxox[abprs]-\w+|\bpul-[0-9a-f]{40}"  # GitHub, Slack, Pulumi
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}"  # JSON web tokens
    r"|\b\w+://[^\s:/@]+:[^\s/@]+@"  # a URL with a password
)

REFERENCE = re.compile(r"arn:aws[\w-]*:(secretsmanager|ssm|kms):.+")
"""Says where a secret is, and is none."""


@dataclass
class Scrubbed:
    """Configuration without a secret in it."""

    config: dict[str, object] = field(default_factory=dict[str, object])
    encrypted: set[str] = field(default_factory=set[str])
    """Paths of `secure:` values."""
    plain: set[str] = field(default_factory=set[str])
    """Paths of what looks like a secret in plain text."""

    def problems(self) -> list[Problem]:
        """Return one problem for each secret in plain text."""
        return [
            Problem(path, f"looks like a secret in plain text; use: {_way(path)}")
            for path in sorted(self.plain)
        ]

    def about(self, problem: Problem) -> Problem | None:
        """Return what to say of a problem, given that the value at its path was taken out."""
        if problem.reason.startswith("unknown key"):
            return problem
        if problem.path in self.encrypted:
            reason = "is encrypted, but decides which resources exist; write it in plain text"
            return replace(problem, reason=reason)
        return None if problem.path in self.plain else problem


def scrub(config: Mapping[str, object], decrypted: Collection[str] = ()) -> Scrubbed:
    """Put a stand-in for every secret.

    :param decrypted: full keys whose values Pulumi has decrypted: they are secrets, and may be.
    """
    scrubbed = Scrubbed()
    for key, value in config.items():
        kept = key in decrypted
        scrubbed.config[key] = value if kept else _without_secrets(value, str(key), scrubbed)
    return scrubbed


def hide_value(problem: Problem) -> Problem:
    """Return a problem that does not show the value."""
    shown, is_not_valid, allowed = problem.reason.partition(" is not valid: ")
    return (
        replace(problem, reason=f"is not valid: {allowed}") if shown and is_not_valid else problem
    )


def _without_secrets(value: object, path: str, scrubbed: Scrubbed) -> object:
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value)
        if set(items) == {"secure"}:
            scrubbed.encrypted.add(path)
            return STAND_IN
        return {k: _without_secrets(v, f"{path}.{k}", scrubbed) for k, v in items.items()}
    if isinstance(value, list):
        listed = enumerate(cast("list[object]", value))
        return [_without_secrets(v, f"{path}[{index}]", scrubbed) for index, v in listed]
    if _is_secret(re.split(r"[.:]", path)[-1], value):
        scrubbed.plain.add(path)
        return STAND_IN
    return value


def _is_secret(key: str, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return False
    text = str(value)
    named_so = SECRET_KEY.search(key) and not REFERENCE.fullmatch(text)
    return bool(named_so or SECRET_VALUE.search(text))


def _way(path: str) -> str:
    nested = re.search(r"[.\[]", path)
    return f"pulumi config set --secret {'--path ' if nested else ''}'{path}'"
