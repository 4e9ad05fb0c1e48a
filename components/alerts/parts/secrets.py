"""External Secrets, https://external-secrets.io/latest/api/metrics/ (2026-11).

`name` is the ExternalSecret's; its namespace is `exported_namespace` where Prometheus keeps
`namespace` for the operator's own.
"""

from components.addons.secrets import NAMESPACE
from components.alerts.rules import Alert, Severity

PAGE = "secrets"

ALERTS = (
    Alert(
        "SecretNotSynced",
        "max by (namespace, exported_namespace, name) (externalsecret_status_condition"
        '{condition="Ready",status="False"}) == 1',
        "15m",
        Severity.CRITICAL,
        "The ExternalSecret {{ $labels.name }} is not synchronised",
        "Pods that start keep the old value, or do not start where there is none. After a rotation "
        "the old value stops working.",
        PAGE,
    ),
    Alert(
        "SecretStoreErrors",
        'sum(increase(externalsecret_provider_api_calls_count{status="error"}[15m])) > 5',
        "15m",
        Severity.WARNING,
        "Secrets Manager refuses calls of External Secrets",
        "A right that is missing, a key that is disabled, or throttling.",
        PAGE,
    ),
    Alert(
        "SecretOperatorDown",
        f'kube_deployment_status_replicas_available{{namespace="{NAMESPACE}"}} == 0',
        "15m",
        Severity.WARNING,
        "{{ $labels.deployment }} of External Secrets does not run",
        "Secrets stay as they are; new workloads get none.",
        PAGE,
    ),
)
