"""The section `grafana` of a stack file, and the structural inputs of a `Grafana`."""

from pydantic import Field, field_validator, model_validator

from components._base.spec import Spec
from components.gateway.route import HOST
from components.grafana.args import GrafanaPart, GrafanaTraces
from components.service.slo import SloSpec
from components.service.spec import UsesSpec
from components.service.values import WorkloadName


class GrafanaRolesSpec(Spec):
    """Who may do what, by the groups that the issuer of tokens puts people in."""

    claim: str = Field("groups", pattern=r"^[A-Za-z][A-Za-z0-9_:./-]*$")
    """Claim with a person's groups; Cognito's is `cognito:groups`."""
    admins: tuple[str, ...] = ()
    """Groups that may do everything but change what is provisioned."""
    editors: tuple[str, ...] = ()
    """Groups that may make dashboards of their own, and explore."""
    viewers: tuple[str, ...] = ()
    """Groups that may look; nobody else gets in."""

    @field_validator("admins", "editors", "viewers")
    @classmethod
    def _quotable(cls, groups: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [group for group in groups if not group or set(group) & set("'\"`\\\n{}")]
        if wrong:
            raise ValueError(f"no names of groups: {wrong}; quotes and braces are not allowed")
        return groups

    @model_validator(mode="after")
    def _somebody(self) -> "GrafanaRolesSpec":
        if not (self.admins or self.editors or self.viewers):
            raise ValueError("nobody could log in: name groups in admins, editors or viewers")
        return self


class GrafanaSpec(Spec):
    """Grafana, with a dashboard for each part of the platform and each service."""

    host: str | None = None
    """Name under which the gateway shows it to the outside world, e.g. `grafana.example.com`;
    left out: it is reached within the cluster only."""
    roles: GrafanaRolesSpec | None = None
    """Who may do what, where people log in by OpenID Connect."""
    traces: GrafanaTraces = GrafanaTraces.NONE
    """Where traces are looked up."""
    cloudwatch: bool = False
    """Let it read CloudWatch's metrics, and the platform's log groups there."""
    parts: tuple[GrafanaPart, ...] = (GrafanaPart.COST, GrafanaPart.TELEMETRY)
    """Parts of the platform that there are, each with a dashboard."""
    session_hours: int = Field(12, ge=1, le=168)
    """Hours until people have to log in again."""
    memory_mib: int = Field(512, ge=256, le=8192)
    """MiB of memory that it may take."""
    password_version: int = Field(1, ge=1)
    """Another number makes another password of the user `admin`, whom there is without `oidc`."""
    monitored: bool = False
    """Create a ServiceMonitor; its definition has to be there. Not with `host`: metrics ask for no
    login."""

    @field_validator("host")
    @classmethod
    def _is_host(cls, host: str | None) -> str | None:
        if host is not None and (host.startswith("*") or not HOST.fullmatch(host)):
            raise ValueError(f"{host!r} is no name of a host such as grafana.example.com")
        return host

    @model_validator(mode="after")
    def _no_open_metrics(self) -> "GrafanaSpec":
        if self.host and self.monitored:
            raise ValueError(
                "monitored: with host, the metrics would be open to the world; leave one out"
            )
        return self


class GrafanaWorkloadSpec(Spec):
    """What a service or a worker declares, as far as its dashboard shows it."""

    worker: bool = False
    """It serves no requests."""
    public: bool = False
    """The gateway shows it."""
    uses: UsesSpec = UsesSpec()  # pyright: ignore[reportCallIssue]
    """Data services that it uses."""
    calls: tuple[WorkloadName, ...] = ()
    """Services that it calls."""
    slo: SloSpec | None = None
    """What it promises."""
    queue: str = ""
    """Queue that a worker works through."""


class GrafanaWorkloadsSpec(Spec):
    """The workloads of a `Grafana`, which a stack file has in sections of their own."""

    workloads: dict[WorkloadName, GrafanaWorkloadSpec] = Field(
        default_factory=dict[str, GrafanaWorkloadSpec]
    )
    """Services and workers, each with a dashboard, by name."""
