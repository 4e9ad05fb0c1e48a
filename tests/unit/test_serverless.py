"""What a serverless API registers: inputs, order, permissions, and what the cloud refuses."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pytest

from components._base.errors import InvalidInput
from components._base.iam import document
from components.serverless import (
    ServerlessApi,
    ServerlessApiArgs,
    ServerlessApiSpec,
    enqueue_statements,
)
from components.tables import TableAccess, table_statements
from simulator.cloud.core import Cloud
from simulator.cloud.values import UNKNOWN
from tests.harness import Recorder, Registration, build
from tests.iam_lint import LOGS_KEY, lint

FUNCTION, ALIAS = "aws:lambda/function:Function", "aws:lambda/alias:Alias"
PERMISSION = "aws:lambda/permission:Permission"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
WARM = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
API, STAGE = "aws:apigatewayv2/api:Api", "aws:apigatewayv2/stage:Stage"
ROUTE, AUTHORIZER = "aws:apigatewayv2/route:Route", "aws:apigatewayv2/authorizer:Authorizer"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
DOMAIN, API_MAPPING = (
    "aws:apigatewayv2/domainName:DomainName",
    "aws:apigatewayv2/apiMapping:ApiMapping",
)
QUEUE, QUEUE_POLICY = "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"
ALLOW = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
TARGET, SCALING = "aws:appautoscaling/target:Target", "aws:appautoscaling/policy:Policy"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
LOGS, KEY = "aws:cloudwatch/logGroup:LogGroup", "aws:kms/key:Key"
ALARM, RECORD = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:route53/record:Record"

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/catalog"
TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/products-1234567"
CACHE_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cache-AbCdEf"
CACHE_KEY = "arn:aws:kms:eu-west-1:123456789012:key/cache"
CACHE_GROUP = "sg-0000000000000000c"

CONFIG: Mapping[str, object] = {
    "image": "1.4.2",
    "memoryMb": 2048,
    "environment": {"PAGE_SIZE": "50"},
    "reservedConcurrency": 100,
    "provisioned": {"min": 2, "max": 20},
    "routes": {
        "$default": {},
        "GET /health": {"public": True},
        "POST /products": {
            "scopes": ["catalog/write", "catalog/admin"],
            "throttle": {"rate": 5, "burst": 10},
        },
    },
    "cors": {"origins": ["https://shop.example.com"], "credentials": True},
    "domainName": "api.example.com",
    "background": {"command": ["catalog.jobs.handler"], "maxConcurrency": 5},
    "protect": True,
}
SMALL: Mapping[str, object] = {
    "zip": {
        "key": "catalog.zip",
        "version": "v1",
        "handler": "catalog.main.handler",
        "snapStart": True,
    },
    "routes": {"$default": {"public": True}},
    "tracing": "off",
}


def wired(**wiring: object) -> dict[str, object]:
    common: dict[str, object] = {
        "repository_url": REPOSITORY,
        "issuer": "https://id.example.com",
        "audiences": ["catalog"],
    }
    return {**common, **wiring}


def api(config: Mapping[str, object], **wiring: object) -> Recorder[ServerlessApi]:
    args = ServerlessApiSpec.model_validate(config).to_args(ServerlessApiArgs, **wiring)
    return build(lambda: ServerlessApi("catalog", args))


@functools.cache
def prod() -> Recorder[ServerlessApi]:
    def program() -> ServerlessApi:
        access = table_statements("products", TABLE, TableAccess.READ_WRITE)
        wiring = wired(
            values={"TABLE_PRODUCTS": pulumi.Output.from_input("products-1234567")},
            secret_arns={"CACHE_SECRET_ARN": CACHE_SECRET},
            secret_key_arns={"CACHE_SECRET_ARN": CACHE_KEY},
            policies={"products": document(*access)},
            certificate_arn="arn:aws:acm:eu-west-1:123456789012:certificate/1",
            zone_id="Z0123456789",
            vpc_id="vpc-0a1b2c3d4e5f60718",
            subnet_ids=["subnet-0000000000000000a", "subnet-0000000000000000b"],
            stores={"cache": {"security_group_id": CACHE_GROUP, "ports": [6379, 6380]}},
            alarm_topic_arn=TOPIC,
            tags={"owner": "me"},
        )
        spec = ServerlessApiSpec.model_validate(CONFIG)
        return ServerlessApi("catalog", spec.to_args(ServerlessApiArgs, **wiring))

    return build(program)


@functools.cache
def small() -> Recorder[ServerlessApi]:
    return api(SMALL, code_bucket="code")


def function(suffix: str) -> Mapping[str, object]:
    return prod().one(FUNCTION, f"catalog-{suffix}").inputs


def variables(inputs: Mapping[str, object]) -> Mapping[str, object]:
    environment = cast("Mapping[str, Mapping[str, object]]", inputs["environment"])
    return environment["variables"]


def statements(policy: Registration) -> Mapping[str, Mapping[str, object]]:
    text = json.loads(str(policy.inputs["policy"]))
    return {str(s["Sid"]): s for s in cast("list[Mapping[str, object]]", text["Statement"])}


def test_both_functions_run_one_arm64_image_that_never_moves():
    for suffix in ("api", "background"):
        made = function(suffix)
        assert made["imageUri"] == f"{REPOSITORY}:1.4.2"
        assert made["packageType"] == "Image"
        assert made["architectures"] == ["arm64"]
        assert made["publish"] is True
        assert not {"handler", "runtime", "s3Key", "snapStart"} & made.keys()
    assert "imageConfig" not in function("api"), "the image's own CMD"
    assert function("background")["imageConfig"] == {"commands": ["catalog.jobs.handler"]}
    digest = "sha256:" + "0a" * 32
    by_digest = api({"image": digest}, **wired()).one(FUNCTION)
    assert by_digest.inputs["imageUri"] == f"{REPOSITORY}@{digest}"


def test_a_zip_is_one_version_of_an_object():
    made = small().one(FUNCTION).inputs
    assert (made["s3Bucket"], made["s3Key"], made["s3ObjectVersion"]) == (
        "code",
        "catalog.zip",
        "v1",
    )
    assert (made["handler"], made["runtime"]) == ("catalog.main.handler", "python3.13")
    assert made["snapStart"] == {"applyOn": "PublishedVersions"}
    assert not {"imageUri", "imageConfig", "vpcConfig"} & made.keys()


def test_sizes_are_as_configured_and_the_account_s_concurrency_is_shared_unless_told():
    made = function("api")
    assert (made["memorySize"], made["timeout"]) == (2048, 10)
    assert made["reservedConcurrentExecutions"] == 100
    jobs = function("background")
    assert (jobs["memorySize"], jobs["timeout"]) == (512, 60)
    assert jobs["reservedConcurrentExecutions"] == -1
    assert made["ephemeralStorage"] == jobs["ephemeralStorage"] == {"size": 512}


def test_variables_are_encrypted_and_hold_arns_of_secrets_only():
    common = {
        "SERVICE_NAME": "catalog",
        "PAGE_SIZE": "50",
        "TABLE_PRODUCTS": "products-1234567",
        "CACHE_SECRET_ARN": CACHE_SECRET,
    }
    assert variables(function("background")) == common
    queue_url = prod().output(prod().result.queue_url)
    assert variables(function("api")) == {**common, "BACKGROUND_QUEUE_URL": queue_url}
    key_arn = prod().output(prod().result.key_arn)
    assert function("api")["kmsKeyArn"] == function("background")["kmsKeyArn"] == key_arn


def test_traces_go_to_x_ray_or_to_a_collector():
    assert function("api")["tracingConfig"] == {"mode": "Active"}
    assert small().one(FUNCTION).inputs["tracingConfig"] == {"mode": "PassThrough"}
    config = {"image": "1", "tracing": "otlp"}
    otlp = api(config, **wired(otlp_endpoint="http://otel:4318"))
    made = otlp.one(FUNCTION).inputs
    assert made["tracingConfig"] == {"mode": "PassThrough"}
    assert variables(made)["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://otel:4318"
    assert "WriteTraces" not in statements(otlp.one(ROLE_POLICY, "catalog-api-role-own"))


def test_logs_are_json_encrypted_and_end():
    groups = {r.name: r.inputs for r in prod().all(LOGS)}
    assert set(groups) == {"catalog-access", "catalog-api-logs", "catalog-background-logs"}
    for group in groups.values():
        assert group["retentionInDays"] == 30
        assert group["kmsKeyId"] == prod().output(prod().result.key_arn)
    logging = cast("Mapping[str, object]", function("api")["loggingConfig"])
    assert logging["logFormat"] == "JSON"
    assert logging["applicationLogLevel"] == "INFO"
    assert str(logging["logGroup"]).startswith("catalog-api-logs-")
    api_id = prod().output(prod().result.api_id)
    assert groups["catalog-access"]["name"] == f"/aws/vendedlogs/http-api/{api_id}"


def test_an_access_record_is_json_without_headers_and_queries():
    settings = cast("Mapping[str, str]", prod().one(STAGE).inputs["accessLogSettings"])
    assert settings["destinationArn"].endswith(
        f"/aws/vendedlogs/http-api/{prod().output(prod().result.api_id)}"
    )
    record = cast("Mapping[str, str]", json.loads(settings["format"]))
    assert {"requestId", "status", "route", "integrationError", "authorizerError"} <= record.keys()
    assert not any("header" in v or "query" in v.lower() for v in record.values())
    assert len(settings["format"].encode()) <= 3 * 1024, "the most that API Gateway takes"


@pytest.mark.parametrize("suffix", ["api", "background"])
def test_a_role_has_no_more_than_its_function_needs(suffix: str):
    policies = {
        r.name.removeprefix(f"catalog-{suffix}-role-"): r
        for r in prod().all(ROLE_POLICY)
        if r.name.startswith(f"catalog-{suffix}-role-")
    }
    assert set(policies) == {"own", "no-network", "may-products"}
    for name, policy in policies.items():
        # lambda:SourceFunctionArn is a key of all actions, and newer than parliament
        allowed = ("UNKNOWN_CONDITION_FOR_ACTION",) if name == "no-network" else ()
        assert lint(str(policy.inputs["policy"]), allowed=allowed) == [], name
    own = statements(policies["own"])
    queue = {"SendWork", "SendWorkKey"} if suffix == "api" else {"TakeWork", "TakeWorkKey"}
    assert set(own) == {"WriteLogs", "WriteTraces", "ReadSecrets", "DecryptSecret1", *queue}
    assert own["ReadSecrets"]["Resource"] == [CACHE_SECRET]
    assert own["DecryptSecret1"]["Resource"] == [CACHE_KEY]
    assert own["DecryptSecret1"]["Condition"] == {
        "StringEquals": {"kms:EncryptionContext:SecretARN": CACHE_SECRET}
    }
    (streams,) = cast("list[str]", own["WriteLogs"]["Resource"])
    assert f":log-group:catalog-{suffix}-logs-" in streams
    assert set(statements(policies["may-products"])) == {"ProductsTable"}


def test_code_can_t_do_to_the_network_what_lambda_must():
    attached = {r.name: str(r.inputs["policyArn"]) for r in prod().all(ATTACHMENT)}
    assert set(attached) == {"catalog-api-role-network", "catalog-background-role-network"}
    assert all(arn.endswith("AWSLambdaENIManagementAccess") for arn in attached.values())
    (denied,) = statements(prod().one(ROLE_POLICY, "catalog-api-role-no-network")).values()
    assert denied["Effect"] == "Deny"
    functions = "arn:aws:lambda:eu-west-1:123456789012:function:catalog-api-*"
    assert denied["Condition"] == {"ArnLike": {"lambda:SourceFunctionArn": functions}}
    assert small().none(ATTACHMENT)


def test_functions_wait_for_all_that_they_may_do():
    for suffix in ("api", "background"):
        made = prod().one(FUNCTION, f"catalog-{suffix}")
        for policy in prod().all(ROLE_POLICY):
            mine = policy.name.startswith(f"catalog-{suffix}-")
            assert prod().comes_after(made, policy) is mine, policy.name


def test_the_alias_moves_to_the_newest_version():
    for suffix in ("api", "background"):
        alias = prod().one(ALIAS, f"catalog-{suffix}-live").inputs
        assert (alias["name"], alias["functionVersion"]) == ("live", "1")
        assert "routingConfig" not in alias


def test_a_rollout_gives_the_newest_version_its_share():
    rollout = {"stableVersion": "12", "percent": 10}
    cloud = api({"image": "1.5.0", "rollout": rollout, "background": {"command": ["x"]}}, **wired())
    alias = cloud.one(ALIAS, "catalog-api-live").inputs
    assert alias["functionVersion"] == "12"
    assert alias["routingConfig"] == {"additionalVersionWeights": {"1": 0.1}}
    background = cloud.one(ALIAS, "catalog-background-live").inputs
    assert "routingConfig" not in background, "messages are no traffic to shift"


def test_a_rollout_before_its_change_points_at_the_only_version_there_is():
    rollout = {"stableVersion": "1", "percent": 10}
    alias = api({"image": "1.5.0", "rollout": rollout}, **wired()).one(ALIAS).inputs
    assert alias["functionVersion"] == "1"
    assert alias["routingConfig"] == {"additionalVersionWeights": {}}


def test_warm_instances_follow_the_load_and_go_with_the_config():
    warm = prod().one(WARM)
    assert warm.inputs["qualifier"] == "live"
    assert warm.inputs["provisionedConcurrentExecutions"] == 2
    assert warm.ignore_changes == ("provisionedConcurrentExecutions",)
    target = prod().one(TARGET)
    name = prod().output(prod().result.function_name)
    assert target.inputs["resourceId"] == f"function:{name}:live"
    assert target.inputs["scalableDimension"] == "lambda:function:ProvisionedConcurrency"
    assert (target.inputs["minCapacity"], target.inputs["maxCapacity"]) == (2, 20)
    assert prod().comes_after(target, warm)
    policy = prod().one(SCALING).inputs["targetTrackingScalingPolicyConfiguration"]
    assert policy == {
        "predefinedMetricSpecification": {
            "predefinedMetricType": "LambdaProvisionedConcurrencyUtilization"
        },
        "targetValue": 0.7,
    }
    fixed = api({"image": "1", "provisioned": {"min": 3}}, **wired())
    assert fixed.one(WARM).ignore_changes == ()
    assert fixed.none(TARGET)
    assert small().none(WARM)


def test_api_gateway_calls_the_live_version_and_no_other():
    alias = prod().one(ALIAS, "catalog-api-live")
    integration = prod().one(INTEGRATION).inputs
    live_arn = prod().output(prod().result.live_arn)
    assert f"/functions/{live_arn}/invocations" in str(integration["integrationUri"])
    assert integration["payloadFormatVersion"] == "2.0"
    assert integration["timeoutMilliseconds"] == 30_000
    permission = prod().one(PERMISSION)
    assert permission.inputs["qualifier"] == "live"
    assert permission.inputs["principal"] == "apigateway.amazonaws.com"
    api_id = prod().output(prod().result.api_id)
    assert (
        permission.inputs["sourceArn"] == f"arn:aws:execute-api:eu-west-1:123456789012:{api_id}/*"
    )
    assert prod().comes_after(permission, alias)


def test_routes_need_a_token_with_a_scope_unless_they_are_public():
    routes = {str(r.inputs["routeKey"]): r.inputs for r in prod().all(ROUTE)}
    doors = {key: route["authorizationType"] for key, route in routes.items()}
    assert doors == {
        "$default": "JWT",
        "GET /health": "NONE",
        "POST /products": "JWT",
        "OPTIONS /": "NONE",
        "OPTIONS /{proxy+}": "NONE",
    }
    assert routes["POST /products"]["authorizationScopes"] == ["catalog/admin", "catalog/write"]
    assert "authorizationScopes" not in routes["$default"]
    authorizer = prod().one(AUTHORIZER).inputs
    assert authorizer["jwtConfiguration"] == {
        "issuer": "https://id.example.com",
        "audiences": ["catalog"],
    }
    assert authorizer["identitySources"] == ["$request.header.Authorization"]
    assert small().none(AUTHORIZER)


def test_requests_are_counted_for_each_route_once_it_is_there():
    stage = prod().one(STAGE)
    assert stage.inputs["name"] == "$default"
    assert stage.inputs["defaultRouteSettings"] == {
        "throttlingRateLimit": 100,
        "throttlingBurstLimit": 200,
        "detailedMetricsEnabled": True,
    }
    assert stage.inputs["routeSettings"] == [
        {
            "routeKey": "POST /products",
            "throttlingRateLimit": 5,
            "throttlingBurstLimit": 10,
            "detailedMetricsEnabled": True,
        }
    ]
    assert all(prod().comes_after(stage, route) for route in prod().all(ROUTE))


def test_other_sites_are_named_and_there_is_one_way_in():
    made = prod().one(API).inputs
    cors = cast("Mapping[str, object]", made["corsConfiguration"])
    assert cors["allowOrigins"] == ["https://shop.example.com"]
    assert cors["allowCredentials"] is True
    assert made["disableExecuteApiEndpoint"] is True
    assert "corsConfiguration" not in small().one(API).inputs
    assert small().one(API).inputs["disableExecuteApiEndpoint"] is False


def test_the_api_answers_under_its_own_name_by_tls_1_2():
    domain = prod().one(DOMAIN).inputs
    configuration = cast("Mapping[str, object]", domain["domainNameConfiguration"])
    assert configuration["securityPolicy"] == "TLS_1_2"
    assert configuration["endpointType"] == "REGIONAL"
    (alias,) = cast("list[Mapping[str, object]]", prod().one(RECORD).inputs["aliases"])
    assert str(alias["name"]).endswith(".execute-api.eu-west-1.amazonaws.com")
    assert prod().one(API_MAPPING).inputs["stage"] == "$default"
    assert prod().output(prod().result.url) == "https://api.example.com"
    api_id = small().output(small().result.api_id)
    url = f"https://{api_id}.execute-api.eu-west-1.amazonaws.com"
    assert small().output(small().result.url) == url
    assert small().none(DOMAIN)


def test_functions_are_in_the_vpc_only_for_the_stores_they_use():
    group = prod().one(GROUP)
    assert not {"ingress", "egress"} & group.inputs.keys()
    own = prod().output(prod().result.security_group_id)
    out = {
        r.name: (
            r.inputs.get("cidrIpv4") or r.inputs["referencedSecurityGroupId"],
            r.inputs["toPort"],
        )
        for r in prod().all(EGRESS)
    }
    assert out == {
        "catalog-to-https": ("0.0.0.0/0", 443),
        "catalog-to-cache-6379": (CACHE_GROUP, 6379),
        "catalog-to-cache-6380": (CACHE_GROUP, 6380),
    }
    rules = [r.inputs for r in prod().all(INGRESS)]
    assert {(r["securityGroupId"], r["referencedSecurityGroupId"]) for r in rules} == {
        (CACHE_GROUP, own)
    }
    assert [rule["fromPort"] for rule in rules] == [6379, 6380]
    assert small().none(GROUP)
    assert small().output(small().result.security_group_id) == ""


def test_a_function_in_a_vpc_does_not_hold_its_security_group_when_it_goes():
    """Field report 6: a group's deletion hangs on network interfaces that outlive their owner."""
    for suffix in ("api", "background"):
        assert function(suffix)["replaceSecurityGroupsOnDestroy"] is True
        made = prod().one(FUNCTION, f"catalog-{suffix}")
        assert prod().comes_after(made, prod().one(GROUP))
    assert "replaceSecurityGroupsOnDestroy" not in small().one(FUNCTION).inputs


def test_work_is_retried_piece_by_piece_and_kept_when_it_fails():
    queue = prod().one(QUEUE, "catalog-queue")
    dead = prod().one(QUEUE, "catalog-dead")
    assert queue.inputs["visibilityTimeoutSeconds"] == 6 * 60
    assert queue.inputs["messageRetentionSeconds"] == 4 * 86_400
    assert dead.inputs["messageRetentionSeconds"] == 14 * 86_400
    redrive = json.loads(str(queue.inputs["redrivePolicy"]))
    assert redrive["maxReceiveCount"] == 5
    assert str(redrive["deadLetterTargetArn"]).rsplit(":", 1)[1].startswith("catalog-dead-")
    allow = json.loads(str(prod().one(ALLOW).inputs["redriveAllowPolicy"]))
    queue_arn = prod().output(prod().result.queue_arn)
    assert allow == {"redrivePermission": "byQueue", "sourceQueueArns": [queue_arn]}
    mapping = prod().one(MAPPING).inputs
    assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (mapping["batchSize"], mapping["maximumBatchingWindowInSeconds"]) == (10, 0)
    assert mapping["scalingConfig"] == {"maximumConcurrency": 5}
    assert str(mapping["functionName"]).endswith(":live")
    for made in (queue, dead):
        assert made.inputs["kmsMasterKeyId"] == prod().output(prod().result.key_arn)
        assert made.protect is True
    assert small().none(QUEUE)
    assert small().output(small().result.queue_url) == ""


def test_queues_take_no_plain_text():
    for policy in prod().all(QUEUE_POLICY):
        (refusal,) = statements(policy).values()
        assert refusal["Effect"] == "Deny"
        assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert lint(str(policy.inputs["policy"])) == []


def test_other_services_may_hand_work_over():
    queue = "arn:aws:sqs:eu-west-1:123456789012:q"
    key = "arn:aws:kms:eu-west-1:123456789012:key/k"
    made = build(lambda: {"policy": document(*enqueue_statements(queue, key))})
    assert lint(str(made.output(made.result["policy"]))) == []


def test_one_key_for_variables_logs_and_queues():
    key = prod().one(KEY)
    assert lint(str(key.inputs["policy"]), allowed=LOGS_KEY) == []
    assert key.protect is True
    assert small().one(KEY).protect is False


def alarms(cloud: Recorder[ServerlessApi]) -> Mapping[str, Mapping[str, object]]:
    return {r.name: r.inputs for r in cloud.all(ALARM)}


def test_alarms_tell_of_errors_throttles_slowness_and_dead_letters():
    made = alarms(prod())
    assert set(made) == {
        *(f"catalog-api-{a}" for a in ("duration-p99", "errors", "spillover", "throttles")),
        *(f"catalog-background-{a}" for a in ("duration-p99", "errors", "throttles")),
        *("catalog-5xx", "catalog-dead-letters", "catalog-oldest-message"),
    }
    for alarm in made.values():
        assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]
    name = prod().output(prod().result.function_name)
    assert made["catalog-api-errors"]["dimensions"] == {
        "FunctionName": name,
        "Resource": f"{name}:live",
    }
    assert made["catalog-api-duration-p99"]["threshold"] == 8000
    queries = cast("list[Mapping[str, object]]", made["catalog-api-duration-p99"]["metricQueries"])
    metric = cast("Mapping[str, object]", queries[1]["metric"])
    assert (metric["metricName"], metric["stat"]) == ("Duration", "p99")
    assert made["catalog-oldest-message"]["threshold"] == 2 * 360
    assert set(alarms(small())) == {
        "catalog-5xx",
        *(f"catalog-api-{a}" for a in ("duration-p99", "errors", "throttles")),
    }


def test_everything_taggable_is_tagged_and_all_belongs_to_the_component():
    for resource in prod().resources:
        if not resource.custom:
            continue
        assert [a.type for a in resource.ancestors][-1] == "fastapi-platform:index:ServerlessApi"
        assert resource.name.startswith("catalog-")
        tags = resource.inputs.get("tags")
        if tags is not None:
            assert tags == {"owner": "me", "Name": resource.name}
    tagged = {r.type for r in prod().resources if "tags" in r.inputs}
    assert {FUNCTION, API, STAGE, DOMAIN, QUEUE, MAPPING, GROUP, KEY, LOGS, TARGET} <= tagged


def test_names_are_within_lambda_s_limit_whatever_the_api_is_called():
    spec = ServerlessApiSpec.model_validate({"image": "1", "background": {"command": ["x"]}})
    args = spec.to_args(ServerlessApiArgs, **wired())
    long = build(lambda: ServerlessApi("a" * 40, args), stack="s" * 40)
    assert len(long.all(FUNCTION)) == 2
    assert all(r.inputs.get("name") is None for r in long.all(FUNCTION))
    with pytest.raises(InvalidInput, match=r"name: 'a+' is not valid: .* at most 40"):
        build(lambda: ServerlessApi("a" * 41, args))


def refusals(type_: str, inputs: Mapping[str, object]) -> list[str]:
    """Return what the simulated cloud says."""
    _, problems = Cloud().check(type_, "it", inputs)
    return [str(problem) for problem in problems]


ROLE = "arn:aws:iam::123456789012:role/r"
AN_IMAGE: Mapping[str, object] = {"role": ROLE, "packageType": "Image", "imageUri": "r:1"}
A_LIVE: Mapping[str, object] = {"functionName": "f", "name": "live", "functionVersion": "1"}

REFUSED: Mapping[str, tuple[str, Mapping[str, object], str]] = {
    "an image with a handler": (
        FUNCTION,
        {**AN_IMAGE, "handler": "a.b"},
        "handler: is not for packageType Image",
    ),
    "no image": (
        FUNCTION,
        {"role": ROLE, "packageType": "Image"},
        "imageUri: is required by packageType Image",
    ),
    "a long run": (FUNCTION, {**AN_IMAGE, "timeout": 901}, "timeout: is 901, at most 900 allowed"),
    "a reserved name": (
        FUNCTION,
        {**AN_IMAGE, "environment": {"variables": {"AWS_REGION": "x"}}},
        "environment.variables.AWS_REGION: is a reserved key",
    ),
    "a share of itself": (
        ALIAS,
        {**A_LIVE, "routingConfig": {"additionalVersionWeights": {"1": 0.5}}},
        "routingConfig.additionalVersionWeights: 1 is functionVersion already",
    ),
    "a large batch at once": (
        MAPPING,
        {
            "functionName": "f",
            "eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q",
            "batchSize": 50,
        },
        "maximumBatchingWindowInSeconds: must be 1 or more for a batchSize of more than 10, not 0",
    ),
    "cookies for all": (
        API,
        {
            "protocolType": "HTTP",
            "corsConfiguration": {"allowOrigins": ["*"], "allowCredentials": True},
        },
        "corsConfiguration.allowCredentials: is not supported if allowOrigins is *",
    ),
    "a token of nobody": (
        AUTHORIZER,
        {"apiId": "a", "authorizerType": "JWT", "identitySources": ["x"]},
        "jwtConfiguration.issuer: is required by authorizerType JWT",
    ),
    "a door without a guard": (
        ROUTE,
        {"apiId": "a", "routeKey": "GET /", "authorizationType": "JWT"},
        "authorizerId: is required by authorizationType JWT",
    ),
    "a long wait": (
        INTEGRATION,
        {
            "apiId": "a",
            "integrationType": "AWS_PROXY",
            "payloadFormatVersion": "2.0",
            "timeoutMilliseconds": 31_000,
        },
        "timeoutMilliseconds: is 31000, 50 to 30000 allowed",
    ),
}


@pytest.mark.parametrize(("type_", "inputs", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_aws_refuses_is_refused(type_: str, inputs: Mapping[str, object], message: str):
    assert message in refusals(type_, inputs)


CHANGES: Sequence[tuple[str, Mapping[str, object], str]] = [
    ("an image", {"imageUri": "r:2"}, "2"),
    ("a variable", {"environment": {"variables": {"A": "b"}}}, "2"),
    ("a reservation", {"reservedConcurrentExecutions": 5}, "1"),
    ("tags", {"tags": {"a": "b"}}, "1"),
]


@pytest.mark.parametrize(("change", "version"), [(c, v) for _, c, v in CHANGES])
def test_a_change_of_code_or_configuration_is_another_version(
    change: Mapping[str, object], version: str
):
    cloud = Cloud()
    inputs = {**AN_IMAGE, "name": "f", "publish": True}
    urn = f"urn:pulumi:test::p::{FUNCTION}::f"
    id_, outputs = cloud.create(FUNCTION, urn, "f", inputs)
    changed = cloud.update(FUNCTION, urn, id_, outputs, {**inputs, **change}, preview=False)
    assert changed["version"] == version
    assert str(changed["qualifiedArn"]).endswith(f":{version}")


def test_a_certificate_is_made_and_proved_where_there_is_a_zone():
    cloud = api({**SMALL, "domainName": "spending.example.com"}, code_bucket="b", zone_id="Z0")
    certificate = cloud.one("aws:acm/certificate:Certificate")
    assert certificate.inputs["domainName"] == "spending.example.com"
    assert certificate.inputs["validationMethod"] == "DNS"
    assert cloud.named("catalog-domain-proof").inputs["zoneId"] == "Z0"
    (configuration,) = [cloud.one(DOMAIN).inputs["domainNameConfiguration"]]
    validated = cloud.one("aws:acm/certificateValidation:CertificateValidation").inputs
    assert (
        cast("Mapping[str, object]", configuration)["certificateArn"] == validated["certificateArn"]
    )
    assert len(cloud.all(RECORD)) == 2


def test_an_image_that_a_preview_can_not_know_yet_is_there():
    unknown = {
        "packageType": "Image",
        "imageUri": UNKNOWN,
        "role": "arn:aws:iam::123456789012:role/r",
    }
    assert Cloud().check(FUNCTION, "it", unknown)[1] == []
    del unknown["imageUri"]
    (problem,) = Cloud().check(FUNCTION, "it", unknown)[1]
    assert str(problem) == "imageUri: is required by packageType Image"


def test_an_issuer_that_a_preview_can_not_know_yet_is_there():
    tokens = {"issuer": UNKNOWN, "audiences": UNKNOWN}
    inputs = {"apiId": UNKNOWN, "authorizerType": "JWT", "identitySources": ["$request.header.A"]}
    assert Cloud().check(AUTHORIZER, "it", {**inputs, "jwtConfiguration": tokens})[1] == []
    (problem,) = Cloud().check(
        AUTHORIZER, "it", {**inputs, "jwtConfiguration": {"audiences": UNKNOWN}}
    )[1]
    assert str(problem) == "jwtConfiguration.issuer: is required by authorizerType JWT"
