"""Names, ports and labels of the gateway: what others have to know of it.

Derived from the chart's templates: https://github.com/Kong/charts/tree/ingress-0.24.0 (2026-11).
"""

NAMESPACE = "kong"
RELEASE = "kong"

PROXY = "kong-gateway"
"""Deployment and service account of the gateway's pods: by the account the mesh knows them."""

CONTROLLER = "kong-controller"
"""Deployment and service account of the ingress controller."""

PROXY_SERVICE = "kong-gateway-proxy"
ADMIN_SERVICE = "kong-gateway-admin"
WEBHOOK_SERVICE = "kong-controller-validation-webhook"

GATEWAY_CLASS = "kong"
GATEWAY = "kong"
LISTENER = "https"
"""Names of the Gateway API's objects; routes name the gateway, and its namespace, as parent."""

INGRESS_CLASS = "kong"
OWN = {"kubernetes.io/ingress.class": INGRESS_CLASS}
"""Annotation by which the controller knows consumers and cluster plugins as its own."""

CONTROLLER_NAME = "konghq.com/kic-gateway-controller"

CONFIGURATION = "configuration.konghq.com"
"""API group of Kong's own resources."""

PROXY_PORT = 8443
"""Where pods take HTTPS; there is no port for HTTP."""

PROXY_SERVICE_PORT = 443
STATUS_PORT = 8100
"""Health and metrics, over HTTP."""

HEALTH_PATH = "/status/ready"
"""Fine once a pod has got its configuration."""

ADMIN_PORT = 8444
WEBHOOK_PORT = 8080
CONTROLLER_METRICS_PORT = 10255

ROUTES_LABEL = "fastapi-platform/gateway-routes"
ROUTES_ALLOWED = {ROUTES_LABEL: "allowed"}
"""Label of namespaces whose routes the gateway takes, and whose pods it may connect to. The
admission webhook sees to these only: elsewhere nothing waits for the controller."""

SERVICE_ANNOTATIONS = {"ingress.kubernetes.io/service-upstream": "true"}
"""Of every Service behind a route: Kong connects to the Service's address, and so the mesh chooses
the pod, with its retries, policies and circuit breaking.

https://linkerd.io/2/tasks/using-ingress/#ingress-details (2026-11)
"""

UPSTREAM_POLICY = "konghq.com/upstream-policy"
"""Annotation of a Service that names its `KongUpstreamPolicy`."""

PLUGINS = "konghq.com/plugins"
"""Annotation of a route or a consumer that names its `KongPlugin`s, comma-separated."""
