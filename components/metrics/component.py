"""Prometheus and Alertmanager, with all that they read, and whom they tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import pulumi

from components._base.iam import Statement
from components._base.inside import Inside, split_options
from components._base.order import after
from components._base.place import Place, place_of
from components._base.pod_identity import pod_identity
from components._base.required import all_given
from components._base.scope import Scope
from components.charts import Chart, Values, release
from components.charts.catalog import CLOUDWATCH_EXPORTER, KUBE_PROMETHEUS_STACK
from components.metrics import cloudwatch, names
from components.metrics.alertmanager import make_receiver_secret, publish_statements
from components.metrics.args import MetricsArgs
from components.metrics.elasticsearch import make_exporter
from components.metrics.kafka import make_broker_scrape
from components.metrics.managed import Workspace, make_workspace, write_statements
from components.metrics.network import make_network_policies
from components.metrics.plan import MetricsPlan, plan_metrics
from components.metrics.receivers import alertmanager_config
from components.metrics.spec import CloudWatchMetricsSpec
from components.metrics.stack import Wiring, stack_values
from components.observability.names import ALERTMANAGER_URL, PROMETHEUS_URL

LATE = ("elasticsearch", "kafka_brokers")
"""Inputs that only what reads them waits for."""


class Metrics(pulumi.ComponentResource):
    """Prometheus reads every part of the platform; Alertmanager tells people what is wrong.

    Give it the cluster's provider, and as `deleted_with` the cluster itself.

    Example: `Metrics("metrics", {"cluster_name": cluster.cluster_name, "namespace":
    observability.namespace, ...}, in_cluster(cluster, provider))`.
    """

    prometheus_url: pulumi.Output[str]
    """Where Prometheus answers queries, within the cluster, once its operator runs."""
    alertmanager_url: pulumi.Output[str]
    """Where Alertmanager takes alerts and silences, likewise."""
    workspace_endpoint: pulumi.Output[str]
    """URL of the workspace of Amazon Managed Service for Prometheus; empty without one."""
    workspace_arn: pulumi.Output[str]
    """Its ARN, for whoever may query it; empty without one."""

    @all_given
    def __init__(
        self, name: str, args: MetricsArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_metrics(args, name)
        own, control_plane = split_options(opts)
        # Brokers take half an hour: only what reads them may wait for them.
        inputs = {key: value for key, value in args.items() if key not in LATE}
        super().__init__("fastapi-platform:index:Metrics", name, inputs, own)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.spec.protect)
        site = _Site(Inside(scope, control_plane), place_of(self), plan, args)

        brokers = args.get("kafka_brokers")
        policies = make_network_policies(
            site.inside, plan, site.namespace, kafka=brokers is not None
        )
        workspace = (
            make_workspace(scope, plan.spec.managed_prometheus, args["cluster_name"])
            if plan.spec.managed_prometheus
            else None
        )
        stack = _stack(site, workspace, after=policies)
        if plan.spec.cloudwatch:
            _exporter(site, plan.spec.cloudwatch, after=[stack])
        if brokers is not None:
            make_broker_scrape(
                site.inside, namespace=site.namespace, brokers=brokers, after=[stack]
            )
        search = args.get("elasticsearch")
        if search is not None:
            make_exporter(
                site.inside,
                search,
                reader=site.namespace,
                mirror=args.get("mirror") or "",
                after=stack,
            )

        self.prometheus_url = after(pulumi.Output.from_input(PROMETHEUS_URL), [stack])
        self.alertmanager_url = after(pulumi.Output.from_input(ALERTMANAGER_URL), [stack])
        none = pulumi.Output.from_input("")
        self.workspace_endpoint = workspace.endpoint if workspace else none
        self.workspace_arn = workspace.arn if workspace else none
        self.register_outputs(
            {
                "prometheusUrl": self.prometheus_url,
                "alertmanagerUrl": self.alertmanager_url,
                "workspaceEndpoint": self.workspace_endpoint,
                "workspaceArn": self.workspace_arn,
            }
        )


@dataclass(frozen=True)
class _Site:
    """Where it all goes, and what is wanted there."""

    inside: Inside
    place: Place
    plan: MetricsPlan
    args: MetricsArgs

    @property
    def namespace(self) -> pulumi.Output[str]:
        """The namespace, once all is there that has to be before."""
        earlier = (self.args["namespace"], *(self.args.get("requires") or ()))
        return pulumi.Output.all(*earlier).apply(lambda values: str(values[0]))

    def install(
        self, chart: Chart, values: Values, after: Sequence[pulumi.Resource]
    ) -> pulumi.Resource:
        """Install a chart."""
        return release(
            self.inside,
            chart,
            namespace=self.namespace,
            values=values,
            mirror=self.args.get("mirror") or "",
            depends_on=after,
        )

    def identity(
        self, suffix: str, account: str, statements: Sequence[Statement]
    ) -> pulumi.Resource:
        """Let the pods of a service account do in AWS what `statements` say."""
        return pod_identity(
            self.inside.scope,
            suffix,
            statements,
            description=f"{suffix} of {self.inside.scope.name}",
            cluster_name=self.args["cluster_name"],
            namespace=self.namespace,
            service_account=account,
        )


def _stack(
    site: _Site, workspace: Workspace | None, *, after: Sequence[pulumi.Resource]
) -> pulumi.Resource:
    """Install Prometheus and Alertmanager, after what their pods have to find."""
    plan, args = site.plan, site.args
    earlier = list(after)
    topic, store = args.get("alarm_topic_arn"), args.get("secret_store")
    if workspace:
        statements = write_statements(workspace)
        earlier.append(site.identity("prometheus", names.PROMETHEUS_ACCOUNT, statements))
    if topic is not None:
        key = args.get("alarm_topic_key_arn")
        statements = publish_statements(topic, key, site.place.region)
        earlier.append(site.identity("alertmanager", names.ALERTMANAGER_ACCOUNT, statements))
    if plan.receiver_secrets and store is not None:
        earlier.append(
            make_receiver_secret(site.inside, plan, namespace=site.namespace, secret_store=store)
        )
    wiring = Wiring(
        cluster_name=args["cluster_name"],
        agents_namespace=args["agents_namespace"],
        storage_class=args["storage_class"],
        region=site.place.region,
        alerts=alertmanager_config(plan, topic_arn=topic, region=site.place.region),
        workspace=workspace,
    )
    return site.install(KUBE_PROMETHEUS_STACK, stack_values(plan, wiring), earlier)


def _exporter(
    site: _Site, spec: CloudWatchMetricsSpec, *, after: Sequence[pulumi.Resource]
) -> None:
    """Install the exporter of CloudWatch's metrics."""
    identity = site.identity(
        names.EXPORTER_ACCOUNT,
        names.EXPORTER_ACCOUNT,
        cloudwatch.exporter_statements(spec.services, site.place),
    )
    config = cloudwatch.exporter_config(spec, region=site.place.region, tags=site.inside.scope.tags)
    values = cloudwatch.exporter_values(config, spec.period_seconds)
    site.install(CLOUDWATCH_EXPORTER, values, [identity, *after])
