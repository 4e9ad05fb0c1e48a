"""A function, its log, and the alias that traffic goes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import ServiceRole, Statement
from components._base.images import pull_address
from components._base.logs import log_group
from components._base.place import Place
from components._base.scope import Scope
from components.serverless.args import ServerlessApiArgs, ServerlessTracing
from components.serverless.plan import (
    NAME_VARIABLE,
    OTLP_VARIABLE,
    FunctionPlan,
    ServerlessPlan,
)
from components.serverless.role import function_role
from components.serverless.spec import ServerlessApiSpec, ServerlessRolloutSpec

LIVE = "live"
"""The alias that traffic goes to."""

ARCHITECTURE = "arm64"


@dataclass(frozen=True)
class Surroundings:
    """What both functions have in common."""

    scope: Scope
    plan: ServerlessPlan
    args: ServerlessApiArgs
    place: Place
    key: aws.kms.Key
    security_group_id: pulumi.Output[str] | None
    """None: in no VPC."""


@dataclass(frozen=True)
class LiveFunction:
    """A function, and the alias that traffic goes to."""

    function: aws.lambda_.Function
    alias: aws.lambda_.Alias
    role: ServiceRole

    @property
    def dimensions(self) -> Mapping[str, pulumi.Input[str]]:
        """Of the metrics of the traffic."""
        resource = pulumi.Output.concat(self.function.name, ":", LIVE)
        return {"FunctionName": self.function.name, "Resource": resource}


def make_function(
    around: Surroundings,
    plan: FunctionPlan,
    *,
    statements: Sequence[Statement] = (),
    variables: Mapping[str, pulumi.Input[str]] | None = None,
    rollout: ServerlessRolloutSpec | None = None,
) -> LiveFunction:
    """Create a function with its role and log, publish it, and point the alias at it.

    :param statements: what this function may do besides.
    :param variables: what this function is told besides.
    """
    scope, spec, args = around.scope, around.plan.spec, around.args
    name = f"{scope.name}-{plan.suffix}"
    logs = log_group(
        f"{name}-logs",
        parent=scope.parent,
        key=around.key,
        retention_days=spec.log_retention_days,
        tags=scope.tags,
    )
    role = function_role(
        scope,
        name,
        args,
        place=around.place,
        tracing=spec.tracing,
        log_group=logs,
        statements=statements,
    )
    function = aws.lambda_.Function(
        name,
        role=role.arn,
        architectures=[ARCHITECTURE],
        package_type="Image" if spec.image else "Zip",
        image_uri=_image_uri(spec, args),
        image_config={"commands": plan.command} if plan.command else None,
        s3_bucket=args.get("code_bucket") if spec.zip else None,
        s3_key=spec.zip.key if spec.zip else None,
        s3_object_version=spec.zip.version if spec.zip else None,
        runtime=spec.zip.runtime.value if spec.zip else None,
        handler=plan.handler,
        snap_start={"apply_on": "PublishedVersions"} if spec.zip and spec.zip.snap_start else None,
        publish=True,
        memory_size=plan.memory_mb,
        timeout=plan.timeout_seconds,
        ephemeral_storage={"size": spec.tmp_mb},
        reserved_concurrent_executions=-1
        if plan.reserved_concurrency is None
        else plan.reserved_concurrency,
        environment={"variables": {**_variables(around), **(variables or {})}},
        kms_key_arn=around.key.arn,
        tracing_config={
            "mode": "Active" if spec.tracing is ServerlessTracing.XRAY else "PassThrough"
        },
        logging_config={
            "log_format": "JSON",
            "application_log_level": spec.log_level.name,
            "system_log_level": "INFO",
            "log_group": logs.name,
        },
        vpc_config=_vpc(around),
        # A function's network interfaces outlive it by up to an hour, and would hold the group:
        # they are given to the VPC's own before it is deleted.
        replace_security_groups_on_destroy=True if around.security_group_id else None,
        tags=scope.tagged(name),
        opts=scope.own,
    )
    return LiveFunction(function, _live(scope, name, function, rollout), role)


def _image_uri(spec: ServerlessApiSpec, args: ServerlessApiArgs) -> pulumi.Input[str] | None:
    repository = args.get("repository_url")
    if spec.image is None or repository is None:
        return None
    return pull_address(repository, spec.image)


def _variables(around: Surroundings) -> Mapping[str, pulumi.Input[str]]:
    args, spec = around.args, around.plan.spec
    variables: dict[str, pulumi.Input[str]] = {
        NAME_VARIABLE: around.scope.name,
        **spec.environment,
        **(args.get("values") or {}),
        **(args.get("secret_arns") or {}),
    }
    endpoint = args.get("otlp_endpoint")
    if spec.tracing is ServerlessTracing.OTLP and endpoint is not None:
        variables[OTLP_VARIABLE] = endpoint
    return variables


def _vpc(around: Surroundings) -> aws.lambda_.FunctionVpcConfigArgs | None:
    subnet_ids = around.args.get("subnet_ids")
    if around.security_group_id is None or subnet_ids is None:
        return None
    return aws.lambda_.FunctionVpcConfigArgs(
        subnet_ids=subnet_ids, security_group_ids=[around.security_group_id]
    )


def _live(
    scope: Scope,
    name: str,
    function: aws.lambda_.Function,
    rollout: ServerlessRolloutSpec | None,
) -> aws.lambda_.Alias:
    """Point the alias at the newest version, or give that one its share only."""
    routing = None
    if rollout is not None:
        share = rollout.percent / 100
        stable = rollout.stable_version
        routing = aws.lambda_.AliasRoutingConfigArgs(
            additional_version_weights=function.version.apply(
                # before the change that makes a newer one, there is one to point at only
                lambda newest: {} if newest == stable else {newest: share}
            )
        )
    return aws.lambda_.Alias(
        f"{name}-{LIVE}",
        name=LIVE,
        function_name=function.name,
        function_version=rollout.stable_version if rollout else function.version,
        routing_config=routing,
        opts=scope.own,
    )
