"""What a `ServiceNamespace` takes: the edge that other languages see."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi


class QuotaArgs(TypedDict):
    """The most that all pods of a namespace may ask for in all, their proxies among them."""

    cpu: NotRequired[int]
    """Cores. Default: 100, what the default node pool may have."""
    memory_gib: NotRequired[int]
    """GiB. Default: 400."""
    pods: NotRequired[int]
    """How many pods there may be. Default: 1000."""


class ServiceNamespaceArgs(TypedDict):
    """Inputs of `ServiceNamespace`."""

    namespace: NotRequired[str]
    """Its name in the cluster. Default: the component's."""
    quota: NotRequired[QuotaArgs]
    """The most that its pods may ask for in all."""
    observability_namespace: NotRequired[str]
    """Namespace that reads the proxies' metrics. Default: `observability`."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of whatever has to be there before pods start in it, e.g. `Mesh.trust_domain`."""
    search_ca: NotRequired[pulumi.Input[str]]
    """Secret with the `ca.crt` of Elasticsearch, as `namespace/name`
    (`ElasticsearchCluster.ca_secret`): a copy is kept here. Default: none."""
