"""Who in the cluster may connect to Elasticsearch and Kibana."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.search.elasticsearch_namespaces import OPERATOR_NAMESPACE, Namespaces
from components.search.elasticsearch_resources import elasticsearch_labels, kibana_labels

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Kubernetes itself puts it on every namespace."""

REST, TRANSPORT, KIBANA = 9200, 9300, 5601

Peers = list[kubernetes.networking.v1.NetworkPolicyPeerArgsDict]


def make_network_policies(
    inside: Inside, namespaces: Namespaces, *, clients: Sequence[str]
) -> list[pulumi.Resource]:
    """Create the policies: nobody but whom they name gets in.

    :param clients: namespaces whose pods may connect.
    """
    own: Peers = [{"pod_selector": {}}]
    named: Peers = [*own, *(_namespace(client) for client in sorted(clients))]
    operator = _namespace(OPERATOR_NAMESPACE)
    return [
        _policy(inside, namespaces, "closed", {}, []),
        _policy(
            inside,
            namespaces,
            "elasticsearch",
            elasticsearch_labels(),
            [
                {"from_": [*named, operator], "ports": [_port(REST)]},
                {"from_": own, "ports": [_port(TRANSPORT)]},
            ],
        ),
        _policy(
            inside,
            namespaces,
            "kibana",
            kibana_labels(),
            [{"from_": named, "ports": [_port(KIBANA)]}],
        ),
    ]


def make_kibana_budget(inside: Inside, namespaces: Namespaces) -> pulumi.Resource:
    """Create Kibana's disruption budget; ECK gives Elasticsearch one, but not Kibana."""
    return kubernetes.policy.v1.PodDisruptionBudget(
        f"{inside.scope.name}-kibana",
        metadata={"namespace": namespaces.search},
        spec={"max_unavailable": 1, "selector": {"match_labels": kibana_labels()}},
        opts=inside.own,
    )


def _policy(
    inside: Inside,
    namespaces: Namespaces,
    suffix: str,
    pods: dict[str, str],
    ingress: list[kubernetes.networking.v1.NetworkPolicyIngressRuleArgsDict],
) -> pulumi.Resource:
    return kubernetes.networking.v1.NetworkPolicy(
        f"{inside.scope.name}-{suffix}-access",
        metadata={"namespace": namespaces.search},
        spec={
            "pod_selector": {"match_labels": pods} if pods else {},
            "policy_types": ["Ingress"],
            "ingress": ingress,
        },
        opts=inside.own,
    )


def _namespace(name: str) -> kubernetes.networking.v1.NetworkPolicyPeerArgsDict:
    return {"namespace_selector": {"match_labels": {NAMESPACE_LABEL: name}}}


def _port(number: int) -> kubernetes.networking.v1.NetworkPolicyPortArgsDict:
    return {"port": number, "protocol": "TCP"}
