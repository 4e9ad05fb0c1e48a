"""What a `Grafana` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi

from components.service.args import SloArgs, UsesArgs


class GrafanaTraces(str, Enum):
    """Where traces are looked up."""

    NONE = "none"
    """Nowhere."""
    TEMPO = "tempo"
    """In Tempo, in the same namespace."""
    XRAY = "xray"
    """In AWS X-Ray, by a plugin that Grafana downloads when it starts."""


class GrafanaPart(str, Enum):
    """Parts of the platform with a dashboard of their own."""

    CACHE = "cache"
    COST = "cost"
    KAFKA = "kafka"
    KONG = "kong"
    LINKERD = "linkerd"
    RABBITMQ = "rabbitmq"
    SEARCH = "search"
    SERVERLESS = "serverless"
    TELEMETRY = "telemetry"
    WORKERS = "workers"


class GrafanaRolesArgs(TypedDict):
    """Who may do what, by the groups that the issuer of tokens puts people in."""

    claim: NotRequired[str]
    """Claim with a person's groups. Default: `groups`; Cognito's is `cognito:groups`."""
    admins: NotRequired[Sequence[str]]
    """Groups that may do everything but change what is provisioned. Default: none."""
    editors: NotRequired[Sequence[str]]
    """Groups that may make dashboards of their own, and explore. Default: none."""
    viewers: NotRequired[Sequence[str]]
    """Groups that may look. Default: none; nobody else gets in."""


class GrafanaOidcArgs(TypedDict):
    """The OpenID Connect issuer that people log in at, and Grafana's client there.

    The client's callback URL is `https://HOST/login/generic_oauth`.
    """

    client_id: pulumi.Input[str]
    """Grafana's own, as `Identity.client_ids` has them."""
    client_secret_arn: pulumi.Input[str]
    """Secret in Secrets Manager, JSON with `client_secret`, as `Identity.client_secret_arns` has
    them."""
    auth_url: pulumi.Input[str]
    """The issuer's authorization endpoint, https."""
    token_url: pulumi.Input[str]
    """Its token endpoint, https."""
    userinfo_url: pulumi.Input[str]
    """Its userinfo endpoint, https."""
    logout_url: NotRequired[pulumi.Input[str]]
    """Where people are sent after logging out, to be logged out there, too. Default: nowhere."""
    scopes: NotRequired[Sequence[str]]
    """What Grafana asks the issuer for. Default: openid, email, profile."""


class GrafanaLogsArgs(TypedDict):
    """The Elasticsearch with the logs."""

    endpoint: pulumi.Input[str]
    """URL of its REST API, https."""
    secret_arn: pulumi.Input[str]
    """Secret in Secrets Manager, JSON with `username` and `password`; to read is enough."""
    ca_secret: NotRequired[pulumi.Input[str]]
    """Kubernetes secret with the `ca.crt` of the endpoint, as `namespace/name`. Default: a public
    authority."""
    namespace: NotRequired[str]
    """Namespace of an engine in the cluster. Default: it is outside."""
    index: NotRequired[str]
    """Pattern of the indices. Default: `logs-*`."""


class GrafanaWorkloadArgs(TypedDict):
    """What a service or a worker declares, as far as its dashboard shows it."""

    worker: NotRequired[bool]
    """It serves no requests. Default: false."""
    public: NotRequired[bool]
    """The gateway shows it. Default: false."""
    uses: NotRequired[UsesArgs]
    """Data services that it uses. Default: none."""
    calls: NotRequired[Sequence[str]]
    """Services that it calls. Default: none."""
    slo: NotRequired[SloArgs]
    """What it promises. Default: nothing that is shown."""
    queue: NotRequired[str]
    """Queue that a worker works through. Default: none."""


class GrafanaArgs(TypedDict):
    """Inputs of `Grafana`."""

    host: NotRequired[str]
    """Name under which the gateway shows it to the outside world, e.g. `grafana.example.com`;
    needs `oidc`. Default: it is reached within the cluster only."""
    roles: NotRequired[GrafanaRolesArgs]
    """Who may do what; needed with `oidc`."""
    traces: NotRequired[GrafanaTraces]
    """Where traces are looked up. Default: nowhere."""
    cloudwatch: NotRequired[bool]
    """Let it read CloudWatch's metrics, and the logs of `log_group_arns`. Default: false."""
    parts: NotRequired[Sequence[GrafanaPart]]
    """Parts of the platform that there are, each with a dashboard. Default: cost, telemetry."""
    session_hours: NotRequired[int]
    """Hours until people have to log in again, 1 to 168. Default: 12."""
    memory_mib: NotRequired[int]
    """MiB of memory that it may take, 256 to 8192. Default: 512."""
    password_version: NotRequired[int]
    """1 or more; another number makes another password of the user `admin`. Default: 1."""
    monitored: NotRequired[bool]
    """Create a ServiceMonitor; its definition has to be there. Not with `host`: metrics ask for no
    login. Default: false."""
    workloads: NotRequired[Mapping[str, GrafanaWorkloadArgs]]
    """Services and workers, each with a dashboard, by name. Default: none."""
    workloads_namespace: NotRequired[str]
    """Their namespace. Default: `services`."""
    namespace: pulumi.Input[str]
    """Namespace of its pods: `Observability.namespace`."""
    oidc: NotRequired[GrafanaOidcArgs]
    """Where people log in. Default: one user `admin`, whose password is in the Secret
    `grafana-login`."""
    logs: NotRequired[GrafanaLogsArgs]
    """The Elasticsearch with the logs. Default: none."""
    log_group_arns: NotRequired[Sequence[pulumi.Input[str]]]
    """Log groups in CloudWatch that it may read. Default: none."""
    secret_store: NotRequired[pulumi.Input[str]]
    """Name of the `ClusterSecretStore` (`Addons.secret_store_name`); needed with `oidc` and
    `logs`."""
    cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the EKS cluster; needed to read CloudWatch or X-Ray."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of what has to be there before: `Observability.ready` if it is monitored; the
    gateway's name and cert-manager's namespace with `host`. Default: all is there."""
    mirror: NotRequired[str]
    """A registry with all charts and images; see `docs/private-registry.md`. Default: none."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS."""
