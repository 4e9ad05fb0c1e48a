"""Security scans: what runs, what it may reach and do, where reports go and who is told."""

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest
import yaml
from pydantic import ValidationError

from components._base.errors import InvalidInput
from components._base.spec import describe
from components.scans import SecurityScans, SecurityScansArgs, SecurityScansSpec, plan_scans
from components.scans.runner.scan import REPORTS
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.iam_lint import LOGS_KEY, lint
from tests.unit.test_service import full, kind, spec
from tests.unit.test_service import make as make_service
from tests.unit.test_service import one as one_of_service

DOCS = Path(__file__).parents[2] / "docs" / "security-scans.md"

Json = Mapping[str, object]

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:scanner"
WIRING: Mapping[str, object] = {
    "environment": "prod",
    "cluster_name": "blue",
    "alarm_topic_arn": TOPIC,
    "alarm_key_arn": KEY,
    "targets": {
        name: {
            "url": "https://api.example.com",
            "document_url": f"http://{name}.services.svc:8000/openapi.json",
        }
        for name in ("orders", "catalog")
    },
}
CLIENT: Mapping[str, object] = {
    "client": "scanner",
    "client_secret_arn": SECRET,
    "secret_store": "secrets-manager",
}

IGNORED: Mapping[str, object] = {
    "rule": "10038",
    "reason": "there are no pages",
    "until": "2027-05-31",
    "service": "orders",
}


def make(**given: object) -> Recorder[SecurityScans]:
    args = {**WIRING, **given}

    def program() -> SecurityScans:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return SecurityScans("scans", cast("SecurityScansArgs", args), opts)

    return build(program)


@functools.cache
def weekly() -> Recorder[SecurityScans]:
    return make(protect=True, **CLIENT)


@functools.cache
def staging() -> Recorder[SecurityScans]:
    return make(
        environment="staging",
        frequency="daily",
        active=True,
        methods="all",
        fail_from="high",
        private_cidrs=["10.0.0.0/16"],
        mirror="mirror.example.com/m",
        ignored=[{"rule": "10038", "reason": "there are no pages", "until": "2027-05-31"}],
    )


def objects(cloud: Recorder[SecurityScans], name: str) -> list[Registration]:
    return [r for r in cloud.resources if r.type.endswith(f":{name}") and "kubernetes" in r.type]


def named(cloud: Recorder[SecurityScans], name: str, called: str) -> Json:
    (found,) = [r for r in objects(cloud, name) if metadata(r)["name"] == called]
    return found.inputs


def metadata(owner: Registration) -> Json:
    return cast("Json", owner.inputs["metadata"])


def cron(cloud: Recorder[SecurityScans], service: str = "orders") -> Json:
    return cast("Json", named(cloud, "CronJob", f"scan-{service}")["spec"])


def job(cloud: Recorder[SecurityScans]) -> Json:
    return cast("Json", cast("Json", cron(cloud)["jobTemplate"])["spec"])


def pod(cloud: Recorder[SecurityScans]) -> Json:
    return cast("Json", cast("Json", job(cloud)["template"])["spec"])


def container(cloud: Recorder[SecurityScans]) -> Json:
    (found,) = cast("Sequence[Json]", pod(cloud)["containers"])
    return found


def plan(cloud: Recorder[SecurityScans], service: str = "orders") -> dict[str, list[Json]]:
    """Return the jobs of ZAP's plan, by kind, as a reader of YAML reads them."""
    data = cast("Mapping[str, str]", named(cloud, "ConfigMap", f"scan-{service}")["data"])
    jobs: dict[str, list[Json]] = {}
    for each in yaml.safe_load(data["plan.yaml"])["jobs"]:
        jobs.setdefault(each["type"], []).append(each["parameters"])
    return jobs


def policies(cloud: Recorder[SecurityScans]) -> dict[str, str]:
    found = cloud.all("aws:iam/rolePolicy:RolePolicy")
    return {policy.name: str(policy.inputs["policy"]) for policy in found}


def test_each_service_is_scanned_at_a_minute_of_its_own():
    assert len(objects(weekly(), "CronJob")) == len(objects(weekly(), "ConfigMap")) == 2
    schedules = {
        service: str(cron(weekly(), service)["schedule"]) for service in ("orders", "catalog")
    }
    assert len(set(schedules.values())) == 2
    assert all(schedule.endswith(" 3 * * 0") for schedule in schedules.values())
    assert str(cron(staging())["schedule"]).endswith(" 3 * * *")
    assert cron(weekly())["concurrencyPolicy"] == "Forbid"
    assert job(weekly())["activeDeadlineSeconds"] == 45 * 60


def test_findings_are_not_looked_for_twice_and_a_node_that_goes_is_no_failure():
    rules = cast("Sequence[Json]", cast("Json", job(weekly())["podFailurePolicy"])["rules"])
    assert [rule["action"] for rule in rules] == ["FailJob", "Ignore"]
    codes = cast("Json", rules[0]["onExitCodes"])
    assert (codes["containerName"], codes["values"]) == (container(weekly())["name"], [3])
    assert pod(weekly())["restartPolicy"] == "Never"


def test_pods_are_restricted_and_write_where_they_may():
    (namespace,) = objects(weekly(), "Namespace")
    labels = cast("Json", metadata(namespace)["labels"])
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert container(weekly())["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    security = cast("Json", pod(weekly())["securityContext"])
    assert (security["runAsUser"], security["runAsNonRoot"]) == (1000, True)
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod(weekly())["automountServiceAccountToken"] is False
    mounts = cast("Sequence[Json]", container(weekly())["volumeMounts"])
    written = {mount["mountPath"] for mount in mounts if not mount.get("readOnly")}
    assert written == {"/home/zap", "/zap/wrk", "/tmp"}  # noqa: S108 - the pod's own
    volumes = cast("Sequence[Json]", pod(weekly())["volumes"])
    assert {mount["name"] for mount in mounts} == {volume["name"] for volume in volumes}


def test_the_image_is_a_version_and_may_come_from_a_mirror():
    assert container(weekly())["image"] == "ghcr.io/zaproxy/zaproxy:2.17.0"
    assert container(staging())["image"] == "mirror.example.com/m/ghcr.io/zaproxy/zaproxy:2.17.0"


def environment(cloud: Recorder[SecurityScans]) -> dict[str, object]:
    found = cast("Sequence[Json]", container(cloud)["env"])
    return {str(item["name"]): item.get("value", "secret") for item in found}


def test_java_gets_less_than_the_pod_has():
    """By itself ZAP takes a quarter of the node's memory, and would be killed."""
    assert environment(weekly())["HEAP_MIB"] == str(int(2048 * 0.6))
    limits = cast("Json", cast("Json", container(weekly())["resources"])["limits"])
    assert limits["memory"] == "2048Mi"


def test_scans_read_only_unless_told_and_never_attack_production():
    assert "activeScan" not in plan(weekly())
    assert environment(weekly())["METHODS"] == "read"
    assert len(plan(staging())["activeScan"]) == 1
    assert environment(staging())["METHODS"] == "all"
    (spider,) = plan(weekly())["spider"]
    assert (spider["postForm"], spider["processForm"]) == (False, False)


@pytest.mark.parametrize("given", [{"active": True}, {"methods": "all"}])
def test_what_changes_things_is_refused_where_it_is_not_allowed(given: Mapping[str, object]):
    args = {**WIRING, **given}
    with pytest.raises(InvalidInput, match="not in environment 'prod'; allowed in: dev"):
        plan_scans(cast("SecurityScansArgs", args))
    allowed = {**args, "active_environments": ["prod"]}
    assert plan_scans(cast("SecurityScansArgs", allowed)).services == ("catalog", "orders")


def test_the_plan_scans_the_service_and_nothing_else():
    data = cast("Mapping[str, str]", named(weekly(), "ConfigMap", "scan-orders")["data"])
    (context,) = yaml.safe_load(data["plan.yaml"])["env"]["contexts"]
    assert context["urls"] == ["https://api.example.com"]
    assert context["includePaths"] == [r"https://api\.example\.com.*"]
    (api,) = plan(weekly())["openapi"]
    assert api["apiFile"] == "/zap/wrk/openapi.json"
    assert api["targetUrl"] == "https://api.example.com"


def test_there_are_three_reports_and_findings_may_end_a_run():
    made = {str(report["reportFile"]): report["template"] for report in plan(weekly())["report"]}
    assert made == {
        "report.html": "traditional-html",
        "report.sarif.json": "sarif-json",
        "report.json": "traditional-json",
    }
    assert made.keys() == REPORTS.keys()
    assert list(REPORTS)[-1] == "report.json", "it is what the comparison waits for"
    assert "exitStatus" not in plan(weekly())
    assert plan(staging())["exitStatus"] == [{"errorLevel": "High", "errorExitValue": 3}]


def test_a_client_s_secret_comes_by_external_secrets():
    external = cast("Json", named(weekly(), "ExternalSecret", "scan-client")["spec"])
    data = cast("Sequence[Mapping[str, Json]]", external["data"])
    assert {str(item["secretKey"]): item["remoteRef"]["property"] for item in data} == {
        "CLIENT_ID": "client_id",
        "CLIENT_SECRET": "client_secret",
        "TOKEN_ENDPOINT": "token_endpoint",
    }
    assert environment(weekly())["CLIENT_SECRET"] == "secret"
    assert objects(staging(), "ExternalSecret") == []
    assert "CLIENT_ID" not in environment(staging())


def reachable(cloud: Recorder[SecurityScans]) -> list[tuple[str, list[object]]]:
    policy = cast("Json", named(cloud, "NetworkPolicy", "scans")["spec"])
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    rules = cast("Sequence[Mapping[str, Sequence[Json]]]", policy["egress"])
    return [(json.dumps(rule["to"]), [port["port"] for port in rule["ports"]]) for rule in rules]


def test_scans_reach_documents_the_gateway_and_aws_and_nothing_else():
    documents, agent, outside = reachable(weekly())
    assert '"kubernetes.io/metadata.name": "services"' in documents[0]
    assert documents[1] == [8000, 4143]
    assert "169.254.170.23/32" in agent[0]
    assert outside[1] == [443]
    assert "10.0.0.0/8" in outside[0], "all but what is inside"
    assert '{"cidr": "10.0.0.0/16"}' in reachable(staging())[2][0]


def test_a_service_lets_scans_read_its_document_and_no_more():
    scanned = make_service(scanner_namespace="scans", monitored=True)
    ingress = json.dumps(spec(one_of_service(scanned, "NetworkPolicy"))["ingress"])
    assert '"kubernetes.io/metadata.name": "scans"' in ingress
    paths = json.dumps([spec(route).get("rules") for route in kind(scanned, "HTTPRoute")])
    assert "/openapi.json" in paths
    assert '"value": "/metrics"' in paths
    assert "/openapi.json" not in json.dumps([r.inputs for r in kind(full(), "HTTPRoute")])


def test_pods_may_write_reports_and_read_none():
    policy = policies(weekly())["scans-role-reports"]
    assert lint(policy) == []
    actions = [s["Action"] for s in json.loads(policy)["Statement"]]
    assert not {"s3:GetObject", "s3:ListBucket"} & {a for group in actions for a in group}
    assert all("/reports/*" in s["Resource"][0] for s in json.loads(policy)["Statement"][:1])
    association = weekly().one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["serviceAccount"] == "scans"
    assert weekly().comes_after(objects(weekly(), "CronJob")[0], association)


def test_the_bucket_keeps_reports_to_itself():
    bucket = weekly().one("aws:s3/bucket:Bucket")
    assert bucket.protect
    assert not make().one("aws:s3/bucket:Bucket").protect
    closed = weekly().one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    assert closed.inputs["restrictPublicBuckets"] is True
    rules = json.dumps(
        weekly().one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs
    )
    assert '"expiration": {"days": 400' in rules
    encryption = weekly().one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    )
    assert "aws:kms" in json.dumps(encryption.inputs)
    versioning = json.dumps(weekly().one("aws:s3/bucketVersioning:BucketVersioning").inputs)
    assert "Enabled" in versioning


def test_a_report_calls_the_comparison():
    notification = weekly().one("aws:s3/bucketNotification:BucketNotification")
    (called,) = cast("Sequence[Json]", notification.inputs["lambdaFunctions"])
    assert called["events"] == ["s3:ObjectCreated:*"]
    assert (called["filterPrefix"], called["filterSuffix"]) == ("reports/", "/report.json")
    permission = weekly().one("aws:lambda/permission:Permission")
    assert permission.inputs["sourceAccount"] == "123456789012"
    assert weekly().comes_after(notification, permission)
    function = weekly().one("aws:lambda/function:Function")
    assert function.inputs["handler"] == "handler.handler"
    variables = cast("Json", cast("Json", function.inputs["environment"])["variables"])
    assert variables == {"LEAST_RISK": "medium", "TOPIC_ARN": TOPIC}
    assert "deadLetterConfig" in function.inputs
    assert len(weekly().all("aws:cloudwatch/metricAlarm:MetricAlarm")) == 2
    logs = weekly().one("aws:cloudwatch/logGroup:LogGroup")
    assert logs.inputs["retentionInDays"] == 365
    assert logs.inputs["kmsKeyId"]


def test_the_comparison_may_read_reports_and_tell():
    policy = policies(weekly())["scans-compare-role-own"]
    assert lint(policy) == []
    allowed = json.loads(policy)["Statement"]
    assert {a for s in allowed for a in s["Action"] if a.startswith(("s3:", "sns:", "sqs:"))} == {
        "s3:GetObject",
        "s3:ListBucket",
        "sns:Publish",
        "sqs:SendMessage",
    }
    key = next(k for k in weekly().all("aws:kms/key:Key"))
    assert lint(str(key.inputs["policy"]), allowed=LOGS_KEY) == []


def test_objects_go_with_the_cluster_and_what_is_in_aws_does_not():
    """Field report 10."""
    cluster = weekly().named("eks").urn
    for resource in weekly().resources:
        if resource.type.startswith("kubernetes:"):
            assert resource.deleted_with == cluster, resource.name
        elif resource.type.startswith("aws:") and resource.name != "eks":
            assert not resource.deleted_with, resource.name


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"hour": 24}, "hour"),
        ({"frequency": "hourly"}, "allowed: 'daily' or 'weekly'"),
        ({"memoryMib": 512}, "memoryMib"),
        ({"ignored": [{"rule": "xss", "reason": "a" * 10, "until": "2027-01-01"}]}, "ignored"),
        ({"ignored": [{"rule": "1", "reason": "no", "until": "2027-01-01"}]}, "ignored[0].reason"),
        ({"ignored": [{"rule": "1", "reason": "a" * 10}]}, "ignored[0].until: is required"),
        ({"logRetentionDays": 2}, "allowed days"),
    ],
)
def test_what_can_not_be_is_refused(given: Mapping[str, object], reason: str):
    with pytest.raises(ValidationError) as caught:
        SecurityScansSpec.model_validate(given)
    found = describe(caught.value, SecurityScansSpec, by_alias=True)
    assert reason in "\n".join(str(problem) for problem in found)


def test_what_is_missing_is_told_at_once():
    args = {
        **WIRING,
        "targets": {"Orders": {"url": "u", "document_url": "d"}},
        "client": "scanner",
        "ignored": [
            {"rule": "1", "reason": "a" * 10, "until": "2027-01-01", "service": "catalogue"}
        ],
    }
    with pytest.raises(InvalidInput) as caught:
        plan_scans(cast("SecurityScansArgs", args))
    assert [problem.path for problem in caught.value.problems] == [
        "targets.Orders",
        "ignored[0].service",
        "client_secret_arn",
        "secret_store",
    ]
    with pytest.raises(InvalidInput, match="one service or more"):
        plan_scans(cast("SecurityScansArgs", {**WIRING, "targets": {}}))


def test_settings_become_arguments_and_mean_the_same():
    given = {"frequency": "daily", "ignored": [IGNORED], "client": "scanner", "keep_days": 90}
    settings = SecurityScansSpec.model_validate(given)
    args = settings.to_args(SecurityScansArgs, **{**WIRING, **CLIENT})
    assert plan_scans(args).spec == settings


def test_the_documented_section_is_right():
    _, text = DOCS.read_text().split("```yaml\nplatform:scans:")
    documented = SecurityScansSpec.model_validate(yaml.safe_load(text.split("```")[0]))
    assert documented.client == "scanner"


@needs_crds
def test_custom_resources_are_as_their_definitions_say():
    (external,) = objects(weekly(), "ExternalSecret")
    assert crd_problems("externalsecrets.external-secrets.io", external.inputs) == []
