"""Compliant data stores, by policy and type, with what in them may be otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.policies.verdict import Inputs

SUBNETS = ["subnet-1", "subnet-2"]
SEARCH_LOGS = [
    {"logType": "ES_APPLICATION_LOGS", "cloudwatchLogGroupArn": "arn", "enabled": True},
    {"logType": "AUDIT_LOGS", "cloudwatchLogGroupArn": "arn"},
]
CACHE_LOGS = [
    {"logType": kind, "destination": "d", "destinationType": "t", "logFormat": "json"}
    for kind in ("slow-log", "engine-log")
]
TLS_SEARCH: Inputs = {
    "domainEndpointOptions": {
        "enforceHttps": True,
        "tlsSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
    },
    "nodeToNodeEncryption": {"enabled": True},
}
ZONED_SEARCH: Inputs = {"clusterConfig": {"zoneAwarenessEnabled": True, "instanceCount": 2}}
BLOCKED: Inputs = dict.fromkeys(
    ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
)
VERSIONED: Inputs = {"versioningConfiguration": {"status": "Enabled"}}


@dataclass(frozen=True)
class Table:
    """The compliant resources of one policy."""

    compliant: Mapping[str, Inputs]
    optional: frozenset[str] = field(default_factory=frozenset[str])
    """Paths (`type path`) that may be left out, as the default complies too."""
    free: frozenset[str] = field(default_factory=frozenset[str])
    """Paths whose value does not matter, only that there is one."""
    counted: frozenset[str] = field(default_factory=frozenset[str])
    """Paths that comply while unknown: they are only counted, or not looked at."""
    protect: bool = False


_LOG_DETAILS = frozenset(
    f"{type_} {path}"
    for type_, holder, parts in (
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "logDeliveryConfigurations[]",
            ("destination", "destinationType", "logFormat"),
        ),
        (
            "aws:opensearch/domain:Domain",
            "logPublishingOptions[]",
            ("cloudwatchLogGroupArn",),
        ),
        (
            "aws:elasticsearch/domain:Domain",
            "logPublishingOptions[]",
            ("cloudwatchLogGroupArn",),
        ),
    )
    for path in (f"{holder}.{part}" for part in parts)
)
_LOG_SWITCHES = frozenset(
    f"aws:{service}/domain:Domain logPublishingOptions[].enabled"
    for service in ("opensearch", "elasticsearch")
)
_EXPORTS = ("docdb/cluster:Cluster", "rds/cluster:Cluster", "rds/instance:Instance")

TABLES: Mapping[str, Table] = {
    "encryption-in-transit": Table(
        {
            "aws:dax/cluster:Cluster": {"clusterEndpointEncryptionType": "TLS"},
            "aws:elasticache/cluster:Cluster": {"transitEncryptionEnabled": True},
            "aws:elasticache/replicationGroup:ReplicationGroup": {
                "transitEncryptionEnabled": True,
                "transitEncryptionMode": "required",
            },
            "aws:elasticsearch/domain:Domain": TLS_SEARCH,
            "aws:memorydb/cluster:Cluster": {"tlsEnabled": True},
            "aws:msk/cluster:Cluster": {
                "encryptionInfo": {
                    "encryptionInTransit": {"clientBroker": "TLS", "inCluster": True}
                }
            },
            "aws:opensearch/domain:Domain": TLS_SEARCH,
            "aws:rds/proxy:Proxy": {"requireTls": True},
        },
        optional=frozenset(
            {
                "aws:elasticache/replicationGroup:ReplicationGroup transitEncryptionMode",
                "aws:memorydb/cluster:Cluster tlsEnabled",
                "aws:msk/cluster:Cluster encryptionInfo",
                "aws:msk/cluster:Cluster encryptionInfo.encryptionInTransit",
                "aws:msk/cluster:Cluster encryptionInfo.encryptionInTransit.clientBroker",
                "aws:msk/cluster:Cluster encryptionInfo.encryptionInTransit.inCluster",
            }
        ),
    ),
    "no-unauthenticated-access": Table(
        {
            "aws:elasticache/replicationGroup:ReplicationGroup": {"userGroupIds": ["group"]},
            "aws:elasticache/serverlessCache:ServerlessCache": {"userGroupId": "group"},
            "aws:elasticache/user:User": {
                "noPasswordRequired": False,
                "authenticationMode": {"type": "iam"},
            },
            "aws:memorydb/cluster:Cluster": {"aclName": "acl"},
            "aws:msk/cluster:Cluster": {
                "clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False}
            },
            "aws:msk/serverlessCluster:ServerlessCluster": {
                "clientAuthentication": {"sasl": {"iam": {"enabled": True}}}
            },
            "aws:opensearch/domain:Domain": {
                "advancedSecurityOptions": {"enabled": True, "anonymousAuthEnabled": False}
            },
        },
        optional=frozenset(
            {
                "aws:elasticache/user:User noPasswordRequired",
                "aws:elasticache/user:User authenticationMode",
                "aws:elasticache/user:User authenticationMode.type",
                "aws:msk/cluster:Cluster clientAuthentication.unauthenticated",
                "aws:opensearch/domain:Domain advancedSecurityOptions.anonymousAuthEnabled",
            }
        ),
        free=frozenset(
            {
                "aws:elasticache/replicationGroup:ReplicationGroup userGroupIds[]",
                "aws:elasticache/serverlessCache:ServerlessCache userGroupId",
                "aws:elasticache/user:User authenticationMode.type",
                "aws:memorydb/cluster:Cluster aclName",
            }
        ),
        counted=frozenset({"aws:elasticache/replicationGroup:ReplicationGroup userGroupIds[]"}),
    ),
    "multi-az": Table(
        {
            "aws:efs/fileSystem:FileSystem": {},
            "aws:elasticache/cluster:Cluster": {"azMode": "cross-az"},
            "aws:elasticache/replicationGroup:ReplicationGroup": {
                "automaticFailoverEnabled": True,
                "multiAzEnabled": True,
            },
            "aws:elasticsearch/domain:Domain": ZONED_SEARCH,
            "aws:memorydb/cluster:Cluster": {"numReplicasPerShard": 1},
            "aws:mq/broker:Broker": {"deploymentMode": "CLUSTER_MULTI_AZ"},
            "aws:msk/cluster:Cluster": {
                "brokerNodeGroupInfo": {"clientSubnets": SUBNETS},
                "numberOfBrokerNodes": 2,
            },
            "aws:opensearch/domain:Domain": ZONED_SEARCH,
            "aws:rds/instance:Instance": {"multiAz": True},
        },
        optional=frozenset({"aws:memorydb/cluster:Cluster numReplicasPerShard"}),
        free=frozenset({"aws:msk/cluster:Cluster brokerNodeGroupInfo.clientSubnets[]"}),
        counted=frozenset({"aws:msk/cluster:Cluster brokerNodeGroupInfo.clientSubnets[]"}),
    ),
    "backups-enabled": Table(
        {
            "aws:docdb/cluster:Cluster": {"backupRetentionPeriod": 7},
            "aws:dynamodb/table:Table": {
                "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 7},
                "replicas": [{"pointInTimeRecovery": True}],
            },
            "aws:efs/backupPolicy:BackupPolicy": {"backupPolicy": {"status": "ENABLED"}},
            "aws:elasticache/replicationGroup:ReplicationGroup": {"snapshotRetentionLimit": 7},
            "aws:elasticache/serverlessCache:ServerlessCache": {"snapshotRetentionLimit": 7},
            "aws:memorydb/cluster:Cluster": {"snapshotRetentionLimit": 7},
            "aws:neptune/cluster:Cluster": {"backupRetentionPeriod": 7},
            "aws:rds/cluster:Cluster": {"backupRetentionPeriod": 7},
            "aws:rds/instance:Instance": {"backupRetentionPeriod": 7},
            "aws:redshift/cluster:Cluster": {"automatedSnapshotRetentionPeriod": 7},
            "aws:s3/bucketVersioning:BucketVersioning": VERSIONED,
            "aws:s3/bucketVersioningV2:BucketVersioningV2": VERSIONED,
        },
        optional=frozenset(
            {
                "aws:dynamodb/table:Table pointInTimeRecovery.recoveryPeriodInDays",
                "aws:dynamodb/table:Table replicas",
                "aws:dynamodb/table:Table replicas[]",
            }
        ),
    ),
    "data-store-logs": Table(
        {
            **{f"aws:{type_}": {"enabledCloudwatchLogsExports": ["audit"]} for type_ in _EXPORTS},
            "aws:elasticache/replicationGroup:ReplicationGroup": {
                "logDeliveryConfigurations": CACHE_LOGS
            },
            "aws:elasticsearch/domain:Domain": {"logPublishingOptions": SEARCH_LOGS},
            "aws:mq/broker:Broker": {"logs": {"general": True}},
            "aws:msk/cluster:Cluster": {
                "loggingInfo": {"brokerLogs": {"cloudwatchLogs": {"enabled": True}}}
            },
            "aws:neptune/cluster:Cluster": {"enableCloudwatchLogsExports": ["audit"]},
            "aws:opensearch/domain:Domain": {"logPublishingOptions": SEARCH_LOGS},
        },
        optional=_LOG_DETAILS | _LOG_SWITCHES,
        free=_LOG_DETAILS
        | {f"aws:{type_} enabledCloudwatchLogsExports[]" for type_ in _EXPORTS}
        | {"aws:neptune/cluster:Cluster enableCloudwatchLogsExports[]"},
        counted=_LOG_DETAILS
        | {f"aws:{type_} enabledCloudwatchLogsExports[]" for type_ in _EXPORTS}
        | {"aws:neptune/cluster:Cluster enableCloudwatchLogsExports[]"},
    ),
    "deletion-protection": Table(
        {
            "aws:backup/vault:Vault": {"forceDestroy": False},
            "aws:cognito/userPool:UserPool": {"deletionProtection": "ACTIVE"},
            "aws:docdb/cluster:Cluster": {"deletionProtection": True},
            "aws:dynamodb/table:Table": {
                "deletionProtectionEnabled": True,
                "replicas": [{"deletionProtectionEnabled": True}],
            },
            "aws:ecr/repository:Repository": {"forceDelete": False},
            "aws:eks/cluster:Cluster": {"deletionProtection": True},
            "aws:lb/loadBalancer:LoadBalancer": {"enableDeletionProtection": True},
            "aws:neptune/cluster:Cluster": {"deletionProtection": True},
            "aws:rds/cluster:Cluster": {"deletionProtection": True},
            "aws:rds/instance:Instance": {"deletionProtection": True},
            "aws:s3/bucket:Bucket": {"forceDestroy": False},
            **{
                f"aws:{type_}": {}
                for type_ in (
                    "efs/fileSystem:FileSystem",
                    "elasticache/replicationGroup:ReplicationGroup",
                    "elasticache/serverlessCache:ServerlessCache",
                    "elasticsearch/domain:Domain",
                    "kms/key:Key",
                    "memorydb/cluster:Cluster",
                    "mq/broker:Broker",
                    "msk/cluster:Cluster",
                    "msk/serverlessCluster:ServerlessCluster",
                    "opensearch/domain:Domain",
                    "secretsmanager/secret:Secret",
                )
            },
        },
        optional=frozenset(
            {
                "aws:backup/vault:Vault forceDestroy",
                "aws:dynamodb/table:Table replicas",
                "aws:dynamodb/table:Table replicas[]",
                "aws:ecr/repository:Repository forceDelete",
                "aws:s3/bucket:Bucket forceDestroy",
            }
        ),
        protect=True,
    ),
    "no-public-data-store": Table(
        {
            "aws:dms/replicationInstance:ReplicationInstance": {"publiclyAccessible": False},
            "aws:elasticsearch/domain:Domain": {"vpcOptions": {"subnetIds": SUBNETS}},
            "aws:mq/broker:Broker": {"publiclyAccessible": False},
            "aws:msk/cluster:Cluster": {
                "brokerNodeGroupInfo": {"connectivityInfo": {"publicAccess": {"type": "DISABLED"}}}
            },
            "aws:neptune/clusterInstance:ClusterInstance": {"publiclyAccessible": False},
            "aws:opensearch/domain:Domain": {"vpcOptions": {"subnetIds": SUBNETS}},
            "aws:rds/clusterInstance:ClusterInstance": {"publiclyAccessible": False},
            "aws:rds/instance:Instance": {"publiclyAccessible": False},
            "aws:redshift/cluster:Cluster": {"publiclyAccessible": False},
            "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": BLOCKED,
            "aws:s3/bucket:Bucket": {"acl": "private"},
            "aws:s3/bucketAcl:BucketAcl": {"acl": "private"},
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": BLOCKED,
        },
        optional=frozenset(
            {
                "aws:msk/cluster:Cluster brokerNodeGroupInfo",
                "aws:msk/cluster:Cluster brokerNodeGroupInfo.connectivityInfo",
                "aws:msk/cluster:Cluster brokerNodeGroupInfo.connectivityInfo.publicAccess",
                "aws:msk/cluster:Cluster brokerNodeGroupInfo.connectivityInfo.publicAccess.type",
                "aws:s3/bucket:Bucket acl",
                "aws:s3/bucketAcl:BucketAcl acl",
                "aws:elasticsearch/domain:Domain vpcOptions.subnetIds[]",
                "aws:opensearch/domain:Domain vpcOptions.subnetIds[]",
                *(
                    f"aws:{type_} publiclyAccessible"
                    for type_ in (
                        "dms/replicationInstance:ReplicationInstance",
                        "mq/broker:Broker",
                        "neptune/clusterInstance:ClusterInstance",
                        "rds/clusterInstance:ClusterInstance",
                        "rds/instance:Instance",
                        "redshift/cluster:Cluster",
                    )
                ),
            }
        ),
        free=frozenset(
            {
                "aws:s3/bucket:Bucket acl",
                "aws:s3/bucketAcl:BucketAcl acl",
                "aws:elasticsearch/domain:Domain vpcOptions.subnetIds[]",
                "aws:opensearch/domain:Domain vpcOptions.subnetIds[]",
            }
        ),
        counted=frozenset(
            {
                "aws:elasticsearch/domain:Domain vpcOptions.subnetIds[]",
                "aws:opensearch/domain:Domain vpcOptions.subnetIds[]",
            }
        ),
    ),
    "ecr-immutable-scanned": Table(
        {
            "aws:ecr/repository:Repository": {
                "imageTagMutability": "IMMUTABLE",
                "imageScanningConfiguration": {"scanOnPush": True},
            }
        }
    ),
    "kms-rotation": Table({"aws:kms/key:Key": {"enableKeyRotation": True}}),
    "secrets-recovery": Table(
        {
            "aws:kms/externalKey:ExternalKey": {"deletionWindowInDays": 7},
            "aws:kms/key:Key": {"deletionWindowInDays": 7},
            "aws:kms/replicaKey:ReplicaKey": {"deletionWindowInDays": 7},
            "aws:secretsmanager/secret:Secret": {"recoveryWindowInDays": 7},
        },
        optional=frozenset(
            {
                "aws:kms/externalKey:ExternalKey deletionWindowInDays",
                "aws:kms/key:Key deletionWindowInDays",
                "aws:kms/replicaKey:ReplicaKey deletionWindowInDays",
                "aws:secretsmanager/secret:Secret recoveryWindowInDays",
            }
        ),
    ),
}
