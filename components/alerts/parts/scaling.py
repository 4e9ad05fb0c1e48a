"""KEDA, https://keda.sh/docs/latest/integrations/prometheus/ (2026-11)."""

from components.addons.keda import NAMESPACE
from components.alerts.rules import Alert, Severity

PAGE = "scaling"

ALERTS = (
    Alert(
        "ScalerErrors",
        "sum by (scaledObject, scaler) (rate(keda_scaler_detail_errors_total[5m])) > 0",
        "10m",
        Severity.WARNING,
        "KEDA can't ask {{ $labels.scaler }} how much waits for {{ $labels.scaledObject }}",
        "The workload keeps the pods that it has, whatever comes.",
        PAGE,
    ),
    Alert(
        "ScaledObjectErrors",
        "sum by (scaledObject) (increase(keda_scaled_object_errors_total[15m])) > 0",
        "15m",
        Severity.WARNING,
        "KEDA can't work with the ScaledObject {{ $labels.scaledObject }}",
        "It names something that is not there, or a trigger that is wrong.",
        PAGE,
    ),
    Alert(
        "ScalingPaused",
        "max by (scaledObject) (keda_scaled_object_paused) == 1",
        "12h",
        Severity.WARNING,
        "Scaling of {{ $labels.scaledObject }} has been paused for half a day",
        "Somebody set the annotation autoscaling.keda.sh/paused, and may have forgotten it.",
        PAGE,
    ),
    Alert(
        "ScalingDown",
        f'kube_deployment_status_replicas_available{{namespace="{NAMESPACE}"}} == 0',
        "10m",
        Severity.CRITICAL,
        "{{ $labels.deployment }} of KEDA does not run",
        "Nothing is scaled by queues or requests, and workers at zero pods do not start.",
        PAGE,
    ),
)
