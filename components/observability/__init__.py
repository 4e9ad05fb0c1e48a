"""What metrics, traces, logs, dashboards and alerts stand on: names, namespaces, definitions."""

from components.observability.args import ObservabilityArgs
from components.observability.component import Observability
from components.observability.spec import ObservabilitySpec

__all__ = ["Observability", "ObservabilityArgs", "ObservabilitySpec"]
