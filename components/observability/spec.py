"""The structural inputs of `Observability`, checked."""

from components._base.spec import Spec


class ObservabilitySpec(Spec):
    """Namespaces of what watches the platform, and the Prometheus operator's definitions."""

    shown: bool = False
    """The gateway shows something of it, such as Grafana."""
    protect: bool = False
    """Refuse to delete the namespace with the metrics' volumes, and the definitions with which
    every monitor and alert would go."""
