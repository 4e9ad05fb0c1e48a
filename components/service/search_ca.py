"""The authority of Elasticsearch, copied to where its clients are: pods mount no other namespace's.

By External Secrets and its Kubernetes provider, so that a renewed authority is copied, too:
https://external-secrets.io/latest/provider/kubernetes/ (2026-11).
"""

from collections.abc import Sequence

import pulumi

from components._base.inside import Inside
from components.service.objects import Object, make

SECRET, KEY = "search-ca", "ca.crt"

STORE = "external-secrets.io/v1"
RBAC = "rbac.authorization.k8s.io"


def make_search_ca(
    inside: Inside,
    namespace: pulumi.Input[str],
    source: pulumi.Input[str],
    *,
    name: str = SECRET,
    after: Sequence[pulumi.Resource] = (),
) -> list[pulumi.Resource]:
    """Create the copy, and who may make it: one account that reads one Secret.

    :param namespace: where the copy is to be.
    :param source: Secret of the authority, as `namespace/name`.
    :param name: of the copy and of all that makes it; another one for each copy in the cluster.
    :param after: what has to be in the namespace before.
    """
    parts = pulumi.Output.from_input(source).apply(lambda text: text.split("/", 1))
    remote, secret = parts.apply(lambda found: found[0]), parts.apply(lambda found: found[1])
    account = make(
        inside,
        Object("v1", "ServiceAccount", name, {"automountServiceAccountToken": False}),
        namespace,
        after=after,
    )
    rule = {
        "apiGroups": [""],
        "resources": ["secrets"],
        "verbs": ["get"],
        "resourceNames": [secret],
    }
    role = make(inside, Object(f"{RBAC}/v1", "Role", name, {"rules": [rule]}), remote)
    subject = {"kind": "ServiceAccount", "name": name, "namespace": namespace}
    bound = {
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": name},
        "subjects": [subject],
    }
    binding = make(inside, Object(f"{RBAC}/v1", "RoleBinding", name, bound), remote, after=[role])
    authority = {"type": "ConfigMap", "name": "kube-root-ca.crt", "key": KEY}
    provider = {
        "remoteNamespace": remote,
        "server": {"url": "kubernetes.default", "caProvider": authority},
        "auth": {"serviceAccount": {"name": name}},
    }
    store = make(
        inside,
        Object(STORE, "SecretStore", name, {"spec": {"provider": {"kubernetes": provider}}}),
        namespace,
        after=[account, binding],
    )
    spec = {
        "refreshInterval": "1h",
        "secretStoreRef": {"kind": "SecretStore", "name": name},
        "target": {"name": name, "creationPolicy": "Owner"},
        "data": [{"secretKey": KEY, "remoteRef": {"key": secret, "property": KEY}}],
    }
    awaited = {"pulumi.com/waitFor": "condition=Ready"}
    copy = Object(STORE, "ExternalSecret", name, {"spec": spec}, annotations=awaited)
    return [make(inside, copy, namespace, after=[store])]
