"""The Kubernetes provider's side of the simulated cloud: objects of any kind, and Helm releases."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import cast

from simulator.cloud.model import AutoName, Json, Model, Request, Seconds

OBJECT_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
"""RFC 1123 subdomain: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/."""

BUILT_IN_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})

CLUSTER_SCOPED = frozenset(
    {
        "ClusterIssuer",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterSecretStore",
        "CustomResourceDefinition",
        "EC2NodeClass",
        "GatewayClass",
        "IngressClass",
        "KongClusterPlugin",
        "Namespace",
        "NodePool",
        "PersistentVolume",
        "PriorityClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
    }
)

IMMUTABLE: Mapping[str, frozenset[str]] = {
    "kubernetes:apps/v1:Deployment": frozenset({"spec.selector"}),
    "kubernetes:apps/v1:DaemonSet": frozenset({"spec.selector"}),
    "kubernetes:apps/v1:StatefulSet": frozenset(
        {
            "spec.selector",
            "spec.serviceName",
            "spec.volumeClaimTemplates",
            "spec.podManagementPolicy",
        }
    ),
    "kubernetes:batch/v1:Job": frozenset({"spec.selector", "spec.template"}),
    "kubernetes:core/v1:ConfigMap": frozenset({"data", "binaryData", "immutable"}),
    "kubernetes:core/v1:Secret": frozenset({"data", "stringData", "type", "immutable"}),
    "kubernetes:core/v1:PersistentVolumeClaim": frozenset(
        {"spec.accessModes", "spec.storageClassName", "spec.volumeName", "spec.selector"}
    ),
    "kubernetes:storage.k8s.io/v1:StorageClass": frozenset(
        {"parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"}
    ),
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": frozenset({"roleRef"}),
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": frozenset({"roleRef"}),
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": frozenset({"value", "preemptionPolicy"}),
}
"""Fields that the API server refuses to change, hence the provider replaces (and ConfigMaps and
Secrets, which it replaces unless told otherwise), pulumi-kubernetes 4.34."""

_IDENTITY = frozenset({"metadata.name", "metadata.namespace", "apiVersion", "kind"})


def object_model(type_: str) -> Model:
    """Return the model of a Kubernetes kind; any kind may be installed on a cluster."""
    return Model(
        identity=_object_id,
        outputs=_object_outputs,
        replaces=_IDENTITY | IMMUTABLE.get(type_, frozenset()),
        seconds=_SECONDS.get(type_.rsplit(":", 1)[-1], Seconds(1, 1, 1)),
        refuses=_refuse_object,
    )


def _metadata(request: Request) -> Json:
    return request.part("metadata")


def _object_id(request: Request) -> str:
    metadata = _metadata(request)
    if request.type.rsplit(":", 1)[-1] in CLUSTER_SCOPED:
        return str(metadata.get("name", request.name))
    return f"{metadata.get('namespace', 'default')}/{metadata.get('name', request.name)}"


def _object_outputs(request: Request) -> Json:
    metadata = {
        **_metadata(request),
        "uid": request.uuid("uid"),
        "resourceVersion": "1",
        "generation": 1,
    }
    return {"metadata": metadata}


def _refuse_object(request: Request) -> Iterable[str]:
    metadata = _metadata(request)
    name = metadata.get("name")
    if isinstance(name, str) and not OBJECT_NAME.fullmatch(name):
        yield (
            f"metadata.name: {name!r} is not a valid name: lower-case letters, digits, '-', '.', "
            "starting and ending with a letter or digit, at most 253 characters"
        )
    for key, value in cast("Json", metadata.get("labels") or {}).items():
        if isinstance(value, str) and not re.fullmatch(
            r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?", value
        ):
            yield f"metadata.labels.{key}: {value!r} is not a valid label value"


_SECONDS: Mapping[str, Seconds] = {
    "Deployment": Seconds(30, 30, 5, "image pull and readiness of a small service"),
    "StatefulSet": Seconds(60, 60, 10, "volume attach, image pull and readiness"),
    "DaemonSet": Seconds(30, 30, 5, "image pull and readiness on the present nodes"),
    "Elasticsearch": Seconds(240, 300, 60, "three nodes one after another, volumes and TLS"),
}


def _release_name(request: Request) -> str:
    return f"{request.text('namespace', 'default')}/{request.text('name', request.name)}"


def _release_outputs(request: Request) -> Json:
    return {
        "status": {
            "name": request.text("name", request.name),
            "namespace": request.text("namespace", "default"),
            "chart": request.text("chart"),
            "version": request.text("version"),
            "revision": 1,
            "status": "deployed",
        },
        "resourceNames": {},
    }


MODELS: dict[str, Model] = {
    "pulumi:providers:kubernetes": Model(),
    "kubernetes:helm.sh/v3:Release": Model(
        identity=_release_name,
        outputs=_release_outputs,
        replaces=frozenset({"name", "namespace"}),
        # 53: Helm's own limit on release names, helm.sh/helm/v3 pkg/chartutil
        autoname=AutoName("name", 53),
        seconds=Seconds(60, 45, 20, "a chart of a few Deployments, waited for"),
    ),
}


INVOKES: dict[str, Callable[[Request], Json]] = {}


def replaces_provider(old: Json, new: Json, *, unknown: Callable[[object], bool]) -> bool:
    """Tell whether the Kubernetes provider itself would be replaced, and all its objects with it.

    As pulumi-kubernetes' DiffConfig: the same `clusterIdentifier` before and after means the same
    cluster; without one, an unknown or a different kubeconfig means another cluster.
    """
    before, after = old.get("clusterIdentifier"), new.get("clusterIdentifier")
    if before is not None and after is not None and not unknown(after):
        return before != after
    config = new.get("kubeconfig")
    return unknown(config) or config != old.get("kubeconfig")
