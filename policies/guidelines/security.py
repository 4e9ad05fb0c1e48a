"""Guidelines on who is let in, and what is kept out."""

from collections.abc import Sequence

from policies.guidelines.guideline import SERVICES, STACKS, UNIT, Guideline

GUIDELINES: Sequence[Guideline] = (
    Guideline(
        "Security filtering",
        "A firewall reads requests before anything else does, and none gets by it.",
        ("edge",),
        (
            f"{UNIT}test_edge_firewall.py::test_rules_in_the_order_in_which_they_are_asked",
            f"{UNIT}test_edge_firewall.py::test_groups_block_or_count_as_the_environment_wants",
            f"{UNIT}test_edge.py::test_nobody_is_let_in_before_the_firewall_is_there_nor_after_it_went",
        ),
        "edge.md#the-firewall",
        ("public-front-firewalled", "firewall-logged"),
    ),
    Guideline(
        "DDoS protection",
        "Floods end at the edge: limits by address, Shield, CloudFront where it is asked for.",
        ("edge",),
        (
            f"{UNIT}test_edge.py::test_shield_guards_what_the_internet_reaches_once_a_firewall_does",
            f"{UNIT}test_edge.py::test_cloudfront_meets_callers_and_nobody_else_meets_the_load_balancer",
            f"{UNIT}test_edge_firewall.py::test_parts_of_the_api_have_rates_of_their_own",
        ),
        "edge.md#floods",
        ("public-front-firewalled", "api-throttled", "route-rate-limited"),
    ),
    Guideline(
        "OAuth2",
        "Callers show a token of one issuer, which gateway and service both verify.",
        ("identity", "gateway", "serverless", "examples/services/runtime"),
        (
            f"{UNIT}test_identity.py::test_the_gateway_verifies_what_the_docs_say_and_no_more",
            f"{UNIT}test_gateway.py::test_tokens_belong_to_one_consumer_with_a_credential_for_each_key",
            f"{SERVICES}test_auth.py::test_forged_tokens_are_refused",
            f"{SERVICES}test_auth.py::test_scopes_of_a_route",
        ),
        "identity.md#who-verifies-what",
        ("route-authenticated", "api-route-authorized", "token-expiry-verified"),
    ),
    Guideline(
        "Security headers",
        "Browsers are told to be careful by every answer, whatever the service says.",
        ("gateway", "examples/services/runtime"),
        (
            f"{UNIT}test_gateway_plugins.py::test_security_headers_are_the_last_word",
            f"{UNIT}test_gateway.py::test_every_route_has_limits_headers_and_a_trace",
            f"{SERVICES}test_app.py::test_security_headers",
        ),
        "gateway.md#what-holds-for-every-route",
        ("route-security-headers",),
    ),
    Guideline(
        "CORS",
        "Other websites are named, or can't call for their users.",
        ("gateway", "serverless", "examples/services/runtime"),
        (
            f"{UNIT}test_gateway_plugins.py::test_preflight_requests_need_no_credentials",
            f"{UNIT}test_serverless.py::test_other_sites_are_named_and_there_is_one_way_in",
            f"{SERVICES}test_app.py::test_cors_lets_in_named_origins_only",
        ),
        "gateway.md#what-holds-for-every-route",
        ("cors-origins-named",),
    ),
    Guideline(
        "Content security policy",
        "An API's answers load nothing; pages name what they load.",
        ("gateway", "grafana", "examples/services/runtime"),
        (
            f"{UNIT}test_gateway_plugins.py::test_a_page_may_have_styles_of_its_own",
            f"{UNIT}test_grafana.py::test_the_policy_of_content_lets_nobody_frame_it_nor_load_from_elsewhere",
            f"{SERVICES}test_app.py::test_the_docs_page_may_run_its_own_script_and_no_other",
        ),
        "gateway.md#what-holds-for-every-route",
        ("route-security-headers",),
    ),
    Guideline(
        "ZAP scans",
        "Each service is scanned by schedule, and what is new since the last time is told.",
        ("scans",),
        (
            f"{UNIT}test_scans.py::test_each_service_is_scanned_at_a_minute_of_its_own",
            f"{UNIT}test_scans.py::test_scans_read_only_unless_told_and_never_attack_production",
            f"{UNIT}test_scans.py::test_a_report_calls_the_comparison",
            f"{STACKS}test_scans.py::test_scans_come_change_and_go",
        ),
        "security-scans.md#what-runs",
        without="The scans component scans what the stack file names; a stack may want none.",
    ),
)
