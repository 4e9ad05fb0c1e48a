"""A Job that tells Elasticsearch or Kibana something by their API: no one's rights, one's files."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.search.elasticsearch_resources import POD_SECURITY

IMAGE = "docker.elastic.co/elasticsearch/elasticsearch"
"""It has curl, and the nodes have it."""

DEADLINE_SECONDS = 1800

Volume = kubernetes.core.v1.VolumeArgsDict


def image_of(version: pulumi.Input[str], mirror: str = "") -> pulumi.Output[str]:
    """Return the image of a version, of a mirror where there is one."""
    return pulumi.Output.concat(f"{mirror}/{IMAGE}:" if mirror else f"{IMAGE}:", version)


def name_of(made: kubernetes.core.v1.ConfigMap | kubernetes.core.v1.Secret) -> pulumi.Output[str]:
    """Return the object's own name, which is a new one with each change of what is in it."""
    return made.metadata.apply(lambda metadata: metadata.name or "")


def make_job(
    inside: Inside,
    name: str,
    namespace: pulumi.Input[str],
    *,
    image: pulumi.Input[str],
    url: pulumi.Input[str],
    volumes: Sequence[tuple[str, Volume]],
    after: Sequence[pulumi.Resource],
) -> kubernetes.batch.v1.Job:
    """Create a Job that runs `/setup/setup.sh`, and wait until it has succeeded.

    What it does must bear to be done twice. A change of what it mounts under a new name is a new
    Job.

    :param name: of the resource.
    :param url: what the script finds in `URL`.
    :param volumes: where each is mounted, and what it is; one of them at `/setup`.
    :param after: what has to work before.
    """
    return kubernetes.batch.v1.Job(
        name,
        metadata={"namespace": namespace},
        spec={
            "backoff_limit": 3,
            "active_deadline_seconds": DEADLINE_SECONDS,
            "template": {"spec": _pod(image, url, volumes)},
        },
        opts=pulumi.ResourceOptions(
            parent=inside.scope.parent,
            # It waits until they work, which no property says.
            depends_on=after,
            deleted_with=inside.control_plane,
            custom_timeouts=pulumi.CustomTimeouts(create=f"{DEADLINE_SECONDS}s"),
        ),
    )


def _pod(
    image: pulumi.Input[str],
    url: pulumi.Input[str],
    volumes: Sequence[tuple[str, Volume]],
) -> kubernetes.core.v1.PodSpecArgsDict:
    security: Mapping[str, object] = POD_SECURITY
    return {
        "restart_policy": "Never",
        "automount_service_account_token": False,
        "security_context": {
            "run_as_non_root": True,
            "run_as_user": int(str(security["runAsUser"])),
            "fs_group": int(str(security["fsGroup"])),
            "seccomp_profile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "setup",
                "image": image,
                "command": ["/bin/sh", "/setup/setup.sh"],
                "env": [{"name": "URL", "value": url}],
                "resources": {
                    "requests": {"cpu": "50m", "memory": "64Mi"},
                    "limits": {"memory": "128Mi"},
                },
                "security_context": {
                    "allow_privilege_escalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "read_only_root_filesystem": True,
                },
                "volume_mounts": [
                    {"name": volume["name"], "mount_path": path, "read_only": True}
                    for path, volume in volumes
                ],
            }
        ],
        "volumes": [volume for _, volume in volumes],
    }
