"""The runtime contract: what the platform tells a service, as environment variables.

Every field is one variable, `SECTION_FIELD`: `http.port` is `HTTP_PORT`. A service derives its own
settings class and adds the sections of what it uses (`platform_runtime.stores`). Wrong values are
all reported at once when the service starts. `docs/runtime-contract.md` is generated from here.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

VERSION = "1"
"""Version of the contract; it changes when a variable is removed or changes its meaning."""


def _split(value: object) -> object:
    """Read `a,b` as a list."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Values separated by commas."""

Seconds = Annotated[float, Field(gt=0, le=900)]


class Section(BaseModel):
    """Variables with a common prefix."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ServiceSettings(Section):
    """Who the service is."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,62}$", description="Name in the stack file")
    version: str = Field(default="0.0.0", description="Version of the image")
    environment: str = Field(default="local", description="Name of the stack")


class HttpSettings(Section):
    """The HTTP server."""

    host: str = Field(default="0.0.0.0", description="Address it listens on")  # noqa: S104 - a pod's own
    port: int = Field(default=8000, ge=1, le=65535, description="Port, of probes and metrics too")
    request_timeout_seconds: Seconds = Field(
        default=10, description="Longest time for a request; then 504. A caller may ask for less"
    )
    max_body_bytes: int = Field(default=1_048_576, ge=0, description="Largest body; then 413")
    keep_alive_seconds: int = Field(
        default=75, ge=1, description="Idle connections; longer than the load balancer's (60 s)"
    )
    drain_seconds: float = Field(
        default=5, ge=0, le=300, description="Serving after SIGTERM, until endpoints are updated"
    )
    grace_seconds: int = Field(
        default=20, ge=1, le=900, description="Then requests in flight have this long to end"
    )
    docs: bool = Field(default=True, description="Serve /docs and /openapi.json")


class PodSettings(Section):
    """The pod, as Kubernetes knows it."""

    uid: str = Field(default="", description="Its id; `OTEL_RESOURCE_ATTRIBUTES` is made of it")


class CorsSettings(Section):
    """Browsers of other origins."""

    origins: Names = Field(
        default=(), description="Origins allowed, e.g. `https://shop.example.com`"
    )
    credentials: bool = Field(default=False, description="Whether they may send cookies")
    methods: Names = Field(default=("GET", "POST", "PUT", "PATCH", "DELETE"), description="Methods")
    headers: Names = Field(
        default=("Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"),
        description="Headers that they may send",
    )

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [origin for origin in origins if not _is_origin(origin)]
        if wrong:
            raise ValueError(
                f"{', '.join(wrong)}: must be https://HOST (http only for localhost), "
                "without path or wildcard"
            )
        return origins


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    local = parts.hostname in {"localhost", "127.0.0.1"}
    return (
        (parts.scheme == "https" or (parts.scheme == "http" and local))
        and bool(parts.hostname)
        and "*" not in text
        and text == f"{parts.scheme}://{parts.netloc}"
        and "@" not in parts.netloc
    )


class LogLevel(str, Enum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogSettings(Section):
    """Logs: JSON lines on standard output."""

    level: LogLevel = Field(default=LogLevel.INFO, description="Least level that is written")
    access: bool = Field(default=True, description="Log each request (not health and metrics)")


class OtelSettings(Section):
    """OpenTelemetry, by its own names; no endpoint: nothing is recorded."""

    exporter_otlp_endpoint: str = Field(
        default="",
        description="Collector's base URL, HTTP/protobuf, e.g. `http://otel-collector:4318`",
    )
    traces_sampler_arg: float = Field(
        default=1.0, ge=0, le=1, description="Share of new traces kept; a caller's decision is kept"
    )
    resource_attributes: str = Field(
        default="",
        description="What else is known of the pod, `k8s.pod.uid=...`; OpenTelemetry reads it",
    )
    metrics_exporter: str = Field(
        default="none",
        pattern="^(none|otlp)$",
        description="`otlp` also pushes metrics; /metrics is there anyway",
    )


class AuthSettings(Section):
    """OAuth2 access tokens: who issues them, and for whom."""

    issuer: str = Field(pattern=r"^https?://\S+$", description="`iss` of every token")
    audience: Names = Field(
        min_length=1,
        description="Whom tokens must be for: `aud`, or `client_id` of access tokens without one",
    )
    jwks_url: str = Field(pattern=r"^https?://\S+$", description="The issuer's public keys")
    algorithms: Names = Field(default=("RS256", "ES256"), description="Signatures accepted")
    leeway_seconds: float = Field(default=30, ge=0, le=300, description="Clocks may differ")
    jwks_ttl_seconds: Seconds = Field(default=300, description="Keys are fetched again after")
    jwks_retry_seconds: Seconds = Field(
        default=10, description="Shortest time between two fetches, also for unknown key ids"
    )

    @field_validator("algorithms")
    @classmethod
    def _are_asymmetric(cls, algorithms: tuple[str, ...]) -> tuple[str, ...]:
        allowed = {"RS256", "RS384", "RS512", "ES256", "ES384", "PS256", "EdDSA"}
        wrong = sorted(set(algorithms) - allowed)
        if wrong or not algorithms:
            raise ValueError(f"{wrong}: choose from {', '.join(sorted(allowed))}")
        return algorithms


class WorkerSettings(Section):
    """A worker that serves no HTTP."""

    heartbeat_file: str = Field(
        default="",
        description="Touched every 10 s while work is taken; the probe checks its age",
    )


class Settings(BaseSettings):
    """What every service gets."""

    model_config = SettingsConfigDict(
        env_nested_delimiter="_",
        env_nested_max_split=1,
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
    )

    service: ServiceSettings
    pod: PodSettings = PodSettings()
    http: HttpSettings = HttpSettings()
    cors: CorsSettings = CorsSettings()
    log: LogSettings = LogSettings()
    otel: OtelSettings = OtelSettings()
    worker: WorkerSettings = WorkerSettings()
    auth: AuthSettings | None = None
    """Without it the routes that need a token answer 503."""

    @classmethod
    def from_values(cls, **values: object) -> "Settings":
        """Return settings from given values, as a test has them, and the environment."""
        return cls.model_validate(values)


def sections(settings: type[BaseSettings]) -> Iterable[tuple[str, type[Section]]]:
    """Return the name and class of each section of a settings class."""
    for name, field in settings.model_fields.items():
        kinds = (field.annotation, *getattr(field.annotation, "__args__", ()))
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, Section):
                yield name, kind
