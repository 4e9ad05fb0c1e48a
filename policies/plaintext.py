"""Secrets in plain inputs: where everybody who may read the configuration reads them too.

A message says where and of what kind; it never quotes what it found.
"""

import base64
import binascii
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.pods import PODS
from policies.rule import Verdict, Violation, resource_policy
from policies.subject import Subject, entries, item, items

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
RELEASE = "kubernetes:helm.sh/v3:Release"
PARAMETER = "aws:ssm/parameter:Parameter"
USER_DATA = ("userData", "userDataBase64")

PLACES: Mapping[str, Sequence[str]] = {
    **{type_: (f"{pod}.containers", f"{pod}.initContainers") for type_, pod in PODS.items()},
    "aws:ec2/instance:Instance": USER_DATA,
    "aws:ec2/launchConfiguration:LaunchConfiguration": USER_DATA,
    "aws:ec2/launchTemplate:LaunchTemplate": USER_DATA[:1],
    "aws:ecs/taskDefinition:TaskDefinition": ("containerDefinitions",),
    "aws:lambda/function:Function": ("environment.variables",),
    PARAMETER: ("value",),
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": ("spec.userData",),
    CONFIG_MAP: ("data",),
    RELEASE: ("values",),
}
"""Where each type keeps what anybody with read access sees."""

KNOWN: Mapping[str, tuple[tuple[str, ...], re.Pattern[str]]] = {
    kind: (hints, re.compile(pattern))
    for kind, hints, pattern in (
        (
            "an AWS access key",
            ("AKIA", "ASIA"),
            r"\b(?:AKIA|ASIA)(?![A-Z2-7]*EXAMPLE)[A-Z2-7]{16}\b",
        ),
        ("a GitHub token", ("gh", "github_pat_"), r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50}"),
        ("a GitLab token", ("glpat-",), r"glpat-[\w-]{20}"),
        (
            "a Slack token",
            ("xox", "hooks.slack.com"),
            r"xox[abeprs]-[\w-]{10}|hooks\.slack\.com/services/T\w+/B\w+/\w+",
        ),
        ("a Stripe key", ("k_live_",), r"[rs]k_live_[A-Za-z0-9]{20}"),
        ("a Google API key", ("AIza",), r"AIza[\w-]{35}"),
        ("a private key", ("PRIVATE KEY",), r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
        ("a JSON Web Token", ("eyJ",), r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
        (
            "a connection string with a password",
            ("://",),
            r"\w://[^\s:/@'\"]*:(?![$%<{*\[])[^\s:/@'\"]+@",
        ),
    )
}
"""By kind, as the issuers document their prefixes (2026-11): what a text with one has somewhere,
and what the secret looks like."""

PASSWORDS = ("password", "passwd", "passphrase")
"""Ends of the names of values that are secret, whatever they look like."""
KEYS = ("secret", "token", "apikey", "accesskey", "privatekey", "secretkey", "signingkey")
"""Ends of the names of values that are secret if they look random: they may be names too."""

REFERENCE = re.compile(r"\$|\{\{|%\(|<|/|arn:|https?://|file:|\*+$|ENC\[", re.IGNORECASE)
"""How values begin that say where a secret is."""

OBJECT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
"""How Secrets are called, by which charts and manifests refer to them."""

SHORTEST_RANDOM = 16
LEAST_ENTROPY = 3.5
"""Bits a character: English words have less, random base64 has more,
https://github.com/Yelp/detect-secrets (2026-11) takes 3 for hex and 4.5 for base64."""


def _plain(resource: Subject) -> Iterator[Verdict]:
    if resource.type == PARAMETER:
        kind = resource.get("type")
        if isinstance(kind, UnknownValueError):
            yield kind
        if kind not in ("String", "StringList"):
            return
    found: set[str] = set()
    for path in PLACES[resource.type]:
        for verdict in _found(resource.get(path), path, path.rpartition(".")[2]):
            if isinstance(verdict, UnknownValueError):
                yield verdict
            elif verdict not in found:
                found.add(verdict)
                yield Violation(
                    f"has {verdict}",
                    "keep it in Secrets Manager or a Secret, and refer to it from here",
                )


def _found(content: object, path: str, key: str) -> Iterator[str | UnknownValueError]:
    """Give what is secret in a value of any shape: its kind, and where it is."""
    if isinstance(content, UnknownValueError):
        yield content
    elif isinstance(content, Mapping):
        named = item(cast("object", content), "name")
        for step, value in entries(cast("object", content)):
            # the entries of a list of variables say their names beside their values
            called = str(named) if step == "value" and isinstance(named, str) else step
            yield from _found(value, f"{path}.{step}", called)
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for index, value in enumerate(items(cast("object", content))):
            yield from _found(value, f"{path}[{index}]", key)
    elif isinstance(content, str) and content:
        kind = _kind(_decoded(content, key), key)
        if kind:
            yield f"{kind} in {path}"


def _decoded(text: str, key: str) -> str:
    if not key.lower().startswith("userdata"):
        return text
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return text


def _kind(text: str, key: str) -> str | None:
    """Say what kind of secret a text is or holds, or None."""
    for kind, (hints, pattern) in KNOWN.items():
        if any(hint in text for hint in hints) and pattern.search(text):
            return kind
    if key == "containerDefinitions":
        return _in_json(text)
    called = re.sub(r"[^a-z]", "", key.lower())
    if REFERENCE.match(text) or any(letter.isspace() for letter in text):
        return None
    if called.endswith(PASSWORDS):
        return "a password"
    if called.endswith("secret") and OBJECT.fullmatch(text):
        return None
    return "a secret" if called.endswith(KEYS) and _random(text) else None


def _in_json(text: str) -> str | None:
    try:
        parsed = cast("object", json.loads(text))
    except ValueError:
        return None
    inside = next(_found(parsed, "", ""), None)
    return inside.split(" in ", 1)[0] if isinstance(inside, str) else None


def _random(text: str) -> bool:
    """Tell whether a text looks as if it was made by chance: letters and digits, mixed well."""
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    if len(text) < SHORTEST_RANDOM or not mixed:
        return False
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares) >= LEAST_ENTROPY


POLICIES: Sequence[Policy] = (
    resource_policy(
        _plain,
        name="no-plain-secrets",
        display_name="Secrets are where secrets are kept",
        description="No variable, ConfigMap, chart value, user data or parameter has a secret.",
        types=PLACES,
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Take the value out, and change it: whoever could read the configuration or the state "
            "has it. Keep it in Secrets Manager, and let the External Secrets operator or the "
            "program itself fetch it; environment variables refer to a Secret by secretKeyRef."
        ),
        tags=("secrets",),
        url="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
    ),
)
