"""The Gateway API's objects, and how the load balancer finds the pods.

Definitions of the Gateway API are the mesh's: it brings them, and they are there before.
"""

from collections.abc import Sequence

import pulumi

from components._base.inside import Inside
from components._base.namespaces import Namespace
from components.gateway import certificates, names
from components.gateway.args import GatewayArgs
from components.gateway.objects import Kind, make_object

CLASS = Kind("gateway.networking.k8s.io/v1", "GatewayClass")
GATEWAY = Kind("gateway.networking.k8s.io/v1", "Gateway")
BINDING = Kind("elbv2.k8s.aws/v1beta1", "TargetGroupBinding")


def make_gateway(
    inside: Inside, namespace: Namespace, *, after: Sequence[pulumi.Resource]
) -> pulumi.Resource:
    """Create the `GatewayClass` and the `Gateway`, whose one listener speaks HTTPS."""
    gateway_class = make_object(
        inside,
        "class",
        CLASS,
        {
            "name": names.GATEWAY_CLASS,
            # The pods are the chart's, and not made from the Gateway.
            "annotations": {"konghq.com/gatewayclass-unmanaged": "true"},
        },
        {"controllerName": names.CONTROLLER_NAME},
        after=after,
    )
    listener = {
        "name": names.LISTENER,
        "port": names.PROXY_SERVICE_PORT,
        "protocol": "HTTPS",
        "tls": {"mode": "Terminate", "certificateRefs": [{"name": certificates.PROXY}]},
        "allowedRoutes": {
            "namespaces": {"from": "Selector", "selector": {"matchLabels": names.ROUTES_ALLOWED}}
        },
    }
    return make_object(
        inside,
        "listeners",
        GATEWAY,
        {"name": names.GATEWAY, "namespace": namespace.name},
        {"gatewayClassName": names.GATEWAY_CLASS, "listeners": [listener]},
        after=[gateway_class],
    )


def make_binding(
    inside: Inside,
    namespace: Namespace,
    args: GatewayArgs,
    target_group_arn: pulumi.Input[str],
    *,
    after: Sequence[pulumi.Resource],
) -> pulumi.Resource:
    """Bind the target group to the pods, by their addresses.

    The AWS Load Balancer Controller registers them, and has to run until they are out again, or
    the binding's finalizer holds up the destroy: the component comes after it (`depends_on`).
    """
    spec: dict[str, object] = {
        "serviceRef": {"name": names.PROXY_SERVICE, "port": names.PROXY_SERVICE_PORT},
        "targetGroupARN": target_group_arn,
        "targetType": "ip",
    }
    group = args.get("load_balancer_security_group_id")
    if group is not None:
        spec["networking"] = {
            "ingress": [
                {
                    "from": [{"securityGroup": {"groupID": group}}],
                    "ports": [
                        {"port": port, "protocol": "TCP"}
                        for port in (names.PROXY_PORT, names.STATUS_PORT)
                    ],
                }
            ]
        }
    return make_object(
        inside,
        "targets",
        BINDING,
        {"name": names.GATEWAY, "namespace": namespace.name},
        spec,
        after=after,
        # Registered targets are in AWS: they go before the cluster does, and never with it.
        options=inside.scope.own,
    )
