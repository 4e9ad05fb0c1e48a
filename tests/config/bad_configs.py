"""Wrong configurations and exactly what is said of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from stacks import Settings

SECTIONS = sorted(
    f"platform:{field.alias}" for name, field in Settings.model_fields.items() if name != "region"
)

GOOD: Mapping[str, object] = {
    "aws:region": "eu-west-1",
    "platform:tags": {"owner": "team", "environment": "test"},
    "platform:network": {"cidr": "10.0.0.0/16", "zoneCount": 3},
}

ENVIRONMENT = {"owner": "team", "environment": "test"}


@dataclass(frozen=True)
class Case:
    """A change of a good configuration, and the only problem that it makes."""

    name: str
    change: Mapping[str, object]
    problem: str


def network(**keys: object) -> Mapping[str, object]:
    return {"platform:network": {"cidr": "10.0.0.0/16", **keys}}


def cluster(**keys: object) -> Mapping[str, object]:
    return {"platform:cluster": keys}


KEYS = (
    Case(
        "misspelt namespace",
        {"platfrm:network": {}},
        "platfrm:network: unknown namespace 'platfrm'; did you mean 'platform'?",
    ),
    Case(
        "project's namespace, as of `pulumi config set network`",
        {"fastapi-platform:network": {}},
        "fastapi-platform:network: unknown namespace 'fastapi-platform'; did you mean 'platform'?",
    ),
    Case(
        "foreign namespace",
        {"datadog:site": "eu"},
        "datadog:site: unknown namespace 'datadog'; "
        "allowed: aws, kubernetes, platform, pulumi, random",
    ),
    Case(
        "no namespace",
        {"network": {}},
        "network: has no namespace; did you mean 'platform:network'?",
    ),
    Case(
        "section",
        {"platform:netwrk": {}},
        "platform:netwrk: unknown key; did you mean 'platform:network'?",
    ),
    Case(
        "section like no other",
        {"platform:xyz": 1},
        f"platform:xyz: unknown key; allowed: {', '.join(SECTIONS)}",
    ),
    Case(
        "region in our namespace",
        {"platform:region": "eu-west-1"},
        "platform:region: unknown key; did you mean 'aws:region'?",
    ),
    Case(
        "second level",
        network(zoneCnt=2),
        "platform:network.zoneCnt: unknown key; did you mean 'zoneCount'?",
    ),
    Case(
        "second level, as Python writes it",
        network(zone_count=2),
        "platform:network.zone_count: unknown key; did you mean 'zoneCount'?",
    ),
    Case(
        "third level",
        network(flowLogs={"retentionDay": 7}),
        "platform:network.flowLogs.retentionDay: unknown key; did you mean 'retentionDays'?",
    ),
    Case(
        "fourth level, below a name of the user's own",
        cluster(access={"ci": {"principle": "role/ci", "principal": "role/ci"}}),
        "platform:cluster.access.ci.principle: unknown key; did you mean 'principal'?",
    ),
    Case(
        "with a bracket in it",
        network(**{"cidr[": 1}),
        "platform:network.cidr[: unknown key; did you mean 'cidr'?",
    ),
)

TYPES = (
    Case(
        "text for a section",
        {"platform:network": "10.0.0.0/16"},
        "platform:network: '10.0.0.0/16' is not valid: a mapping is needed",
    ),
    Case(
        "text for a number",
        network(zoneCount="three"),
        "platform:network.zoneCount: 'three' is not valid: a whole number is needed",
    ),
    Case(
        "list for a number",
        network(zoneCount=[3]),
        "platform:network.zoneCount: a list is not valid: a whole number is needed",
    ),
    Case(
        "text for a list",
        {"platform:allowReplacement": "cluster"},
        "platform:allowReplacement: 'cluster' is not valid: a list is needed",
    ),
    Case(
        "number for text",
        {"platform:tags": {"owner": 5, "environment": "test"}},
        "platform:tags.owner: 5 is not valid: text is needed; put it in quotes",
    ),
    Case(
        "number for a key",
        {"platform:tags": {**ENVIRONMENT, 5: "x"}},
        "platform:tags[5]: 5 is not valid: keys must be text",
    ),
    Case(
        "no boolean",
        {"platform:protect": "maybe"},
        "platform:protect: 'maybe' is not valid: true or false is needed",
    ),
    Case(
        "version without quotes",
        cluster(version=1.36),
        "platform:cluster.version: 1.36 is not valid: "
        'a version is text: write it in quotes, "1.36"',
    ),
    Case(
        "one wrong member of a list",
        network(interfaceEndpoints=["sts", "s4"]),
        "platform:network.interfaceEndpoints[1]: 's4' is not valid: allowed: 'autoscaling', "
        "'bedrock-runtime', 'cloudformation', 'ec2', 'ec2messages', 'ecr.api', 'ecr.dkr', "
        "'elasticfilesystem', 'eks', 'eks-auth', 'elasticloadbalancing', 'events', 'execute-api', "
        "'kinesis-firehose', 'kinesis-streams', 'kms', 'lambda', 'logs', 'monitoring', "
        "'secretsmanager', 'sns', 'sqs', 'ssm', 'ssmmessages', 'states', 'sts' or 'xray'",
    ),
    Case(
        "no choice",
        network(nat="sharde"),
        "platform:network.nat: 'sharde' is not valid: allowed: 'none', 'shared' or 'perZone'",
    ),
)

RULES = (
    Case(
        "too many zones",
        network(zoneCount=5),
        "platform:network.zoneCount: 5 is not valid: 2 to 3 allowed",
    ),
    Case(
        "range too small",
        {"platform:network": {"cidr": "10.0.0.0/28"}},
        "platform:network.cidr: '10.0.0.0/28' is not valid: too small; /16 to /21 allowed",
    ),
    Case(
        "range of an address",
        {"platform:network": {"cidr": "10.0.5.0/16"}},
        "platform:network.cidr: '10.0.5.0/16' is not valid: "
        "it is an address within a range; did you mean '10.0.0.0/16'?",
    ),
    Case(
        "range overlaps Docker's",
        {"platform:network": {"cidr": "172.17.0.0/16"}},
        "platform:network.cidr: '172.17.0.0/16' is not valid: "
        "overlaps 172.17.0.0/16, which some AWS services use themselves",
    ),
    Case(
        "ranges overlap",
        network(podCidr="10.0.0.0/17"),
        "platform:network.podCidr: '10.0.0.0/17' is not valid: "
        "must lie within 100.64.0.0/10, apart from the VPC's own range",
    ),
    Case(
        "zones of another region",
        network(availabilityZones=["eu-central-1a", "eu-central-1b"]),
        "platform:network: availabilityZones: eu-central-1a, eu-central-1b: not in eu-west-1",
    ),
    Case(
        "zone for a region",
        {"aws:region": "eu-west-1a"},
        "aws:region: 'eu-west-1a' is not valid: an AWS region such as eu-west-1 is needed",
    ),
    Case(
        "open to the world",
        cluster(apiEndpoint={"publicCidrs": ["0.0.0.0/0"]}),
        "platform:cluster.apiEndpoint.publicCidrs: 0.0.0.0/0 is the whole internet; "
        "list your own networks, /8 or narrower, or none for a private endpoint only",
    ),
    Case(
        "rule over several keys, spelt as in the file",
        cluster(systemNodes={"minSize": 9, "maxSize": 3}),
        "platform:cluster.systemNodes: maxSize 3 is less than minSize 9",
    ),
    Case(
        "no resource",
        {"platform:allowReplacement": ["cluster"]},
        "platform:allowReplacement: 'cluster' names no resource; write TYPE::NAME, "
        "e.g. aws:eks/cluster:Cluster::cluster-eks",
    ),
    Case(
        "blank tag",
        {"platform:tags": {"owner": " ", "environment": "test"}},
        "platform:tags.owner: ' ' is not valid: "
        "1 to 256 letters, digits, spaces and _.:/=+@- allowed, not all spaces",
    ),
    Case(
        "tag that AWS keeps for itself",
        {"platform:tags": {**ENVIRONMENT, "extra": {"aws:x": "y"}}},
        "platform:tags.extra: 'aws:x' is no tag key: 1 to 128 letters, digits, spaces and "
        "_.:/=+@-, not starting with 'aws:'",
    ),
    Case(
        "tag of the platform",
        {"platform:tags": {**ENVIRONMENT, "extra": {"Owner": "y"}}},
        "platform:tags.extra: 'Owner' is already set by the platform",
    ),
    Case(
        "tags that IAM can't tell apart",
        {"platform:tags": {**ENVIRONMENT, "extra": {"unit": "x", "Unit": "y"}}},
        "platform:tags.extra: 'Unit' is already set by 'unit'",
    ),
)

SECRETS = (
    Case(
        "by its key",
        {"platform:tags": {**ENVIRONMENT, "extra": {"token": "hunter2"}}},
        "platform:tags.extra.token: looks like a secret in plain text; use: "
        "pulumi config set --secret --path 'platform:tags.extra.token'",
    ),
    Case(
        "by its key, a number",
        {"platform:tags": {**ENVIRONMENT, "extra": {"dbPassword": 123456}}},
        "platform:tags.extra.dbPassword: looks like a secret in plain text; use: "
        "pulumi config set --secret --path 'platform:tags.extra.dbPassword'",
    ),
    Case(
        "AWS access key",
        {"aws:profile": "AKIAIOSFODNN7EXAMPLE"},
        "aws:profile: looks like a secret in plain text; use: "
        "pulumi config set --secret 'aws:profile'",
    ),
    Case(
        "in a list",
        {"kubernetes:contexts": ["x", "-----BEGIN RSA PRIVATE KEY-----"]},
        "kubernetes:contexts[1]: looks like a secret in plain text; use: "
        "pulumi config set --secret --path 'kubernetes:contexts[1]'",
    ),
    Case(
        "URL with a password",
        {"platform:tags": {**ENVIRONMENT, "extra": {"broker": "amqps://user:hunter2@mq/"}}},
        "platform:tags.extra.broker: looks like a secret in plain text; use: "
        "pulumi config set --secret --path 'platform:tags.extra.broker'",
    ),
    Case(
        "encrypted, but structural",
        network(zoneCount={"secure": "v1:abc:def"}),
        "platform:network.zoneCount: is encrypted, but decides which resources exist; "
        "write it in plain text",
    ),
)

CASES = (*KEYS, *TYPES, *RULES, *SECRETS)
