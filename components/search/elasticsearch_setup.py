"""Snapshot repository, snapshot policy and index lifecycles, put in by a Job.

ECK's own resource for them, StackConfigPolicy, needs an Enterprise licence; the API does not. The
Job's name is new with each change of what it puts in, so a change is a new Job, which must succeed
for the update to succeed. It alone knows the superuser, whose password ECK makes and keeps.

https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/elastic-stack-configuration-policies
(2026-11)
"""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.search.elasticsearch_job import image_of, make_job, name_of
from components.search.elasticsearch_namespaces import Namespaces
from components.search.elasticsearch_plan import ElasticsearchPlan
from components.search.elasticsearch_spec import IndexLifecycleSpec

REPOSITORY = "s3"
SNAPSHOT_POLICY = "daily"

BASE_PATH = "elasticsearch"
"""Folder in the bucket."""

WAIT_SECONDS = 1500
"""Until Elasticsearch answers: nodes, volumes and images first."""

SCRIPT = """set -eu
call() {
  printf 'user = "elastic:%s"\\n' "$(cat /superuser/elastic)" |
    curl --config - --fail-with-body --silent --show-error --cacert /ca/ca.crt "$@"
}
tries=$((WAIT_SECONDS / 10))
until call "$URL/_cluster/health?wait_for_status=yellow&timeout=5s" > /dev/null; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 1
  sleep 10
done
while read -r path file; do
  call -X PUT -H 'Content-Type: application/json' --data-binary "@/setup/$file" "$URL$path"
done < /setup/requests
"""
"""The password goes to curl by a pipe, not by an argument that others could see."""


def requests(plan: ElasticsearchPlan) -> Mapping[str, str]:
    """Return what is put in: paths of the API, in order, and the file with the body of each."""
    return {
        f"/_snapshot/{REPOSITORY}": "repository.json",
        f"/_slm/policy/{SNAPSHOT_POLICY}": "snapshots.json",
        **{
            f"/_ilm/policy/{name}": f"lifecycle-{name}.json"
            for name in sorted(plan.spec.lifecycles)
        },
    }


def repository_body(bucket: str) -> str:
    """Return the snapshot repository."""
    return _json({"type": "s3", "settings": {"bucket": bucket, "base_path": BASE_PATH}})


def policy_bodies(plan: ElasticsearchPlan) -> Mapping[str, str]:
    """Return the snapshot policy and the lifecycles, by file."""
    snapshots = {
        "name": "<snapshot-{now/d}>",
        "schedule": plan.spec.snapshots.schedule,
        "repository": REPOSITORY,
        "config": {"include_global_state": True},
        "retention": {
            "expire_after": f"{plan.spec.snapshots.keep_days}d",
            "min_count": plan.spec.snapshots.keep_least,
        },
    }
    return {
        "snapshots.json": _json(snapshots),
        **{
            f"lifecycle-{name}.json": _json(_lifecycle(spec))
            for name, spec in sorted(plan.spec.lifecycles.items())
        },
    }


def make_setup(
    inside: Inside,
    plan: ElasticsearchPlan,
    namespaces: Namespaces,
    *,
    bucket: pulumi.Output[str],
    after: Sequence[pulumi.Resource],
    mirror: str = "",
) -> kubernetes.batch.v1.Job:
    """Create the Job and what it puts in.

    :param after: Elasticsearch, and what it needs to reach the bucket.
    """
    script = SCRIPT.replace("WAIT_SECONDS", str(WAIT_SECONDS))
    listed = "".join(f"{path} {file}\n" for path, file in requests(plan).items())
    files = kubernetes.core.v1.ConfigMap(
        f"{inside.scope.name}-setup",
        metadata={"namespace": namespaces.search},
        data={
            **policy_bodies(plan),
            "repository.json": bucket.apply(repository_body),
            "requests": listed,
            "setup.sh": script,
        },
        immutable=True,
        opts=inside.own,
    )
    return make_job(
        inside,
        f"{inside.scope.name}-setup",
        namespaces.search,
        image=image_of(plan.spec.version, mirror),
        url=plan.endpoint,
        volumes=[
            ("/setup", {"name": "setup", "config_map": {"name": name_of(files)}}),
            ("/ca", {"name": "ca", "secret": {"secret_name": plan.ca_secret}}),
            (
                "/superuser",
                {"name": "superuser", "secret": {"secret_name": plan.superuser_secret}},
            ),
        ],
        after=after,
    )


def _lifecycle(spec: IndexLifecycleSpec) -> dict[str, object]:
    rollover = {
        "max_primary_shard_size": f"{spec.rollover_gib}gb",
        "max_age": f"{spec.rollover_days}d",
    }
    return {
        "policy": {
            "phases": {
                "hot": {"actions": {"rollover": rollover}},
                "delete": {"min_age": f"{spec.delete_days}d", "actions": {"delete": {}}},
            }
        }
    }


def _json(body: Mapping[str, object]) -> str:
    return json.dumps(body, sort_keys=True)
