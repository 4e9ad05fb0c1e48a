"""Consumers: who Kong knows, and the Secrets by which it knows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.gateway.plugins.callers import GROUP, KEY_AUTH, key_problems
from components.gateway.plugins.plugin import refuse
from components.gateway.plugins.tokens import NAME as JWT
from components.gateway.plugins.tokens import token_credential

KIND = "KongConsumer"

LABEL = "konghq.com/credential"
ACL = "acl"


@dataclass(frozen=True)
class Credential:
    """A Secret of one consumer."""

    kind: str
    """Value of the Secret's label `konghq.com/credential`."""
    data: Mapping[str, pulumi.Input[str]]

    @property
    def labels(self) -> dict[str, str]:
        """By which the controller, and its webhook, know the Secret."""
        return {LABEL: self.kind}


def token_key(key_id: str, public_key: str) -> Credential:
    """Return the credential of tokens that are signed by one key of an issuer."""
    return Credential(JWT, token_credential(key_id, public_key))


def machine_key(key: pulumi.Input[str]) -> Credential:
    """Return the credential of a machine that shows a key.

    :param key: 32 characters or more; a Pulumi secret, e.g. of `generated_password`.
    :raises InvalidInput: for a shorter one, if it is known.
    """
    if isinstance(key, str):
        refuse(KEY_AUTH, [("key", problem) for problem in key_problems(key)])
    return Credential(KEY_AUTH, {"key": key})


def group(name: str) -> Credential:
    """Return what puts a consumer into a group, for `acl`.

    :raises InvalidInput: for what is no name of one.
    """
    wrong = not GROUP.fullmatch(name)
    reason = f"{name!r} is not valid: small letters, digits and hyphens"
    refuse(ACL, [("group", reason)] if wrong else [])
    return Credential(ACL, {"group": name})


def consumer(name: str, secrets: Sequence[str]) -> dict[str, object]:
    """Return the fields of a `KongConsumer`, which has the annotation `OWN`.

    :param name: what services see in `X-Consumer-Username`.
    :param secrets: names of its credentials, in its own namespace.
    """
    return {"username": name, "credentials": sorted(secrets)}
