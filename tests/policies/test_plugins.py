"""Plugins of the gateway: of kinds that it loads, there when they are named, and named."""

import pytest

from policies.gateway import CLUSTER_PLUGIN, PLUGIN
from policies.plugins import BUNDLED, RELEASE, USERS
from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict

LOADED, EXISTS, USED = "plugin-loaded", "plugin-exists", "plugin-used"
ROUTE = USERS[0]
Resource = tuple[str, str, Inputs]


def plugin(kind: object = "jwt", name: object = "p", **more: object) -> Resource:
    return (PLUGIN, "p", {"metadata": {"name": name, "namespace": "apps"}, "plugin": kind, **more})


def shared(name: str = "c", **labels: object) -> Resource:
    return (CLUSTER_PLUGIN, "c", {"metadata": {"name": name, "labels": labels}, "plugin": "cors"})


def user(names: object, type_: str = ROUTE, namespace: object = "apps") -> Resource:
    annotations = {"konghq.com/plugins": names}
    metadata = {"name": "it", "namespace": namespace, "annotations": annotations}
    return (type_, "it", {"metadata": metadata})


def filtered(name: object, kind: str = "KongPlugin") -> Resource:
    reference = {"group": "configuration.konghq.com", "kind": kind, "name": name}
    rule = {"filters": [{"type": "ExtensionRef", "extensionRef": reference}]}
    return (ROUTE, "it", {"metadata": {"namespace": "apps"}, "spec": {"rules": [rule]}})


def release(plugins: object, chart: str = "oci://example.com/ingress") -> Resource:
    return kong({"gateway": {"env": {"plugins": plugins}}}, chart)


def kong(values: object, chart: str = "kong") -> Resource:
    return (RELEASE, "kong", {"chart": chart, "values": values})


def test_a_kind_is_one_that_kong_comes_with() -> None:
    for kind in BUNDLED:
        assert stack_verdict(LOADED, plugin(kind)).passed
    (message,) = stack_verdict(LOADED, plugin("rate-limitting")).violations
    assert "is of the kind rate-limitting, which the gateway does not load" in message
    assert stack_verdict(LOADED, plugin(UNKNOWN)).undecided
    assert stack_verdict(LOADED, release("jwt")).passed
    assert stack_verdict(LOADED, plugin("mine"), config={"plugins": ["mine"]}).passed


@pytest.mark.parametrize(
    ("told", "kind", "passes"),
    [
        (release("jwt, cors"), "jwt", True),
        (release("jwt, cors"), "acl", False),
        (release("bundled,mine"), "acl", True),
        (release("bundled,mine"), "mine", True),
        (release("bundled,mine"), "yours", False),
        (release("jwt", "redis"), "acl", True),
        (kong({"env": {"plugins": "jwt"}}), "acl", False),
        (kong({}), "acl", True),
    ],
)
def test_the_release_says_what_is_loaded(told: Resource, kind: str, *, passes: bool) -> None:
    assert stack_verdict(LOADED, plugin(kind), told).passed is passes


def test_a_release_to_come_is_waited_for() -> None:
    assert stack_verdict(LOADED, plugin(), release(UNKNOWN)).undecided
    assert stack_verdict(LOADED, plugin(), kong(UNKNOWN)).undecided


@pytest.mark.parametrize("type_", USERS)
def test_what_is_named_is_there_and_used(type_: str) -> None:
    named = user("p, c", type_)
    assert stack_verdict(EXISTS, named, plugin(), shared()).passed
    assert stack_verdict(USED, named, plugin(), shared()).passed
    (message,) = stack_verdict(EXISTS, user("p,x", type_), plugin()).violations
    assert message.startswith(f"{EXISTS}: {type_} 'it' names the plugin x, which there is not")
    assert stack_verdict(EXISTS, user("p", type_, "other"), plugin()).violations
    assert stack_verdict(EXISTS, user("apps:p", type_, "other"), plugin()).passed
    assert stack_verdict(EXISTS, user("apps:c", type_), shared()).violations
    assert stack_verdict(USED, user("p", type_, "other"), plugin()).violations


def test_filters_name_plugins_too() -> None:
    assert stack_verdict(EXISTS, filtered("p"), plugin()).passed
    assert stack_verdict(USED, filtered("p"), plugin()).passed
    assert stack_verdict(EXISTS, filtered("x"), plugin()).violations
    assert stack_verdict(EXISTS, filtered("x", "Other")).passed
    assert stack_verdict(EXISTS, filtered(UNKNOWN)).undecided


def test_what_nothing_names_does_nothing() -> None:
    assert stack_verdict(USED, plugin()).violations
    assert stack_verdict(USED, shared()).violations
    assert stack_verdict(USED, shared(**{"global": "true"})).passed
    assert stack_verdict(USED, plugin(disabled=True)).passed
    assert stack_verdict(EXISTS, plugin()).passed
    assert stack_verdict(USED, user("p")).passed, "there is no plugin"


def test_what_is_not_known_yet_is_undecided() -> None:
    assert stack_verdict(EXISTS, user(UNKNOWN), plugin()).undecided
    assert stack_verdict(USED, user(UNKNOWN), plugin()).undecided
    assert stack_verdict(EXISTS, user("p"), plugin(name=UNKNOWN)).undecided
    assert stack_verdict(USED, user("p"), plugin(name=UNKNOWN)).undecided
    assert stack_verdict(EXISTS, user("p", namespace=UNKNOWN), plugin()).undecided
    assert stack_verdict(USED, shared(**{"global": UNKNOWN})).undecided


def test_plugins_of_other_stacks_are_named() -> None:
    assert stack_verdict(EXISTS, user("platform:p"), config={"elsewhere": ["platform:p"]}).passed
    assert stack_verdict(USED, plugin(), config={"elsewhere": ["p"]}).passed
