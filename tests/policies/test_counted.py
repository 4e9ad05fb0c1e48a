"""How few pods, and how many instances of a function, there may be."""

import pytest

from policies.concurrency import PROVISIONED
from policies.scaling import HPA, SCALED_OBJECT
from policies.serverless import FUNCTION
from policies.workloads import DEPLOYMENT, SERVICE, STATEFUL_SET
from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict, verdict

PODS, RESERVED, WARM = "minimum-replicas", "lambda-concurrency-reserved", "lambda-provisioned"
Resource = tuple[str, str, Inputs]


def at(name: str, namespace: object = "apps") -> Inputs:
    return {"name": name, "namespace": namespace}


def workload(replicas: object = None, name: str = "orders", type_: str = DEPLOYMENT) -> Resource:
    template = {"metadata": {"labels": {"app": "orders", "of": name}}}
    spec = {"template": template, **({} if replicas is None else {"replicas": replicas})}
    return (type_, name, {"metadata": at(name), "spec": spec})


def service(**selector: object) -> Resource:
    spec: Inputs = {"selector": selector or {"app": "orders"}}
    return (SERVICE, "service", {"metadata": at("orders"), "spec": spec})


def scaler(type_: str = HPA, /, kind: str = "Deployment", **spec: object) -> Resource:
    reference = {"kind": kind, "name": "orders"}
    return (type_, "scaler", {"metadata": at("s"), "spec": {"scaleTargetRef": reference, **spec}})


@pytest.mark.parametrize("type_", [DEPLOYMENT, STATEFUL_SET])
def test_what_serves_is_several_pods(type_: str) -> None:
    kind = type_.rpartition(":")[2]
    assert stack_verdict(PODS, workload(2, type_=type_), service()).passed
    few = workload(type_=type_)
    (message,) = stack_verdict(PODS, few, service()).violations
    assert message.startswith(f"{PODS}: {type_} 'orders' serves others and may be fewer than 2")
    assert stack_verdict(PODS, few, service(), scaler(kind=kind, minReplicas=2)).passed
    assert stack_verdict(PODS, few, service(), scaler(kind=kind)).violations
    assert stack_verdict(PODS, few, service(), scaler(kind="Job", minReplicas=2)).violations


@pytest.mark.parametrize(
    ("spec", "passes"),
    [
        ({"minReplicaCount": 2}, True),
        ({"minReplicaCount": 2, "idleReplicaCount": 0}, False),
        ({"minReplicaCount": 1}, False),
        ({}, False),
    ],
)
def test_keda_may_leave_none(spec: Inputs, *, passes: bool) -> None:
    result = stack_verdict(PODS, workload(), service(), scaler(SCALED_OBJECT, "Deployment", **spec))
    assert result.passed is passes


def test_what_serves_nobody_may_be_one() -> None:
    assert stack_verdict(PODS, workload(1)).passed
    assert stack_verdict(PODS, workload(1), service(app="catalog")).passed
    assert stack_verdict(PODS, workload(), scaler(SCALED_OBJECT, minReplicaCount=0)).passed


def test_pods_beside_each_other_count_together() -> None:
    assert stack_verdict(PODS, workload(1), workload(1, "orders-new"), service()).passed
    alone = service(of="orders-new")
    assert stack_verdict(PODS, workload(2), workload(1, "orders-new"), alone).violations
    assert stack_verdict(PODS, workload(1, "orders-canary"), service()).passed
    canary = workload(1, "orders-canary")
    assert stack_verdict(PODS, canary, service(), config={"fewer": []}).violations


def test_the_number_is_configurable() -> None:
    assert stack_verdict(PODS, workload(2), service(), config={"replicas": 3.0}).violations
    assert stack_verdict(PODS, workload(1), service(), config={"replicas": 1.0}).passed


def test_what_is_not_known_yet_is_undecided() -> None:
    for resources in (
        (workload(UNKNOWN), service()),
        (workload(), service(), scaler(minReplicas=UNKNOWN)),
        (workload(1), service(app=UNKNOWN)),
    ):
        result = stack_verdict(PODS, *resources)
        assert result.undecided
        assert not result.violations


@pytest.mark.parametrize(("number", "passes"), [(10, True), (0, True), (-1, False), (None, False)])
def test_functions_reserve_their_concurrency(number: object, *, passes: bool) -> None:
    inputs: Inputs = {"reservedConcurrentExecutions": number}
    assert verdict(RESERVED, FUNCTION, inputs).passed is passes
    assert verdict(RESERVED, "aws:s3/bucket:Bucket", inputs).passed


def test_functions_may_share_the_account_s_for_a_reason() -> None:
    assert verdict(RESERVED, FUNCTION, {"reservedConcurrentExecutions": UNKNOWN}).undecided
    for shared, passes in (({"it": "why"}, True), ({"*": "quota"}, True), ({"a": "why"}, False)):
        assert verdict(RESERVED, FUNCTION, {}, config={"shared": shared}).passed is passes
    assert verdict(RESERVED, FUNCTION, {"name": UNKNOWN}).violations
    later = verdict(RESERVED, FUNCTION, {"name": UNKNOWN}, config={"shared": {"a": "why"}})
    assert later.undecided
    assert not later.violations
    named: Inputs = {"name": "jobs-compare"}
    assert verdict(RESERVED, FUNCTION, named, config={"shared": {"*-compare": "why"}}).passed


def function(name: str = "api", /, **inputs: object) -> Resource:
    return (FUNCTION, name, {"memorySize": 512, **inputs})


def warm(of: object) -> Resource:
    return (PROVISIONED, "warm", {"functionName": of, "qualifier": "live"})


CRITICAL = {"latencyCritical": ["api*"]}


def test_critical_functions_are_warm() -> None:
    assert stack_verdict(WARM, function()).passed, "none is named"
    assert stack_verdict(WARM, function(), config=CRITICAL).violations
    assert stack_verdict(WARM, function("jobs"), config=CRITICAL).passed
    own = warm("api-1a2b3c4")
    refers = {"warm": {"functionName": "api"}}
    assert stack_verdict(WARM, function(), own, config=CRITICAL, refers=refers).passed
    other = {"warm": {"functionName": "jobs"}}
    resources = (function(), function("jobs"), own)
    assert stack_verdict(WARM, *resources, config=CRITICAL, refers=other).violations
    restored = function(snapStart={"applyOn": "PublishedVersions"})
    assert stack_verdict(WARM, restored, config=CRITICAL).passed


def test_critical_functions_to_come_are_undecided() -> None:
    assert stack_verdict(WARM, function(), warm(UNKNOWN), config=CRITICAL).undecided
    assert stack_verdict(WARM, function(snapStart=UNKNOWN), config=CRITICAL).undecided
    assert stack_verdict(WARM, function("jobs", name=UNKNOWN), config=CRITICAL).undecided
    assert stack_verdict(WARM, function("jobs", name=UNKNOWN)).passed
