"""Kong's own settings, and how its pods are in the mesh."""

from collections.abc import Sequence

import pulumi

from components.gateway import certificates, names, plugins
from components.gateway.plan import GatewayPlan
from components.gateway.plugins.traffic import CACHE_MEMORY, CACHE_MIB
from components.mesh.plan import TRUST_ANNOTATION

ADMIN_FILES, PROXY_FILES, CLIENT_FILES = (
    f"/etc/secrets/{certificates.ADMIN}",
    f"/etc/secrets/{certificates.PROXY}",
    "/etc/secrets/admin-api-cert",
)
"""Where the chart mounts them."""


def proxy_environment(
    plan: GatewayPlan, trusted_cidrs: pulumi.Output[Sequence[str]]
) -> dict[str, pulumi.Input[str]]:
    """Return Kong's settings: https://docs.konghq.com/gateway/3.9.x/reference/configuration/."""
    megabytes = plan.spec.request_megabytes
    return {
        "role": "traditional",
        "database": "off",
        # Routes are matched in the Gateway API's order.
        "router_flavor": "expressions",
        "nginx_worker_processes": "2",
        # No plugin that runs code is loaded; the access log's few lines run in the sandbox.
        "plugins": ",".join(plugins.NAMES),
        "untrusted_lua": "sandbox",
        "anonymous_reports": "off",
        "headers": "off",
        "real_ip_header": "X-Forwarded-For",
        "real_ip_recursive": "on",
        "trusted_ips": trusted_cidrs.apply(",".join),
        # TLS 1.2 and 1.3 with forward secrecy, as Mozilla has it.
        "ssl_cipher_suite": "intermediate",
        "ssl_session_tickets": "off",
        "ssl_cert": f"{PROXY_FILES}/tls.crt",
        "ssl_cert_key": f"{PROXY_FILES}/tls.key",
        "admin_ssl_cert": f"{ADMIN_FILES}/tls.crt",
        "admin_ssl_cert_key": f"{ADMIN_FILES}/tls.key",
        "nginx_admin_ssl_verify_client": "on",
        "nginx_admin_ssl_client_certificate": f"{ADMIN_FILES}/ca.crt",
        "lua_ssl_trusted_certificate": "system",
        "lua_ssl_verify_depth": "3",
        "nginx_http_client_max_body_size": f"{megabytes}m",
        "nginx_http_lua_shared_dict": f"{CACHE_MEMORY} {CACHE_MIB}m",
        "tracing_instrumentations": "request,balancer",
        "tracing_sampling_rate": str(plan.spec.trace_sampling),
        # One line of JSON for each request is a plugin's work, which knows route and consumer.
        "proxy_access_log": "off",
        "admin_access_log": "off",
        "proxy_error_log": "/dev/stderr",
        "log_level": "notice",
    }


def mesh_annotations(
    plan: GatewayPlan, trust_version: pulumi.Input[str] | None
) -> dict[str, pulumi.Input[str]]:
    """Return the annotations by which gateway pods are in the mesh: as callers.

    Whoever calls them, the load balancer and the controller, speaks TLS and is in no mesh. With
    `enabled`, not `ingress`, the mesh goes by the address that Kong connects to, a Service's
    (`SERVICE_ANNOTATIONS`): no header of a request can lead elsewhere (docs/gateway.md).
    """
    ports = (names.PROXY_PORT, names.ADMIN_PORT, names.STATUS_PORT)
    annotations: dict[str, pulumi.Input[str]] = {
        "linkerd.io/inject": "enabled",
        "config.linkerd.io/skip-inbound-ports": ",".join(map(str, ports)),
        # It starts before Kong and ends after it, with requests still under way.
        "config.linkerd.io/proxy-enable-native-sidecar": "true",
        "config.linkerd.io/proxy-cpu-request": "100m",
        "config.linkerd.io/proxy-memory-request": "64Mi",
        "config.linkerd.io/proxy-memory-limit": "256Mi",
    }
    if trust_version is not None:
        annotations[TRUST_ANNOTATION] = trust_version
    if plan.counters_port is not None:
        # TLS of its own, out of the cluster.
        annotations["config.linkerd.io/skip-outbound-ports"] = str(plan.counters_port)
    return annotations
