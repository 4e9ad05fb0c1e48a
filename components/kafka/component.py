"""Apache Kafka for services: a cluster, its topics, and who may reach it."""

from collections.abc import Sequence
from typing import Optional, cast

import pulumi

from components._base.clients import Port, admit, registered, store_security_group
from components._base.errors import InvalidInput, Problem
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components.kafka.alarms import make_broker_alarms, make_lag_alarms
from components.kafka.args import KafkaArgs
from components.kafka.brokers import make_brokers, make_serverless, make_topics
from components.kafka.plan import plan_kafka

IAM_PORT = Port(9098, "iam")
METRICS_PORTS = (Port(11001, "jmx"), Port(11002, "node"))
"""https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html (2026-11)"""


class Kafka(pulumi.ComponentResource):
    """Apache Kafka on Amazon MSK: clients come with IAM and over TLS, and no other way.

    It depends on the network only. Services are given what `produce_statements` and
    `consume_statements` return.

    Example: `Kafka("kafka", {"vpc_id": vpc_id, "subnet_ids": subnet_ids, "zone_count": 3,
    "clients": {"cluster": security_group_id}, "topics": {"orders": {"partitions": 12}}})`.
    """

    bootstrap_brokers: pulumi.Output[str]
    """`host:9098` of some brokers, separated by commas, once the topics are there. For clients with
    `security.protocol=SASL_SSL` and `sasl.mechanism=AWS_MSK_IAM` or `OAUTHBEARER`."""
    cluster_arn: pulumi.Output[str]
    """ARN of the cluster, for the statements of services."""
    cluster_name: pulumi.Output[str]
    """Name in AWS, also in the metrics."""
    security_group_id: pulumi.Output[str]
    """The group of the brokers."""
    topic_names: pulumi.Output[Sequence[str]]
    """Names of the topics, once they are there."""
    broker_hosts: pulumi.Output[Sequence[str]]
    """Host names of all brokers that serve Prometheus metrics, see `scrapers`; empty: none does."""

    @all_given
    def __init__(
        self, name: str, args: KafkaArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        owner = f"Kafka {name!r}"
        plan = plan_kafka(args, owner)
        inputs = registered(args, "clients", "scrapers")
        super().__init__("fastapi-platform:index:Kafka", name, inputs, opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        subnet_ids = _one_in_each_zone(args, plan.zone_count, owner)
        group = store_security_group(
            scope,
            vpc_id=args["vpc_id"],
            ports=[IAM_PORT],
            clients=args["clients"],
            description=f"Brokers of Kafka {name}",
        )
        topics: Sequence[pulumi.Resource] = []
        names: Sequence[str] = []
        alarm_topic_arn = args.get("alarm_topic_arn")
        if plan.brokers:
            if plan.brokers.open_monitoring:
                admit(scope, group, ports=METRICS_PORTS, clients=args.get("scrapers") or {})
            cluster = make_brokers(
                scope, plan.brokers, subnet_ids=subnet_ids, security_group_id=group.id
            )
            topics = make_topics(scope, plan.brokers.layout.topics, cluster.arn)
            names = sorted(plan.brokers.layout.topics)
            make_broker_alarms(scope, plan.brokers, cluster.cluster_name, alarm_topic_arn)
        else:
            cluster = make_serverless(scope, subnet_ids=subnet_ids, security_group_id=group.id)
        make_lag_alarms(scope, plan.lag_alarms, cluster.cluster_name, alarm_topic_arn)

        self.bootstrap_brokers = after(cluster.bootstrap_brokers_sasl_iam, topics)
        self.cluster_arn = cluster.arn
        self.cluster_name = cluster.cluster_name
        self.security_group_id = group.id
        self.topic_names = after(pulumi.Output.from_input(names), topics)
        watched = (
            plan.brokers.layout.brokers if plan.brokers and plan.brokers.open_monitoring else 0
        )
        self.broker_hosts = cluster.bootstrap_brokers_sasl_iam.apply(
            lambda some: broker_hosts(some, watched)
        )
        self.register_outputs(
            {
                "bootstrapBrokers": self.bootstrap_brokers,
                "clusterArn": self.cluster_arn,
                "clusterName": self.cluster_name,
                "securityGroupId": self.security_group_id,
                "topicNames": self.topic_names,
                "brokerHosts": self.broker_hosts,
            }
        )


def broker_hosts(bootstrap: str, count: int) -> list[str]:
    """Return the host names of brokers 1 to `count`, of which a bootstrap string names some.

    MSK numbers brokers from 1 on. When some are taken away it takes those without partitions: move
    them off those with the highest numbers, or give Prometheus the list by hand.

    https://docs.aws.amazon.com/msk/latest/developerguide/msk-remove-broker.html (2026-11)
    """
    first = bootstrap.split(",", maxsplit=1)[0].rsplit(":", 1)[0]
    _, _, domain = first.partition(".")
    return [f"b-{number}.{domain}" for number in range(1, count + 1)] if domain else []


def _one_in_each_zone(args: KafkaArgs, zones: int, owner: str) -> pulumi.Output[Sequence[str]]:
    """Return the subnets; brokers and replicas were counted for as many."""

    def checked(subnet_ids: Sequence[pulumi.Input[str]]) -> Sequence[str]:
        if len(subnet_ids) != zones:
            reason = f"{len(subnet_ids)} subnets; zone_count says {zones}"
            raise InvalidInput(owner, [Problem("subnet_ids", reason)])
        return cast("Sequence[str]", subnet_ids)

    return pulumi.Output.from_input(args["subnet_ids"]).apply(checked)
