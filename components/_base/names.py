"""Physical names within a service's limits, whatever the component is called."""

import hashlib
import re

from components._base.errors import InvalidInput, Problem

LONGEST = 40
"""Of a component's logical name. Those of its children follow it with a word or two."""

LOGICAL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""What every service takes somewhere in its names."""

NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
"""A name of a Kubernetes namespace: a DNS label."""

DIGEST_LENGTH = 8
AUTONAME_LENGTH = 8
"""A hyphen and seven digits, which Pulumi adds to a logical name to make a physical one."""


def check_name(name: str, owner: str) -> None:
    """Refuse a component's logical name of which no physical ones can be made.

    :param owner: who is speaking in the error, e.g. `Cache 'main'`.
    :raises InvalidInput: when it is too long, or not of small letters, digits and single hyphens.
    """
    if len(name) > LONGEST or not LOGICAL.fullmatch(name):
        allowed = f"small letters, digits and single hyphens, a letter first, at most {LONGEST}"
        raise InvalidInput(owner, [Problem("name", f"{name!r} is not valid: {allowed}")])


def checked_namespaces(
    names: tuple[str, ...], allowed: re.Pattern[str] = NAMESPACE
) -> tuple[str, ...]:
    """Return `names` if all are names of Kubernetes namespaces; for validators of a `Spec`.

    :param allowed: what is taken for one.
    :raises ValueError: naming those that are not.
    """
    wrong = [name for name in names if not allowed.fullmatch(name)]
    if wrong:
        raise ValueError(f"no names of namespaces: {', '.join(wrong)}")
    return names


def short_name(name: str, limit: int) -> str:
    """Return `name`, or its beginning and a digest of it when it has more than `limit` letters.

    For a name that Pulumi completes, give the service's limit less `AUTONAME_LENGTH`.
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST_LENGTH]
    return f"{name[: limit - DIGEST_LENGTH - 1].rstrip('-')}-{digest}"
