"""What containers may do and have."""

import copy

import pytest

from policies.containers import CONFINED, PROBED
from policies.pods import PODS
from tests.policies.verdict import UNKNOWN, Inputs, places, replaced, verdict

RULES = (
    *("no-host-access", "container-confined", "image-versioned", "container-resources"),
    "container-probes",
)
DEPLOYMENT = "kubernetes:apps/v1:Deployment"

CONTAINER: Inputs = {
    "name": "app",
    "image": "registry.example.com:5000/shop/orders:1.4.2",
    "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "256Mi"}},
    "readinessProbe": {"httpGet": {"path": "/health/ready", "port": 8000}},
    "livenessProbe": {"httpGet": {"path": "/health/live", "port": 8000}},
    "securityContext": {
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    },
}


def within(type_: str, pod: Inputs) -> Inputs:
    """Return an object of a type that has pods with this spec."""
    inputs: Inputs = pod
    for step in reversed(PODS[type_].split(".")):
        inputs = {step: inputs}
    return inputs


def pod(**container: object) -> Inputs:
    return {"containers": [{**copy.deepcopy(CONTAINER), **container}]}


@pytest.mark.parametrize("type_", PODS)
@pytest.mark.parametrize("rule", RULES)
def test_a_careful_container_passes_wherever_it_is(rule: str, type_: str) -> None:
    assert verdict(rule, type_, within(type_, pod())).passed


@pytest.mark.parametrize("type_", PODS)
@pytest.mark.parametrize(
    ("rule", "container", "part"),
    [
        ("container-confined", {"securityContext": {}}, "runAsNonRoot is not set"),
        ("image-versioned", {"image": "orders"}, "image names no version"),
        ("container-resources", {"resources": {}}, "resources.limits.memory is not set"),
        ("no-host-access", {"securityContext": {"privileged": True}}, "privileged is not false"),
    ],
)
def test_a_careless_one_is_found_wherever_it_is(
    rule: str, container: Inputs, part: str, type_: str
) -> None:
    for where in ("containers", "initContainers"):
        spec: Inputs = {"containers": [CONTAINER], where: [{**CONTAINER, **container}]}
        messages = verdict(rule, type_, within(type_, spec)).violations
        assert any(part in message and where in message for message in messages)


@pytest.mark.parametrize("type_", PROBED)
@pytest.mark.parametrize("probe", ["readinessProbe", "livenessProbe"])
def test_a_container_without_a_probe_is_found(type_: str, probe: str) -> None:
    spec: Inputs = {"containers": [{k: v for k, v in CONTAINER.items() if k != probe}]}
    (message,) = verdict("container-probes", type_, within(type_, spec)).violations
    assert f"containers[0].{probe} is not set" in message


def test_each_safeguard_is_needed_by_itself() -> None:
    whole = within(DEPLOYMENT, pod())
    guards = [place for place, _ in places(whole) if "securityContext" in place[:-1]]
    leaves = [p for p in guards if p[-1] not in ("capabilities", "seccompProfile", 0)]
    assert len(leaves) == 5
    for place in leaves:
        assert len(
            verdict("container-confined", DEPLOYMENT, replaced(whole, place, None)).violations
        )
        assert verdict("container-confined", DEPLOYMENT, replaced(whole, place, UNKNOWN)).undecided


def test_a_pod_may_speak_for_its_containers() -> None:
    spec = pod(
        securityContext={
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    )
    assert len(verdict("container-confined", DEPLOYMENT, within(DEPLOYMENT, spec)).violations) == 2
    spec["securityContext"] = {
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert verdict("container-confined", DEPLOYMENT, within(DEPLOYMENT, spec)).passed


@pytest.mark.parametrize(
    ("image", "passes"),
    [
        ("orders:1.2", True),
        ("orders@sha256:" + "0a" * 32, True),
        ("host:5000/orders:1.2@sha256:" + "0a" * 32, True),
        ("orders", False),
        ("orders:latest", False),
        ("host:5000/orders", False),
        ("host:5000/orders:latest", False),
    ],
)
def test_an_image_says_its_version(image: str, *, passes: bool) -> None:
    inputs = within(DEPLOYMENT, pod(image=image))
    assert verdict("image-versioned", DEPLOYMENT, inputs).passed is passes


SHARED: tuple[Inputs, ...] = (
    {"hostNetwork": True},
    {"hostPID": True},
    {"hostIPC": True},
    {"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "n", "hostPath": {"path": "/"}}]},
)


@pytest.mark.parametrize("spec", SHARED)
def test_a_pod_has_nothing_of_its_node(spec: Inputs) -> None:
    assert len(verdict("no-host-access", DEPLOYMENT, within(DEPLOYMENT, spec)).violations) == 1


def test_other_types_are_not_looked_at() -> None:
    assert all(type_.startswith("kubernetes:") for type_ in CONFINED)
    assert verdict("container-confined", "kubernetes:core/v1:Service", {"spec": {}}).passed
