"""The structural inputs of a `SecurityScans`, checked: the section `platform:scans`."""

from datetime import date

from pydantic import Field

from components._base.logs import RetentionDays
from components._base.spec import Spec
from components.scans.args import ScanFrequency, ScanMethods, ScanRisk

HARMLESS = ("dev", "test", "staging")
"""Environments in which nobody minds what a scan does."""


class IgnoredFindingSpec(Spec):
    """A finding that somebody has looked at and accepted for a time."""

    rule: str = Field(pattern=r"^\d{1,7}(-\d{1,3})?$")
    """Number of ZAP's rule, in quotes, e.g. `"10038"`: https://www.zaproxy.org/docs/alerts/."""
    reason: str = Field(min_length=10, max_length=500)
    """Why it is none, in 10 letters or more."""
    until: date
    """Last day on which it is ignored, e.g. `2027-05-31`."""
    service: str | None = None
    """Of one service only; default: all."""
    path: str | None = Field(None, pattern=r"^/")
    """Under paths that begin with it, e.g. `/orders`; default: all."""


class SecurityScansSpec(Spec):
    """Scans of the public services by OWASP ZAP, and what is told of their findings."""

    frequency: ScanFrequency = ScanFrequency.WEEKLY
    """How often the services are scanned."""
    hour: int = Field(3, ge=0, le=23)
    """Hour in which scans begin, UTC; each service has its own minute."""
    max_minutes: int = Field(45, ge=10, le=240)
    """Longest time for one scan; a token has to last as long."""
    memory_mib: int = Field(2048, ge=1024, le=16_384)
    """MiB of a scan's pod."""
    methods: ScanMethods = ScanMethods.READ
    """Which operations are called; `all` only where `active_environments` allows."""
    active: bool = False
    """Attack, too: only where `active_environments` allows."""
    active_environments: tuple[str, ...] = HARMLESS
    """Environments that may be changed and attacked."""
    client: str | None = None
    """Name of the identity's machine client as which requests are sent; default: as nobody."""
    alert_from: ScanRisk = ScanRisk.MEDIUM
    """Risk from which new findings are told."""
    fail_from: ScanRisk | None = None
    """Risk from which any finding makes the run fail; default: none does."""
    ignored: tuple[IgnoredFindingSpec, ...] = ()
    """Findings that are not told."""
    keep_days: int = Field(400, ge=30, le=3650)
    """Days for which reports are kept."""
    log_retention_days: RetentionDays = 365
    """Days for which the log of the comparison is kept."""
