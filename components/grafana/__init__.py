"""Grafana, with the dashboards of the platform and of each service."""

from components.grafana.args import (
    GrafanaArgs,
    GrafanaLogsArgs,
    GrafanaOidcArgs,
    GrafanaPart,
    GrafanaRolesArgs,
    GrafanaTraces,
    GrafanaWorkloadArgs,
)
from components.grafana.component import Grafana
from components.grafana.spec import GrafanaSpec
from components.grafana.workloads import shown

__all__ = [
    "Grafana",
    "GrafanaArgs",
    "GrafanaLogsArgs",
    "GrafanaOidcArgs",
    "GrafanaPart",
    "GrafanaRolesArgs",
    "GrafanaSpec",
    "GrafanaTraces",
    "GrafanaWorkloadArgs",
    "shown",
]
