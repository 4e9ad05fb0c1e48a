"""The domain itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.errors import InvalidInput, Problem
from components._base.scope import Scope
from components.search.opensearch_spec import OpenSearchSpec
from components.search.versions import TLS_POLICY


@dataclass(frozen=True)
class Master:
    """Who administers the domain: an IAM role, or a user with a password."""

    role_arn: pulumi.Input[str] | None = None
    user: str | None = None
    password: pulumi.Output[str] | None = None
    secret_arn: pulumi.Input[str] = ""


def make_domain(
    scope: Scope,
    spec: OpenSearchSpec,
    *,
    domain_name: pulumi.Output[str],
    key: aws.kms.Key,
    subnet_ids: pulumi.Output[Sequence[str]],
    security_group_id: pulumi.Output[str],
    logs: Mapping[str, pulumi.Output[str]],
    master: Master,
) -> aws.opensearch.Domain:
    """Create the domain.

    :param subnet_ids: one for each zone; the first ones are used.
    :param logs: ARNs of log groups that the service may write to, by log type.
    """
    child = f"{scope.name}-domain"
    tunable = not spec.nodes.burstable
    return aws.opensearch.Domain(
        child,
        domain_name=domain_name,
        engine_version=f"OpenSearch_{spec.version}",
        cluster_config=_cluster(spec),
        ebs_options={
            "ebs_enabled": True,
            "volume_type": "gp3",
            "volume_size": spec.nodes.volume_gib,
            "iops": spec.nodes.volume_iops,
            "throughput": spec.nodes.volume_throughput,
        },
        vpc_options={
            "subnet_ids": subnet_ids.apply(lambda ids: first_subnets(ids, spec.zones, scope.name)),
            "security_group_ids": [security_group_id],
        },
        encrypt_at_rest={"enabled": True, "kms_key_id": key.arn},
        node_to_node_encryption={"enabled": True},
        domain_endpoint_options={"enforce_https": True, "tls_security_policy": TLS_POLICY},
        advanced_security_options=_security(master),
        log_publishing_options=[
            {"log_type": log_type, "cloudwatch_log_group_arn": arn, "enabled": True}
            for log_type, arn in sorted(logs.items())
        ],
        auto_tune_options={
            "desired_state": "ENABLED" if tunable else "DISABLED",
            "rollback_on_disable": "NO_ROLLBACK",
            "use_off_peak_window": tunable,
        },
        off_peak_window_options={
            "enabled": True,
            "off_peak_window": {"window_start_time": {"hours": spec.off_peak_hour, "minutes": 0}},
        },
        # Updates that are left undone cut the domain off in the end.
        software_update_options={"auto_software_update_enabled": True},
        tags=scope.tagged(child),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            # The service has no deletion protection of its own.
            protect=scope.protect,
            # The policy is a resource of its own: it waits for clients, the domain must not.
            ignore_changes=["accessPolicies"],
        ),
    )


def _cluster(spec: OpenSearchSpec) -> aws.opensearch.DomainClusterConfigArgsDict:
    config: aws.opensearch.DomainClusterConfigArgsDict = {
        "instance_type": spec.nodes.instance_type,
        "instance_count": spec.nodes.count,
        "dedicated_master_enabled": spec.master_count > 0,
        "zone_awareness_enabled": spec.zones > 1,
        "multi_az_with_standby_enabled": spec.standby,
    }
    if spec.master_count:
        config["dedicated_master_type"] = spec.masters.instance_type
        config["dedicated_master_count"] = spec.master_count
    if spec.zones > 1:
        config["zone_awareness_config"] = {"availability_zone_count": spec.zones}
    return config


def _security(master: Master) -> aws.opensearch.DomainAdvancedSecurityOptionsArgsDict:
    if master.role_arn is not None:
        return {
            "enabled": True,
            "internal_user_database_enabled": False,
            "master_user_options": {"master_user_arn": master.role_arn},
        }
    return {
        "enabled": True,
        "internal_user_database_enabled": True,
        "master_user_options": {
            "master_user_name": master.user,
            "master_user_password": master.password,
        },
    }


def first_subnets(subnet_ids: Sequence[str], zones: int, owner: str) -> list[str]:
    """Return a subnet for each zone, as the service wants it.

    :raises InvalidInput: when there are too few.
    """
    if len(subnet_ids) < zones:
        reason = f"{len(subnet_ids)} given; zones {zones} need one each"
        raise InvalidInput(f"OpenSearchDomain {owner!r}", [Problem("subnet_ids", reason)])
    return list(subnet_ids)[:zones]
