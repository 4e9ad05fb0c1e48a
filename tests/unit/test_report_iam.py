import json

from simulator.report.graph import graph_of
from simulator.report.iam import Grant, grants
from tests.unit.reports import Deployment

ROLE = "arn:aws:iam::123456789012:role/orders-1a2b3c"


def granted(made: Deployment) -> tuple[Grant, ...]:
    report = made.report()
    return grants(report, graph_of(report))


def policy(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def with_role(trust: str = "pods.eks.amazonaws.com") -> Deployment:
    made = Deployment()
    made.add(
        "aws:iam/role:Role",
        "orders-role",
        id="orders-1a2b3c",
        inputs={"assumeRolePolicy": policy(Principal={"Service": trust})},
        outputs={"arn": ROLE},
    )
    return made


def test_pods_hold_the_role_that_pod_identity_gives_them():
    made = with_role()
    made.add(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "orders-identity",
        inputs={"namespace": "shop", "serviceAccount": "orders", "roleArn": ROLE},
    )
    made.add("aws:dynamodb/table:Table", "tables-orders", id="orders-table-77")
    made.add(
        "aws:iam/rolePolicy:RolePolicy",
        "orders-policy",
        inputs={
            "role": "orders-1a2b3c",
            "policy": policy(
                Action=["dynamodb:GetItem"],
                Resource="arn:aws:dynamodb:eu-west-1:123456789012:table/orders-table-77",
            ),
        },
    )
    (grant,) = granted(made)
    assert grant.who == ("pods of shop/orders as orders-role",)
    assert grant.actions == ("dynamodb:GetItem",)
    assert grant.resources == ("arn:aws:dynamodb:eu-west-1:123456789012:table/${tables-orders}",)
    assert grant.sources == ("orders-policy",)


def test_an_add_on_s_pods_hold_its_role():
    made = with_role()
    pods = [{"serviceAccount": "aws-node", "roleArn": ROLE}]
    made.add(
        "aws:eks/addon:Addon",
        "cni",
        inputs={"addonName": "vpc-cni", "podIdentityAssociations": pods},
    )
    made.add(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "cni-policy",
        inputs={
            "role": "orders-1a2b3c",
            "policyArn": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        },
    )
    (grant,) = granted(made)
    assert grant.who == ("pods of aws-node (add-on vpc-cni) as orders-role",)
    assert grant.actions == ("managed policy AmazonEKS_CNI_Policy",)
    assert grant.resources == ("as AWS defines it",)


def test_a_service_holds_a_role_that_no_pod_has():
    made = with_role("ec2.amazonaws.com")
    made.add(
        "aws:iam/rolePolicy:RolePolicy",
        "p",
        inputs={"role": "orders-1a2b3c", "policy": policy(Action="s3:GetObject", Resource="*")},
    )
    (grant,) = granted(made)
    assert grant.who == ("ec2 (AWS service) as orders-role",)
    assert grant.broad


def test_in_a_resource_s_own_policy_the_star_is_that_resource():
    made = Deployment()
    principal = {"AWS": "arn:aws:iam::123456789012:root"}
    document = policy(Principal=principal, Action=["kms:Decrypt"], Resource="*")
    made.add("aws:kms/key:Key", "data-key", inputs={"policy": document})
    (grant,) = granted(made)
    assert grant.who == ("whom IAM allows in this account",)
    assert grant.resources == ("${data-key}",)
    assert not grant.broad


def test_denials_conditions_and_everybody_are_told():
    made = Deployment()
    document = policy(
        Effect="Deny",
        Principal="*",
        Action="s3:*",
        Resource="arn:aws:s3:::b/*",
        Condition={
            "Bool": {"aws:SecureTransport": "false"},
            "StringNotLike": {"aws:x": ["a", "b"]},
        },
    )
    made.add("aws:s3/bucketPolicy:BucketPolicy", "b-policy", inputs={"policy": document})
    (grant,) = granted(made)
    assert grant.denied
    assert grant.who == ("anybody",)
    assert grant.conditions == ("aws:SecureTransport = false", "aws:x string not like a or b")


def test_who_may_use_the_cluster():
    made = Deployment()
    made.add(
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "deployer",
        inputs={
            "principalArn": "arn:aws:iam::123456789012:role/deployer",
            "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            "accessScope": {"type": "namespace", "namespaces": ["shop"]},
        },
    )
    (grant,) = granted(made)
    assert grant.who == ("arn:aws:iam::123456789012:role/deployer",)
    assert grant.actions == ("Kubernetes: AmazonEKSViewPolicy",)
    assert grant.resources == ("namespace shop",)


def test_the_same_statement_on_several_resources_is_one():
    made = Deployment()
    document = policy(Principal={"Service": "logs.amazonaws.com"}, Action="kms:Decrypt")
    for name in ("a", "b"):
        component = made.component("Cache", name)
        made.add("aws:kms/key:Key", f"{name}-key", parent=component, inputs={"policy": document})
    (grant,) = granted(made)
    assert grant.resources == ("${a-key}", "${b-key}")
    assert grant.components == ("a", "b")


def test_a_policy_that_is_not_known_yet_says_nothing():
    made = Deployment()
    made.add("aws:kms/key:Key", "key", inputs={"policy": "[unknown]"})
    assert granted(made) == ()
