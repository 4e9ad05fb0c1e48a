"""Kong and its ingress controller.

https://developer.konghq.com/plugins/prometheus/ and
https://developer.konghq.com/kubernetes-ingress-controller/observability/prometheus/ (2026-11).
That no push has succeeded for long says nothing: the controller pushes what has changed only.
"""

from components.alerts.rules import Alert, Severity
from components.gateway.names import NAMESPACE, PROXY

PAGE = "gateway"

REQUESTS = "kong_http_requests_total"
PUSHES = "ingress_controller_configuration_push_count"

ALERTS = (
    Alert(
        "GatewayDown",
        f'kube_deployment_status_replicas_available{{namespace="{NAMESPACE}",'
        f'deployment="{PROXY}"}} == 0',
        "2m",
        Severity.CRITICAL,
        "The gateway has no pod: nothing is reachable from outside",
        "No pod of Kong is ready. The load balancer answers 503 to everybody.",
        PAGE,
    ),
    Alert(
        "GatewayErrors",
        f'sum(rate({REQUESTS}{{code=~"5.."}}[5m])) / sum(rate({REQUESTS}[5m])) > 0.05 '
        f"and sum(rate({REQUESTS}[5m])) > 0.3",
        "5m",
        Severity.CRITICAL,
        "More than 5% of the gateway's answers are 5xx",
        "Of all requests from outside, whatever service they are for. Where one service is to "
        "blame, its own alerts fire too.",
        PAGE,
    ),
    Alert(
        "GatewayRouteErrors",
        f'sum by (route) (rate({REQUESTS}{{code=~"5.."}}[5m])) '
        f"/ sum by (route) (rate({REQUESTS}[5m])) > 0.2 "
        f"and sum by (route) (rate({REQUESTS}[5m])) > 0.1",
        "10m",
        Severity.WARNING,
        "More than a fifth of the answers for the route {{ $labels.route }} are 5xx",
        "As the gateway sees them: with those for which no pod of the service could be reached.",
        PAGE,
    ),
    Alert(
        "GatewaySlow",
        "histogram_quantile(0.99, sum by (le) (rate(kong_kong_latency_ms_bucket[5m]))) > 200 "
        f"and sum(rate({REQUESTS}[5m])) > 0.3",
        "10m",
        Severity.WARNING,
        "One request of a hundred spends more than 200 ms in the gateway itself",
        "In plugins and routing, without the service: rate limits that wait for the cache, keys of "
        "the issuer, or too little CPU.",
        PAGE,
    ),
    Alert(
        "GatewayConfigurationStuck",
        f'sum(increase({PUSHES}{{success="false"}}[15m])) > 0 '
        f'unless sum(increase({PUSHES}{{success="true"}}[15m])) > 0',
        "5m",
        Severity.CRITICAL,
        "The gateway takes no configuration: changes of routes and plugins do not arrive",
        "All pushes of the last 15 minutes were refused. What runs goes on with what it has; a pod "
        "that starts anew knows no route (Kong without a database has all or nothing).",
        PAGE,
    ),
    Alert(
        "GatewayConfigurationBroken",
        "max(ingress_controller_translation_broken_resource_count) > 0 "
        "or max by (dataplane) (ingress_controller_configuration_push_broken_resource_count) > 0",
        "15m",
        Severity.WARNING,
        "The gateway leaves out an object that it can't use",
        "A route, plugin or consumer is wrong; the controller's log and the object's events name "
        "it.",
        PAGE,
    ),
)
