"""Grafana, with the dashboards of the platform and of each service."""
