"""The security scans of a stack: of each service that the world sees."""

from collections.abc import Mapping

import pulumi

from components.addons import PriorityClass
from components.cluster import in_cluster
from components.edge import Edge
from components.notifications import AlarmTopic
from components.scans import SecurityScans, SecurityScansArgs
from components.service import FastApiService
from components.service.network import DOCUMENT
from stacks.data import named
from stacks.settings import NAMESPACE, Settings
from stacks.workloads import Surroundings


def make_scans(
    settings: Settings,
    around: Surroundings,
    edge: Edge | None,
    alarms: AlarmTopic,
    services: Mapping[str, FastApiService],
) -> SecurityScans | None:
    """Create the scans, if the stack file has the section."""
    if not settings.scans or not settings.edge or not edge:
        return None
    wiring: dict[str, object] = {
        **settings.common,
        "mirror": settings.mirror,
        "environment": settings.tags.environment,
        "targets": _targets(settings, edge, services),
        "cluster_name": around.cluster.cluster_name,
        "alarm_topic_arn": alarms.topic_arn,
        "alarm_key_arn": alarms.key_arn,
        "services_namespace": NAMESPACE,
        "private_cidrs": [around.network.cidr_block] if settings.edge.internal else [],
        "priority_class": PriorityClass.WORKER.value,
        **_client(settings, around),
    }
    args = settings.scans.to_args(SecurityScansArgs, **wiring)
    return SecurityScans("scans", args, in_cluster(around.cluster, around.provider))


def _targets(
    settings: Settings, edge: Edge, services: Mapping[str, FastApiService]
) -> dict[str, dict[str, pulumi.Output[str]]]:
    found: dict[str, dict[str, pulumi.Output[str]]] = {}
    for name, spec in settings.services.items():
        if not spec.public:
            continue
        # the document's paths lack the prefix that the gateway takes away
        prefix = spec.public.paths[0].rstrip("/") if spec.public.strip_prefix else ""
        found[name] = {
            "url": pulumi.Output.concat(edge.url, prefix),
            "document_url": pulumi.Output.concat(services[name].url, DOCUMENT),
        }
    return found


def _client(settings: Settings, around: Surroundings) -> dict[str, object]:
    """Return where the secret of the scans' client is, if they have one."""
    client = settings.scans.client if settings.scans else None
    addons, identity = around.inside.addons, around.identity
    if client is None or not addons or not identity:
        return {}
    return {
        "client_secret_arn": named(identity.client_secret_arns, client),
        "secret_store": addons.secret_store_name,
    }
