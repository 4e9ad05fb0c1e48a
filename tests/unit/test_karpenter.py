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
from tests.iam_lint import lint

NO_RESOURCE_LEVEL = {"DescribeRegion", "ListProfiles", "ReadPrices", "ReadZonalShift"}
"""Statements of actions that take no resource (or none of our kind), by AWS's own service
authorization reference."""

OWNER, CLUSTER = "kubernetes.io/cluster/blue", "eks:eks-cluster-name"
NODEPOOL, NODECLASS = "karpenter.sh/nodepool", "karpenter.k8s.aws/ec2nodeclass"
REGION = "topology.kubernetes.io/region"


def asked(*tags: str) -> set[str]:
    return {f"aws:RequestTag/{tag}" for tag in tags}


def owned(*tags: str) -> set[str]:
    return {f"aws:ResourceTag/{tag}" for tag in tags}


CONDITIONS = {
    "LaunchFrom": set[str](),
    "LaunchFromOwnTemplates": owned(OWNER, NODEPOOL),
    "LaunchTagged": asked(OWNER, CLUSTER, NODEPOOL),
    "TagAtCreation": asked(OWNER, CLUSTER, NODEPOOL) | {"ec2:CreateAction"},
    "TagOwnInstances": owned(OWNER, NODEPOOL) | asked(CLUSTER) | {"aws:TagKeys"},
    "DeleteOwn": owned(OWNER, NODEPOOL),
    "PassNodeRole": {"iam:PassedToService"},
    "CreateProfiles": asked(OWNER, CLUSTER, REGION, NODECLASS),
    "TagOwnProfiles": asked(OWNER, CLUSTER, REGION, NODECLASS) | owned(OWNER, REGION, NODECLASS),
    "ChangeOwnProfiles": owned(OWNER, REGION, NODECLASS),
    "ReadProfiles": set[str](),
    "ListProfiles": set[str](),
    "DescribeRegion": {"aws:RequestedRegion"},
    "FindImages": set[str](),
    "ReadPrices": set[str](),
    "FindCluster": set[str](),
    "ReadZonalShift": {"arc-zonal-shift:ResourceIdentifier"},
    "ReadInterruptions": set[str](),
}
"""What each statement is conditioned on, as https://karpenter.sh/v1.14/reference/cloudformation/
has it (2026-11). Those without a condition read, or name resources that others own."""

INLINE_POLICY_CHARACTERS = 10_240
"""Of all the inline policies of a role,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11)."""


class Holder(pulumi.ComponentResource):
    karpenter: Karpenter

    def __init__(self, cluster_name: str) -> None:
        super().__init__("test:index:Holder", "holder", {})
        own = pulumi.ResourceOptions(parent=self)
        cluster = aws.eks.Cluster(
            "cluster",
            name=cluster_name,
            role_arn="r",
            vpc_config={"subnet_ids": ["a", "b"]},
            opts=own,
        )
        scope = Scope("cluster", parent=self, tags={"owner": "me"}, protect=False)
        self.karpenter = make_karpenter(scope, cluster=cluster, place=place_of(self))
        self.register_outputs({})


@functools.cache
def built(cluster_name: str = "blue") -> Recorder[Holder]:
    return build(lambda: Holder(cluster_name))


def policy(type_: str, key: str, name: str | None = None) -> Mapping[str, Mapping[str, object]]:
    text = str(built().one(type_, name).inputs[key])
    statements = cast("list[Mapping[str, object]]", json.loads(text)["Statement"])
    return {str(statement["Sid"]): statement for statement in statements}


def controller() -> Mapping[str, Mapping[str, object]]:
    return policy("aws:iam/rolePolicy:RolePolicy", "policy")


def actions(sid: str) -> Sequence[str]:
    return cast("Sequence[str]", controller()[sid]["Action"])


def resources(sid: str) -> Sequence[str]:
    return cast("Sequence[str]", controller()[sid]["Resource"])


def condition_keys(sid: str) -> set[str]:
    conditions = cast("Mapping[str, Mapping[str, object]]", controller()[sid].get("Condition", {}))
    return {key for compared in conditions.values() for key in compared}


def test_no_action_is_a_wildcard():
    every = [action for sid in controller() for action in actions(sid)]
    assert len(every) > 30
    assert [action for action in every if "*" in action] == []


def test_only_what_knows_no_resource_is_allowed_on_all():
    assert {sid for sid in controller() if "*" in resources(sid)} == NO_RESOURCE_LEVEL


def test_every_statement_has_the_conditions_that_karpenter_documents():
    assert {sid: condition_keys(sid) for sid in controller()} == CONDITIONS


def test_nothing_without_the_clusters_tags_can_be_created():
    """A kind of resource that a launch creates must not be admitted untagged by another statement:
    one `Allow` is enough."""
    kinds = {arn.split(":")[-1].split("/")[0] for arn in resources("LaunchTagged")}
    untied = {arn.split(":")[-1].split("/")[0] for arn in resources("LaunchFrom")}
    assert "spot-instances-request" in kinds
    assert kinds & untied == set()
    assert set(resources("TagAtCreation")) == set(resources("LaunchTagged"))


def test_it_may_see_the_health_of_its_nodes():
    """Needed since Karpenter 1.12: the interruption controller asks for it."""
    assert "ec2:DescribeInstanceStatus" in actions("DescribeRegion")


def test_zonal_shifts_of_this_cluster_only_are_seen():
    assert controller()["ReadZonalShift"]["Condition"] == {
        "StringEquals": {
            "arc-zonal-shift:ResourceIdentifier": (
                "arn:aws:eks:eu-west-1:123456789012:cluster/blue"
            )
        }
    }


def test_only_the_node_role_can_be_passed_and_only_to_ec2():
    (arn,) = resources("PassNodeRole")
    assert ":role/cluster-karpenter-node-role-" in arn
    assert controller()["PassNodeRole"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}
    }


def test_the_policy_fits_in_a_role_whatever_the_clusters_name():
    longest = built("b" * 100).one("aws:iam/rolePolicy:RolePolicy")
    assert "b" * 100 in str(longest.inputs["policy"])
    assert len(str(longest.inputs["policy"])) < INLINE_POLICY_CHARACTERS


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
    rules = sources["ArnEquals"]["aws:SourceArn"]
    assert len(rules) == 5
    assert all(arn.startswith("arn:aws:events:eu-west-1:123456789012:rule/") for arn in rules)
    assert statements["Events"]["Principal"] == {"Service": ["events.amazonaws.com"]}
    assert statements["TlsOnly"]["Effect"] == "Deny"


def test_the_five_kinds_of_interruption_reach_the_queue():
    rules = built().all("aws:cloudwatch/eventRule:EventRule")
    kinds = [json.loads(str(rule.inputs["eventPattern"]))["detail-type"][0] for rule in rules]
    assert kinds == [
        "EC2 Capacity Reservation Instance Interruption Warning",
        "AWS Health Event",
        "EC2 Instance Rebalance Recommendation",
        "EC2 Spot Instance Interruption Warning",
        "EC2 Instance State-change Notification",
    ]
    targets = built().all("aws:cloudwatch/eventTarget:EventTarget")
    assert len(targets) == 5
    assert {str(t.inputs["arn"]).split(":")[2] for t in targets} == {"sqs"}
    names = {rule.name for rule in rules}
    assert {target.name.removesuffix("-target") for target in targets} == names


def test_everything_is_tagged():
    taggable = [r for r in built().resources if "tags" in r.inputs]
    assert len(taggable) == 10
    assert all(cast("Mapping[str, str]", r.inputs["tags"])["owner"] == "me" for r in taggable)


def test_everything_belongs_to_the_component_or_to_its_role():
    parents = {
        r.name: r.parent.name for r in built().resources if r.parent and r.parent.name != "holder"
    }
    assert parents == {
        "cluster-karpenter-node-role-images": "cluster-karpenter-node-role",
        "cluster-karpenter-node-role-worker": "cluster-karpenter-node-role",
        "cluster-karpenter-role-controller": "cluster-karpenter-role",
    }


def test_no_policy_has_a_finding_of_the_linter():
    text = str(built().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    allowed = {
        # A launch touches many kinds of resource, each of which has a statement with a condition
        # of its own; and public parameters have no account in their ARNs.
        "RESOURCE_MISMATCH",
        # The one that is conditioned on our cluster's ARN instead.
        "RESOURCE_STAR",
    }
    assert lint(text, allowed=allowed) == []
    assert lint(str(built().one("aws:sqs/queuePolicy:QueuePolicy").inputs["policy"])) == []
    for role in built().all("aws:iam/role:Role"):
        assert lint(str(role.inputs["assumeRolePolicy"])) == []
