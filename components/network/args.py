"""What a `Network` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class NatMode(str, Enum):
    """How private subnets reach the internet."""

    NONE = "none"
    """Not at all: only VPC endpoints."""
    SHARED = "shared"
    """One NAT gateway in the first zone: cheap, and gone with that zone."""
    PER_ZONE = "perZone"
    """One NAT gateway in each zone: no traffic between zones, no shared fate."""


class TrafficType(str, Enum):
    """Which connections flow logs record."""

    ALL = "ALL"
    """Accepted and rejected ones."""
    ACCEPT = "ACCEPT"
    """Accepted ones."""
    REJECT = "REJECT"
    """Rejected ones."""


class InterfaceEndpoint(str, Enum):
    """AWS services that can be reached without leaving the VPC, by their endpoint's name.

    https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
    (2026-11)
    """

    AUTOSCALING = "autoscaling"
    BEDROCK_RUNTIME = "bedrock-runtime"
    CLOUDFORMATION = "cloudformation"
    EC2 = "ec2"
    EC2_MESSAGES = "ec2messages"
    ECR_API = "ecr.api"
    ECR_DKR = "ecr.dkr"
    EFS = "elasticfilesystem"
    EKS = "eks"
    EKS_AUTH = "eks-auth"
    ELASTIC_LOAD_BALANCING = "elasticloadbalancing"
    EVENTS = "events"
    EXECUTE_API = "execute-api"
    FIREHOSE = "kinesis-firehose"
    KINESIS = "kinesis-streams"
    KMS = "kms"
    LAMBDA = "lambda"
    LOGS = "logs"
    METRICS = "monitoring"
    SECRETS_MANAGER = "secretsmanager"
    SNS = "sns"
    SQS = "sqs"
    SSM = "ssm"
    SSM_MESSAGES = "ssmmessages"
    STEP_FUNCTIONS = "states"
    STS = "sts"
    XRAY = "xray"


class SubnetPrefixesArgs(TypedDict):
    """Prefix lengths of the subnets, e.g. 20 for a /20, where the computed ones don't suit."""

    private: NotRequired[int]
    """Of each private subnet. Default: the VPC's own + 2."""
    public: NotRequired[int]
    """Of each public subnet. Default: the VPC's own + 6."""
    data: NotRequired[int]
    """Of each data subnet. Default: the VPC's own + 6."""


class FlowLogsArgs(TypedDict):
    """Flow logs of the VPC, encrypted, in CloudWatch Logs."""

    enabled: NotRequired[bool]
    """Whether there are flow logs. Default: true."""
    retention_days: NotRequired[int]
    """Days until a record is deleted, one of those that CloudWatch Logs takes. Default: 365."""
    traffic: NotRequired[TrafficType]
    """Which connections are recorded. Default: ALL."""


class ExistingVpcArgs(TypedDict):
    """A VPC that exists already, by ids."""

    vpc_id: str
    """E.g. `vpc-0a1b2c3d4e5f60718`."""
    private_subnet_ids: Sequence[str]
    """For nodes: two or more, in two or more zones."""
    data_subnet_ids: Sequence[str]
    """For data stores: two or more. May be the private ones."""
    public_subnet_ids: NotRequired[Sequence[str]]
    """For internet-facing load balancers: none, or two or more. Default: none."""
    pod_subnet_ids: NotRequired[Sequence[str]]
    """For pods, where they have subnets of their own. Default: none."""
    tag_subnets: NotRequired[bool]
    """Put the tags on these subnets that the load balancer controller, the VPC CNI and Karpenter
    look for. Default: false, they have them."""


class NetworkArgs(TypedDict):
    """Inputs of `Network`."""

    cidr: NotRequired[str]
    """IPv4 range of the VPC, /16 to /21. Required unless `existing` is given."""
    zone_count: NotRequired[int]
    """Availability zones to span: 2 or 3. Default: 3. Going from 2 to 3 moves nothing."""
    availability_zones: NotRequired[Sequence[str]]
    """Names of the zones, e.g. `eu-central-1a`. Default: the region's first ones by name, chosen
    once and kept even when AWS adds zones."""
    subnet_prefixes: NotRequired[SubnetPrefixesArgs]
    """Sizes of the subnets. Default: computed from `cidr`."""
    pod_cidr: NotRequired[str]
    """Secondary range for pods only, within 100.64.0.0/10, /16 to /20. Default: none, pods take
    addresses from the private subnets."""
    nat: NotRequired[NatMode]
    """How private subnets reach the internet. Default: perZone."""
    interface_endpoints: NotRequired[Sequence[InterfaceEndpoint]]
    """AWS services to reach by interface endpoints. Default: none. S3 and DynamoDB always have
    (free) gateway endpoints in a VPC made here."""
    flow_logs: NotRequired[FlowLogsArgs]
    """Who talked to whom, in CloudWatch Logs. Default: on, kept for 365 days; for an existing VPC:
    off."""
    existing: NotRequired[ExistingVpcArgs]
    """Use this VPC instead of making one. Nothing is created in it but what is asked for."""
    discovery: NotRequired[pulumi.Input[str]]
    """Value of the `karpenter.sh/discovery` tag on private subnets, commonly the cluster's name.
    Default: no such tag."""
    protect: NotRequired[bool]
    """Refuse to delete the VPC, its public addresses and its logs. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
