"""Security scans of public services by OWASP ZAP."""

from components.scans.args import SecurityScansArgs
from components.scans.component import SecurityScans
from components.scans.plan import ScansPlan, plan_scans, scan_problems
from components.scans.spec import SecurityScansSpec

__all__ = [
    "ScansPlan",
    "SecurityScans",
    "SecurityScansArgs",
    "SecurityScansSpec",
    "plan_scans",
    "scan_problems",
]
