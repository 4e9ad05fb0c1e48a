"""Karpenter's half in AWS: who may do what, and which events reach it."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws

from components._base.place import place_of
from components._base.scope import Scope
from components.cluster.karpenter import Karpenter, make_karpenter
from tests.harness import Recorder, build

NO_RESOURCE_LEVEL = {"DescribeRegion", "ReadPrices", "ListProfiles"}
"""Statements of actions that take no resource, by AWS's own service authorization reference."""

TAG_FREE = {"LaunchFrom", "ReadProfiles", "ReadInterruptions", "FindCluster", "FindImages"}
"""Statements whose resources say enough, or that only read."""


class Holder(pulumi.ComponentResource):
    karpenter: Karpenter

    def __init__(self) -> None:
        super().__init__("test:index:Holder", "holder", {})
        own = pulumi.ResourceOptions(parent=self)
        cluster = aws.eks.Cluster(
            "cluster", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}, opts=own
        )
        scope = Scope("cluster", parent=self, tags={"owner": "me"}, protect=False)
        self.karpenter = make_karpenter(scope, cluster=cluster, place=place_of(self))
        self.register_outputs({})


@functools.cache
def built() -> Recorder[Holder]:
    return build(Holder)


def policy(type_: str, key: str, name: str | None = None) -> Mapping[str, Mapping[str, object]]:
    text = str(built().one(type_, name).inputs[key])
    statements = cast("list[Mapping[str, object]]", json.loads(text)["Statement"])
    return {str(statement["Sid"]): statement for statement in statements}


def controller() -> Mapping[str, Mapping[str, object]]:
    return policy("aws:iam/rolePolicy:RolePolicy", "policy")


def test_no_action_is_a_wildcard():
    actions = [a for s in controller().values() for a in cast("Sequence[str]", s["Action"])]
    assert len(actions) > 30
    assert [action for action in actions if "*" in action] == []


def test_only_what_knows_no_resource_is_allowed_on_all():
    wide = {sid for sid, s in controller().items() if "*" in cast("Sequence[str]", s["Resource"])}
    assert wide == NO_RESOURCE_LEVEL


def test_every_change_is_tied_to_the_cluster():
    tied = set(controller()) - NO_RESOURCE_LEVEL - TAG_FREE
    assert len(tied) == 9
    for sid in sorted(tied):
        condition = json.dumps(controller()[sid]["Condition"])
        assert "kubernetes.io/cluster/blue" in condition or sid == "PassNodeRole", sid


def test_only_the_node_role_can_be_passed_and_only_to_ec2():
    statement = controller()["PassNodeRole"]
    (arn,) = cast("list[str]", statement["Resource"])
    assert ":role/cluster-karpenter-node-role-" in arn
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}


def test_the_controller_has_its_role_by_pod_identity():
    association = built().one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["namespace"] == "kube-system"
    assert association.inputs["serviceAccount"] == "karpenter"
    assert ":role/cluster-karpenter-role-" in str(association.inputs["roleArn"])
    role = built().one("aws:iam/role:Role", "cluster-karpenter-role")
    assert '"pods.eks.amazonaws.com"' in str(role.inputs["assumeRolePolicy"])


def test_its_nodes_may_join_the_cluster():
    entry = built().one("aws:eks/accessEntry:AccessEntry")
    assert entry.inputs["type"] == "EC2_LINUX"
    assert ":role/cluster-karpenter-node-role-" in str(entry.inputs["principalArn"])
    attached = [
        str(r.inputs["policyArn"]).rsplit("/", 1)[-1]
        for r in built().all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    ]
    assert sorted(attached) == [
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKSWorkerNodeMinimalPolicy",
    ]


def test_the_queue_is_encrypted_short_lived_and_filled_by_its_rules_only():
    queue = built().one("aws:sqs/queue:Queue")
    assert queue.inputs["sqsManagedSseEnabled"] is True
    assert queue.inputs["messageRetentionSeconds"] == 300
    statements = policy("aws:sqs/queuePolicy:QueuePolicy", "policy")
    sources = cast("Mapping[str, Mapping[str, list[str]]]", statements["Events"]["Condition"])
    assert len(sources["ArnEquals"]["aws:SourceArn"]) == 4
    assert statements["TlsOnly"]["Effect"] == "Deny"


def test_the_four_kinds_of_interruption_reach_the_queue():
    rules = built().all("aws:cloudwatch/eventRule:EventRule")
    kinds = [json.loads(str(rule.inputs["eventPattern"]))["detail-type"][0] for rule in rules]
    assert kinds == [
        "AWS Health Event",
        "EC2 Instance Rebalance Recommendation",
        "EC2 Spot Instance Interruption Warning",
        "EC2 Instance State-change Notification",
    ]
    targets = built().all("aws:cloudwatch/eventTarget:EventTarget")
    assert len(targets) == 4
    assert {str(t.inputs["arn"]).split(":")[2] for t in targets} == {"sqs"}


def test_everything_is_tagged():
    taggable = [r for r in built().resources if "tags" in r.inputs]
    assert len(taggable) == 9
    assert all(cast("Mapping[str, str]", r.inputs["tags"])["owner"] == "me" for r in taggable)
