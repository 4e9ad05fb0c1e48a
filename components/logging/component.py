"""Logs of all containers: read on each node, to Elasticsearch and CloudWatch."""

from dataclasses import replace
from typing import Optional
from urllib.parse import urlsplit

import pulumi

from components._base.inside import Inside, split_options
from components._base.order import after
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.logging.agent import Sinks, make_agent
from components.logging.args import LoggingArgs
from components.logging.cloudwatch import make_cloudwatch
from components.logging.documents import PATTERN
from components.logging.plan import plan_logging
from components.logging.setup import make_writer


class Logging(pulumi.ComponentResource):
    """Fluent Bit on each node, the log group, and what Elasticsearch and Kibana know of logs.

    Give it the cluster's provider, and as `deleted_with` the cluster itself.

    Example: `Logging("logging", {"cluster_name": cluster.cluster_name, "agents_namespace":
    observability.agents_namespace, "cloudwatch": {}}, in_cluster(cluster, provider))`.
    """

    log_group_name: pulumi.Output[str]
    """The log group in CloudWatch; empty: there is none."""
    log_group_arn: pulumi.Output[str]
    """Its ARN; empty: there is none."""
    index_pattern: pulumi.Output[str]
    """By what lines are found in Elasticsearch; empty: none are sent there."""

    @all_given
    def __init__(
        self, name: str, args: LoggingArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_logging(args, name)
        own, control_plane = split_options(opts)
        # Elasticsearch takes its time; the log group need not wait for it.
        inputs = {key: value for key, value in args.items() if key not in ("search", "requires")}
        super().__init__("fastapi-platform:index:Logging", name, inputs, own)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.spec.protect)
        inside = Inside(scope, control_plane)
        mirror = args.get("mirror") or ""
        earlier = pulumi.Output.all(args["agents_namespace"], *(args.get("requires") or ()))
        namespace = earlier.apply(lambda values: str(values[0]))

        sinks, needed = Sinks(), list[pulumi.Resource]()
        if plan.spec.cloudwatch:
            cloudwatch = make_cloudwatch(
                scope,
                plan.spec.cloudwatch,
                cluster_name=args["cluster_name"],
                namespace=args["agents_namespace"],
            )
            needed.append(cloudwatch.identity)
            group, region = cloudwatch.group, place_of(self).region
            sinks = replace(sinks, log_group=group.name, region=region)
            self.log_group_name, self.log_group_arn = group.name, group.arn
        else:
            self.log_group_name = self.log_group_arn = pulumi.Output.from_input("")
        if plan.spec.elasticsearch and plan.search:
            writer = make_writer(
                inside, plan.spec.elasticsearch, plan.search, namespace=namespace, mirror=mirror
            )
            needed += writer.ready
            endpoint = pulumi.Output.from_input(plan.search["endpoint"]).apply(urlsplit)
            sinks = replace(
                sinks,
                search_host=endpoint.apply(lambda url: url.hostname or ""),
                search_port=endpoint.apply(lambda url: str(url.port or 443)),
                search_namespace=writer.search_namespace,
                password_secret=writer.password_secret,
            )
        agent = make_agent(inside, plan, sinks, namespace=namespace, mirror=mirror, after=needed)

        pattern = pulumi.Output.from_input(PATTERN if plan.search else "")
        self.index_pattern = after(pattern, [agent])
        self.register_outputs(
            {
                "logGroupName": self.log_group_name,
                "logGroupArn": self.log_group_arn,
                "indexPattern": self.index_pattern,
            }
        )
