"""The scan by checkov: what it is given is what there is, and its findings are answered for.

checkov itself runs in `make scan`; here stands that it is not given less than all.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from simulator.errors import SimulatorError
from simulator.scan import checkov, justified
from simulator.scan.justified import Finding, Justification
from simulator.scan.manifests import manifests
from simulator.scan.terraform import arguments, plan, terraform_type

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}


def resource(type_: str, name: str, **more: object) -> Mapping[str, object]:
    urn = f"urn:pulumi:prod::fastapi-platform::fastapi-platform:index:Storage${type_}::{name}"
    return {"urn": urn, "type": type_, "custom": True, **more}


@pytest.mark.parametrize(
    ("token", "wanted"),
    [
        ("aws:s3/bucketVersioning:BucketVersioning", "aws_s3_bucket_versioning"),
        ("aws:ec2/launchTemplate:LaunchTemplate", "aws_launch_template"),
        ("aws:lb/loadBalancer:LoadBalancer", "aws_lb"),
        ("aws:lb/targetGroup:TargetGroup", "aws_lb_target_group"),
        ("aws:amp/workspace:Workspace", "aws_prometheus_workspace"),
        ("aws:apigatewayv2/domainName:DomainName", "aws_apigatewayv2_domain_name"),
        ("aws:wafv2/webAclAssociation:WebAclAssociation", "aws_wafv2_web_acl_association"),
        (
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws_vpc_security_group_ingress_rule",
        ),
    ],
)
def test_types_are_terraforms(token: str, wanted: str) -> None:
    assert terraform_type(token) == wanted


def test_a_type_of_another_cloud_is_refused() -> None:
    with pytest.raises(ValueError, match="no type of AWS"):
        terraform_type("kubernetes:core/v1:Secret")


def test_blocks_are_lists_and_maps_are_maps() -> None:
    assert arguments(
        {
            "kmsKeyId": "k",
            "vpcConfig": {"subnetIds": ["s"], "endpointPublicAccess": False},
            "environment": {"variables": {"logLevel": "info"}},
            "tags": {"Name": "x", "managedBy": "y"},
            "cidrIpv4": "10.0.0.0/8",
        }
    ) == {
        "kms_key_id": "k",
        "vpc_config": [{"subnet_ids": ["s"], "endpoint_public_access": False}],
        "environment": [{"variables": {"logLevel": "info"}}],
        "tags": {"Name": "x", "managedBy": "y"},
        "cidr_ipv4": "10.0.0.0/8",
    }


@pytest.mark.parametrize(
    ("ours", "terraforms"),
    [
        ("rules", "rule"),
        ("metricQueries", "metric_query"),
        ("customResponseBodies", "custom_response_body"),
        ("aliases", "alias"),
        ("globalSecondaryIndexes", "global_secondary_index"),
        ("encryptionConfigurations", "encryption_configuration"),
        ("blockDeviceMappings", "block_device_mappings"),
        ("ingress", "ingress"),
    ],
)
def test_lists_of_blocks_have_the_name_of_one(ours: str, terraforms: str) -> None:
    assert arguments({ours: [{"kmsKey": "k"}]}) == {terraforms: [{"kms_key": "k"}]}


def test_a_plan_tells_what_belongs_together_and_no_secret() -> None:
    bucket = resource("aws:s3/bucket:Bucket", "storage-uploads", inputs={"bucket": "b"})
    blocked = resource(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "storage-uploads-block",
        inputs={"bucket": "b", "blockPublicAcls": True},
        propertyDependencies={"bucket": [bucket["urn"]], "blockPublicAcls": []},
    )
    secret = resource("aws:mq/broker:Broker", "it", inputs={"users": [{"password": SECRET}]})
    component = {**bucket, "type": "fastapi-platform:index:Storage", "custom": False}
    made = cast(
        "dict[str, dict[str, dict[str, list[dict[str, object]]]]]",
        plan(
            [
                component,
                bucket,
                blocked,
                secret,
                resource("kubernetes:core/v1:Secret", "s", inputs={}),
            ]
        ),
    )
    planned = made["planned_values"]["root_module"]["resources"]
    assert [each["address"] for each in planned] == [
        "aws_s3_bucket.storage-uploads",
        "aws_s3_bucket_public_access_block.storage-uploads-block",
        "aws_mq_broker.it",
    ]
    assert planned[1]["values"] == {"bucket": "b", "block_public_acls": True}
    assert planned[2]["values"] == {"user": [{"password": "[secret]"}]}
    configured = made["configuration"]["root_module"]["resources"]
    references = ["aws_s3_bucket.storage-uploads.id", "aws_s3_bucket.storage-uploads"]
    assert configured[1]["expressions"] == {"bucket": {"references": references}}
    assert len(made["resource_changes"]) == 3


def test_objects_are_manifests_and_charts_are_not() -> None:
    assert list(
        manifests(
            [
                resource("kubernetes:core/v1:Secret", "s", inputs={"stringData": SECRET}),
                resource(
                    "kubernetes:apps/v1:Deployment",
                    "d",
                    inputs={"metadata": {"name": "orders"}, "spec": {"replicas": 2}},
                ),
                resource("kubernetes:helm.sh/v3:Release", "r", inputs={"chart": "kong"}),
                resource("aws:s3/bucket:Bucket", "b", inputs={}),
            ]
        )
    ) == [
        {"apiVersion": "v1", "kind": "Secret", "stringData": "[secret]"},
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "orders"},
            "spec": {"replicas": 2},
        },
    ]


def report(framework: str, *failed: str, **summary: int) -> Mapping[str, object]:
    checks = [{"check_id": "CKV_1", "check_name": "It", "resource": each} for each in failed]
    return {
        "check_type": framework,
        "summary": {"passed": 3, "parsing_errors": 0, **summary},
        "results": {"failed_checks": checks},
    }


def test_findings_are_read() -> None:
    both = [report("kubernetes", "Deployment.a.b"), report("terraform_plan")]
    kubernetes, terraform = checkov.read(json.dumps(both))
    assert (kubernetes.passed, kubernetes.failed) == (3, [Finding("CKV_1", "It", "Deployment.a.b")])
    assert terraform.failed == []


@pytest.mark.parametrize(
    ("reports", "message"),
    [
        ([report("kubernetes")], "looked at no terraform_plan"),
        ([report("kubernetes"), report("terraform_plan", passed=0)], "looked at no terraform_plan"),
        ([report("kubernetes", parsing_errors=1), report("terraform_plan")], "understood no"),
        ({"passed": 0, "failed": 0}, "looked at no kubernetes and no terraform_plan"),
    ],
)
def test_what_was_not_looked_at_is_no_pass(reports: object, message: str) -> None:
    with pytest.raises(SimulatorError, match=message):
        checkov.read(json.dumps(reports))


def test_a_finding_is_justified_by_check_and_resource() -> None:
    justification = Justification("CKV_1", ("aws_s3_bucket.logs-*", "aws_s3_bucket.gone"), "why")
    findings = [
        Finding("CKV_1", "It", "aws_s3_bucket.logs-a"),
        Finding("CKV_2", "It", "aws_s3_bucket.logs-a"),
        Finding("CKV_1", "It", "aws_s3_bucket.uploads"),
    ]
    assert justified.left(findings, [justification]) == findings[1:]
    assert justified.unused(findings, [justification]) == ["CKV_1 aws_s3_bucket.gone"]


def test_a_justification_may_be_of_some_stacks(tmp_path: Path) -> None:
    file = tmp_path / "justified.yaml"
    file.write_text("- {check: CKV_1, resources: [a], reason: it is so, stacks: [dev]}\n")
    assert [each.check for each in justified.read(file, "dev")] == ["CKV_1"]
    assert justified.read(file, "prod") == []


def test_each_justification_is_whole() -> None:
    found = justified.read()
    assert len(found) > 10
    assert all(len(each.reason) > 60 for each in found), "a reason says why"
    assert not [each for each in found if "*" in each.resources], "of which resources"


def test_all_that_is_wrong_with_a_justification_is_told(tmp_path: Path) -> None:
    file = tmp_path / "justified.yaml"
    file.write_text("- {check: CKV_1, resource: x, reason: ''}\n- CKV_2\n")
    with pytest.raises(ValueError, match="entry 1") as caught:
        justified.read(file)
    assert str(caught.value).splitlines()[1:] == [
        "  entry 1: resources is missing",
        "  entry 1: 'resource' is unknown; there are check, reason, resources, stacks",
        "  entry 1: reason must be a text",
        "  entry 2: must be a mapping with check, reason, resources",
    ]
