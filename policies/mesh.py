"""The service mesh: which namespaces are in it."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.rule import Verdict, Violation, resource_policy
from policies.subject import Subject, item

NAMESPACE = "kubernetes:core/v1:Namespace"
INJECT = "linkerd.io/inject"

OUTSIDE = (
    *("cert-manager", "elastic-system", "external-dns", "external-secrets", "karpenter", "keda"),
    *("kube-system", "linkerd", "linkerd-cni", "linkerd-viz", "node-agents"),
    *("observability", "scans", "search"),
)
"""Namespaces of the platform itself: controllers that the mesh stands on, or that speak TLS of
their own."""


def _meshed(namespace: Subject) -> Iterator[Verdict]:
    name = namespace.get("metadata.name")
    inject = item(namespace.get("metadata.annotations"), INJECT)
    if isinstance(inject, UnknownValueError):
        yield inject
    elif inject not in ("enabled", "ingress") and name not in namespace.texts("outside"):
        yield Violation(
            f"is not in the mesh: its annotation {INJECT} is not enabled",
            "set it to enabled, or name the namespace in the setting outside of this policy",
        )


POLICIES: Sequence[Policy] = (
    resource_policy(
        _meshed,
        name="namespace-in-mesh",
        display_name="Services know who calls them",
        description="Namespaces are in the mesh, but for those of the platform's own controllers.",
        types=(NAMESPACE,),
        severity=Severity.HIGH,
        remediation_steps=(
            "Annotate the namespace with linkerd.io/inject: enabled. Its pods then have an "
            "identity, speak mTLS, and refuse callers that nobody declared."
        ),
        tags=("kubernetes", "mesh", "encryption"),
        url="https://linkerd.io/2/features/automatic-mtls/",
        settings={
            "outside": {
                "type": "array",
                "items": {"type": "string"},
                "default": list(OUTSIDE),
                "description": "Namespaces that need not be in the mesh.",
            }
        },
    ),
)
