"""Guidelines on requests: how they come in, and how services call each other."""

from collections.abc import Sequence

from policies.guidelines.guideline import SERVICES, STACKS, UNIT, Guideline

GUIDELINES: Sequence[Guideline] = (
    Guideline(
        "Statelessness",
        "Services keep nothing: a pod may go at any time, and another one takes over.",
        ("service", "examples/services/runtime"),
        (
            f"{UNIT}test_service.py::test_pods_are_restricted",
            f"{UNIT}test_service.py::test_a_pod_that_goes_serves_until_nobody_sends_it_requests",
            f"{SERVICES}test_stack.py::test_a_service_that_is_told_to_stop_finishes_what_it_has_begun",
        ),
        "workloads.md#what-a-service-gets",
        ("container-confined", "no-host-access", "container-probes", "disruption-budget"),
    ),
    Guideline(
        "A gateway in front",
        "One way in: a reverse proxy that knows callers, limits and headers before a service does.",
        ("gateway", "edge"),
        (
            f"{UNIT}test_gateway.py::test_nothing_gets_a_port_of_the_nodes_or_a_load_balancer",
            f"{UNIT}test_gateway_routes.py::test_a_route_goes_to_its_service_by_the_gateway",
            f"{UNIT}test_service.py::test_only_the_gateway_declared_callers_and_prometheus_connect",
        ),
        "gateway.md#what-holds-for-every-route",
        (
            "route-authenticated",
            "route-rate-limited",
            "route-security-headers",
            "route-size-limited",
            "service-not-public",
        ),
    ),
    Guideline(
        "Kong",
        "The gateway of what runs in the cluster, with plugins in the program and nowhere else.",
        ("gateway",),
        (
            f"{UNIT}test_gateway_plugins.py::test_kong_knows_every_field",
            f"{UNIT}test_gateway.py::test_a_bad_plugin_does_not_take_the_gateway_down",
            f"{STACKS}test_gateway.py::test_the_gateway_changes_in_place_and_goes_in_order",
        ),
        "gateway.md#which-kong-and-why",
        (
            "route-rate-limited",
            "route-authenticated",
            "route-security-headers",
            "cors-origins-named",
            *("plugin-loaded", "plugin-exists", "plugin-used"),
        ),
    ),
    Guideline(
        "AWS API Gateway",
        "The gateway of what runs on Lambda, with tokens, limits and logs for each route.",
        ("serverless",),
        (
            f"{UNIT}test_serverless.py::test_routes_need_a_token_with_a_scope_unless_they_are_public",
            f"{UNIT}test_serverless.py::test_api_gateway_calls_the_live_version_and_no_other",
            f"{STACKS}test_serverless.py::test_versions_roll_out_in_place_and_an_issuer_s_users_are_not_lost",
        ),
        "serverless.md#requests",
        ("api-route-authorized", "api-throttled", "api-access-logs", "api-domain-tls"),
    ),
    Guideline(
        "Rate limiting",
        "No caller takes it all: limits at the edge, at the gateway and at each API.",
        ("gateway", "edge", "serverless"),
        (
            f"{UNIT}test_gateway.py::test_every_route_has_limits_headers_and_a_trace",
            f"{UNIT}test_gateway.py::test_requests_are_counted_in_the_cache_with_its_password_from_a_secret",
            f"{UNIT}test_edge_firewall.py::test_who_calls_too_often_is_told_so_and_when_to_come_back",
        ),
        "gateway.md#what-holds-for-every-route",
        ("route-rate-limited", "api-throttled"),
    ),
    Guideline(
        "Transformation of requests and answers",
        "Headers are set, renamed and taken away at the gateway; bodies have a size.",
        ("gateway",),
        (
            f"{UNIT}test_gateway_plugins.py::test_every_plugin_has_a_builder_or_is_the_controllers_own",
            f"{UNIT}test_gateway_routes.py::test_plugins_and_stripping_are_annotations",
            f"{UNIT}test_gateway_plugins.py::test_security_headers_are_the_last_word",
        ),
        "gateway.md#a-route-by-hand",
        ("route-security-headers", "route-size-limited"),
    ),
    Guideline(
        "Load balancing",
        "Requests are shared out over zones and pods, and only to pods that serve.",
        ("edge", "addons", "mesh"),
        (
            f"{UNIT}test_edge.py::test_pods_are_targets_by_address_over_https_and_healthy_once_configured",
            f"{UNIT}test_gateway.py::test_the_load_balancer_finds_the_pods",
            f"{UNIT}test_rollout.py::test_every_call_in_the_mesh_is_shared_out_by_weight",
        ),
        "edge.md#from-the-caller-to-a-pod",
        ("spread-over-zones", "container-probes"),
    ),
    Guideline(
        "Request middleware",
        "Ids, time limits, sizes and errors are the same in every service.",
        ("examples/services/runtime",),
        (
            f"{SERVICES}test_app.py::test_errors_are_problems",
            f"{SERVICES}test_app.py::test_a_callers_request_id_is_kept_when_it_is_one",
            f"{SERVICES}test_app.py::test_a_request_takes_no_longer_than_it_may",
            f"{SERVICES}test_app.py::test_a_body_is_no_longer_than_it_may",
        ),
        "services.md#create_app",
        without="It is in the image. The tests run it; the gateway limits sizes and times as well.",
    ),
    Guideline(
        "Circuit breakers and retries",
        "What fails is left alone for a while; what may be repeated is, within a budget.",
        ("mesh", "gateway", "examples/services/runtime"),
        (
            f"{UNIT}test_mesh_traffic.py::test_a_service_breaks_circuits_and_limits_time",
            f"{UNIT}test_mesh_traffic.py::test_only_idempotent_methods_are_tried_again",
            f"{UNIT}test_gateway_plugins.py::test_an_upstream_is_a_circuit_breaker",
            f"{SERVICES}test_http_client.py::test_the_breaker_opens_and_calls_end_at_once",
            f"{SERVICES}test_http_client.py::test_the_budget_ends_a_storm_of_retries",
        ),
        "mesh.md#how-a-service-is-called",
        (
            "route-timeout",
            "retries-harmless",
        ),
    ),
    Guideline(
        "Service mesh",
        "Services know who calls them: mutual TLS everywhere, and callers that were declared.",
        ("mesh", "service"),
        (
            f"{UNIT}test_mesh.py::test_what_is_not_allowed_is_denied",
            f"{UNIT}test_mesh_policy.py::test_callers_are_authorized_by_their_own_service_accounts",
            f"{UNIT}test_service.py::test_the_mesh_lets_in_the_gateway_and_declared_callers_only",
            f"{STACKS}test_mesh.py::test_a_mesh_comes_is_rotated_and_goes_before_what_it_needs",
        ),
        "mesh.md#who-may-call-whom",
        ("namespace-in-mesh", "mesh-port-authorized"),
    ),
    Guideline(
        "Throughput and latency",
        "A promise for each service, measured in production, with what the runtime costs.",
        ("alerts", "grafana", "examples/services/runtime"),
        (
            f"{UNIT}test_alerts.py::test_a_threshold_is_a_bound_of_the_histogram",
            f"{UNIT}test_alerts.py::test_burn_rates_are_the_workbooks_and_follow_the_window",
            f"{UNIT}test_service.py::test_memory_is_bounded_by_what_was_asked_for_and_the_cpu_is_not",
        ),
        "services.md#what-the-runtime-costs",
        ("service-objective", "container-resources"),
    ),
)
