"""What Grafana has to keep to itself: keys, passwords, and what it may read in AWS."""

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.iam import Statement
from components._base.inside import Inside
from components._base.pod_identity import pod_identity
from components._base.secret import generated_password
from components.grafana.args import GrafanaArgs, GrafanaTraces
from components.grafana.names import ACCOUNT, CA_SECRET, LOGIN_SECRET, LOGS_SECRET, OIDC_SECRET
from components.grafana.plan import GrafanaPlan
from components.service.environment import EXTERNAL_SECRET, REFRESH
from components.service.objects import Object, make_all
from components.service.search_ca import make_search_ca

METRICS = (
    "cloudwatch:DescribeAlarmsForMetric",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "ec2:DescribeRegions",
    "tag:GetResources",
)
"""To look at metrics; no resource can be named for any of it.

https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/configure/ (2026-11)
"""

LOG_QUERIES = (
    "logs:GetLogEvents",
    "logs:GetLogGroupFields",
    "logs:GetQueryResults",
    "logs:StartQuery",
)

LOG_SEARCH = ("logs:DescribeLogGroups", "logs:StopQuery")
"""Of all: no group can be named."""

XRAY = (
    "xray:BatchGetTraces",
    "xray:GetGroups",
    "xray:GetServiceGraph",
    "xray:GetTimeSeriesServiceStatistics",
    "xray:GetTraceGraph",
    "xray:GetTraceSummaries",
)
"""https://grafana.com/grafana/plugins/grafana-x-ray-datasource (2026-11); no resources either."""


def make_secrets(
    inside: Inside, plan: GrafanaPlan, args: GrafanaArgs, namespace: pulumi.Input[str]
) -> list[pulumi.Resource]:
    """Create all Secrets that Grafana's pod needs to start."""
    oidc, logs, store = args.get("oidc"), args.get("logs"), args.get("secret_store") or ""
    version = plan.spec.password_version if oidc is None else None
    made: list[pulumi.Resource] = [_own(inside, namespace, version)]
    copies: list[Object] = []
    if oidc is not None:
        copies.append(_copy(OIDC_SECRET, store, oidc["client_secret_arn"], "client_secret"))
    if logs is not None:
        copies.append(_copy(LOGS_SECRET, store, logs["secret_arn"], "password", "username"))
        if "ca_secret" in logs:
            made += make_search_ca(inside, namespace, logs["ca_secret"], name=CA_SECRET)
    return [*made, *make_all(inside, copies, namespace)]


def _own(
    inside: Inside, namespace: pulumi.Input[str], password_version: int | None
) -> kubernetes.core.v1.Secret:
    """Create the key that encrypts Grafana's database, in place of one that everybody knows.

    :param password_version: of the user `admin`; None: there is no such user.
    """
    content = {"secret-key": generated_password(inside.scope, "key", special="")}
    if password_version is not None:
        content["admin-password"] = generated_password(
            inside.scope, "admin", special="", version=password_version
        )
    options = inside.own
    # To the provider other data is another object, and the name is taken.
    options.delete_before_replace = True
    return kubernetes.core.v1.Secret(
        f"{inside.scope.name}-login",
        metadata={"name": LOGIN_SECRET, "namespace": namespace},
        string_data=content,
        opts=options,
    )


def _copy(name: str, store: pulumi.Input[str], arn: pulumi.Input[str], *keys: str) -> Object:
    """Return what copies a secret of AWS; whoever needs it waits until it is there."""
    spec = {
        "refreshInterval": REFRESH,
        "secretStoreRef": {"kind": "ClusterSecretStore", "name": store},
        "target": {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
        "data": [{"secretKey": key, "remoteRef": {"key": arn, "property": key}} for key in keys],
    }
    awaited = {"pulumi.com/waitFor": "condition=Ready"}
    return Object(EXTERNAL_SECRET, "ExternalSecret", name, {"spec": spec}, annotations=awaited)


def statements(plan: GrafanaPlan, args: GrafanaArgs) -> list[Statement]:
    """Return what Grafana may do in AWS: look, and nothing else."""
    found: list[Statement] = []
    if plan.spec.cloudwatch:
        found.append(Statement("ReadMetrics", METRICS, ["*"]))
        groups = args.get("log_group_arns") or ()
        if groups:
            within = [pulumi.Output.concat(arn, ":*") for arn in groups]
            found.append(Statement("ReadLogs", LOG_QUERIES, [*groups, *within]))
            found.append(Statement("FindLogs", LOG_SEARCH, ["*"]))
    if plan.spec.traces is GrafanaTraces.XRAY:
        found.append(Statement("ReadTraces", XRAY, ["*"]))
    return found


def make_role(
    inside: Inside, plan: GrafanaPlan, args: GrafanaArgs, namespace: pulumi.Input[str]
) -> list[pulumi.Resource]:
    """Create the role of Grafana's pods, if there is anything in AWS for them."""
    allowed, cluster = statements(plan, args), args.get("cluster_name")
    if not allowed or cluster is None:
        return []
    return [
        pod_identity(
            inside.scope,
            "reader",
            allowed,
            description=f"Data sources of {inside.scope.name}",
            cluster_name=cluster,
            namespace=namespace,
            service_account=ACCOUNT,
        )
    ]
