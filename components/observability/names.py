"""Names that telemetry is known by, of which services, gateway and mesh need to know nothing else.

They are fixed, so what sends telemetry need not wait for what takes it.
"""

NAMESPACE = "observability"
"""Prometheus, Alertmanager, Grafana, collectors, Tempo and exporters. Pod Security: restricted."""

AGENTS_NAMESPACE = "node-agents"
"""What has to read a node's files: Fluent Bit and the node exporter. Pod Security: privileged."""

COLLECTOR = "otel-collector"
"""The Service that takes OTLP from services, gateway and mesh."""

COLLECTOR_ACCOUNT = "otel-collector"
"""Its pods' ServiceAccount."""

OTLP_HTTP_ENDPOINT = f"http://{COLLECTOR}.{NAMESPACE}.svc.cluster.local:4318"
"""Base URL of OTLP over HTTP."""

OTLP_GRPC_ENDPOINT = f"{COLLECTOR}.{NAMESPACE}.svc.cluster.local:4317"
"""OTLP over gRPC, as host and port."""

PROMETHEUS_URL = f"http://prometheus-operated.{NAMESPACE}.svc.cluster.local:9090"
"""Where Prometheus answers queries: the Service that its operator makes."""

ALERTMANAGER_URL = f"http://alertmanager-operated.{NAMESPACE}.svc.cluster.local:9093"
"""Where alerts go: the Service that the operator makes."""

TEMPO_URL = f"http://tempo.{NAMESPACE}.svc.cluster.local:3200"
"""Where Tempo answers queries."""
