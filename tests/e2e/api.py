"""Kubernetes' API as an administrator has it, in the few verbs that the tests need."""

import functools
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

Json = Mapping[str, object]

SECONDS = 10
"""Time for one answer."""


class ApiError(Exception):
    """The API server says no, or does not answer (code 0)."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Resource:
    """One kind of objects that the API server has."""

    group_version: str
    """E.g. `apps/v1`, or `v1`."""
    kind: str
    plural: str
    namespaced: bool
    verbs: frozenset[str]

    def path(self, name: str = "", namespace: str = "") -> str:
        """Return the address of an object, or of all."""
        root = "api" if self.group_version == "v1" else "apis"
        parts = [root, self.group_version]
        if self.namespaced and namespace:
            parts += ["namespaces", namespace]
        return "/" + "/".join([*parts, self.plural, *([name] if name else [])])


class Api:
    """An API server, by HTTPS."""

    def __init__(self, url: str, ca: str, token: str) -> None:
        """Speak to `url`, whose certificate is of the authority `ca` (PEM), by a bearer token."""
        self._url = url
        self._token = token
        self._tls = ssl.create_default_context(cadata=ca)

    def get(self, path: str) -> Json:
        """Return an object, or what else is there.

        :raises ApiError: with code 404 when it is not.
        """
        return self._call("GET", path)

    def has(self, path: str) -> bool:
        """Tell whether an object is there."""
        try:
            self.get(path)
        except ApiError as error:
            if error.code == 404:
                return False
            raise
        return True

    def list(self, path: str) -> list[Json]:
        """Return the objects of a kind; none where there is no such kind."""
        try:
            return cast("list[Json]", self._call("GET", path).get("items") or [])
        except ApiError as error:
            if error.code == 404:
                return []
            raise

    def create(self, path: str, body: Json, *, dry_run: bool = False) -> Json:
        """Create an object, or only see whether that would be allowed."""
        return self._call("POST", f"{path}{'?dryRun=All' if dry_run else ''}", body)

    def merge(self, path: str, body: Json, *, manager: str) -> Json:
        """Merge `body` into an object, as `manager`."""
        return self._call(
            "PATCH", f"{path}?fieldManager={manager}", body, "application/merge-patch+json"
        )

    def delete(self, path: str) -> None:
        """Delete an object; that takes its time."""
        self._call("DELETE", path)

    def resource(self, api_version: str, kind: str) -> Resource:
        """Return what the API server has by this name.

        :raises LookupError: nothing.
        """
        for each in self._resources(api_version):
            if each.kind == kind:
                return each
        raise LookupError(f"the API server has no {kind} in {api_version}")

    def resources(self) -> Iterator[Resource]:
        """Give every kind of objects that can be listed, in the version the server prefers."""
        groups = cast("list[dict[str, dict[str, str]]]", self.get("/apis")["groups"])
        for version in ["v1", *(group["preferredVersion"]["groupVersion"] for group in groups)]:
            yield from (each for each in self._resources(version) if "list" in each.verbs)

    @functools.cache  # noqa: B019 - one for a whole run
    def _resources(self, group_version: str) -> tuple[Resource, ...]:
        root = "api" if group_version == "v1" else "apis"
        found = cast("list[dict[str, object]]", self.get(f"/{root}/{group_version}")["resources"])
        return tuple(
            Resource(
                group_version,
                str(each["kind"]),
                str(each["name"]),
                bool(each["namespaced"]),
                frozenset(cast("list[str]", each["verbs"])),
            )
            for each in found
            if "/" not in str(each["name"])
        )

    def _call(
        self, method: str, path: str, body: Json | None = None, media: str = "application/json"
    ) -> Json:
        request = urllib.request.Request(  # noqa: S310 - the test's own API server
            f"{self._url}{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Bearer {self._token}", "Content-Type": media},
            method=method,
        )
        try:
            with urllib.request.urlopen(  # noqa: S310 - likewise
                request, timeout=SECONDS, context=self._tls
            ) as answer:
                return cast("Json", json.load(answer))
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, _message(error.read())) from None
        except OSError as error:
            raise ApiError(0, str(error)) from None


def _message(answer: bytes) -> str:
    try:
        return str(json.loads(answer)["message"])
    except (ValueError, KeyError):
        return answer.decode(errors="replace")
