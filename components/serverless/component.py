"""A FastAPI application without servers: Lambda behind an HTTP API."""

from collections.abc import Mapping
from typing import Optional

import pulumi
import pulumi_aws as aws

from components._base.kms import domain_key, log_delivery
from components._base.names import check_name
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.serverless.access import enqueue_statements, take_statements
from components.serverless.alarms import make_api_alarms, make_background_alarms
from components.serverless.args import ServerlessApiArgs
from components.serverless.domain import make_domain
from components.serverless.function import Surroundings, make_function
from components.serverless.gateway import Gateway, make_gateway
from components.serverless.network import function_security_group
from components.serverless.plan import QUEUE_VARIABLE, ServerlessPlan, plan_serverless
from components.serverless.queue import Queues, make_queues, subscribe
from components.serverless.warm import keep_warm


class ServerlessApi(pulumi.ComponentResource):
    """FastAPI on Lambda (arm64) behind an HTTP API that verifies tokens, counts and logs.

    Example: `ServerlessApi("catalog", {"image": "1.4.2", "repository_url": repository_url,
    "issuer": identity.issuer, "audiences": identity.audiences})`.
    """

    url: pulumi.Output[str]
    """Where the API answers, without a last slash."""
    api_id: pulumi.Output[str]
    """Id of the HTTP API."""
    function_name: pulumi.Output[str]
    """Name of the function that answers requests."""
    live_arn: pulumi.Output[str]
    """ARN of its alias, which traffic goes to."""
    version: pulumi.Output[str]
    """Its newest version: the `stable_version` of the next rollout."""
    role_name: pulumi.Output[str]
    """Name of its role."""
    background_role_name: pulumi.Output[str]
    """Name of the other function's role; empty without work for later."""
    security_group_id: pulumi.Output[str]
    """Group of both functions, for stores to admit; empty outside a VPC."""
    queue_url: pulumi.Output[str]
    """Where work for later is sent to; empty without."""
    queue_arn: pulumi.Output[str]
    """ARN of the queue, for `enqueue_statements`; empty without."""
    dead_queue_url: pulumi.Output[str]
    """Where work that failed too often waits; empty without."""
    key_arn: pulumi.Output[str]
    """Key of variables, logs and queues."""

    @all_given
    def __init__(
        self, name: str, args: ServerlessApiArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        owner = f"ServerlessApi {name!r}"
        check_name(name, owner)
        plan = plan_serverless(args, owner)
        super().__init__("fastapi-platform:index:ServerlessApi", name, dict(args), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.spec.protect)
        key = domain_key(
            f"{name}-key",
            parent=self,
            description=f"Serverless API {name}: variables, logs and queues",
            statements=[log_delivery(self)],
            tags=scope.tags,
            protect=scope.protect,
        )
        group = _security_group(scope, args)
        around = Surroundings(scope, plan, args, place_of(self), key, group.id if group else None)
        queues = self._make_background(around)
        self._make_api(around, queues)
        nothing = pulumi.Output.from_input("")
        self.security_group_id = group.id if group else nothing
        self.queue_url = queues.url if queues else nothing
        self.queue_arn = queues.work.arn if queues else nothing
        self.dead_queue_url = queues.dead.url if queues else nothing
        self.key_arn = key.arn
        self.register_outputs(
            {
                "url": self.url,
                "apiId": self.api_id,
                "functionName": self.function_name,
                "liveArn": self.live_arn,
                "version": self.version,
                "roleName": self.role_name,
                "backgroundRoleName": self.background_role_name,
                "securityGroupId": self.security_group_id,
                "queueUrl": self.queue_url,
                "queueArn": self.queue_arn,
                "deadQueueUrl": self.dead_queue_url,
                "keyArn": self.key_arn,
            }
        )

    def _make_background(self, around: Surroundings) -> Queues | None:
        plan, spec = around.plan.background, around.plan.spec.background
        self.background_role_name = pulumi.Output.from_input("")
        if plan is None or spec is None:
            return None
        queues = make_queues(around.scope, spec, around.key)
        live = make_function(
            around, plan, statements=take_statements(queues.work.arn, around.key.arn)
        )
        subscribe(around.scope, spec, queues, live)
        make_background_alarms(
            around.scope,
            plan,
            visibility_seconds=spec.visibility,
            live=live,
            queues=queues,
            topic_arn=around.args.get("alarm_topic_arn"),
        )
        self.background_role_name = live.role.role.name
        return queues

    def _make_api(self, around: Surroundings, queues: Queues | None) -> None:
        scope, plan, args = around.scope, around.plan, around.args
        variables: Mapping[str, pulumi.Input[str]] = {}
        if queues:
            variables = {QUEUE_VARIABLE: queues.url}
        live = make_function(
            around,
            plan.api,
            statements=enqueue_statements(queues.work.arn, around.key.arn) if queues else (),
            variables=variables,
            rollout=plan.spec.rollout,
        )
        if plan.spec.provisioned:
            keep_warm(scope, live, plan.spec.provisioned)
        gateway = make_gateway(scope, plan, args, live=live, key=around.key)
        make_api_alarms(scope, plan, live, gateway, args.get("alarm_topic_arn"))
        self.url = _url(scope, plan, args, gateway)
        self.api_id = gateway.api.id
        self.function_name = live.function.name
        self.live_arn = live.alias.arn
        self.version = live.function.version
        self.role_name = live.role.role.name


def _security_group(scope: Scope, args: ServerlessApiArgs) -> aws.ec2.SecurityGroup | None:
    vpc_id = args.get("vpc_id")
    if args.get("subnet_ids") is None or vpc_id is None:
        return None
    return function_security_group(scope, vpc_id=vpc_id, stores=args.get("stores") or {})


def _url(
    scope: Scope, plan: ServerlessPlan, args: ServerlessApiArgs, gateway: Gateway
) -> pulumi.Output[str]:
    if plan.spec.domain_name is None:
        return gateway.api.api_endpoint
    host = make_domain(
        scope,
        gateway,
        plan.spec.domain_name,
        certificate_arn=args.get("certificate_arn"),
        zone_id=args.get("zone_id"),
    )
    return pulumi.Output.concat("https://", host)
