"""One plugin of Kong: its name, its settings, and what of them stands in a Secret."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components.gateway.names import OWN

API_VERSION = "configuration.konghq.com/v1"

Body = dict[str, object]
"""The fields of a custom resource beside `apiVersion`, `kind` and `metadata`."""


@dataclass(frozen=True)
class SecretValue:
    """A setting that a Secret holds, as JSON: text stands there in quotes."""

    path: str
    """Where in the settings it goes, as a JSON pointer, e.g. `/redis/password`."""
    secret: str
    """Name of the Secret. It has the label `konghq.com/validate: plugin`, by which the admission
    webhook asks Kong about a change."""
    key: str


@dataclass(frozen=True)
class Plugin:
    """One plugin, whatever it is attached to."""

    name: str
    """Kong's name of it, e.g. `rate-limiting`."""
    config: Mapping[str, object]
    """As the plugin's schema has it; single values may be outputs."""
    secrets: tuple[SecretValue, ...] = ()

    @property
    def body(self) -> Body:
        """Return the fields of a `KongPlugin`, whose secrets are in its own namespace."""
        return {**self._common, **self._patches({})}

    def cluster_body(self, namespace: str) -> Body:
        """Return the fields of a `KongClusterPlugin`.

        :param namespace: of the secrets.
        """
        return {**self._common, **self._patches({"namespace": namespace})}

    @property
    def _common(self) -> Body:
        return {"plugin": self.name, "config": dict(self.config)}

    def _patches(self, where: Mapping[str, str]) -> Body:
        if not self.secrets:
            return {}
        return {
            "configPatches": [
                {
                    "path": value.path,
                    "valueFrom": {
                        "secretKeyRef": {"name": value.secret, "key": value.key, **where}
                    },
                }
                for value in self.secrets
            ]
        }


def cluster_metadata(name: str, *, everywhere: bool = False) -> dict[str, object]:
    """Return the metadata of a `KongClusterPlugin`.

    A route names one as it names a `KongPlugin`. So what needs the gateway's own secrets, as rate
    limits need the counters' password, is one of these, and no other namespace gets the secret.

    :param everywhere: for every route, and not just for those that name it.
    """
    metadata: dict[str, object] = {"name": name, "annotations": OWN}
    return {**metadata, "labels": {"global": "true"}} if everywhere else metadata


def refuse(plugin: str, problems: Iterable[tuple[str, str]]) -> None:
    """Raise when there are problems: a gateway takes a configuration as a whole, or not at all.

    :param problems: of each, the setting and what is wrong and allowed there.
    :raises InvalidInput: with all of them.
    """
    found = [Problem(path, reason) for path, reason in problems]
    if found:
        raise InvalidInput(f"Kong plugin {plugin!r}", found)


def given(**settings: object) -> dict[str, object]:
    """Return the settings that are not None: Kong's defaults are left to Kong."""
    return {key: value for key, value in settings.items() if value is not None}
