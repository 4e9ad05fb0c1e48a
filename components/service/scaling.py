"""How many pods: an autoscaler of Kubernetes' own, or KEDA where more than the CPU counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.service.objects import NAME_LABEL, Json, Object
from components.service.plan import Bounds, FastApiServicePlan, Workload
from components.service.pod import Track, labels

KEDA = "keda.sh/v1alpha1"

CALM_SECONDS = 300
"""Without need for pods before they go: a start costs more than some minutes of an idle one."""

BEHAVIOR: Json = {
    "scaleUp": {
        "stabilizationWindowSeconds": 0,
        "policies": [
            {"type": "Percent", "value": 100, "periodSeconds": 30},
            {"type": "Pods", "value": 4, "periodSeconds": 30},
        ],
        "selectPolicy": "Max",
    },
    "scaleDown": {
        "stabilizationWindowSeconds": CALM_SECONDS,
        "policies": [{"type": "Percent", "value": 25, "periodSeconds": 60}],
    },
}

Trigger = Mapping[str, object]


@dataclass(frozen=True)
class Scaler:
    """What scales pods, and by what it may ask."""

    scaler: Object
    permissions: tuple[Object, ...] = ()
    """Are there before it."""


def autoscaler(plan: FastApiServicePlan, region: pulumi.Input[str]) -> Scaler | None:
    """Return what scales a service, if anything does.

    :param region: of Kafka.
    """
    if not plan.scaled:
        return None
    bounds = Bounds(plan.spec.replicas.min, plan.spec.replicas.max)
    if not plan.scaled_by_keda:
        return Scaler(pod_autoscaler(plan.name, bounds, plan.spec.scaling.cpu_percent))
    permissions = (pod_identity(plan.workload),) if plan.spec.scaling.kafka_lag else ()
    scaled = scaled_object(plan.workload, bounds, _triggers(plan, region))
    return Scaler(scaled, permissions)


def pod_autoscaler(name: str, bounds: Bounds, cpu_percent: int) -> Object:
    """Return Kubernetes' own autoscaler of the Deployment `name`."""
    target = {"type": "Utilization", "averageUtilization": cpu_percent}
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
        "minReplicas": bounds.min,
        "maxReplicas": bounds.max,
        # The application's own: the mesh's proxy beside it would water the figure down.
        "metrics": [
            {
                "type": "ContainerResource",
                "containerResource": {"name": "cpu", "container": "app", "target": target},
            }
        ],
        "behavior": BEHAVIOR,
    }
    return Object(
        "autoscaling/v2", "HorizontalPodAutoscaler", name, {"spec": spec}, labels=labels(name)
    )


def _triggers(plan: FastApiServicePlan, region: pulumi.Input[str]) -> list[Trigger]:
    scaling = plan.spec.scaling
    cpu = {"value": str(scaling.cpu_percent), "containerName": "app"}
    made: list[Trigger] = [{"type": "cpu", "metricType": "Utilization", "metadata": cpu}]
    if scaling.requests_per_second:
        made.append(_requests(plan, scaling.requests_per_second))
    if scaling.kafka_lag:
        made += kafka_triggers(plan.workload, scaling.kafka_lag, region)
    return made


def _requests(plan: FastApiServicePlan, per_second: int) -> Trigger:
    """Return the trigger on requests: the histogram's count is of all routes and answers.

    A canary's requests are not its pods'.
    """
    where = {"namespace": plan.args["namespace"], "service": plan.name, "track": Track.STABLE.value}
    chosen = ",".join(f'{label}="{value}"' for label, value in where.items())
    query = f"sum(rate(http_server_request_duration_seconds_count{{{chosen}}}[2m]))"
    metadata = {
        "serverAddress": plan.args.get("prometheus_url"),
        "query": query,
        "threshold": str(per_second),
    }
    return {"type": "prometheus", "metricType": "AverageValue", "metadata": metadata}


def kafka_triggers(workload: Workload, lag: int, region: pulumi.Input[str]) -> list[Trigger]:
    """Return a trigger for each topic; KEDA's own role may read how far behind a group is."""
    kafka = workload.uses.kafka
    brokers = (workload.args.get("stores") or {}).get("kafka", {}).get("brokers")
    return [
        {
            "type": "kafka",
            "metadata": {
                "bootstrapServers": brokers,
                "consumerGroup": workload.group,
                "topic": topic,
                "lagThreshold": str(lag),
                "offsetResetPolicy": "earliest",
                "sasl": "aws_msk_iam",
                "tls": "enable",
                "awsRegion": region,
            },
            "authenticationRef": {"name": workload.name},
        }
        for topic in (kafka.consume if kafka else ())
    ]


def scaled_object(
    workload: Workload,
    bounds: Bounds,
    triggers: Sequence[Trigger],
    *,
    calm_seconds: int = CALM_SECONDS,
) -> Object:
    """Return KEDA's ScaledObject.

    :param calm_seconds: without anything that waits before the last pod goes.
    """
    name = workload.name
    spec = {
        "scaleTargetRef": {"name": name},
        "minReplicaCount": bounds.min,
        "maxReplicaCount": bounds.max,
        "pollingInterval": 15,
        "cooldownPeriod": calm_seconds,
        "advanced": {"horizontalPodAutoscalerConfig": {"behavior": BEHAVIOR}},
        "triggers": list(triggers),
    }
    return Object(KEDA, "ScaledObject", name, {"spec": spec}, labels=labels(name))


def pod_identity(workload: Workload) -> Object:
    """Return the permission to ask Kafka as KEDA's operator."""
    spec = {"podIdentity": {"provider": "aws"}}
    return Object(KEDA, "TriggerAuthentication", workload.name, {"spec": spec})


def disruption_budget(name: str) -> Object:
    """Return the budget by which nodes are drained: a quarter of the pods at once.

    Kubernetes rounds up: it is one of few, and the only one of one, which blocks no node.
    Pods that do not serve may always go, or a broken rollout would keep its nodes for ever.
    """
    spec = {
        "maxUnavailable": "25%",
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
        "selector": {"matchLabels": {NAME_LABEL: name}},
    }
    return Object("policy/v1", "PodDisruptionBudget", name, {"spec": spec}, labels=labels(name))
