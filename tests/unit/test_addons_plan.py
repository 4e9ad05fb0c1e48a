"""What add-ons are asked for, checked before anything is made."""

from collections.abc import Mapping
from typing import cast

import pytest

from components._base.errors import InvalidInput
from components.addons import AddonsArgs, AddonsSpec, plan_addons

TAGS = {"project": "p", "environment": "prod"}
WIRING: Mapping[str, object] = {
    "cluster_name": "blue",
    "cluster_endpoint": "https://example.com",
    "vpc_id": "vpc-1",
    "node_security_group_id": "sg-1",
    "node_role_name": "nodes",
    "interruption_queue_name": "queue",
    "discovery": "p-prod",
    "tags": TAGS,
}


def planned(**given: object):
    return plan_addons(cast("AddonsArgs", {**WIRING, **given}))


def refused(**given: object) -> str:
    with pytest.raises(InvalidInput) as told:
        planned(**given)
    return str(told.value)


def test_by_default_services_never_run_on_spot():
    pools = planned().pools
    assert list(pools) == ["on-demand", "spot"]
    assert [(p.capacity.value, p.dedicated) for p in pools.values()] == [
        ("on-demand", False),
        ("spot", True),
    ]


def test_a_section_of_a_stack_file_becomes_arguments():
    section = AddonsSpec.model_validate(
        {
            "replicas": 1,
            "acmeEmail": "ops@example.com",
            "externalDns": {"policy": "upsert-only"},
            "secretStore": {"namePrefixes": ["fastapi/"]},
            "nodes": {"imageVersion": "v1.66.0", "diskGib": 80},
            "nodePools": {
                "spot": {
                    "capacity": "spot",
                    "quietHours": {"schedule": "0 7 * * mon-fri", "hours": 10},
                }
            },
        }
    )
    assert plan_addons(section.to_args(AddonsArgs, **WIRING)).spec == section


@pytest.mark.parametrize(
    ("nodes", "image"),
    [
        ({}, "bottlerocket@v1.67.0"),
        ({"os": "al2023"}, "al2023@v20260903"),
        ({"image_version": "v1.68.0"}, "bottlerocket@v1.68.0"),
    ],
)
def test_images_are_pinned(nodes: Mapping[str, str], image: str):
    assert planned(nodes=nodes).image == image


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"replicas": 3}, "replicas: 3 is not valid"),
        ({"nodes": {"image_version": "latest"}}, "is no release of bottlerocket"),
        ({"nodes": {"os": "al2023", "image_version": "v1.67.0"}}, "is no release of al2023"),
        ({"acme_email": "me"}, "acme_email: 'me' is not valid: an e-mail address is needed"),
        ({"node_pools": {}}, "one pool that is not dedicated is needed"),
        ({"node_pools": {"spot": {"dedicated": True}}}, "one pool that is not dedicated is needed"),
        ({"node_pools": {"Big": {}}}, "no short names of small letters, digits and hyphens: Big"),
        ({"node_pools": {"a": {"min_cpus": 8, "max_cpus": 4}}}, "max_cpus 4 is less than min_cpus"),
        ({"node_pools": {"a": {"cpu_limit": 2, "min_cpus": 4}}}, "cpu_limit 2 leaves no node of 4"),
        ({"node_pools": {"a": {"categories": []}}}, "such as c, m, r: none given"),
        ({"node_pools": {"a": {"categories": ["m", "m"]}}}, "such as c, m, r: m, m"),
        ({"node_pools": {"a": {"expire_days": 0}}}, "node_pools.a.expire_days: 0 is not valid"),
        (
            {"node_pools": {"a": {"quiet_hours": {"schedule": "daily", "hours": 8}}}},
            "five fields of cron are needed",
        ),
        ({"secret_store": {"name_prefixes": ["*"]}}, "no beginnings of secrets' names: '*'"),
        ({"secret_store": {"name_prefixes": [""]}}, "no beginnings of secrets' names: ''"),
        ({"metrics_namespaces": ["A b"]}, "no names of namespaces: A b"),
        ({"external_dns": {"sources": []}}, "external_dns.sources"),
        ({"external_dns": {"policy": "all"}}, "external_dns.policy: 'all' is not valid"),
        ({"kafka": True}, "kafka: unknown input"),
    ],
)
def test_what_makes_no_sense_is_refused(given: Mapping[str, object], message: str):
    assert message in refused(**given)


def test_without_tags_iam_must_be_told_what_is_ours():
    told = refused(tags={"project": "p"})
    assert "2 problems" in told
    assert "secret_store.name_prefixes: give it, or the tags environment" in told
    assert "target_group_arns: give them, or the tags environment" in told
    named = planned(
        tags={}, target_group_arns=["arn"], secret_store={"name_prefixes": ["fastapi/"]}
    )
    assert named.spec.secret_store.name_prefixes == ("fastapi/",)


def test_routes_are_watched_only_where_the_gateway_api_is_defined():
    sources = {"sources": ["gateway-httproute", "service"]}
    assert "gateway-httproute needs gateway_api" in refused(external_dns=sources)
    watched = planned(external_dns=sources, gateway_api="v1.4.0").spec.external_dns.sources
    assert [source.value for source in watched] == ["gateway-httproute", "service"]
