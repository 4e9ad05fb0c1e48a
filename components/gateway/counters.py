"""The password of the cache in which requests are counted: from Secrets Manager into a Secret."""

from collections.abc import Mapping

import pulumi

from components._base.inside import Inside
from components._base.namespaces import Namespace
from components.gateway.args import GatewayCountersArgs
from components.gateway.objects import Kind, make_object
from components.gateway.plugins import Counters
from components.gateway.plugins.rate_limiting import REDIS_PORT

EXTERNAL_SECRET = Kind("external-secrets.io/v1", "ExternalSecret")

NAME, KEY = "kong-counters", "password"

REFRESH = "15m"
"""Another password is taken up within this time; the cache's old one stays good (`Cache`)."""

VALIDATED = {"konghq.com/validate": "plugin"}
"""As the controller wants every Secret of a plugin to have."""


def counters_of(args: GatewayCountersArgs) -> Counters:
    """Return the cache as plugins name it, those of single routes too."""
    port = int(args.get("port") or REDIS_PORT)
    return Counters(args["host"], port, args["user_name"], NAME, KEY)


def make_counters_secret(
    inside: Inside, namespace: Namespace, args: GatewayCountersArgs
) -> pulumi.Resource:
    """Create the `ExternalSecret`, and wait until the Secret is there.

    The password is in neither the program, nor its state, nor a plugin's settings.
    """
    spec: Mapping[str, object] = {
        "refreshInterval": REFRESH,
        "secretStoreRef": {"kind": "ClusterSecretStore", "name": args["secret_store"]},
        "target": {
            "name": NAME,
            "creationPolicy": "Owner",
            "template": {
                "engineVersion": "v2",
                "metadata": {"labels": VALIDATED},
                # The controller puts it into a plugin's settings as it is: it has to be JSON.
                "data": {KEY: "{{ .password | toJson }}"},
            },
        },
        "data": [
            {
                "secretKey": "password",
                "remoteRef": {"key": args["secret_arn"], "property": "password"},
            }
        ],
    }
    return make_object(
        inside,
        "counters",
        EXTERNAL_SECRET,
        {
            "name": NAME,
            "namespace": namespace.name,
            "annotations": {"pulumi.com/waitFor": "condition=Ready"},
        },
        spec,
        after=namespace.closed,
    )
