"""The simulated cloud's core: what it refuses, how it names, what it replaces, what it keeps."""

from pathlib import Path
from typing import cast

import pytest

from simulator.cloud.core import CLUSTER, Cloud, CloudError
from simulator.cloud.faults import Fault, Faults
from simulator.cloud.inventory import Inventory
from simulator.cloud.real import Real
from simulator.cloud.registry import invokes, model_of, models
from simulator.cloud.schema import resource_schema
from simulator.cloud.values import UNKNOWN, differences, from_struct, to_struct
from simulator.providers import PACKAGES, serve

VPC, SUBNET, ROLE = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:iam/role:Role"
TRUST = '{"Statement": [], "Version": "2012-10-17"}'


def refused(type_: str, inputs: dict[str, object], name: str = "it") -> list[str]:
    _, problems = Cloud().check(type_, name, inputs)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("type_", "inputs", "expected"),
    [
        (
            VPC,
            {"cidrBlok": "10.0.0.0/16"},
            "cidrBlok: is not a property; did you mean 'cidrBlock'?",
        ),
        (VPC, {"cidrBlock": 1}, "cidrBlock: is a number, must be a string"),
        (VPC, {"enableDnsSupport": "yes"}, "enableDnsSupport: is a string, must be true or false"),
        (VPC, {"tags": {"a": 1}}, "tags.a: is a number, must be a string"),
        (SUBNET, {}, "vpcId: is required"),
        (
            "aws:eks/cluster:Cluster",
            {"roleArn": "x", "vpcConfig": {}},
            "vpcConfig.subnetIds: is required",
        ),
        (
            "aws:eks/cluster:Cluster",
            {
                "roleArn": "x",
                "vpcConfig": {"subnetIds": ["a", "b"]},
                "upgradePolicy": {"supportType": "BASIC"},
            },
            "upgradePolicy.supportType: 'BASIC' is not one of STANDARD, EXTENDED",
        ),
        (ROLE, {"assumeRolePolicy": "{"}, "assumeRolePolicy: MalformedPolicyDocument: is not JSON"),
        (
            ROLE,
            {"assumeRolePolicy": TRUST, "name": "a b"},
            "name: 'a b' does not match [\\w+=,.@-]+",
        ),
        (
            "kubernetes:core/v1:Namespace",
            {"metadata": {"name": "Upper"}},
            "metadata.name: 'Upper' is not a valid name",
        ),
        (
            "kubernetes:apps/v1:Deployment",
            {"spec": {"replicas": "3", "selector": {}, "template": {}}},
            "spec.replicas: is a string, must be a whole number",
        ),
    ],
)
def test_what_the_real_cloud_refuses_is_refused(
    type_: str, inputs: dict[str, object], expected: str
):
    assert any(expected in problem for problem in refused(type_, inputs)), refused(type_, inputs)


def test_values_that_are_not_known_yet_are_not_judged():
    assert refused(SUBNET, {"vpcId": UNKNOWN, "cidrBlock": UNKNOWN, "tags": UNKNOWN}) == []


def test_a_list_that_is_partly_known_is_not_counted():
    def cluster(subnets: list[object]) -> list[str]:
        vpc = {"subnetIds": subnets, "endpointPrivateAccess": True}
        role = "arn:aws:iam::123456789012:role/r"
        return refused("aws:eks/cluster:Cluster", {"roleArn": role, "vpcConfig": vpc})

    assert cluster(["subnet-1", UNKNOWN]) == []
    assert any("two or more zones" in problem for problem in cluster(["subnet-1"]))


def test_a_name_is_invented_once_and_kept():
    cloud = Cloud()
    first, _ = cloud.check(ROLE, "role", {"assumeRolePolicy": TRUST}, seed=b"1")
    again, _ = cloud.check(ROLE, "role", {"assumeRolePolicy": TRUST}, olds=first, seed=b"2")
    other, _ = cloud.check(ROLE, "role", {"assumeRolePolicy": TRUST}, seed=b"2")
    assert str(first["name"]).startswith("role-")
    assert len(str(first["name"])) == len("role-") + 7
    assert again["name"] == first["name"] != other["name"]


def test_a_logical_name_too_long_for_the_service_is_refused():
    problems = refused(ROLE, {"assumeRolePolicy": TRUST}, name="r" * 60)
    assert problems == [f"name: {'r' * 60!r} is too long to name it; at most 56 allowed"]


def test_ids_are_of_the_real_shape_repeatable_and_new_after_a_delete():
    def create(cloud: Cloud) -> str:
        return cloud.create(VPC, "urn:v", "v", {"cidrBlock": "10.0.0.0/16"})[0]

    cloud = Cloud()
    first = create(cloud)
    assert create(Cloud()) == first
    cloud.delete(VPC, first, {})
    assert create(cloud) != first


def test_a_preview_creates_nothing_and_knows_no_computed_output():
    cloud = Cloud()
    id_, outputs = cloud.create(VPC, "urn:v", "v", {"cidrBlock": "10.0.0.0/16"}, preview=True)
    assert (id_, outputs["cidrBlock"], outputs["arn"]) == ("", "10.0.0.0/16", UNKNOWN)
    assert cloud.inventory.alive() == []


@pytest.mark.parametrize(
    ("type_", "old", "new", "replaces"),
    [
        (VPC, {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.1.0.0/16"}, ["cidrBlock"]),
        (VPC, {"tags": {"a": "1"}}, {"tags": {"a": "2"}}, []),
        (
            "kubernetes:core/v1:Namespace",
            {"metadata": {"name": "a"}},
            {"metadata": {"name": "b"}},
            ["metadata.name"],
        ),
        (
            "kubernetes:apps/v1:Deployment",
            {"spec": {"selector": {"matchLabels": {"app": "a"}}}},
            {"spec": {"selector": {"matchLabels": {"app": "b"}}}},
            ["spec.selector.matchLabels.app"],
        ),
    ],
)
def test_only_what_can_not_be_changed_in_place_replaces(
    type_: str, old: dict[str, object], new: dict[str, object], replaces: list[str]
):
    found = Cloud().compare(type_, old, new)
    assert found.replaces == replaces
    assert found.differences
    assert Cloud().compare(type_, old, old).differences == []


def test_what_is_used_can_not_be_deleted():
    cloud = Cloud()
    vpc, _ = cloud.create(VPC, "urn:v", "v", {})
    subnet, _ = cloud.create(SUBNET, "urn:s", "s", {"vpcId": vpc})
    with pytest.raises(CloudError, match=r"DependencyViolation: .* is still used by urn:s"):
        cloud.delete(VPC, vpc, {})
    cloud.delete(SUBNET, subnet, {})
    cloud.delete(VPC, vpc, {})
    assert cloud.inventory.alive() == []


def test_what_is_gone_can_not_be_used():
    cloud = Cloud()
    vpc, _ = cloud.create(VPC, "urn:v", "v", {})
    cloud.delete(VPC, vpc, {})
    with pytest.raises(CloudError, match="NotFound: vpc-"):
        cloud.create(SUBNET, "urn:s", "s", {"vpcId": vpc})
    existing = {"vpcId": "vpc-0123456789abcdef0"}
    assert cloud.create(SUBNET, "urn:s", "s", existing)[0].startswith("subnet-")


def test_deletion_protection_is_enforced():
    cloud = Cloud()
    id_, state = cloud.create(
        "aws:dynamodb/table:Table", "u", "t", {"deletionProtectionEnabled": True, "name": "t"}
    )
    with pytest.raises(CloudError, match="has deletionProtectionEnabled on"):
        cloud.delete("aws:dynamodb/table:Table", id_, state)
    cloud.delete("aws:dynamodb/table:Table", id_, {**state, "deletionProtectionEnabled": False})
    assert cloud.inventory.alive() == []


def test_a_name_in_use_is_refused():
    cloud = Cloud()
    cloud.create(ROLE, "urn:1", "r", {"name": "r", "assumeRolePolicy": TRUST})
    with pytest.raises(CloudError, match="AlreadyExists"):
        cloud.create(ROLE, "urn:2", "r", {"name": "r", "assumeRolePolicy": TRUST})


def test_a_fault_strikes_exactly_once():
    cloud = Cloud(faults=Faults((Fault(VPC, 2),)))
    cloud.create(VPC, "urn:1", "a", {})
    with pytest.raises(CloudError, match="as --fault asked"):
        cloud.create(VPC, "urn:2", "b", {})
    assert cloud.create(VPC, "urn:2", "b", {})[0].startswith("vpc-")


@pytest.mark.parametrize("text", ["", "aws:ec2/vpc:Vpc", "aws:ec2/vpc:Vpc:0", "Vpc:1", "a:b:c:x"])
def test_a_wrong_fault_says_how_to_write_one(text: str):
    with pytest.raises(ValueError, match="write TYPE:N"):
        Fault.parse(text)


def test_the_cloud_outlives_the_process_in_its_journal(tmp_path: Path):
    journal = tmp_path / "cloud.jsonl"
    cloud = Cloud(inventory=Inventory(journal))
    vpc, _ = cloud.create(VPC, "urn:v", "v", {"cidrBlock": "10.0.0.0/16"})
    reopened = Inventory(journal)
    assert reopened.find(vpc) == cloud.inventory.find("urn:v")
    assert reopened.generation("urn:v") == 1


def test_an_unknown_function_is_refused_by_name():
    with pytest.raises(CloudError, match="cannot answer aws:x/y:z"):
        Cloud().invoke("aws:x/y:z", {})
    assert "aws:index/getRegion:getRegion" in invokes()


@pytest.mark.parametrize("type_", sorted(models()))
def test_every_model_speaks_of_properties_that_the_sdk_knows(type_: str):
    schema = resource_schema(type_)
    if type_.startswith("pulumi:") or schema is None:
        assert type_.startswith(("pulumi:", "kubernetes:"))
        return
    model = model_of(type_)
    known = set(schema.inputs)
    assert {path.split(".")[0] for path in model.replaces} <= known, type_
    assert model.autoname is None or model.autoname.property in known
    assert model.guards_deletion is None or model.guards_deletion in known
    assert model.seconds.source


def test_values_survive_the_wire():
    values: dict[str, object] = {"a": 1, "b": 1.5, "c": True, "d": ["x", {"e": "y"}], "f": UNKNOWN}
    assert from_struct(to_struct({**values, "none": None})) == values


def test_differences_name_the_deepest_path():
    old = {"a": {"b": [1, 2]}, "tags": {"x.y": "1"}, "gone": 1}
    new = {"a": {"b": [1, 3, 4]}, "tags": {"x.y": "2"}, "new": 1}
    found = {(d.path, d.change.value) for d in differences(old, new)}
    assert found == {
        ("a.b[1]", "updated"),
        ("a.b[2]", "added"),
        ('tags["x.y"]', "updated"),
        ("gone", "deleted"),
        ("new", "added"),
    }


def test_what_the_cloud_put_into_an_input_outlives_an_update():
    cloud = Cloud("eu-west-1")
    type_, urn = "aws:eks/cluster:Cluster", "urn:pulumi:s::p::aws:eks/cluster:Cluster::c"
    inputs: dict[str, object] = {
        "roleArn": "arn:aws:iam::123456789012:role/r",
        "vpcConfig": {"subnetIds": ["subnet-1"], "endpointPublicAccess": False},
    }
    id_, state = cloud.create(type_, urn, "c", inputs)
    group = cast("dict[str, object]", state["vpcConfig"])["clusterSecurityGroupId"]
    assert group
    changed = {**inputs, "vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]}}
    for preview in (True, False):
        after = cloud.update(type_, urn, id_, state, changed, preview=preview)
        vpc = cast("dict[str, object]", after["vpcConfig"])
        assert vpc["clusterSecurityGroupId"] == group
        assert vpc["subnetIds"] == ["subnet-1", "subnet-2"]
        assert "endpointPublicAccess" not in vpc


CONFIG_MAP = "kubernetes:core/v1:ConfigMap"


def test_an_object_that_the_program_names_goes_before_there_is_another_of_its_name():
    cloud = Cloud()
    named = {"metadata": {"name": "settings", "namespace": "a"}, "data": {"a": "1"}}
    changed = cloud.compare(CONFIG_MAP, named, {**named, "data": {"a": "2"}})
    assert (changed.replaces, changed.delete_before_replace) == (["data.a"], True)
    moved = cloud.compare(CONFIG_MAP, named, {**named, "metadata": {"name": "b", "namespace": "a"}})
    assert (moved.replaces, moved.delete_before_replace) == (["metadata.name"], False)
    autonamed, _ = cloud.check(CONFIG_MAP, "settings", {"data": {"a": "1"}})
    other, _ = cloud.check(CONFIG_MAP, "settings", {"data": {"a": "2"}}, olds=autonamed)
    assert not cloud.compare(CONFIG_MAP, autonamed, other).delete_before_replace


def test_a_simulated_resource_says_what_is_real_behind_it_and_keeps_saying_so():
    here = {"endpoint": "https://127.0.0.1:6443"}
    cloud = Cloud(real=Real(outputs={CLUSTER: here}))
    inputs: dict[str, object] = {"roleArn": "r", "vpcConfig": {"subnetIds": ["a", "b"]}}
    id_, state = cloud.create(CLUSTER, "urn", "c", inputs)
    assert state["endpoint"] == here["endpoint"]
    assert cast("str", state["arn"]).startswith("arn:aws:eks:")
    tagged = {**inputs, "tags": {"a": "b"}}
    after = cloud.update(CLUSTER, "urn", id_, state, tagged, preview=False)
    assert after["endpoint"] == here["endpoint"]


def test_only_packages_that_are_not_real_have_stand_ins():
    with serve(Cloud(real=Real(frozenset({"kubernetes"})))) as attached:
        served = {pair.split(":")[0] for pair in attached.split(",")}
    assert served == {"aws", "random"} == set(PACKAGES) - {"kubernetes"}
