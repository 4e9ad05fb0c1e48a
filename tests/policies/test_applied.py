"""Of an object as a cluster answers it, stack policies see what the program asked for."""

import copy
from typing import Any, cast

from pulumi_policy.proxy import unknown_checking_proxy

from policies.applied import applied
from policies.scaling import HPA
from policies.workloads import DEPLOYMENT
from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict

OURS: Inputs = {
    "f:metadata": {"f:labels": {"f:app": {}}},
    "f:spec": {
        "f:selector": {},
        "f:template": {
            "f:spec": {
                "f:containers": {
                    'k:{"name":"app"}': {
                        ".": {},
                        "f:name": {},
                        "f:args": {},
                        "f:ports": {
                            'k:{"containerPort":8000,"protocol":"TCP"}': {".": {}, "f:name": {}}
                        },
                    }
                },
                "f:finalizers": {'v:"ours"': {}},
            }
        },
    },
}
"""Fields that Pulumi applied, as an API server of Kubernetes 1.36 says it."""

THEIRS: Inputs = {"f:spec": {"f:replicas": {}}, "f:status": {"f:replicas": {}}}


def answered(ours: Inputs = OURS) -> Inputs:
    """Return a Deployment as it comes back: with defaults, and what controllers wrote."""
    port = {"containerPort": 8000, "protocol": "TCP", "name": "http"}
    app = {"name": "app", "args": ["a", "b"], "ports": [port], "imagePullPolicy": "IfNotPresent"}
    injected = {"name": "linkerd-proxy", "image": "proxy"}
    pod = {"containers": [app, injected], "finalizers": ["ours", "theirs"], "dnsPolicy": "Default"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "orders",
            "namespace": "apps",
            "uid": "0b2f0f1e",
            "labels": {"app": "orders", "added": "later"},
            "managedFields": [
                {"manager": "pulumi-kubernetes-3f84f8e4", "operation": "Apply", "fieldsV1": ours},
                {"manager": "kube-controller-manager", "operation": "Update", "fieldsV1": THEIRS},
                {"manager": "another", "operation": "Apply", "fieldsV1": THEIRS},
            ],
        },
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": "orders"}},
            "template": {"spec": pod},
        },
        "status": {"replicas": 1},
    }


def test_what_was_applied_is_told_from_defaults_and_from_what_others_wrote():
    port = {"containerPort": 8000, "protocol": "TCP", "name": "http"}
    asked = applied(unknown_checking_proxy(answered()))
    assert asked["metadata"] == {
        "name": "orders",
        "namespace": "apps",
        "labels": {"app": "orders"},
    }
    assert asked.keys() == {"apiVersion", "kind", "metadata", "spec"}
    spec = cast("dict[str, Any]", asked["spec"])
    assert spec.keys() == {"selector", "template"}
    pod = spec["template"]["spec"]
    (app,) = pod["containers"]
    assert (app["name"], list(app["args"])) == ("app", ["a", "b"])
    assert app.keys() == {"name", "args", "ports"}
    assert app["ports"] == [port]
    assert pod["finalizers"] == ["ours"]


def test_inputs_and_what_is_not_known_stay_as_they_are():
    inputs: Inputs = {"metadata": {"name": "orders"}, "spec": {"replicas": 3}}
    assert applied(inputs) is inputs
    unknown = answered()
    unknown["apiVersion"] = UNKNOWN
    proxied = unknown_checking_proxy(unknown)
    assert applied(proxied) is proxied


def test_a_default_number_of_pods_does_not_contend_with_an_autoscaler():
    target = {"kind": "Deployment", "name": "orders"}
    named: Inputs = {"metadata": {"name": "s", "namespace": "apps"}}
    scaler = (HPA, "s", {**named, "spec": {"scaleTargetRef": target}})
    rule = "autoscaler-present"
    assert stack_verdict(rule, (DEPLOYMENT, "orders", answered()), scaler).passed
    both = cast("dict[str, Any]", copy.deepcopy(OURS))
    both["f:spec"]["f:replicas"] = {}
    # An update applies what it ignores as it is: the number is still the autoscaler's.
    kept = applied(answered(both), ["spec.replicas", "spec.template.no.such", "not.there"])
    assert kept == applied(answered())
    refused = stack_verdict(rule, (DEPLOYMENT, "orders", answered(both)), scaler).violations
    assert ["both replicas and an autoscaler" in message for message in refused] == [True]
