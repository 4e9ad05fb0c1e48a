"""The plans of both search engines: defaults, and what is refused. No Pulumi involved."""

import json
import re
from collections.abc import Callable, Mapping
from typing import cast

import botocore.loaders
import pytest
from pydantic import ValidationError

from components._base.errors import InvalidInput
from components.search import (
    ElasticsearchArgs,
    ElasticsearchPlan,
    ElasticsearchSpec,
    OpenSearchArgs,
    OpenSearchPlan,
    OpenSearchSpec,
    SearchSpec,
    plan_elasticsearch,
    plan_opensearch,
)
from components.search.elasticsearch_setup import policy_bodies, requests
from components.search.elasticsearch_users import roles_document
from components.search.opensearch_alarms import alarm_rules
from components.search.versions import (
    DEFAULT_ELASTIC,
    DEFAULT_OPENSEARCH,
    ELASTIC_RELEASES,
    OPENSEARCH_VERSIONS,
    TLS_POLICY,
)
from simulator.aws.opensearch import TLS_POLICIES

EXACT = re.compile(r"\d+\.\d+\.\d+")


def domain(name: str = "search", **args: object) -> OpenSearchPlan:
    return plan_opensearch(cast("OpenSearchArgs", args), name)


def elastic(name: str = "search", **args: object) -> ElasticsearchPlan:
    return plan_elasticsearch(cast("ElasticsearchArgs", args), name)


def refusal(plan: Callable[..., object], args: Mapping[str, object]) -> Mapping[str, str]:
    with pytest.raises(InvalidInput) as error:
        plan(**args)
    return {problem.path: problem.reason for problem in error.value.problems}


def test_a_domain_is_made_for_production_by_default():
    spec = domain().spec
    assert (spec.version, spec.zones, spec.nodes.count, spec.master_count) == ("3.5", 3, 3, 3)
    assert (spec.auth.value, spec.standby, spec.protect) == ("iam", False, False)


@pytest.mark.parametrize(
    ("zones", "masters", "count"),
    [(1, None, 0), (2, None, 3), (3, None, 3), (3, 5, 5), (1, 3, 3)],
)
def test_zones_have_dedicated_masters(zones: int, masters: int | None, count: int):
    nodes = {"count": zones}
    assert domain(zones=zones, nodes=nodes, masters={"count": masters}).spec.master_count == count


@pytest.mark.parametrize(
    ("gib", "iops", "throughput"),
    [(10, 3000, 125), (170, 3000, 125), (171, 3000, 250), (1500, 4500, 250)],
)
def test_what_comes_free_with_a_volume_is_always_written_down(gib: int, iops: int, throughput: int):
    """Left out, it would be read back from AWS and differ ever after."""
    nodes = domain(nodes={"count": 3, "volume_gib": gib}).spec.nodes
    assert (nodes.volume_iops, nodes.volume_throughput) == (iops, throughput)


@pytest.mark.parametrize(
    ("args", "path", "reason"),
    [
        ({"version": "3.4"}, "version", "'3.4' is not valid: allowed: 3.5, 3.3, 3.1, 2.19"),
        (
            {"version": 3.5},
            "version",
            '3.5 is not valid: a version is text: write it in quotes, "3.5"',
        ),
        ({"zones": 4}, "zones", "4 is not valid: less than or equal to 3"),
        (
            {"nodes": {"count": 4}},
            "",
            "nodes.count 4 can't be spread evenly over zones 3; 3 or 6 can",
        ),
        (
            {"nodes": {"count": 1}, "zones": 2},
            "",
            "nodes.count 1 can't be spread evenly over zones 2; 2 can",
        ),
        (
            {"masters": {"count": 0}},
            "",
            (
                "zones 3 need dedicated masters: without them the loss of one zone may leave no "
                "majority; set masters.count to 3"
            ),
        ),
        (
            {"masters": {"count": 2}},
            "masters.count",
            "2 is not valid: 0, 3 or 5 allowed: an even number has no majority",
        ),
        (
            {"nodes": {"instance_type": "m5.large"}},
            "nodes.instance_type",
            (
                "'m5.large' is not valid: an instance type of the service such as r7g.large.search "
                "is needed"
            ),
        ),
        (
            {"nodes": {"instance_type": "t2.small.search"}},
            "nodes.instance_type",
            (
                "'t2.small.search' is not valid: t2 nodes can't be encrypted; t3.small.search is "
                "the smallest"
            ),
        ),
        (
            {"nodes": {"instance_type": "r6gd.large.search"}},
            "nodes.instance_type",
            (
                "'r6gd.large.search' is not valid: its disks are not gp3; use r7g, m7g, c7g, or2 "
                "or om2"
            ),
        ),
        (
            {"nodes": {"instance_type": "t3.small.search", "count": 12}},
            "",
            "nodes.count 12: at most 10 of type t3 allowed",
        ),
        (
            {"standby": True, "zones": 2, "nodes": {"count": 2}},
            "",
            "standby needs zones 3 and masters.count 3 or more",
        ),
        (
            {"standby": True, "nodes": {"instance_type": "t3.medium.search"}},
            "",
            "standby is not offered on t3; use m7g, r7g or larger families",
        ),
        (
            {"clients": {"The Cluster": "sg-1"}},
            "clients.The Cluster",
            "a short name of small letters, digits and hyphens is needed",
        ),
        (
            {"auth": "password", "client_roles": {"orders": "arn:aws:iam::1:role/orders"}},
            "client_roles",
            "only when auth is iam: a request with a password is signed by no role",
        ),
        (
            {"auth": "password", "admin_role_arn": "arn:aws:iam::1:role/admin"},
            "admin_role_arn",
            "only when auth is iam: a request with a password is signed by no role",
        ),
    ],
)
def test_what_a_domain_can_t_be(args: dict[str, object], path: str, reason: str):
    assert refusal(domain, args) == {path: reason}


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("search", "search"),
        ("a-search-domain-of-21c", "a-search-dom-"),
        ("search-for-everything-that-anybody-wants", "search-for-e-"),
    ],
)
def test_the_name_of_a_domain_has_room_for_its_suffix(name: str, prefix: str):
    made = domain(name).domain_prefix
    assert made.startswith(prefix)
    assert len(f"{made}-123456") <= 28


@pytest.mark.parametrize("plan", [domain, elastic])
def test_a_name_that_is_too_long_is_refused(plan: Callable[..., object]):
    assert "at most 40" in refusal(plan, {"name": "s" * 41})["name"]


def test_every_alarm_says_what_is_wrong_and_masters_have_their_own():
    with_masters = {rule.suffix: rule for rule in alarm_rules(domain().spec)}
    without = {r.suffix for r in alarm_rules(domain(zones=1, nodes={"count": 1}).spec)}
    assert with_masters.keys() - without == {"master-reachable", "master-cpu", "master-memory"}
    assert {"red", "yellow", "storage", "writes-blocked", "snapshot", "cpu", "memory"} <= without
    assert with_masters["storage"].threshold == 0.25 * 100 * 1024
    assert with_masters["nodes"].threshold == 6
    assert all(len(rule.description) > 40 for rule in with_masters.values())


def test_the_tls_policy_is_one_that_aws_has_and_starts_at_1_2():
    loader = botocore.loaders.Loader()
    model = cast("Mapping[str, object]", loader.load_service_model("opensearch", "service-2"))
    shapes = cast("Mapping[str, Mapping[str, list[str]]]", model["shapes"])
    assert set(shapes["TLSSecurityPolicy"]["enum"]) == TLS_POLICIES
    assert TLS_POLICY in TLS_POLICIES
    assert "Min-TLS-1-2" in TLS_POLICY


def test_versions_are_pinned_and_the_newest_is_the_default():
    assert OPENSEARCH_VERSIONS[0] == DEFAULT_OPENSEARCH
    assert next(iter(ELASTIC_RELEASES)) == DEFAULT_ELASTIC
    assert all(EXACT.fullmatch(version) for version in ELASTIC_RELEASES)


def test_elasticsearch_is_made_for_production_by_default():
    plan = elastic()
    assert (plan.spec.zones, plan.spec.nodes.per_zone, plan.spec.kibana_replicas) == (3, 1, 2)
    assert plan.endpoint == "https://elasticsearch-es-http.search.svc:9200"
    assert plan.kibana_url == "https://kibana-kb-http.search.svc:5601"
    assert elastic(kibana_replicas=0).kibana_url == ""


@pytest.mark.parametrize(
    ("args", "path", "reason"),
    [
        (
            {"version": "8.15.1"},
            "version",
            "'8.15.1' is not valid: allowed: 9.5.6, 9.4.9",
        ),
        (
            {"zones": 2},
            "zones",
            "2 is not valid: 1 or 3 allowed: of two zones, the loss of one may leave no majority",
        ),
        (
            {"zones": 1, "nodes": {"per_zone": 2}},
            "nodes.per_zone",
            "2 nodes have no majority when one is lost; use 1, or 3 and more",
        ),
        (
            {"namespace": "kube-system"},
            "namespace",
            "'kube-system' is not valid: no names of namespaces for workloads: kube-system",
        ),
        (
            {"client_namespaces": ["apps", "My Apps"]},
            "client_namespaces",
            "no names of namespaces for workloads: My Apps",
        ),
        (
            {"index_patterns": ["*", "app-*"]},
            "index_patterns",
            (
                "one or more names of indices are needed, of small letters, digits and .-_, which "
                "may end in *: *"
            ),
        ),
        (
            {"index_patterns": [".security"]},
            "index_patterns",
            (
                "one or more names of indices are needed, of small letters, digits and .-_, which "
                "may end in *: .security"
            ),
        ),
        (
            {"snapshots": {"schedule": "30 1 * * *"}},
            "snapshots.schedule",
            "'30 1 * * *' is not valid: six fields are needed, seconds first, e.g. '0 30 1 * * ?'",
        ),
        (
            {"lifecycles": {"My Logs": {}}},
            "lifecycles",
            "no names of small letters, digits and hyphens: My Logs",
        ),
    ],
)
def test_what_elasticsearch_can_t_be(args: dict[str, object], path: str, reason: str):
    assert refusal(elastic, args) == {path: reason}


def test_snapshots_and_lifecycles_are_what_was_asked_for():
    plan = elastic(
        snapshots={"schedule": "0 0 3 * * ?", "keep_days": 7, "keep_least": 2},
        lifecycles={"logs": {"delete_days": 14}, "audit": {"rollover_gib": 5, "delete_days": 365}},
    )
    assert requests(plan) == {
        "/_snapshot/s3": "repository.json",
        "/_slm/policy/daily": "snapshots.json",
        "/_ilm/policy/audit": "lifecycle-audit.json",
        "/_ilm/policy/logs": "lifecycle-logs.json",
    }
    bodies = {file: json.loads(text) for file, text in policy_bodies(plan).items()}
    assert bodies["snapshots.json"]["schedule"] == "0 0 3 * * ?"
    assert bodies["snapshots.json"]["retention"] == {"expire_after": "7d", "min_count": 2}
    audit = bodies["lifecycle-audit.json"]["policy"]["phases"]
    assert audit["hot"]["actions"]["rollover"] == {
        "max_age": "1d",
        "max_primary_shard_size": "5gb",
    }
    assert audit["delete"] == {"min_age": "365d", "actions": {"delete": {}}}


def test_no_lifecycle_deletes_what_does_not_name_it():
    """A policy acts on indices that carry its name; none is put on all of them by a template."""
    assert not any("template" in path for path in requests(elastic()))


def test_services_log_in_as_a_user_who_has_their_indices_and_no_more():
    roles = json.loads(roles_document(elastic(index_patterns=["orders-*", "products"])))
    assert roles["application"] == {
        "cluster": ["monitor"],
        "indices": [
            {
                "names": ["orders-*", "products"],
                "privileges": [
                    *("create_index", "maintenance", "read", "view_index_metadata", "write"),
                ],
            }
        ],
    }


def test_prometheus_exporter_sees_no_document():
    assert json.loads(roles_document(elastic()))["monitoring"] == {
        "cluster": ["monitor"],
        "indices": [{"names": ["*"], "privileges": ["monitor"]}],
    }


def test_a_stack_has_one_engine_and_its_settings():
    assert isinstance(SearchSpec.model_validate({"engine": "opensearch"}).chosen, OpenSearchSpec)
    chosen = SearchSpec.model_validate(
        {"engine": "elasticsearch", "elasticsearch": {"zones": 1}}
    ).chosen
    assert isinstance(chosen, ElasticsearchSpec)
    assert chosen.zones == 1
    with pytest.raises(ValidationError, match="take the settings of elasticsearch out"):
        SearchSpec.model_validate({"engine": "opensearch", "elasticsearch": {}})
    with pytest.raises(ValidationError, match="engine"):
        SearchSpec.model_validate({})
