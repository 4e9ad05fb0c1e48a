"""Which guide tells more about a component's package."""

from pathlib import Path

ROOT = Path(__file__).parents[2]

GUIDES = {
    "addons": "upgrades.md",
    "alerts": "alerting.md",
    "backup": "runbooks/restore-from-backup.md",
    "cache": "data-services.md",
    "cluster": "upgrades.md",
    "edge": "edge.md",
    "gateway": "gateway.md",
    "grafana": "dashboards.md",
    "identity": "identity.md",
    "kafka": "data-services.md",
    "logging": "logging.md",
    "memcached": "data-services.md",
    "mesh": "mesh.md",
    "metrics": "metrics.md",
    "notifications": "alerting.md",
    "observability": "metrics.md",
    "rabbitmq": "data-services.md",
    "registry": "data-services.md",
    "scans": "security-scans.md",
    "search": "data-services.md",
    "serverless": "serverless.md",
    "service": "workloads.md",
    "storage": "data-services.md",
    "tables": "data-services.md",
    "tracing": "tracing.md",
}
"""Page in docs/, by the package in components/; a package may have none."""


def title(page: str) -> str:
    """Return the title of a page in docs/."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("# ")).removeprefix("# ")
