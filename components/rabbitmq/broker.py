"""The broker, its configuration and the credentials of its user."""

import urllib.parse
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.names import AUTONAME_LENGTH, short_name
from components._base.scope import Scope
from components._base.secret import StoredSecret, generated_password, stored_secret
from components.rabbitmq.args import RabbitMqMode
from components.rabbitmq.plan import RabbitMqPlan

ENGINE = "RabbitMQ"

MODES = {
    RabbitMqMode.SINGLE: "SINGLE_INSTANCE",
    RabbitMqMode.CLUSTER: "CLUSTER_MULTI_AZ",
}

NAME_LIMIT = 50
"""https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/amazon-mq-limits.html (2026-11)"""

USER = "platform"
"""The one user that Amazon MQ makes: the administrator, who can make others in RabbitMQ."""

PASSWORD_SPECIAL = "-_.~"  # noqa: S105 - characters, no password
"""Amazon MQ takes neither comma, colon nor equals sign; these need no quoting in a URL either.

https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers.html (2026-11)
"""


def make_password(scope: Scope, version: int) -> pulumi.Output[str]:
    """Generate the user's password: Amazon MQ can't change it, only RabbitMQ itself can."""
    return generated_password(scope, "user", special=PASSWORD_SPECIAL, version=version)


def make_broker(
    scope: Scope,
    plan: RabbitMqPlan,
    *,
    subnet_ids: pulumi.Output[Sequence[str]],
    security_group_id: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    password: pulumi.Input[str],
) -> aws.mq.Broker:
    """Create the broker and its configuration."""
    configuration_name = f"{scope.name}-configuration"
    configuration = aws.mq.Configuration(
        configuration_name,
        engine_type=ENGINE,
        engine_version=plan.version,
        data=plan.configuration,
        description=f"Settings of broker {scope.name}",
        tags=scope.tagged(configuration_name),
        opts=scope.own,
    )
    name = short_name(f"{scope.name}-broker", NAME_LIMIT - AUTONAME_LENGTH)
    return aws.mq.Broker(
        name,
        engine_type=ENGINE,
        engine_version=plan.version,
        # AWS wants it so; it means patches, which the version does not name
        auto_minor_version_upgrade=True,
        deployment_mode=MODES[plan.mode],
        host_instance_type=plan.instance_type,
        subnet_ids=subnet_ids,
        security_groups=[security_group_id],
        publicly_accessible=False,
        encryption_options={"use_aws_owned_key": False, "kms_key_id": key_arn},
        configuration={"id": configuration.id, "revision": configuration.latest_revision},
        logs={"general": True},
        maintenance_window_start_time={
            "day_of_week": plan.maintenance_day,
            "time_of_day": plan.maintenance_time,
            "time_zone": "UTC",
        },
        apply_immediately=plan.apply_immediately,
        users=[{"username": USER, "password": password}],
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            protect=scope.protect,
            # Amazon MQ neither changes nor tells the users of RabbitMQ: a diff that never ends
            # (hashicorp/terraform-provider-aws#46061)
            ignore_changes=["users"],
            # "Changing security groups is not supported for RabbitMQ brokers": say so in the
            # preview, where the guard sees it (hashicorp/terraform-provider-aws#33514)
            replace_on_changes=["securityGroups"],
        ),
    )


def endpoint_of(broker: aws.mq.Broker) -> pulumi.Output[str]:
    """Return `amqps://HOST:5671`. A cluster has one too: its load balancer's."""
    return broker.instances.apply(lambda found: (found[0].endpoints or [""])[0])


def console_of(broker: aws.mq.Broker) -> pulumi.Output[str]:
    """Return the URL of the console and the management API."""
    return broker.instances.apply(lambda found: found[0].console_url or "")


def store_credentials(
    scope: Scope,
    *,
    endpoint: pulumi.Output[str],
    password: pulumi.Output[str],
    key: aws.kms.Key,
) -> StoredSecret:
    """Store what a client needs to connect, as AWS's own secrets have it, and as one URL."""
    content = pulumi.Output.all(endpoint, password).apply(lambda both: _content(*both))
    return stored_secret(
        scope,
        "user-secret",
        key=key,
        content=pulumi.Output.json_dumps(content, sort_keys=True),
        description=f"User {USER} of broker {scope.name}",
    )


def _content(endpoint: str, password: str) -> dict[str, str | int]:
    address = urllib.parse.urlsplit(endpoint)
    return {
        "engine": "rabbitmq",
        "host": address.hostname or "",
        "port": address.port or 0,
        "username": USER,
        "password": password,
        # %2F is the default virtual host
        "url": f"{address.scheme}://{USER}:{password}@{address.netloc}/%2F",
    }
