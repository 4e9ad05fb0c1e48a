"""AWS Load Balancer Controller, which puts the gateway's pods into the platform's target groups.

The load balancer is a resource of the program, so of all that the controller can do only
TargetGroupBindings are wanted. It makes nothing in AWS that could outlive the cluster.
"""

import pulumi

from components._base.iam import Statement
from components.addons.kit import SYSTEM_NAMESPACE, SYSTEM_PRIORITY, Kit, resources
from components.charts import Values
from components.charts.catalog import AWS_LOAD_BALANCER_CONTROLLER

SERVICE_ACCOUNT = "aws-load-balancer-controller"

READS = (
    *("ec2:DescribeAvailabilityZones", "ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces"),
    *("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
    *("elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTargetGroupAttributes"),
    *("elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"),
)
"""What a TargetGroupBinding needs of the controller's own policy,
https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json
(2026-08)."""

WRITES = ("elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets")

DOORS = ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress")
"""By a binding's `networking`: from the load balancer to the pods, and closed with the binding."""

NO_OTHER_CONTROLLERS = {
    "ALBGatewayAPI": False,
    "EnableServiceController": False,
    "GatewayListenerSet": False,
    "NLBGatewayAPI": False,
}


def controller_statements(
    kit: Kit, target_groups: list[pulumi.Input[str]], nodes: pulumi.Input[str]
) -> list[Statement]:
    """Return the policy: register pods in `target_groups`, or in those with our tags.

    :param nodes: the security group that may be opened to the load balancer.
    """
    own = Statement("Register", WRITES, target_groups)
    if not target_groups:
        every = [kit.place.arn("elasticloadbalancing", "targetgroup/*/*")]
        own = Statement("Register", WRITES, every, conditions={"StringEquals": kit.own_tags()})
    here = {"StringEquals": {"aws:RequestedRegion": kit.place.region}}
    # The Describe calls of both services know no resource.
    find = Statement("Find", READS, ["*"], conditions=here)
    group = pulumi.Output.concat("security-group/", nodes)
    return [own, find, Statement("Open", DOORS, [kit.place.arn("ec2", group)])]


def controller_values(kit: Kit, vpc_id: pulumi.Input[str]) -> Values:
    """Return the values of the chart."""
    return {
        "clusterName": kit.cluster_name,
        # Or it asks the metadata service, which pods can't reach.
        "region": kit.place.region,
        "vpcId": vpc_id,
        "replicaCount": kit.plan.replicas,
        "podDisruptionBudget": {"maxUnavailable": 1} if kit.two else {},
        **kit.system,
        "priorityClassName": SYSTEM_PRIORITY,
        "resources": resources("50m", "128Mi", "256Mi"),
        "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "securityContext": {"capabilities": {"drop": ["ALL"]}},
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        # The chart's own certificate is another at each rendering (pulumi-kubernetes#2131).
        "enableCertManager": True,
        # No Service or Ingress may wait for this controller: it handles none (LBC#4140).
        "enableServiceMutatorWebhook": False,
        "webhookConfig": {"disableIngressValidation": True},
        "defaultTargetType": "ip",
        "createIngressClassResource": False,
        "ingressClassParams": {"create": False},
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
        "enableBackendSecurityGroup": False,
        # A rule for each port of a binding, or it makes one range from the lowest to the highest.
        "disableRestrictedSecurityGroupRules": True,
        "controllerConfig": {"featureGates": NO_OTHER_CONTROLLERS},
    }


def make_load_balancer_controller(
    kit: Kit,
    *,
    vpc_id: pulumi.Input[str],
    nodes: pulumi.Input[str],
    target_groups: list[pulumi.Input[str]],
    after: list[pulumi.Resource],
) -> pulumi.Resource:
    """Install the controller.

    :param nodes: the security group of nodes.
    :param after: cert-manager, which gives its webhook a certificate.
    """
    identity = kit.identity(
        "load-balancer",
        controller_statements(kit, target_groups, nodes),
        namespace=SYSTEM_NAMESPACE,
        service_account=SERVICE_ACCOUNT,
    )
    return kit.install(
        AWS_LOAD_BALANCER_CONTROLLER,
        controller_values(kit, vpc_id),
        namespace=SYSTEM_NAMESPACE,
        depends_on=[identity, *after],
    )
