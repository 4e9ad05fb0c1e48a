"""What metrics, traces, logs, dashboards and alerts stand on: names, namespaces, definitions."""
