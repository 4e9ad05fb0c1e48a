"""What AWS itself says can't be changed replaces in the simulated cloud too.

`simulator/aws/create-only.csv` is derived from `createOnlyProperties` in CloudFormation's schemas
of 2026-10-20, as cfn-lint 1.58.0 has them for eu-west-1: those of the modelled types whose
properties the provider has as well, by their names there.
"""

import csv

import pytest

from simulator.cloud.core import Cloud
from simulator.cloud.registry import models
from simulator.cloud.schema import resource_schema
from simulator.workspace import ROOT
from stacks.guard import GUARDED

ROWS = list(csv.DictReader((ROOT / "simulator" / "aws" / "create-only.csv").open()))

IN_PLACE = {
    ("aws:ec2/routeTableAssociation:RouteTableAssociation", "routeTableId"): (
        "ReplaceRouteTableAssociation"
    ),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "dnsOptions.privateDnsPreference"): "ModifyVpcEndpoint",
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "dnsOptions.privateDnsSpecifiedDomains"): (
        "ModifyVpcEndpoint"
    ),
    ("aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "credentialArn"): (
        "UpdatePullThroughCacheRule"
    ),
    ("aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "customRoleArn"): (
        "UpdatePullThroughCacheRule"
    ),
    ("aws:msk/serverlessCluster:ServerlessCluster", "tags"): "TagResource",
}
"""What CloudFormation does not change though AWS has a call that does."""

WITHOUT = frozenset(
    {
        "aws:cloudfront/distribution:Distribution",
        "aws:cognito/userPool:UserPool",
        "aws:kms/key:Key",
    }
)
"""Types of which CloudFormation changes everything, or says nothing."""


def replaces(type_: str, path: str) -> bool:
    """Tell whether the simulated cloud replaces a resource when a property of it changes."""
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    old: dict[str, object] = before
    new: dict[str, object] = after
    *above, last = path.split(".")
    for step in above:
        old[step], new[step] = deeper_old, deeper_new = {}, {}
        old, new = deeper_old, deeper_new
    old[last], new[last] = "before", "after"
    return bool(Cloud().compare(type_, before, after).replaces)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['type']}.{row['property']}" for row in ROWS])
def test_what_can_not_be_changed_is_replaced(row: dict[str, str]):
    type_, path = row["type"], row["property"]
    schema = resource_schema(type_)
    assert schema is not None
    assert path.split(".")[0] in schema.inputs
    assert replaces(type_, path) is ((type_, path) not in IN_PLACE)


def test_the_exceptions_are_in_the_table_and_each_stateful_type_is():
    assert {(row["type"], row["property"]) for row in ROWS} >= IN_PLACE.keys()
    modelled = {type_ for type_ in GUARDED if type_ in models()}
    assert modelled - {row["type"] for row in ROWS} == WITHOUT


def test_what_can_be_changed_is_not_replaced():
    assert not replaces("aws:ec2/vpc:Vpc", "enableDnsSupport")
    assert not replaces("aws:msk/cluster:Cluster", "brokerNodeGroupInfo.instanceType")
