"""The authority of Elasticsearch, copied to where its clients are: pods mount no other namespace's.

By External Secrets and its Kubernetes provider, so that a renewed authority is copied, too:
https://external-secrets.io/latest/provider/kubernetes/ (2026-11).
"""

import pulumi

from components._base.inside import Inside
from components._base.namespaces import Namespace
from components.service.objects import Object, make

SECRET, KEY = "search-ca", "ca.crt"

STORE = "external-secrets.io/v1"
RBAC = "rbac.authorization.k8s.io"


def make_search_ca(
    inside: Inside, namespace: Namespace, source: pulumi.Input[str]
) -> list[pulumi.Resource]:
    """Create the copy, and who may make it: one account that reads one Secret.

    :param source: Secret of the authority, as `namespace/name`.
    """
    parts = pulumi.Output.from_input(source).apply(lambda text: text.split("/", 1))
    remote, secret = parts.apply(lambda found: found[0]), parts.apply(lambda found: found[1])
    account = make(
        inside,
        Object("v1", "ServiceAccount", SECRET, {"automountServiceAccountToken": False}),
        namespace.name,
        after=namespace.closed,
    )
    rule = {
        "apiGroups": [""],
        "resources": ["secrets"],
        "verbs": ["get"],
        "resourceNames": [secret],
    }
    role = make(inside, Object(f"{RBAC}/v1", "Role", SECRET, {"rules": [rule]}), remote)
    subject = {"kind": "ServiceAccount", "name": SECRET, "namespace": namespace.name}
    bound = {
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": SECRET},
        "subjects": [subject],
    }
    binding = make(inside, Object(f"{RBAC}/v1", "RoleBinding", SECRET, bound), remote, after=[role])
    authority = {"type": "ConfigMap", "name": "kube-root-ca.crt", "key": KEY}
    provider = {
        "remoteNamespace": remote,
        "server": {"url": "kubernetes.default", "caProvider": authority},
        "auth": {"serviceAccount": {"name": SECRET}},
    }
    store = make(
        inside,
        Object(STORE, "SecretStore", SECRET, {"spec": {"provider": {"kubernetes": provider}}}),
        namespace.name,
        after=[account, binding],
    )
    spec = {
        "refreshInterval": "1h",
        "secretStoreRef": {"kind": "SecretStore", "name": SECRET},
        "target": {"name": SECRET, "creationPolicy": "Owner"},
        "data": [{"secretKey": KEY, "remoteRef": {"key": secret, "property": KEY}}],
    }
    awaited = {"pulumi.com/waitFor": "condition=Ready"}
    copy = Object(STORE, "ExternalSecret", SECRET, {"spec": spec}, annotations=awaited)
    return [make(inside, copy, namespace.name, after=[store])]
