"""What each type of resource is charged for, and how much of it; what is assumed of its usage."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from simulator.report.cost_usage import (
    BUCKET_GB,
    HOURS,
    IMAGES_GB,
    LOG_GB,
    NAT_GB,
    REQUESTS,
    SAMPLE_BYTES,
    SAMPLE_MONTHS,
    SCRAPES,
    SERIES,
    TABLE_GB,
    TABLE_READS,
    TABLE_WRITES,
    TOKENS,
)
from simulator.report.model import Resource
from simulator.report.references import References
from simulator.report.values import at, number, sequence, texts

_ALL_MONTH = "running all month, on demand"


@dataclass(frozen=True)
class Item:
    """One thing that a resource is charged for."""

    what: str
    price: str
    """Key in the price table."""
    quantity: float
    """A month, in the price's unit."""
    assumption: str


Rule = Callable[[Resource, References], Iterator[Item]]


def _cluster(resource: Resource, _: References) -> Iterator[Item]:
    extended = at(resource.inputs, "upgradePolicy", "supportType") == "EXTENDED"
    if extended:
        yield Item("control plane", "eks.cluster.extended", HOURS, "in extended support all month")
    else:
        yield Item("control plane", "eks.cluster", HOURS, "in standard support all month")


def _node_group(resource: Resource, references: References) -> Iterator[Item]:
    types = texts(resource.inputs.get("instanceTypes")) or ("t3.medium",)
    nodes = number(at(resource.inputs, "scalingConfig", "desiredSize"))
    assumed = f"{nodes:g} nodes, the desired size, {_ALL_MONTH}"
    yield Item(f"{types[0]} nodes", f"ec2.{types[0]}", nodes * HOURS, assumed)
    template = references.resource(at(resource.inputs, "launchTemplate", "id"))
    disks = sequence(template.inputs.get("blockDeviceMappings")) if template else ()
    size = sum(number(at(disk, "ebs", "volumeSize")) for disk in disks)
    size = size or number(resource.inputs.get("diskSize"), 20)  # 20 GiB: the API's default
    yield Item("node disks", "ebs.gp3", nodes * size, f"{size:g} GiB of gp3 for each node")


def _instance(resource: Resource, _: References) -> Iterator[Item]:
    type_ = str(resource.inputs.get("instanceType"))
    yield Item(f"{type_} instance", f"ec2.{type_}", HOURS, _ALL_MONTH)


def _nat(_: Resource, __: References) -> Iterator[Item]:
    yield Item("NAT gateway", "nat.hour", HOURS, _ALL_MONTH)
    yield Item("data through NAT", "nat.gb", NAT_GB, f"{NAT_GB} GB a month for each gateway")


def _address(_: Resource, __: References) -> Iterator[Item]:
    yield Item("public IPv4 address", "ipv4.hour", HOURS, "held all month")


def _endpoint(resource: Resource, _: References) -> Iterator[Item]:
    if resource.inputs.get("vpcEndpointType") == "Interface":
        zones = len(sequence(resource.inputs.get("subnetIds")))
        assumed = f"in {zones} zones, all month; data through it not counted"
        yield Item("interface endpoint", "endpoint.hour", zones * HOURS, assumed)


def _key(_: Resource, __: References) -> Iterator[Item]:
    yield Item("KMS key", "kms.key", 1, "requests and rotations not counted")


def _secret(resource: Resource, _: References) -> Iterator[Item]:
    copies = 1 + len(sequence(resource.inputs.get("replicas")))
    yield Item("secret", "secret", copies, "requests not counted")


def _alarm(resource: Resource, _: References) -> Iterator[Item]:
    metrics = [q for q in sequence(resource.inputs.get("metricQueries")) if at(q, "metric")]
    yield Item("alarm", "alarm", max(len(metrics), 1), "each metric that it watches")


def _composite(_: Resource, __: References) -> Iterator[Item]:
    yield Item("composite alarm", "alarm.composite", 1, "all month")


def _logs(resource: Resource, _: References) -> Iterator[Item]:
    months = number(resource.inputs.get("retentionInDays")) / 30 or 12
    yield Item("log ingestion", "logs.ingest", LOG_GB, f"{LOG_GB} GB a month for each group")
    assumed = f"{LOG_GB} GB a month, kept for {months:.3g} months, not compressed"
    yield Item("log storage", "logs.store", LOG_GB * months, assumed)


def _bucket(_: Resource, __: References) -> Iterator[Item]:
    assumed = f"{BUCKET_GB} GB in each bucket; requests not counted"
    yield Item("object storage", "s3.store", BUCKET_GB, assumed)


def _table(resource: Resource, _: References) -> Iterator[Item]:
    copies = 1 + len(sequence(resource.inputs.get("replicas")))
    if resource.inputs.get("billingMode") == "PROVISIONED":
        for way in ("read", "write"):
            units = number(resource.inputs.get(f"{way}Capacity"))
            assumed = "the provisioned minimum, all month; autoscaling not counted"
            yield Item(f"{way} capacity", f"dynamodb.{way}-capacity", units * HOURS, assumed)
    else:
        reads, writes = f"{TABLE_READS} million a month", f"{TABLE_WRITES} million a month"
        yield Item("reads", "dynamodb.read", TABLE_READS, f"{reads}, on demand")
        yield Item("writes", "dynamodb.write", TABLE_WRITES * copies, f"{writes}, on demand")
    yield Item("table storage", "dynamodb.store", TABLE_GB * copies, f"{TABLE_GB} GB in each table")
    if at(resource.inputs, "pointInTimeRecovery", "enabled"):
        assumed = f"{TABLE_GB} GB in each table"
        yield Item("point-in-time recovery", "dynamodb.recovery", TABLE_GB * copies, assumed)


def _replication_group(resource: Resource, _: References) -> Iterator[Item]:
    inputs = resource.inputs
    shards = number(inputs.get("numNodeGroups"), 1)
    nodes = number(inputs.get("numCacheClusters")) or shards * (
        1 + number(inputs.get("replicasPerNodeGroup"))
    )
    type_, engine = inputs.get("nodeType"), inputs.get("engine", "redis")
    assumed = f"{nodes:g} nodes, {_ALL_MONTH}; snapshots not counted"
    yield Item(f"{type_} nodes", f"elasticache.{engine}.{type_}", nodes * HOURS, assumed)


def _cache_cluster(resource: Resource, _: References) -> Iterator[Item]:
    nodes = number(resource.inputs.get("numCacheNodes"), 1)
    type_, engine = resource.inputs.get("nodeType"), resource.inputs.get("engine", "memcached")
    assumed = f"{nodes:g} nodes, {_ALL_MONTH}"
    yield Item(f"{type_} nodes", f"elasticache.{engine}.{type_}", nodes * HOURS, assumed)


def _kafka(resource: Resource, _: References) -> Iterator[Item]:
    brokers = number(resource.inputs.get("numberOfBrokerNodes"))
    type_ = at(resource.inputs, "brokerNodeGroupInfo", "instanceType")
    assumed = f"{brokers:g} brokers, {_ALL_MONTH}"
    yield Item(f"{type_} brokers", f"msk.{type_}", brokers * HOURS, assumed)
    path = ("brokerNodeGroupInfo", "storageInfo", "ebsStorageInfo", "volumeSize")
    size = number(at(resource.inputs, *path))
    assumed = f"{size:g} GiB for each broker; growth not counted"
    yield Item("broker storage", "msk.store", brokers * size, assumed)


_MQ_NODES = {"CLUSTER_MULTI_AZ": 3, "ACTIVE_STANDBY_MULTI_AZ": 2}


def _message_broker(resource: Resource, _: References) -> Iterator[Item]:
    nodes = _MQ_NODES.get(str(resource.inputs.get("deploymentMode")), 1)
    engine = str(resource.inputs.get("engineType")).lower()
    type_ = resource.inputs.get("hostInstanceType")
    assumed = f"{nodes} nodes, {_ALL_MONTH}; storage not counted"
    yield Item(f"{type_} nodes", f"mq.{engine}.{type_}", nodes * HOURS, assumed)


def _search(resource: Resource, _: References) -> Iterator[Item]:
    config = at(resource.inputs, "clusterConfig")
    nodes = number(at(config, "instanceCount"), 1)
    for what, type_, count in (
        ("data nodes", at(config, "instanceType"), nodes),
        ("master nodes", at(config, "dedicatedMasterType"), at(config, "dedicatedMasterCount")),
    ):
        if type_ and number(count):
            assumed = f"{number(count):g} nodes, {_ALL_MONTH}"
            yield Item(f"{type_} {what}", f"opensearch.{type_}", number(count) * HOURS, assumed)
    size = number(at(resource.inputs, "ebsOptions", "volumeSize"))
    yield Item("node storage", "opensearch.gp3", nodes * size, f"{size:g} GiB for each data node")


def _load_balancer(resource: Resource, _: References) -> Iterator[Item]:
    kind = "nlb" if resource.inputs.get("loadBalancerType") == "network" else "alb"
    yield Item("load balancer", f"{kind}.hour", HOURS, "all month")
    yield Item("capacity units", f"{kind}.lcu", HOURS, "one unit on average")


def _firewall(resource: Resource, _: References) -> Iterator[Item]:
    yield Item("web ACL", "waf.acl", 1, "all month")
    rules = len(sequence(resource.inputs.get("rules")))
    yield Item("rules", "waf.rule", rules, f"{rules} rules or rule groups")
    yield Item("inspected requests", "waf.requests", 10, "10 million a month")


def _rule_group(resource: Resource, _: References) -> Iterator[Item]:
    rules = len(sequence(resource.inputs.get("rules")))
    yield Item("rules in a group", "waf.rule", rules, f"{rules} rules")


def _requests(what: str, price: str) -> Rule:
    def rule(_: Resource, __: References) -> Iterator[Item]:
        yield Item(what, price, REQUESTS, f"{REQUESTS} million requests a month each")

    return rule


def _function(resource: Resource, _: References) -> Iterator[Item]:
    gib = number(resource.inputs.get("memorySize"), 128) / 1024
    yield Item("requests", "lambda.requests", REQUESTS, f"{REQUESTS} million a month")
    seconds = REQUESTS * 1_000_000 * 0.1
    yield Item("compute", "lambda.gb-second", seconds * gib, "0.1 s for each request, on Arm")


def _client(resource: Resource, _: References) -> Iterator[Item]:
    if "client_credentials" in texts(resource.inputs.get("allowedOauthFlows")):
        yield Item("machine client", "cognito.client", 1, "all month")
        assumed = f"{TOKENS} thousand a month: an hourly one for each of three pods"
        yield Item("machine tokens", "cognito.tokens", TOKENS, assumed)


def _users(_: Resource, __: References) -> Iterator[Item]:
    yield Item("users", "cognito.user", 0, "none: the pool is for machines until people sign in")


def _schedule(_: Resource, __: References) -> Iterator[Item]:
    yield Item("invocations", "scheduler.invocations", 0.001, "a thousand a month")


def _images(_: Resource, __: References) -> Iterator[Item]:
    yield Item("images", "ecr.store", IMAGES_GB, f"{IMAGES_GB} GB in each repository")


def _zone(_: Resource, __: References) -> Iterator[Item]:
    yield Item("hosted zone", "route53.zone", 1, "queries not counted")


def _vault(_: Resource, __: References) -> Iterator[Item]:
    assumed = f"{BUCKET_GB} GB in each vault, of buckets, not in cold storage; restores not counted"
    yield Item("backup storage", "backup.gb", BUCKET_GB, assumed)


def _workspace(_: Resource, __: References) -> Iterator[Item]:
    samples = SERIES * SCRAPES
    assumed = f"{SERIES:,} series, each read every 30 s; queries not counted"
    yield Item("metric samples", "amp.samples", samples / 1_000_000, assumed)
    stored = samples * SAMPLE_BYTES * SAMPLE_MONTHS / 1_000_000_000
    yield Item("metric storage", "amp.store", stored, f"{assumed}; kept for 150 days")


def _provisioned(resource: Resource, references: References) -> Iterator[Item]:
    function = references.resource(resource.inputs.get("functionName"))
    gib = number(function.inputs.get("memorySize") if function else None, 128) / 1024
    warm = number(resource.inputs.get("provisionedConcurrentExecutions"))
    assumed = f"{warm:g} instances of {gib:g} GiB, all month, on Arm; autoscaling not counted"
    yield Item("warm instances", "lambda.provisioned", warm * gib * HOURS * 3600, assumed)


RULES: Mapping[str, Rule] = {
    "aws:amp/workspace:Workspace": _workspace,
    "aws:apigateway/restApi:RestApi": _requests("requests", "apigateway.rest"),
    "aws:apigatewayv2/api:Api": _requests("requests", "apigateway.http"),
    "aws:backup/vault:Vault": _vault,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite,
    "aws:cloudwatch/logGroup:LogGroup": _logs,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:cognito/userPool:UserPool": _users,
    "aws:cognito/userPoolClient:UserPoolClient": _client,
    "aws:dynamodb/table:Table": _table,
    "aws:ec2/eip:Eip": _address,
    "aws:ec2/instance:Instance": _instance,
    "aws:ec2/natGateway:NatGateway": _nat,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:ecr/repository:Repository": _images,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:eks/nodeGroup:NodeGroup": _node_group,
    "aws:elasticache/cluster:Cluster": _cache_cluster,
    "aws:elasticache/replicationGroup:ReplicationGroup": _replication_group,
    "aws:kms/key:Key": _key,
    "aws:kms/replicaKey:ReplicaKey": _key,
    "aws:lambda/function:Function": _function,
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": _provisioned,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:mq/broker:Broker": _message_broker,
    "aws:msk/cluster:Cluster": _kafka,
    "aws:opensearch/domain:Domain": _search,
    "aws:route53/zone:Zone": _zone,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:scheduler/schedule:Schedule": _schedule,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:sns/topic:Topic": _requests("requests", "sns.requests"),
    "aws:sqs/queue:Queue": _requests("requests", "sqs.requests"),
    "aws:wafv2/ruleGroup:RuleGroup": _rule_group,
    "aws:wafv2/webAcl:WebAcl": _firewall,
}
"""By type. A rule that yields nothing says that this one is free, e.g. a gateway endpoint."""
