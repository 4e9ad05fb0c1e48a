"""Stands in for the controllers that the charts would bring, as far as an up waits for them.

Each works only while its chart's Deployment does. It says of its objects that they are ready, makes
what others mount, and holds its objects by the real one's finalizers until they may go: so an order
that leaves an object without its controller hangs here too.
"""

import base64
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from tests.e2e.api import Api, ApiError, Json

MANAGER = "stand-in"
TRANSIENT = frozenset({0, 404, 409, 429, 500, 503, 504})
"""Codes of what passes: the API server is killed at times, or only just knows a kind (429 and
above); somebody else was faster (404, 409)."""

PAUSE_SECONDS = 0.5


def _part(of: Json, *keys: str) -> Json:
    for key in keys:
        of = cast("Json", of.get(key) or {})
    return of


def _secret(namespace: str, name: str, keys: Sequence[str]) -> Json:
    value = base64.b64encode(b"of a stand-in").decode()
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "data": dict.fromkeys(keys, value),
    }


def _of_certificate(item: Json) -> Iterator[Json]:
    name = str(_part(item, "spec")["secretName"])
    yield _secret(_namespace(item), name, ["tls.crt", "tls.key", "ca.crt"])


def _of_external_secret(item: Json) -> Iterator[Json]:
    target = _part(item, "spec", "target")
    template = _part(target, "template", "data")
    rows = cast("list[dict[str, str]]", _part(item, "spec").get("data") or [])
    keys = list(template) or [row["secretKey"] for row in rows]
    yield _secret(_namespace(item), str(target.get("name") or _name(item)), keys)


def _of_elasticsearch(item: Json) -> Iterator[Json]:
    name = f"{_name(item)}-es"
    yield _secret(_namespace(item), f"{name}-http-certs-public", ["tls.crt", "ca.crt"])
    yield _secret(_namespace(item), f"{name}-elastic-user", ["elastic"])


@dataclass(frozen=True)
class Operator:
    """One controller's work on one kind."""

    deployment: str
    """Namespace and name: it works while a pod of it is available."""
    kind: str
    """Group, version and plural."""
    condition: str = "Ready"
    """What it says when it is done with an object."""
    finalizer: str = ""
    makes: Callable[[Json], Iterator[Json]] = lambda _: iter(())
    """What it makes of an object, owned by that."""


_CERT_MANAGER, _SECRETS = "cert-manager/cert-manager", "external-secrets/external-secrets"
_ELASTIC = "elastic-system/elastic-operator"

OPERATORS = (
    Operator(_CERT_MANAGER, "cert-manager.io/v1/issuers"),
    Operator(_CERT_MANAGER, "cert-manager.io/v1/clusterissuers"),
    Operator(_CERT_MANAGER, "cert-manager.io/v1/certificates", makes=_of_certificate),
    Operator("cert-manager/trust-manager", "trust.cert-manager.io/v1alpha1/bundles", "Synced"),
    Operator(_SECRETS, "external-secrets.io/v1/clustersecretstores"),
    Operator(_SECRETS, "external-secrets.io/v1/secretstores"),
    Operator(
        _SECRETS,
        "external-secrets.io/v1/externalsecrets",
        finalizer="externalsecrets.external-secrets.io/externalsecret-cleanup",
        makes=_of_external_secret,
    ),
    Operator(
        "kube-system/karpenter",
        "karpenter.k8s.aws/v1/ec2nodeclasses",
        finalizer="karpenter.k8s.aws/termination",
    ),
    Operator("kube-system/karpenter", "karpenter.sh/v1/nodepools"),
    Operator(
        "kube-system/aws-load-balancer-controller",
        "elbv2.k8s.aws/v1beta1/targetgroupbindings",
        finalizer="elbv2.k8s.aws/resources",
    ),
    Operator("keda/keda", "keda.sh/v1alpha1/scaledobjects", finalizer="finalizer.keda.sh"),
    Operator(_ELASTIC, "elasticsearch.k8s.elastic.co/v1/elasticsearches", makes=_of_elasticsearch),
    Operator(_ELASTIC, "kibana.k8s.elastic.co/v1/kibanas"),
)
"""The finalizers are those that the controllers set (2026-11)."""


class Operators:
    """All of them, in one thread."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._stopped = threading.Event()
        self.problems: list[str] = []
        """What the API server refused them: nothing, if the schemas are as they think."""

    @contextmanager
    def working(self) -> Generator[None]:
        """Let them work while the block runs."""
        thread = threading.Thread(target=self._run, name="operators", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(PAUSE_SECONDS):
            for operator in OPERATORS:
                try:
                    self._work(operator)
                except ApiError as error:
                    self._note(operator, error)

    def _note(self, operator: Operator, error: ApiError) -> None:
        if error.code not in TRANSIENT:
            self.problems.append(f"{operator.kind}: {error}")

    def _work(self, operator: Operator) -> None:
        path = f"/apis/{operator.kind}"
        todo = [item for item in self._api.list(path) if not _settled(operator, item)]
        if not todo or not self._available(operator.deployment):
            return
        for item in todo:
            try:
                self._reconcile(operator, item)
            except ApiError as error:
                self._note(operator, error)

    def _available(self, deployment: str) -> bool:
        namespace, name = deployment.split("/")
        found = self._api.get(f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
        return bool(_part(found, "status").get("availableReplicas"))

    def _reconcile(self, operator: Operator, item: Json) -> None:
        path = _path(operator, item)
        held = _finalizers(item)
        if "deletionTimestamp" in _part(item, "metadata"):
            rest = [each for each in held if each != operator.finalizer]
            self._api.merge(path, {"metadata": {"finalizers": rest}}, manager=MANAGER)
            return
        if operator.finalizer and operator.finalizer not in held:
            body = {"metadata": {"finalizers": [*held, operator.finalizer]}}
            self._api.merge(path, body, manager=MANAGER)
        for made in operator.makes(item):
            self._make(made, item)
        self._api.merge(
            f"{path}/status", {"status": {"conditions": [_true(operator, item)]}}, manager=MANAGER
        )

    def _make(self, made: Json, owner: Json) -> None:
        metadata = _part(made, "metadata")
        reference = {key: owner[key] for key in ("apiVersion", "kind")}
        reference |= {key: _part(owner, "metadata")[key] for key in ("name", "uid")}
        body = {**made, "metadata": {**metadata, "ownerReferences": [reference]}}
        try:
            self._api.create(f"/api/v1/namespaces/{metadata['namespace']}/secrets", body)
        except ApiError as error:
            if error.code != 409:  # it is there
                raise


def _path(operator: Operator, item: Json) -> str:
    group, version, plural = operator.kind.split("/")
    namespace = _namespace(item)
    place = f"namespaces/{namespace}/" if namespace else ""
    return f"/apis/{group}/{version}/{place}{plural}/{_name(item)}"


def _settled(operator: Operator, item: Json) -> bool:
    """Tell whether nothing is left to do."""
    if "deletionTimestamp" in _part(item, "metadata"):
        return operator.finalizer not in _finalizers(item)
    conditions = cast("list[Mapping[str, str]]", _part(item, "status").get("conditions") or [])
    return any(c["type"] == operator.condition and c["status"] == "True" for c in conditions)


def _true(operator: Operator, item: Json) -> Json:
    return {
        "type": operator.condition,
        "status": "True",
        "reason": "StandIn",
        "message": "as the real controller would say",
        "lastTransitionTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "observedGeneration": _part(item, "metadata").get("generation", 1),
    }


def _name(item: Json) -> str:
    return str(_part(item, "metadata")["name"])


def _namespace(item: Json) -> str:
    return str(_part(item, "metadata").get("namespace") or "")


def _finalizers(item: Json) -> list[str]:
    return cast("list[str]", _part(item, "metadata").get("finalizers") or [])
