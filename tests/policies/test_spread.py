"""Pods over several zones, and a budget for their disruption."""

import pytest

from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict, verdict

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL = "kubernetes:apps/v1:StatefulSet"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"


def workload(replicas: object = 3, namespace: str = "apps", **pod: object) -> Inputs:
    spec: Inputs = {
        "replicas": replicas,
        "template": {"metadata": {"labels": {"app": "orders", "team": "a"}}, "spec": pod},
    }
    if replicas is None:
        del spec["replicas"]
    return {"metadata": {"name": "orders", "namespace": namespace}, "spec": spec}


def budget(namespace: str = "apps", **labels: str) -> Inputs:
    chosen = labels or {"app": "orders"}
    return {
        "metadata": {"name": "b", "namespace": namespace},
        "spec": {"selector": {"matchLabels": chosen}},
    }


@pytest.mark.parametrize("type_", [DEPLOYMENT, STATEFUL])
@pytest.mark.parametrize("replicas", [2, None])
def test_several_pods_are_spread(type_: str, replicas: object) -> None:
    assert len(verdict("spread-over-zones", type_, workload(replicas)).violations) == 1
    constraint = {"topologyKey": "topology.kubernetes.io/zone", "maxSkew": 1}
    spread = workload(replicas, topologySpreadConstraints=[constraint])
    assert verdict("spread-over-zones", type_, spread).passed
    apart = workload(replicas, affinity={"podAntiAffinity": {"preferred": []}})
    assert verdict("spread-over-zones", type_, apart).passed


def test_one_pod_has_no_zones() -> None:
    assert verdict("spread-over-zones", DEPLOYMENT, workload(1)).passed
    assert stack_verdict("disruption-budget", (DEPLOYMENT, "o", workload(1))).passed


def test_constraints_to_come_are_waited_for() -> None:
    unknown = workload(topologySpreadConstraints=UNKNOWN)
    assert verdict("spread-over-zones", DEPLOYMENT, unknown).undecided


@pytest.mark.parametrize("type_", [DEPLOYMENT, STATEFUL])
def test_several_pods_have_a_budget(type_: str) -> None:
    result = stack_verdict("disruption-budget", (type_, "orders", workload()))
    (message,) = result.violations
    assert message.startswith(f"disruption-budget: {type_} 'orders' has several pods")
    own = (BUDGET, "b", budget())
    assert stack_verdict("disruption-budget", (type_, "o", workload()), own).passed


@pytest.mark.parametrize(
    "other", [budget("other"), budget(app="catalog"), budget(app="orders", team="b")]
)
def test_a_budget_of_others_does_not_count(other: Inputs) -> None:
    result = stack_verdict("disruption-budget", (DEPLOYMENT, "o", workload()), (BUDGET, "b", other))
    assert len(result.violations) == 1


def test_a_namespace_to_come_may_be_the_same_or_not() -> None:
    result = stack_verdict(
        "disruption-budget",
        (DEPLOYMENT, "o", workload(namespace=UNKNOWN)),
        (BUDGET, "b", budget(namespace=UNKNOWN)),
    )
    assert result.undecided
    assert not result.violations


def test_a_number_to_come_may_be_one() -> None:
    result = stack_verdict("disruption-budget", (DEPLOYMENT, "o", workload(UNKNOWN)))
    assert result.undecided
    assert not result.violations
    assert verdict("spread-over-zones", DEPLOYMENT, workload(UNKNOWN)).undecided


def test_an_empty_selector_takes_every_pod_of_the_namespace() -> None:
    every: Inputs = {"metadata": {"name": "b", "namespace": "apps"}, "spec": {"selector": {}}}
    none: Inputs = {"metadata": {"name": "b", "namespace": "apps"}, "spec": {}}
    for budgets, passes in ((every, True), (none, False)):
        own = (BUDGET, "b", budgets)
        result = stack_verdict("disruption-budget", (DEPLOYMENT, "o", workload()), own)
        assert result.passed is passes


def test_what_is_in_a_cluster_still_to_be_made_is_waited_for() -> None:
    """The engine gives no properties of what a provider without its configuration would make."""
    result = stack_verdict("disruption-budget", (DEPLOYMENT, "o", workload()), (BUDGET, "b", {}))
    assert result.undecided
    assert not result.violations
