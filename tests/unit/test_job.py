"""Scheduled jobs: started when due, ended in any case, not failed by a node that goes."""

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

from components._base.spec import describe
from components.service import (
    FastApiServiceSpec,
    ScheduledJob,
    ScheduledJobArgs,
    ScheduledJobSpec,
    WorkerSpec,
    plan_scheduled_job,
    service_problems,
)
from tests.harness import Recorder, Registration, build
from tests.iam_lint import lint
from tests.unit.test_service import WIRING

DOCS = Path(__file__).parents[2] / "docs" / "workloads.md"

Json = Mapping[str, object]

SHARED = {key: value for key, value in WIRING.items() if key not in ("hosts", "counters")}
NIGHTLY: Mapping[str, object] = {
    "schedule": "30 2 * * *",
    "command": ["python", "-m", "orders.cleanup"],
    "uses": {"tables": {"orders": "readWrite"}, "cache": True},
}


def make(**given: object) -> Recorder[ScheduledJob]:
    args = {"image": "example.com/orders:1.4.2", **SHARED, **NIGHTLY, **given}

    def program() -> ScheduledJob:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return ScheduledJob("cleanup", cast("ScheduledJobArgs", args), opts)

    return build(program)


@functools.cache
def nightly() -> Recorder[ScheduledJob]:
    return make(calls=["catalog"], priority_class="platform-worker")


@functools.cache
def busy() -> Recorder[ScheduledJob]:
    return make(
        schedule="*/5 * * * *",
        timezone="Europe/Berlin",
        concurrency="replace",
        timeout_seconds=240,
        retries=0,
        start_within_seconds=60,
        keep_runs=1,
        keep_days=1,
        suspend=True,
        undisturbed=True,
        uses={},
    )


def kind(cloud: Recorder[ScheduledJob], name: str) -> list[Registration]:
    return [r for r in cloud.resources if r.type.rsplit(":", 1)[-1] == name]


def cron(cloud: Recorder[ScheduledJob]) -> Json:
    (found,) = kind(cloud, "CronJob")
    return cast("Json", found.inputs["spec"])


def job(cloud: Recorder[ScheduledJob]) -> Json:
    return cast("Json", cast("Json", cron(cloud)["jobTemplate"])["spec"])


def template(cloud: Recorder[ScheduledJob]) -> Json:
    return cast("Json", job(cloud)["template"])


def pod(cloud: Recorder[ScheduledJob]) -> Json:
    return cast("Json", template(cloud)["spec"])


def container(cloud: Recorder[ScheduledJob]) -> Json:
    (found,) = cast("Sequence[Json]", pod(cloud)["containers"])
    return found


def annotations(cloud: Recorder[ScheduledJob]) -> Json:
    return cast("Json", cast("Json", template(cloud)["metadata"])["annotations"])


def test_it_runs_by_its_schedule_and_never_twice_at_once():
    assert {key: value for key, value in cron(nightly()).items() if key != "jobTemplate"} == {
        "schedule": "30 2 * * *",
        "timeZone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 3600,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
        "suspend": False,
    }
    assert {key: value for key, value in cron(busy()).items() if key != "jobTemplate"} == {
        "schedule": "*/5 * * * *",
        "timeZone": "Europe/Berlin",
        "concurrencyPolicy": "Replace",
        "startingDeadlineSeconds": 60,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 1,
        "suspend": True,
    }


def test_a_run_ends_and_is_tried_again_but_not_for_ever():
    assert job(nightly())["activeDeadlineSeconds"] == 3600
    assert job(nightly())["backoffLimit"] == 2
    assert job(nightly())["ttlSecondsAfterFinished"] == 7 * 24 * 3600
    assert (job(busy())["activeDeadlineSeconds"], job(busy())["backoffLimit"]) == (240, 0)
    assert job(busy())["ttlSecondsAfterFinished"] == 24 * 3600


def test_a_node_that_goes_is_no_failure():
    """Karpenter empties nodes all the time: that must not use up the tries."""
    assert job(nightly())["podFailurePolicy"] == {
        "rules": [
            {
                "action": "Ignore",
                "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
            }
        ]
    }
    # what Kubernetes wants beside it
    assert pod(nightly())["restartPolicy"] == "Never"
    assert job(nightly())["podReplacementPolicy"] == "Failed"
    assert "karpenter.sh/do-not-disrupt" not in annotations(nightly())
    assert annotations(busy())["karpenter.sh/do-not-disrupt"] == "true"


def test_pods_are_as_restricted_as_all_others():
    assert container(nightly())["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert cast("Json", pod(nightly())["securityContext"])["runAsNonRoot"] is True
    assert pod(nightly())["automountServiceAccountToken"] is False
    assert pod(nightly())["serviceAccountName"] == "cleanup"
    assert pod(nightly())["priorityClassName"] == "platform-worker"
    assert cast("Json", container(nightly())["resources"])["limits"] == {"memory": "512Mi"}
    assert pod(nightly())["terminationGracePeriodSeconds"] == 30 + 5


def test_it_is_meshed():
    """It ends all the same: the proxy is a native sidecar, as tests/unit/test_mesh.py sees to."""
    assert annotations(nightly())["linkerd.io/inject"] == "enabled"
    assert annotations(nightly())["config.linkerd.io/default-inbound-policy"] == "deny"


def test_nobody_probes_it_and_it_has_no_room_to_spread_over():
    for key in ("livenessProbe", "readinessProbe", "startupProbe", "ports", "lifecycle"):
        assert key not in container(nightly())
    assert "topologySpreadConstraints" not in pod(nightly())


def test_it_gets_what_it_uses_and_no_more():
    names = [str(item["name"]) for item in cast("Sequence[Json]", container(nightly())["env"])]
    assert {"TABLES_ORDERS", "CACHE_URL", "CACHE_PASSWORD", "PEER_CATALOG_URL"} <= set(names)
    assert not [name for name in names if name.startswith(("KAFKA", "SEARCH", "HTTP_"))]
    policy = str(nightly().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert lint(policy) == []
    assert "dynamodb:PutItem" in policy
    (network,) = kind(nightly(), "NetworkPolicy")
    spec = cast("Json", network.inputs["spec"])
    assert spec["ingress"] == []
    assert "10.0.8.0/22" in json.dumps(spec["egress"])
    (started,) = kind(nightly(), "CronJob")
    for needed in ("PodIdentityAssociation", "ServiceAccount", "NetworkPolicy", "ExternalSecret"):
        assert nightly().comes_after(started, kind(nightly(), needed)[0]), needed
    assert kind(busy(), "Role") == kind(busy(), "ExternalSecret") == []


def test_objects_go_with_the_cluster():
    """Field report 10."""
    cluster = nightly().named("eks").urn
    objects = [r for r in nightly().resources if r.type.startswith("kubernetes:")]
    assert len(objects) == 4
    assert {resource.deleted_with for resource in objects} == {cluster}


@pytest.mark.parametrize(
    "schedule",
    [
        *("* * * * *", "0 0 29 2 *", "15,45 8-18/2 * * mon-fri", "@daily", "5/10 * * JAN ?"),
        *("0 0 31 2 1", "0 0 1 1 sun", "59 23 31 12 6"),
    ],
)
def test_schedules_are_cron_s(schedule: str):
    given = {"image": "example.com/it:1", "schedule": schedule}
    assert ScheduledJobSpec.model_validate(given).schedule == schedule


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"schedule": None}, "text is needed"),
        ({"schedule": "0 2 * *"}, "five fields such as '30 2 * * *' are needed"),
        ({"schedule": "0 0 2 * * *"}, "five fields"),
        ({"schedule": "TZ=UTC 0 2 * * *"}, "the time zone is timezone's"),
        ({"schedule": "60 2 * * *"}, "minute: 60 is not 0 to 59"),
        ({"schedule": "0 2 * * 7"}, "day of the week: 7 is not 0 to 6 or sun to sat; Sunday is 0"),
        ({"schedule": "0 2 0 * *"}, "day of the month: 0 is not 1 to 31"),
        ({"schedule": "0 2 * foo *"}, "month: foo is not 1 to 12 or jan to dec"),
        ({"schedule": "0 18-8 * * *"}, "hour: '18-8' ends before it begins"),
        ({"schedule": "*/0 * * * *"}, "minute: '*/0' has a step of 0"),
        ({"schedule": "0 2 L * *"}, "day of the month: L is not"),
        ({"schedule": "a,, 2 * * *"}, "minute"),
        ({"schedule": "0 0 31 2 *"}, "it never comes"),
        ({"schedule": "0 0 31 2,4,6 *"}, "it never comes"),
        ({"schedule": "@every 5m"}, "of the names with @ allowed: @annually"),
        ({"timezone": "Mars/Olympus"}, "no time zone of IANA's list"),
        ({"timezone": "Local"}, "no time zone of IANA's list"),
        ({"startWithinSeconds": 5}, "startWithinSeconds"),
        ({"startWithinSeconds": 6001}, "startWithinSeconds"),
        ({"concurrency": "queue"}, "allowed: 'forbid', 'replace' or 'allow'"),
        ({"spot": True, "undisturbed": True}, "with spot AWS takes the node"),
        ({"volumes": []}, "keeps nothing on disk"),
        ({"image": "orders:latest"}, "the tag moves"),
    ],
)
def test_what_can_not_be_is_refused(given: Mapping[str, object], reason: str):
    base = {"image": "example.com/it:1", "schedule": "0 2 * * *"}
    with pytest.raises(ValidationError) as caught:
        ScheduledJobSpec.model_validate({**base, **given})
    found = describe(caught.value, ScheduledJobSpec, by_alias=True)
    assert reason in "\n".join(str(problem) for problem in found)


def test_no_schedule_can_miss_more_starts_than_the_controller_counts():
    """More than 100 missed starts, and a CronJob starts nothing any more."""
    longest = ScheduledJobSpec.model_validate(
        {"image": "example.com/it:1", "schedule": "* * * * *", "startWithinSeconds": 6000}
    )
    assert longest.start_within_seconds / 60 <= 100


def test_settings_become_arguments_and_mean_the_same():
    given = {"image": "example.com/it:1", **NIGHTLY, "concurrency": "allow", "keep_days": 2}
    settings = ScheduledJobSpec.model_validate(given)
    assert plan_scheduled_job(settings.to_args(ScheduledJobArgs, **SHARED), "it").spec == settings


def test_jobs_stand_among_services_and_workers():
    job_spec = ScheduledJobSpec.model_validate(
        {"image": "1.0.0", "schedule": "@daily", "uses": {"kafka": {"produce": ["ordrs"]}}}
    )
    service = FastApiServiceSpec.model_validate({"image": "1.0.0", "callers": ["cleanup"]})
    worker = WorkerSpec.model_validate(
        {"image": "1.0.0", "uses": {"kafka": {"consume": ["orders"]}}}
    )
    topics = ("orders", "orders.mailer.dlq")
    problems = service_problems(
        {"orders": service},
        {"mailer": worker},
        {"cleanup": job_spec, "mailer": job_spec, "Bad": job_spec, "orders": job_spec},
        topics=topics,
    )
    told = "\n".join(str(problem) for problem in problems)
    assert "jobs.mailer: is the name of a worker, too" in told
    assert "jobs.orders: is the name of a service, too" in told
    assert "jobs.Bad: no name for it" in told
    assert "jobs.cleanup.uses.kafka.produce: there is no topic 'ordrs'" in told
    assert "callers" not in told, "jobs may call services"


def test_the_documented_stack_file_is_right():
    _, text = DOCS.read_text().split("```yaml\nplatform:jobs:")
    (given,) = yaml.safe_load(text.split("```")[0]).values()
    assert ScheduledJobSpec.model_validate(given).timezone == "Europe/Berlin"
