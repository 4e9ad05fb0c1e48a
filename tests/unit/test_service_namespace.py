"""The namespace of services: closed, meshed, bounded."""

import functools
import json
from collections.abc import Mapping
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components._base.errors import InvalidInput
from components.service import ServiceNamespace, ServiceNamespaceArgs
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, build

Json = Mapping[str, object]


@functools.cache
def made() -> Recorder[ServiceNamespace]:
    return make(search_ca="search/elasticsearch-es-http-certs-public")


def make(**given: object) -> Recorder[ServiceNamespace]:
    def program() -> ServiceNamespace:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        mesh = kubernetes.core.v1.Namespace("mesh", metadata={"name": "linkerd"})
        opts = pulumi.ResourceOptions(deleted_with=cluster)
        args = cast("ServiceNamespaceArgs", {"requires": [mesh.urn], **given})
        return ServiceNamespace("services", args, opts)

    return build(program)


def test_pods_are_restricted_and_meshed_and_routes_are_let_in():
    namespace = made().named("services-services-namespace")
    metadata = cast("Mapping[str, Json]", namespace.inputs["metadata"])
    assert metadata["name"] == "services"
    assert metadata["annotations"] == {"linkerd.io/inject": "enabled"}
    labels = metadata["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert labels["fastapi-platform/gateway-routes"] == "allowed"


def test_it_is_closed_but_for_names_and_the_mesh():
    policies = made().all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    names = [cast("Json", policy.inputs["metadata"])["name"] for policy in policies]
    assert sorted(cast("list[str]", names)) == ["closed", "dns", "mesh"]


def test_prometheus_and_nobody_else_reads_the_proxies_metrics():
    policy = made().named("services-services-mesh")
    spec = cast("Mapping[str, list[Mapping[str, list[Json]]]]", policy.inputs["spec"])
    metrics = {"port": 4191, "protocol": "TCP"}
    [rule] = [rule for rule in spec["ingress"] if metrics in rule["ports"]]
    label = {"kubernetes.io/metadata.name": "observability"}
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": label}}]


def test_what_its_pods_ask_for_is_bounded():
    quota = cast("Json", made().one("kubernetes:core/v1:ResourceQuota").inputs["spec"])
    assert quota["hard"] == {"requests.cpu": "100", "requests.memory": "400Gi", "pods": "1000"}


def test_it_is_ready_when_it_is_closed_and_the_mesh_is_there():
    assert made().output(made().result.ready) == "services"
    assert made().output(made().result.search_ca_secret) == "search-ca"
    bare = make()
    assert bare.output(bare.result.search_ca_secret) == ""
    assert bare.none("kubernetes:external-secrets.io/v1:ExternalSecret")


def test_the_search_engine_s_authority_is_copied_by_who_may_read_that_one_secret():
    role = made().one("kubernetes:rbac.authorization.k8s.io/v1:Role")
    assert cast("Json", role.inputs["metadata"])["namespace"] == "search"
    assert role.inputs["rules"] == [
        {
            "apiGroups": [""],
            "resources": ["secrets"],
            "verbs": ["get"],
            "resourceNames": ["elasticsearch-es-http-certs-public"],
        }
    ]
    store = made().one("kubernetes:external-secrets.io/v1:SecretStore")
    assert '"remoteNamespace": "search"' in json.dumps(store.inputs["spec"])
    copy = made().one("kubernetes:external-secrets.io/v1:ExternalSecret")
    assert made().comes_after(copy, store)
    binding = made().one("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")
    assert made().comes_after(store, binding)


def test_all_of_it_goes_with_the_cluster():
    """Field report 10."""
    cluster = made().named("eks").urn
    own = [r for r in made().resources if r.type.startswith("kubernetes:") and r.parent]
    assert len(own) > 8
    assert {resource.deleted_with for resource in own} == {cluster}


def test_wrong_input_is_refused():
    with pytest.raises(InvalidInput, match=r"namespace.*small letters"):
        make(namespace="Services")


@needs_crds
@pytest.mark.parametrize(
    ("kind", "definition"),
    [
        ("SecretStore", "secretstores.external-secrets.io"),
        ("ExternalSecret", "externalsecrets.external-secrets.io"),
    ],
)
def test_custom_resources_are_as_their_definitions_say(kind: str, definition: str):
    found = made().all(f"kubernetes:external-secrets.io/v1:{kind}")
    assert found
    assert [crd_problems(definition, resource.inputs) for resource in found] == [[]] * len(found)
