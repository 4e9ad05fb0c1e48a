"""Auto-instrumentation: OpenTelemetry's operator, and how it instruments Python."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.charts.catalog import OTEL_OPERATOR
from components.charts.release import release
from components.cluster.addons import TOLERATIONS
from components.cluster.nodes import LABELS
from components.observability.names import OTLP_HTTP_ENDPOINT
from components.tracing.plan import INSTRUMENTATION, TracingPlan

API_VERSION = "opentelemetry.io/v1alpha1"

PYTHON_VERSION = "0.64b0"
"""Of the image with Python's instrumentation: what the operator is tested with,
https://github.com/open-telemetry/opentelemetry-operator/blob/v0.158.0/versions.txt (2026-08)."""

OPERATOR = "opentelemetry-operator"

WEBHOOK_PORT = 9443

UNOBSERVED = "health.*,metrics"
"""Paths without spans, as the services' own runtime has it."""


def install_operator(
    inside: Inside,
    plan: TracingPlan,
    *,
    namespace: pulumi.Input[str],
    depends_on: Sequence[pulumi.Resource],
) -> kubernetes.helm.v3.Release:
    """Install the operator, and its webhook with a certificate of cert-manager."""
    return release(
        inside,
        OTEL_OPERATOR,
        name=OPERATOR,
        namespace=namespace,
        values=operator_values(plan),
        mirror=plan.mirror,
        depends_on=depends_on,
    )


def operator_values(plan: TracingPlan) -> Mapping[str, object]:
    """Return the operator's values."""
    two = plan.spec.min_replicas > 1
    python = OTEL_OPERATOR.images["manager.autoInstrumentationImage.python.repository"]
    return {
        "fullnameOverride": OPERATOR,
        "replicaCount": 2 if two else 1,
        "pdb": {"create": two, "minAvailable": 1},
        "manager": {
            "podAnnotations": {"linkerd.io/inject": "disabled"},
            "autoInstrumentationImage": {"python": {"repository": python, "tag": PYTHON_VERSION}},
            "resources": {
                "requests": {"cpu": "50m", "memory": "128Mi"},
                "limits": {"memory": "256Mi"},
            },
        },
        # A pod that the operator does not see starts without instrumentation, but starts.
        "admissionWebhooks": {
            "certManager": {"enabled": True},
            "pods": {"failurePolicy": "Ignore"},
        },
        "nodeSelector": {"kubernetes.io/os": "linux", **LABELS},
        "tolerations": list(TOLERATIONS),
        "priorityClassName": "system-cluster-critical",
    }


def make_instrumentation(
    inside: Inside, operator: pulumi.Resource, *, namespace: pulumi.Input[str]
) -> pulumi.Resource:
    """Create what services ask for by annotation."""
    options = inside.own
    options.depends_on = [operator]
    return kubernetes.apiextensions.CustomResource(
        f"{inside.scope.name}-instrumentation",
        api_version=API_VERSION,
        kind="Instrumentation",
        metadata={"name": INSTRUMENTATION, "namespace": namespace},
        spec=dict(instrumentation()),
        opts=options,
    )


def instrumentation() -> Mapping[str, object]:
    """Return how Python is instrumented: traces only, in the trace of the caller."""
    settings = {
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        # Metrics are read from /metrics, and logs from the nodes.
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_PYTHON_EXCLUDED_URLS": UNOBSERVED,
    }
    return {
        "exporter": {"endpoint": OTLP_HTTP_ENDPOINT},
        "propagators": ["tracecontext", "baggage"],
        # Which traces are kept is decided later, when all of one is there.
        "sampler": {"type": "parentbased_always_on"},
        "initContainerSecurityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "python": {
            "env": [{"name": name, "value": value} for name, value in settings.items()],
            "resourceRequirements": {
                "requests": {"cpu": "50m", "memory": "64Mi"},
                "limits": {"memory": "128Mi"},
            },
        },
    }
