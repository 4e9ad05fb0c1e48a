"""What a function may do, and no more."""

from collections.abc import Iterator, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components._base.iam import (
    Effect,
    ServiceRole,
    Statement,
    document,
    service_role,
    trust,
)
from components._base.place import Place
from components._base.scope import Scope
from components.serverless.args import ServerlessApiArgs, ServerlessTracing

NETWORK_POLICY = "service-role/AWSLambdaENIManagementAccess"
NETWORK_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:UnassignPrivateIpAddresses",
)
"""https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaENIManagementAccess.html
(2026-11)"""

TRACE_ACTIONS = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
"""They know no resources.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html (2026-11)
"""


def function_role(
    scope: Scope,
    name: str,
    args: ServerlessApiArgs,
    *,
    place: Place,
    tracing: ServerlessTracing,
    log_group: aws.cloudwatch.LogGroup,
    statements: Sequence[Statement] = (),
) -> ServiceRole:
    """Create the role of a function: its log, its traces, its secrets, and what `args` add.

    :param name: of the function.
    :param statements: what this function does besides, e.g. with a queue.
    """
    own = [*_own_statements(args, tracing, log_group), *statements]
    inline: dict[str, pulumi.Input[str]] = {"own": document(*own)}
    managed: Mapping[str, pulumi.Input[str]] = {}
    if args.get("subnet_ids") is not None:
        managed = {"network": place.aws_policy(NETWORK_POLICY)}
        inline["no-network"] = document(_not_from_code(place, name))
    more = {
        f"may-{suffix}": policy for suffix, policy in sorted((args.get("policies") or {}).items())
    }
    return service_role(
        f"{name}-role",
        parent=scope.parent,
        trust_policy=trust("lambda.amazonaws.com"),
        description=f"Function {name}",
        managed=managed,
        inline={**inline, **more},
        tags=scope.tags,
    )


def _own_statements(
    args: ServerlessApiArgs, tracing: ServerlessTracing, log_group: aws.cloudwatch.LogGroup
) -> Iterator[Statement]:
    streams = pulumi.Output.concat(log_group.arn, ":*")
    yield Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), [streams])
    if tracing is ServerlessTracing.XRAY:
        yield Statement("WriteTraces", TRACE_ACTIONS, ["*"])
    secrets = args.get("secret_arns") or {}
    if secrets:
        arns = [secrets[name] for name in sorted(secrets)]
        yield Statement("ReadSecrets", ["secretsmanager:GetSecretValue"], arns)
    for index, (name, key_arn) in enumerate(sorted((args.get("secret_key_arns") or {}).items())):
        yield Statement(
            f"DecryptSecret{index + 1}",
            ["kms:Decrypt"],
            [key_arn],
            # the key may encrypt more than this secret
            conditions={"StringEquals": {"kms:EncryptionContext:SecretARN": secrets[name]}},
        )


def _not_from_code(place: Place, name: str) -> Statement:
    """Keep from the function's code what Lambda needs to put the function into the VPC.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (2026-11)
    """
    return Statement(
        "NoNetworkInterfacesFromCode",
        NETWORK_ACTIONS,
        ["*"],
        # the function's own name is known after its role only
        conditions={
            "ArnLike": {"lambda:SourceFunctionArn": place.arn("lambda", f"function:{name}-*")}
        },
        effect=Effect.DENY,
    )
