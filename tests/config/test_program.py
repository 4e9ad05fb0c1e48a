"""The program itself: the same composition for every stack, as often as it is run."""

import json
from functools import cache
from typing import cast

from stacks import load_stack
from tests import given
from tests.harness import Registration

SUBNET = "aws:ec2/subnet:Subnet"


deployed = cache(given.deployed)
"""Each stack is made once."""


def test_karpenter_finds_the_subnets_of_its_own_stack_only():
    found = {
        stack: {
            cast("dict[str, str]", subnet.inputs["tags"]).get("karpenter.sh/discovery")
            for subnet in deployed(stack).all(SUBNET)
        }
        for stack in ("local", "prod")
    }
    assert found == {
        "local": {"fastapi-platform-local", None},
        "prod": {"fastapi-platform-prod", None},
    }


def test_only_production_protects_what_can_not_be_had_again():
    assert not [r.name for r in deployed("local").resources if r.protect]
    assert deployed("prod").one("aws:eks/cluster:Cluster").protect
    assert deployed("prod").one("aws:ec2/vpc:Vpc").protect


def test_the_provider_is_known_by_the_cluster_and_holds_no_token():
    provider = deployed("prod").one("pulumi:providers:kubernetes")
    assert provider.inputs["clusterIdentifier"]
    assert "get-token" in str(provider.inputs["kubeconfig"])
    assert '"token"' not in str(provider.inputs["kubeconfig"])


FUNCTION = "aws:lambda/function:Function"


def test_a_serverless_api_gets_what_it_uses_and_no_more():
    cloud = deployed("prod")
    api = cloud.one(FUNCTION, "spending-api")
    variables = cast("dict[str, dict[str, str]]", api.inputs["environment"])["variables"]
    assert sorted(variables) == [
        *("AUTH_AUDIENCE", "AUTH_ISSUER", "AUTH_JWKS_URL", "SERVICE_ENVIRONMENT"),
        *("SERVICE_NAME", "SERVICE_VERSION", "TABLES_ORDERS", "TABLES_REGION"),
    ]
    assert variables["SERVICE_VERSION"] == "1.0.0"
    assert api.inputs.get("vpcConfig") is None, "DynamoDB needs no VPC"
    assert not [r for r in cloud.all("aws:ec2/securityGroup:SecurityGroup") if "spending" in r.name]
    (allowed,) = [r for r in cloud.resources if r.name == "spending-api-role-may-tables"]
    policy = str(allowed.inputs["policy"])
    assert "dynamodb:Query" in policy
    assert "PutItem" not in policy
    (route,) = [r for r in cloud.resources if r.name == "spending-get/v1/spending/{customer}"]
    assert route.inputs["authorizationScopes"] == ["orders/read"]
    assert cloud.named("spending-domain").inputs["domainName"] == "spending.example.com"
    assert cloud.named("spending-warm-scaling").inputs["maxCapacity"] == 20


def test_lambda_may_pull_the_image_of_a_serverless_api_only():
    policies = deployed("prod").all("aws:ecr/repositoryPolicy:RepositoryPolicy")
    assert [policy.name for policy in policies] == ["registry-spending-policy"]
    assert "lambda.amazonaws.com" in str(policies[0].inputs["policy"])


RELEASE = "kubernetes:helm.sh/v3:Release"
RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
COLLECTOR = "http://otel-collector.observability.svc.cluster.local:4318"


def fields(resource: Registration, *path: str) -> dict[str, object]:
    found = resource.inputs
    for step in path:
        found = cast("dict[str, object]", found[step])
    return cast("dict[str, object]", found)


def test_every_service_is_measured_traced_and_watched():
    cloud = deployed("prod")
    monitors = [r for r in cloud.resources if r.type.endswith(":ServiceMonitor")]
    services = set(load_stack("prod").services)
    assert {str(fields(m, "metadata")["name"]) for m in monitors} >= services
    rules = {str(fields(rule, "metadata")["name"]) for rule in cloud.all(RULE)}
    assert rules == {"platform", "workers", *(f"service-{name}" for name in services)}
    for name in services:
        (pod,) = cast(
            "list[dict[str, list[dict[str, str]]]]",
            fields(cloud.one(DEPLOYMENT, f"{name}-deployment"), "spec", "template", "spec")[
                "containers"
            ],
        )
        assert {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": COLLECTOR} in pod["env"]


def test_the_gateway_begins_all_traces_and_the_mesh_goes_on_with_them():
    cloud = deployed("prod")
    (plugin,) = [
        r
        for r in cloud.resources
        if r.type.endswith("KongClusterPlugin") and r.inputs["plugin"] == "opentelemetry"
    ]
    config = fields(plugin, "config")
    assert (config["traces_endpoint"], config["sampling_rate"]) == (f"{COLLECTOR}/v1/traces", 1)
    mesh = json.dumps(cloud.one(RELEASE, "mesh-linkerd-control-plane").inputs)
    assert "otel-collector.observability.svc.cluster.local:4317" in mesh


def search_policies(stack: str) -> str:
    policies = deployed(stack).all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    return json.dumps([p.inputs["spec"] for p in policies if p.name.startswith("search-")])


def test_only_those_who_send_or_show_logs_reach_elasticsearch():
    assert all(
        f'"{namespace}"' in search_policies("prod")
        for namespace in ("services", "node-agents", "observability")
    )
    assert '"node-agents"' not in search_policies("local"), "its logs go to CloudWatch"


def test_grafana_reads_as_a_user_who_may_read_only_and_people_log_in_at_cognito():
    cloud = deployed("prod")
    users = cloud.one("kubernetes:core/v1:Secret", "search-grafana").inputs
    assert cast("dict[str, str]", users["stringData"])["username"] == "grafana"
    grafana = json.dumps(cloud.one(RELEASE, "grafana-grafana").inputs)
    assert "/oauth2/authorize" in grafana
    assert "/oauth2/userInfo" in grafana
    assert '"disable_login_form": true' in grafana


def test_all_roles_lie_within_the_bounds_that_a_stack_file_names():
    bounds = {"path": "/platform/", "boundary": "policy/platform-boundary"}
    roles = given.deployed("prod", {"platform:roles": bounds}).all("aws:iam/role:Role")
    arn = "arn:aws:iam::123456789012:policy/platform-boundary"
    assert len(roles) > 20
    assert {(str(r.inputs.get("path")), r.inputs.get("permissionsBoundary")) for r in roles} == {
        ("/platform/", arn)
    }
    free = deployed("prod").all("aws:iam/role:Role")
    assert not [r.name for r in free if r.inputs.keys() & {"path", "permissionsBoundary"}]
