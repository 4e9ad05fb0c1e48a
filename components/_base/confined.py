"""Pods and containers that may no more than Pod Security's level `restricted` lets them.

And whose root file system is read only.

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted (2026-11)
"""

from collections.abc import Mapping

CONTAINER_SECURITY: Mapping[str, object] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
"""`securityContext` of a container."""


def pod_security(user: int) -> Mapping[str, object]:
    """Return the `securityContext` of a pod, whose processes and volumes are of `user`."""
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
