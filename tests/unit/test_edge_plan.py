"""What an edge takes and refuses, and what it plans."""

from collections.abc import Mapping
from typing import cast

import pytest
from pydantic import ValidationError

from components._base.errors import InvalidInput
from components._base.spec import describe
from components.edge import EdgeArgs, EdgePlan, EdgeSpec, plan_edge
from components.edge.capacity import INCLUDED_CAPACITY, capacity_of, used_groups
from components.edge.managed_rules import MANAGED_GROUPS
from components.edge.plan import names_by_domain

DOMAIN: Mapping[str, object] = {"names": ["api.example.com"], "zone_id": "Z0123456789ABCDEFGHIJ"}
WIRING: Mapping[str, object] = {"vpc_id": "vpc-1", "subnet_ids": ["a", "b"]}
LONG = f"{'a' * 60}.example.com"


def plan(**args: object) -> EdgePlan:
    return plan_edge(cast("EdgeArgs", {**WIRING, **args}))


def secured(**args: object) -> EdgePlan:
    return plan(domain=DOMAIN, **args)


def names(*names: str) -> EdgePlan:
    return plan(domain={**DOMAIN, "names": list(names)})


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            {},
            (
                "Edge: 1 problem\n  domain is required, for HTTPS; to try things out in plain HTTP"
                " without one, set insecure_http to true"
            ),
        ),
        (
            {"domain": DOMAIN, "insecure_http": True},
            "insecure_http is for an edge without a domain; take one of them out",
        ),
        (
            {"insecure_http": True, "protect": True},
            "insecure_http is not for production: protect is on",
        ),
        (
            {"domain": DOMAIN, "protect": True, "access_logs": {"force_destroy": True}},
            "access_logs: force_destroy and protect exclude each other",
        ),
        (
            {"domain": DOMAIN, "internal": True},
            "internal needs allowed_cidrs: who may connect, e.g. the VPC's own range",
        ),
        (
            {
                "domain": DOMAIN,
                "internal": True,
                "allowed_cidrs": ["10.0.0.0/8"],
                "cloudfront": {},
                "ipv6": True,
                "tls": "fips",
            },
            (
                "cloudfront can't reach an internal load balancer; allowed_cidrs: with cloudfront"
                " only CloudFront connects; see the lists of waf; tls: CloudFront has no fips;"
                " ipv6: CloudFront takes IPv6 in any case, and comes over IPv4 itself"
            ),
        ),
        ({"insecure_http": True, "cloudfront": {}}, "cloudfront needs a domain"),
        (
            {"domain": DOMAIN, "shield": {}, "waf": {"enabled": False}},
            "shield needs an edge that the internet reaches, and waf.enabled",
        ),
        (
            {"domain": DOMAIN, "waf": {"max_body_bytes": 8193}},
            "waf: max_body_bytes: more than 8192 needs cloudfront; see large_body_paths",
        ),
        (
            {"domain": DOMAIN, "waf": {"max_body_bytes": 65537}, "cloudfront": {}},
            "waf.max_body_bytes: 65537 is not valid: less than or equal to 65536",
        ),
        (
            {"domain": {"names": [], "zone_id": "Z1"}},
            "domain.names: 0 names; 1 to 10 allowed",
        ),
        (
            {"domain": {"names": ["api_1.example.com", "localhost"], "zone_id": "Z1"}},
            "domain.names: no names such as api.example.com: api_1.example.com, localhost",
        ),
        (
            {"domain": {"names": ["a.example.com", "A.example.com."], "zone_id": "Z1"}},
            "domain.names: listed twice: a.example.com",
        ),
        (
            {"domain": {"names": [LONG], "zone_id": "Z1"}},
            f"domain.names: the first may have 64 letters at most: {LONG}",
        ),
        (
            {"domain": {"names": ["a.example.com"], "zone_id": "example.com"}},
            "domain.zone_id: 'example.com' is not valid",
        ),
        (
            {"domain": DOMAIN, "allowed_cidrs": ["10.0.0.0/8", "10.0.0.0/8"]},
            "allowed_cidrs: listed twice: 10.0.0.0/8",
        ),
        (
            {"domain": DOMAIN, "idle_timeout_seconds": 4001},
            "idle_timeout_seconds: 4001 is not valid: less than or equal to 4000",
        ),
        (
            {"domain": DOMAIN, "target": {"health_path": "status"}},
            "target.health_path: 'status' is not valid",
        ),
        (
            {"domain": DOMAIN, "tls": "tls11"},
            "tls: 'tls11' is not valid: allowed: 'tls12', 'tls13' or 'fips'",
        ),
    ],
)
def test_what_can_not_be_is_refused_by_its_key(args: Mapping[str, object], expected: str):
    with pytest.raises(InvalidInput) as caught:
        plan(**args)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("waf", "expected"),
    [
        (
            {"groups": {"sqlinjection": {}}},
            "waf.groups: no group 'sqlinjection'; did you mean 'sqlInjection'?",
        ),
        (
            {"groups": {"common": {"rules": {"NoUserAgent_Header": "count"}}}},
            "common: no rule 'NoUserAgent_Header'; did you mean 'NoUserAgent_HEADER'?",
        ),
        (
            {"groups": {"common": {"rules": {"SizeRestrictions_BODY": "count"}}}},
            "common: SizeRestrictions_BODY is set by max_body_bytes",
        ),
        (
            {"groups": {"common": {"rules": {"NoUserAgent_HEADER": "captcha"}}}},
            "waf.groups.common.rules.NoUserAgent_HEADER: 'captcha' is not valid",
        ),
        ({"rate": {"requests": 9}}, "waf.rate.requests: 9 is not valid"),
        (
            {"rate": {"window_seconds": 90}},
            "waf.rate.window_seconds: 90 is not valid: allowed: 60, 120, 300, 600",
        ),
        (
            {"path_rates": {"Login": {"path": "/auth", "requests": 10}}},
            "waf.path_rates: no short names of small letters, digits and hyphens: Login",
        ),
        (
            {"path_rates": {"login": {"path": "auth", "requests": 10}}},
            "path: 'auth' is not valid: the beginning of a path, such as /auth/token, of 200",
        ),
        (
            {"large_body_paths": ["/a?b"]},
            "waf.large_body_paths[0]: '/a?b' is not valid: the beginning of a path",
        ),
        ({"deny_cidrs": ["203.0.113.1/24"]}, "a range such as 203.0.113.0/24 is needed"),
        ({"deny_cidrs": ["::/0"]}, "'::/0' is everybody, of which WAF makes no list"),
        (
            {"allow_cidrs": ["203.0.113.0/24"], "deny_cidrs": ["203.0.113.0/24"]},
            "waf.deny_cidrs: both allowed and denied: 203.0.113.0/24",
        ),
        ({"redacted_headers": ["x api"]}, "waf.redacted_headers: no names of headers: x api"),
        ({"log_retention_days": 91}, "waf.log_retention_days: 91 is not valid: allowed days: 1, 3"),
        (
            {"groups": {"linux": {}, "posix": {}, "adminPaths": {}}},
            "waf: its rules need 1578 WCU of 1500; take out groups, path_rates or large_body_paths",
        ),
    ],
)
def test_what_the_firewall_can_not_do_is_refused_by_its_key(
    waf: Mapping[str, object], expected: str
):
    with pytest.raises(InvalidInput) as caught:
        secured(waf=waf)
    assert expected in str(caught.value)


def test_problems_are_told_all_at_once():
    with pytest.raises(InvalidInput) as caught:
        plan(insecure_http=True, tls="x", waf={"rate": {"requests": 1}}, target={"port": 0})
    assert {problem.path for problem in caught.value.problems} == {
        "tls",
        "waf.rate.requests",
        "target.port",
    }


def test_a_name_of_which_no_others_can_be_made_is_refused():
    with pytest.raises(InvalidInput, match="name: 'Edge' is not valid"):
        plan_edge(cast("EdgeArgs", {**WIRING, "insecure_http": True}), "Edge")


@pytest.mark.parametrize(
    ("args", "ports", "callers"),
    [
        ({"insecure_http": True}, (80,), ("0.0.0.0/0",)),
        ({"domain": DOMAIN}, (80, 443), ("0.0.0.0/0",)),
        ({"domain": DOMAIN, "ipv6": True}, (80, 443), ("0.0.0.0/0", "::/0")),
        (
            {"domain": DOMAIN, "allowed_cidrs": ["203.0.113.0/24"], "ipv6": True},
            (80, 443),
            ("203.0.113.0/24",),
        ),
        ({"domain": DOMAIN, "cloudfront": {}}, (443,), ()),
    ],
)
def test_who_may_connect_and_where(
    args: Mapping[str, object], ports: tuple[int, ...], callers: tuple[str, ...]
):
    made = plan(**args)
    assert (made.ports, made.callers) == (ports, callers)


@pytest.mark.parametrize(
    ("tls", "balancer", "viewer"),
    [
        ("tls12", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "TLSv1.2_2025"),
        ("tls13", "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09", "TLSv1.3_2025"),
        ("fips", "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09", None),
    ],
)
def test_versions_of_tls(tls: str, balancer: str, viewer: str | None):
    made = secured(tls=tls)
    assert (made.balancer_tls, made.viewer_tls) == (balancer, viewer)


def test_the_load_balancer_takes_what_cloudfront_speaks_whatever_callers_may():
    made = secured(tls="tls13", cloudfront={})
    assert made.viewer_tls == "TLSv1.3_2025"
    assert made.balancer_tls == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"


def test_a_domain_is_proven_once_for_itself_and_its_wildcard():
    made = names("api.example.com", "*.api.example.com", "*.example.com", "Example.com.")
    assert made.validated == ("api.example.com", "example.com")
    assert names_by_domain(made) == {
        "api.example.com": "api.example.com",
        "wildcard.api.example.com": "*.api.example.com",
        "wildcard.example.com": "*.example.com",
        "example.com": "example.com",
    }


@pytest.mark.parametrize(
    ("cloudfront", "versions"),
    [(None, ()), ({}, (1,)), ({"secret_version": 2}, (2, 1)), ({"secret_version": 5}, (5, 4))],
)
def test_the_secret_before_stays_good(
    cloudfront: Mapping[str, object] | None, versions: tuple[int, ...]
):
    assert secured(cloudfront=cloudfront).secret_versions == versions


@pytest.mark.parametrize(
    ("waf", "shield", "capacity"),
    [
        ({}, False, 1175 + 2 + 1),
        ({}, True, 1175 + 2 + 1 + 150),
        ({"large_body_paths": ["/"]}, False, 1175 + 2),
        ({"large_body_paths": ["/a", "/b"]}, False, 1175 + 2 + 1 + 2 * 32),
        ({"path_rates": {"a": {"path": "/a", "requests": 10}}}, False, 1178 + 34),
        ({"allow_cidrs": ["203.0.113.0/24", "198.51.100.0/24", "2001:db8::/32"]}, False, 1178 + 2),
        ({"deny_cidrs": ["203.0.113.0/24"]}, False, 1178 + 1),
        ({"groups": {"common": {"enabled": False}}}, False, 1178 - 700),
        ({"groups": {"linux": {"mode": "count"}}}, False, 1178 + 200),
    ],
)
def test_what_rules_take_of_the_capacity(waf: Mapping[str, object], *, shield: bool, capacity: int):
    made = secured(waf=waf, shield={} if shield else None)
    assert capacity_of(made.spec.waf, shield=shield) == capacity <= INCLUDED_CAPACITY


def test_groups_are_asked_in_the_order_of_the_table():
    made = secured(waf={"groups": {"adminPaths": {}, "sqlInjection": {"enabled": False}}})
    assert list(used_groups(made.spec.waf)) == [
        "ipReputation",
        "anonymousIp",
        "common",
        "knownBadInputs",
        "adminPaths",
    ]
    assert {key for key, group in MANAGED_GROUPS.items() if group.default} == {
        "ipReputation",
        "anonymousIp",
        "common",
        "knownBadInputs",
        "sqlInjection",
    }
    for group in MANAGED_GROUPS.values():
        assert set(group.counted) <= set(group.rules)


def test_a_firewall_that_is_off_is_not_judged():
    assert secured(waf={"enabled": False, "max_body_bytes": 20000}).waf is None


def test_paths_are_compared_in_small_letters():
    waf = secured(waf={"path_rates": {"login": {"path": "/Auth/Token", "requests": 10}}}).spec.waf
    assert waf.path_rates["login"].path == "/auth/token"


def test_health_is_asked_on_a_port_of_its_own_or_on_the_requests():
    assert secured().spec.target.ports == {"requests": 8443, "health": 8100}
    assert secured(target={"health_port": 8443}).spec.target.ports == {"requests": 8443}


def test_a_stack_file_is_told_its_own_keys():
    section: Mapping[str, object] = {
        "domain": {"names": ["api.example.com"], "zoneId": "Z1"},
        "protect": True,
        "accessLogs": {"forceDestroy": True},
        "waf": {"maxBodyBytes": 9000},
    }
    with pytest.raises(ValidationError) as caught:
        EdgeSpec.model_validate(section)
    assert [str(problem) for problem in describe(caught.value, EdgeSpec, by_alias=True)] == [
        "accessLogs: forceDestroy and protect exclude each other",
        "waf: maxBodyBytes: more than 8192 needs cloudfront; see largeBodyPaths",
    ]
