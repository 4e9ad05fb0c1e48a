"""Where callers come in: load balancer, names, certificate and firewall."""

from typing import Optional

import pulumi

from components._base.clients import registered
from components._base.order import after
from components._base.required import all_given
from components._base.scope import Scope
from components.edge.access_logs import make_log_bucket
from components.edge.alarms import make_balancer_alarms
from components.edge.args import EdgeArgs
from components.edge.front import Front, behind_cloudfront, reached_directly
from components.edge.load_balancer import make_balancer
from components.edge.plan import EdgePlan, plan_edge


class Edge(pulumi.ComponentResource):
    """An Application Load Balancer behind a firewall, for the gateway's pods.

    It needs the network only. The pods are registered by a TargetGroupBinding with
    `target_group_arn`; nothing in the cluster makes a load balancer, so nothing of it is left
    behind. Headers of answers, such as HSTS, are the gateway's.

    Example: `Edge("edge", {"vpc_id": vpc_id, "subnet_ids": public_subnet_ids, "domain": {"names":
    ["api.example.com"], "zone_id": "Z0123456789ABCDEFGHIJ"}})`.
    """

    url: pulumi.Output[str]
    """Where callers come in, e.g. `https://api.example.com`."""
    target_group_arn: pulumi.Output[str]
    """Target group of the gateway's pods, once requests are forwarded to it."""
    security_group_id: pulumi.Output[str]
    """Security group of the load balancer."""
    load_balancer_arn: pulumi.Output[str]
    """ARN of the load balancer."""
    load_balancer_host: pulumi.Output[str]
    """Its own host name."""
    web_acl_arn: pulumi.Output[str]
    """ARN of the firewall's web ACL; empty without one."""
    distribution_id: pulumi.Output[str]
    """Id of the CloudFront distribution; empty without one."""
    log_bucket_name: pulumi.Output[str]
    """Bucket of the load balancer's logs."""

    @all_given
    def __init__(
        self, name: str, args: EdgeArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_edge(args, name, f"Edge {name!r}")
        super().__init__("fastapi-platform:index:Edge", name, registered(args, "targets"), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.spec.protect)
        logs = make_log_bucket(scope, plan)
        balancer = make_balancer(
            scope,
            plan,
            vpc_id=args["vpc_id"],
            subnet_ids=args["subnet_ids"],
            targets=args.get("targets") or {},
            log_bucket=logs.name,
        )
        make_balancer_alarms(scope, balancer, args.get("alarm_topic_arn"))
        way = behind_cloudfront if plan.cloudfront else reached_directly
        front = way(scope, plan, args, balancer)

        self.url = _url(plan, front)
        self.target_group_arn = after(balancer.target_group.arn, front.listeners)
        self.security_group_id = balancer.security_group.id
        self.load_balancer_arn = balancer.balancer.arn
        self.load_balancer_host = balancer.balancer.dns_name
        self.web_acl_arn = front.web_acl_arn
        self.distribution_id = front.distribution_id
        self.log_bucket_name = logs.name
        self.register_outputs(
            {
                "url": self.url,
                "targetGroupArn": self.target_group_arn,
                "securityGroupId": self.security_group_id,
                "loadBalancerArn": self.load_balancer_arn,
                "loadBalancerHost": self.load_balancer_host,
                "webAclArn": self.web_acl_arn,
                "distributionId": self.distribution_id,
                "logBucketName": self.log_bucket_name,
            }
        )


def _url(plan: EdgePlan, front: Front) -> pulumi.Output[str]:
    if plan.domain:
        names = plan.domain.names
        plain = [name for name in names if not name.startswith("*.")]
        return pulumi.Output.from_input(f"https://{(plain or names)[0]}")
    return pulumi.Output.concat("http://", front.host)
