"""Amazon MQ, for RabbitMQ."""

import re
from collections.abc import Iterator
from typing import cast

from components.rabbitmq.versions import CONNECTIONS, UPGRADES
from simulator.cloud.core import CloudError
from simulator.cloud.model import AutoName, Json, Model, Request, Seconds

BROKER_TIME = (
    "about 15 minutes by "
    "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/getting-started-rabbitmq.html "
    "(2026-11); deleting takes about 5"
)

NAME = re.compile(r"[0-9A-Za-z_-]{1,50}")
USER_NAME = re.compile(r"(?!guest$)[0-9A-Za-z._-]{2,100}")
"""https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/amazon-mq-limits.html (2026-11)"""

FORBIDDEN_IN_PASSWORDS = ",:="
"""https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers.html (2026-11)"""

SETTINGS = frozenset(
    {
        "consumer_timeout",
        "heartbeat",
        "management.restrictions.operator_policy_changes.disabled",
        "quorum_queue.property_equivalence.relaxed_checks_on_redeclaration",
        "secure.management.http.headers.enabled",
    }
)
"""Of all versions, https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/configurable-values.html
(2026-11); those of authentication and limits are not modelled."""


def _broker_outputs(request: Request) -> Json:
    host = f"{request.id}.mq.{request.region}.on.aws"
    return {
        "arn": request.arn("mq", f"broker:{request.text('brokerName')}:{request.id}"),
        # a cluster too has one endpoint, that of its load balancer
        "instances": [
            {
                "consoleUrl": f"https://{host}",
                "endpoints": [f"amqps://{host}:5671"],
                "ipAddress": "",
            }
        ],
        "pendingDataReplicationMode": "",
    }


def _refuse_broker(request: Request) -> Iterator[str]:
    inputs = request.inputs
    name = inputs.get("brokerName")
    if isinstance(name, str) and not NAME.fullmatch(name):
        yield f"brokerName: {name!r} is not valid: letters, digits, '-' and '_', at most 50"
    if request.text("engineType").lower() != "rabbitmq":
        return  # the platform runs no other
    yield from _version_refusals(request)
    if inputs.get("autoMinorVersionUpgrade") is not True:
        yield "autoMinorVersionUpgrade: must be true for RabbitMQ 3.13 and above"
    if request.part("logs").get("audit") not in (None, "false", False):
        yield "logs.audit: audit logging is not supported for RabbitMQ brokers"
    yield from _subnet_refusals(request)
    users = inputs.get("users")
    if isinstance(users, list):
        yield from _user_refusals(cast("list[Json]", users))


def _version_refusals(request: Request) -> Iterator[str]:
    version, kind = request.text("engineVersion"), request.text("hostInstanceType")
    if version and version not in UPGRADES:
        valid = ", ".join(UPGRADES)
        yield (
            f"engineVersion: broker engine version [{version}] is invalid for broker engine type "
            f"[RABBITMQ]. Valid values: [{valid}]"
        )
    if version.startswith("4.") and kind and kind not in CONNECTIONS:
        yield f"hostInstanceType: {kind} does not run RabbitMQ {version}, only mq.m7g sizes do"


def _subnet_refusals(request: Request) -> Iterator[str]:
    mode = request.text("deploymentMode", "SINGLE_INSTANCE")
    subnets = request.inputs.get("subnetIds")
    count = len(cast("list[object]", subnets)) if isinstance(subnets, list) else None
    if mode == "ACTIVE_STANDBY_MULTI_AZ":
        yield "deploymentMode: ACTIVE_STANDBY_MULTI_AZ is not for RabbitMQ"
    if mode == "SINGLE_INSTANCE" and count not in (None, 1):
        yield f"subnetIds: a SINGLE_INSTANCE deployment requires one subnet, not {count}"


def _user_refusals(users: list[Json]) -> Iterator[str]:
    if len(users) != 1:
        yield f"users: one and only one administrative user is accepted, not {len(users)}"
    for user in users:
        name, password = user.get("username"), user.get("password")
        if isinstance(name, str) and not USER_NAME.fullmatch(name):
            yield f"users[0].username: {name!r} is not valid"
        if isinstance(password, str):
            yield from _password_refusals(password)


def _password_refusals(password: str) -> Iterator[str]:
    if not 12 <= len(password) <= 250:
        yield f"users[0].password: has {len(password)} characters, 12 to 250 allowed"
    if len(set(password)) < 4:
        yield "users[0].password: needs 4 different characters"
    if set(FORBIDDEN_IN_PASSWORDS) & set(password):
        yield "users[0].password: must not contain commas, colons, or equal signs"


def _update_broker(request: Request, olds: Json) -> Json:
    """Refuse what UpdateBroker refuses."""
    if olds.get("securityGroups") != request.inputs.get("securityGroups"):
        raise CloudError(
            "BadRequestException: securityGroups: "
            "Changing security groups is not supported for RabbitMQ brokers."
        )
    old, new = olds.get("engineVersion"), request.text("engineVersion")
    if old != new and UPGRADES.get(new) != old:
        raise CloudError(
            f"BadRequestException: engineVersion: {old} can't be changed to {new} in one step"
        )
    return {}


def _refuse_configuration(request: Request) -> Iterator[str]:
    for line in request.text("data").splitlines():
        key = line.partition("=")[0].strip()
        if key and not key.startswith("#") and key not in SETTINGS:
            yield f"data: {key} can't be configured"


def _update_configuration(request: Request, olds: Json) -> Json:
    """A new text makes a new revision; nothing else does."""
    revised = any(olds.get(key) != request.inputs.get(key) for key in ("data", "description"))
    latest = olds.get("latestRevision")
    if not revised or not isinstance(latest, int | float):
        return {}
    return {"latestRevision": int(latest) + 1}


MODELS = {
    "aws:mq/broker:Broker": Model(
        identity=lambda r: f"b-{r.uuid()}",
        outputs=_broker_outputs,
        updates=_update_broker,
        replaces=frozenset(
            {
                *("authenticationStrategy", "brokerName", "dataReplicationPrimaryBrokerArn"),
                *("deploymentMode", "encryptionOptions", "engineType", "ldapServerMetadata"),
                *("publiclyAccessible", "storageType", "subnetIds"),
            }
        ),
        seconds=Seconds(900, 600, 300, BROKER_TIME),
        autoname=AutoName("brokerName", 50),
        refuses=_refuse_broker,
    ),
    "aws:mq/configuration:Configuration": Model(
        identity=lambda r: f"c-{r.uuid()}",
        outputs=lambda r: {
            "arn": r.arn("mq", f"configuration:{r.id}"),
            # the first is AWS's own, the provider then puts ours after it
            "latestRevision": 2,
        },
        updates=_update_configuration,
        replaces=frozenset({"authenticationStrategy", "engineType", "engineVersion", "name"}),
        autoname=AutoName(limit=150),
        refuses=_refuse_configuration,
    ),
}
"""What replaces: what UpdateBroker and UpdateConfiguration don't take (2026-11). Enumerations are
not checked against the API: it writes `RABBITMQ`, the provider takes `RabbitMQ` too."""
