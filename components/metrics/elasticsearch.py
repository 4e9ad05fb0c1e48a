"""How Elasticsearch is: an exporter beside it, which logs in as its user `monitoring`."""

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.addons.kit import SYSTEM_PRIORITY, resources
from components.addons.network_policies import NAMESPACE_LABEL
from components.charts import Values, release
from components.charts.catalog import ELASTICSEARCH_EXPORTER
from components.metrics.args import ElasticsearchMetricsArgs
from components.metrics.names import ON_SYSTEM_NODES, POD_LABEL

EXPORTER, PORT = "elasticsearch-exporter", 9108

CA = "/ca"

LEFT_OUT = ("indices", "indices_mappings", "indices_settings", "shards", "snapshots")
"""Figures of each index and shard: as many as there are, while those of the nodes say enough."""


def exporter_values(
    endpoint: pulumi.Input[str], ca_secret: pulumi.Input[str], user_secret: pulumi.Input[str]
) -> Values:
    """Return the values of the chart."""
    login = {"ES_USERNAME": "username", "ES_PASSWORD": "password"}
    return {
        "es": {
            "uri": endpoint,
            # Of all nodes, not only of the one that answers.
            "all": True,
            **dict.fromkeys(LEFT_OUT, False),
            "ssl": {
                "enabled": True,
                "useExistingSecrets": True,
                "ca": {"path": f"{CA}/ca.crt"},
                "client": {"enabled": False},
            },
        },
        "secretMounts": [{"name": "ca", "secretName": ca_secret, "path": CA}],
        "extraEnvSecrets": {
            name: {"secret": user_secret, "key": key} for name, key in login.items()
        },
        "serviceAccount": {
            "create": True,
            "name": EXPORTER,
            "automountServiceAccountToken": False,
        },
        "podLabels": {POD_LABEL: EXPORTER},
        **ON_SYSTEM_NODES,
        "priorityClassName": SYSTEM_PRIORITY,
        "resources": resources("20m", "48Mi", "128Mi"),
        "log": {"format": "json"},
        "serviceMonitor": {"enabled": True, "interval": "30s"},
    }


def make_exporter(
    inside: Inside,
    args: ElasticsearchMetricsArgs,
    *,
    reader: pulumi.Input[str],
    mirror: str,
    after: pulumi.Resource,
) -> None:
    """Install the exporter, and let Prometheus in.

    :param reader: namespace of Prometheus.
    :param after: what brings the definition of ServiceMonitors along.
    """
    namespace, ca_secret = _parts(args["ca_secret"])
    _, user_secret = _parts(args["monitoring_secret"])
    peer: kubernetes.networking.v1.NetworkPolicyPeerArgsDict = {
        "namespace_selector": {"match_labels": {NAMESPACE_LABEL: reader}}
    }
    access = kubernetes.networking.v1.NetworkPolicy(
        f"{inside.scope.name}-{EXPORTER}-access",
        metadata={"name": EXPORTER, "namespace": namespace},
        spec={
            "pod_selector": {"match_labels": {POD_LABEL: EXPORTER}},
            "policy_types": ["Ingress"],
            "ingress": [{"from_": [peer], "ports": [{"port": PORT, "protocol": "TCP"}]}],
        },
        opts=inside.own,
    )
    release(
        inside,
        ELASTICSEARCH_EXPORTER,
        namespace=namespace,
        values=exporter_values(args["endpoint"], ca_secret, user_secret),
        mirror=mirror,
        depends_on=[access, after],
    )


def _parts(secret: pulumi.Input[str]) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Return the namespace and the name of a secret."""
    given = pulumi.Output.from_input(secret)
    return given.apply(lambda text: text.partition("/")[0]), given.apply(
        lambda text: text.partition("/")[2]
    )
