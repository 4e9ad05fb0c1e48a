"""A serverless API of a stack: the component's settings, and the data services that it uses."""

from collections.abc import Mapping

from pydantic import Field, model_validator

from components._base.spec import Spec
from components.serverless import ServerlessApiSpec
from components.service.args import DataAccess
from components.service.contract import variable_problems


class ServerlessUsesSpec(Spec):
    """Data services that an API uses: what is named is reachable and allowed, and no more."""

    tables: dict[str, DataAccess] = Field(default_factory=dict[str, DataAccess])
    """Tables by name, and what is done with each."""
    buckets: dict[str, DataAccess] = Field(default_factory=dict[str, DataAccess])
    """Buckets by short name, likewise."""
    cache: bool = False
    """Valkey or Redis. The functions are in the VPC then, and read the password's secret."""

    @property
    def sections(self) -> set[str]:
        """The runtime contract's sections of what is used."""
        return {name.upper() for name in ServerlessUsesSpec.model_fields if getattr(self, name)}


class StackServerlessSpec(ServerlessApiSpec):
    """A serverless API: one entry of `platform:serverless`."""

    uses: ServerlessUsesSpec = ServerlessUsesSpec()  # pyright: ignore[reportCallIssue]
    """Data services that it uses."""
    code_bucket: str | None = None
    """Bucket of the archive, one of `platform:storage`; required by `zip`."""
    zone_id: str | None = Field(None, pattern=r"^Z[A-Z0-9]{1,31}$")
    """Route 53 zone of `domainName`; default: the one of `platform:dnsZones` that it is in."""

    def zone_in(self, zones: Mapping[str, str]) -> str | None:
        """Return the zone of `domain_name`: the one that is given, or the nearest around it."""
        host = self.domain_name
        if host is None or self.zone_id:
            return self.zone_id
        around = [domain for domain in zones if f".{host}".endswith(f".{domain}")]
        return zones[max(around, key=len)] if around else None

    @model_validator(mode="after")
    def _variables(self) -> "StackServerlessSpec":
        problems = list(variable_problems(self.environment, self.uses.sections))
        if problems:
            raise ValueError(f"environment: {'; '.join(problems)}")
        return self
