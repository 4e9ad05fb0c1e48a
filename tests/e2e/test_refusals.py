"""What the API server refuses, the user is told, and nothing is done."""

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from simulator.errors import SimulatorError
from tests.e2e.objects import managed
from tests.e2e.platform import Platform

CERTIFICATES = "/apis/cert-manager.io/v1/namespaces/services/certificates"
NETWORK_POLICIES = "/apis/networking.k8s.io/v1/namespaces/services/networkpolicies"


def _forged(provider: kubernetes.Provider) -> object:
    """Ask for an identity of Linkerd's, from a namespace that must not have one."""
    return kubernetes.apiextensions.CustomResource(
        "forged",
        api_version="cert-manager.io/v1",
        kind="Certificate",
        metadata={"name": "forged", "namespace": "services"},
        spec={
            "secretName": "forged",
            "dnsNames": ["orders.services.serviceaccount.identity.linkerd.cluster.local"],
            "issuerRef": {"name": "linkerd-identity-issuer-a", "kind": "ClusterIssuer"},
        },
        opts=pulumi.ResourceOptions(provider=provider),
    )


def _impossible(provider: kubernetes.Provider) -> object:
    """Allow traffic to a port that there is not."""
    return kubernetes.networking.v1.NetworkPolicy(
        "impossible",
        metadata={"name": "impossible", "namespace": "services"},
        spec={"pod_selector": {}, "egress": [{"ports": [{"port": 70000}]}]},
        opts=pulumi.ResourceOptions(provider=provider),
    )


@pytest.mark.usefixtures("deployed")
def test_admission_refuses_and_its_reason_reaches_the_user(platform: Platform):
    before = managed(platform.state())
    with pytest.raises(SimulatorError) as refused:
        platform.up(_forged)
    said = str(refused.value)
    assert said.startswith("forged: ")
    assert "only certificates in namespace linkerd may be signed by Linkerd's trust" in said
    assert managed(platform.state()) == before
    assert not platform.api.has(f"{CERTIFICATES}/forged")


@pytest.mark.usefixtures("deployed")
def test_what_can_not_be_is_refused_in_the_preview(platform: Platform):
    before = platform.state()
    with pytest.raises(SimulatorError) as refused:
        platform.up(_impossible)
    said = str(refused.value)
    assert said.startswith("impossible: ")
    assert "spec.egress[0].ports[0].port" in said
    assert "must be between 1 and 65535" in said
    assert platform.state() == before
    assert not platform.api.has(f"{NETWORK_POLICIES}/impossible")
