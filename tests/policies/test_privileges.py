"""IAM documents are judged by what they say, in any spelling."""

import json

import pytest

from policies.documents import IDENTITY, RESOURCE
from simulator.cloud.schema import resource_schema
from tests.policies.verdict import UNKNOWN, Inputs, verdict

LEAST = "no-wildcard-iam"
OPEN = "no-public-access-policy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE = "aws:iam/role:Role"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
KEY = "aws:kms/key:Key"
SEARCH = "aws:opensearch/domain:Domain"
ACCOUNT = {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def document(*statements: Inputs, key: str = "policy") -> Inputs:
    return {key: json.dumps({"Version": "2012-10-17", "Statement": list(statements)})}


def allow(
    action: object = "s3:GetObject", resource: object = "arn:aws:s3:::b/*", **more: object
) -> Inputs:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def anybody(**more: object) -> Inputs:
    return allow(Principal="*", **more)


@pytest.mark.parametrize(
    "statement",
    [
        allow(),
        allow(["s3:GetObject", "s3:PutObject"]),
        allow("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
        allow("s3:*", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "a"}}),
        allow("ec2:DescribeInstances", "*"),
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"},
    ],
)
def test_named_permissions_pass(statement: Inputs) -> None:
    assert verdict(LEAST, ROLE_POLICY, document(statement)).passed


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (allow("*", "*"), "allows every action"),
        (allow(["s3:GetObject", "*"]), "allows every action"),
        (allow("*:*"), "allows every action"),
        (allow("*", "*", Condition=ACCOUNT), "allows every action"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "allows all actions but some"),
        (allow("S3:*", "*"), "allows all of s3 on every resource"),
        (allow(["s3:*", "sqs:*"], ["*"]), "allows all of s3 and sqs on every resource"),
        (
            {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b"},
            "allows all of s3 on every resource",
        ),
    ],
)
def test_wildcards_are_violations(statement: Inputs, problem: str) -> None:
    (message,) = verdict(LEAST, ROLE_POLICY, document(allow(), statement)).violations
    assert message == (
        f"{LEAST}: {ROLE_POLICY} 'it' {problem} in statement number 2 of policy; "
        "name the actions that are needed one by one, and the resources by ARN."
    )


def test_a_statement_is_called_by_its_sid() -> None:
    (message,) = verdict(LEAST, ROLE_POLICY, document(allow("*", Sid="Everything"))).violations
    assert "in statement Everything of policy" in message


def test_one_statement_may_stand_without_brackets() -> None:
    policy = {"policy": json.dumps({"Statement": allow("*")})}
    assert verdict(LEAST, ROLE_POLICY, policy).violations


def test_inline_policies_and_trust_of_a_role_are_read() -> None:
    trust = document({"Effect": "Allow", "Action": "*", "Principal": "*"}, key="assumeRolePolicy")
    inline = {"inlinePolicies": [document(allow()), document(allow("s3:*", "*"))]}
    messages = verdict(LEAST, ROLE, {**trust, **inline}).violations
    assert ["inlinePolicies" in m for m in messages] == [True, False]
    assert verdict(OPEN, ROLE, {**trust, **inline}).violations


def test_a_key_policy_may_give_its_account_all_of_kms() -> None:
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    assert verdict(LEAST, KEY, document(allow("kms:*", "*", Principal=root))).passed


@pytest.mark.parametrize("rule", [LEAST, OPEN])
@pytest.mark.parametrize("type_", RESOURCE)
def test_each_document_is_read_where_its_type_keeps_it(rule: str, type_: str) -> None:
    bad = document(allow("*", "*", Principal={"AWS": ["*"]}), key=RESOURCE[type_])
    assert len(verdict(rule, type_, bad).violations) == 1
    assert verdict(rule, type_, {RESOURCE[type_]: UNKNOWN}).undecided
    assert verdict(rule, type_, {}).passed


@pytest.mark.parametrize("type_", sorted(IDENTITY.keys() - {ROLE}))
def test_each_identity_policy_is_read_where_its_type_keeps_it(type_: str) -> None:
    assert verdict(LEAST, type_, document(allow("*"), key=IDENTITY[type_])).violations
    assert verdict(LEAST, type_, {IDENTITY[type_]: UNKNOWN}).undecided


@pytest.mark.parametrize(("type_", "path"), [*IDENTITY.items(), *RESOURCE.items()])
def test_tables_name_properties_that_the_sdk_knows(type_: str, path: str) -> None:
    schema = resource_schema(type_)
    assert schema
    assert path.split("[]", maxsplit=1)[0] in schema.inputs


@pytest.mark.parametrize("rule", [LEAST, OPEN])
def test_what_is_no_json_is_a_violation(rule: str) -> None:
    (message,) = verdict(rule, BUCKET_POLICY, {"policy": "{"}).violations
    assert "has a policy that is no JSON" in message


def test_a_document_given_in_parts_is_undecided_while_a_part_is_unknown() -> None:
    parts: Inputs = {"policy": {"Statement": [allow(UNKNOWN)]}}
    assert verdict(LEAST, ROLE_POLICY, parts).undecided
    assert verdict(LEAST, ROLE_POLICY, {"policy": {"Statement": [allow("*")]}}).violations


@pytest.mark.parametrize(
    "statement",
    [
        anybody(),
        anybody(Condition={"Bool": {"aws:SecureTransport": "true"}}),
        anybody(Condition={"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}),
        anybody(Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}),
        anybody(Condition={"StringLike": {"aws:PrincipalArn": "*"}}),
        anybody(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}),
        anybody(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:*:topic"}}),
        anybody(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
        anybody(Condition={"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/1"]}}),
        anybody(Condition={"IpAddress": {"aws:SourceIp": "here"}}),
        allow(Principal={"AWS": "*"}),
        allow(Principal={"AWS": ["arn:aws:iam::123456789012:root", "*"]}),
        {"Effect": "Allow", "Action": "s3:GetObject", "NotPrincipal": {"AWS": "x"}},
    ],
)
def test_letting_in_anybody_is_a_violation(statement: Inputs) -> None:
    (message,) = verdict(OPEN, BUCKET_POLICY, document(statement)).violations
    assert message.startswith(f"{OPEN}: {BUCKET_POLICY} 'it' lets in anybody in statement number 1")


@pytest.mark.parametrize(
    "statement",
    [
        allow(Principal={"AWS": "arn:aws:iam::123456789012:role/a"}),
        allow(Principal={"Service": "logs.eu-west-1.amazonaws.com"}),
        anybody(Condition=ACCOUNT),
        anybody(Condition={"stringequals": {"AWS:principalorgid": ["o-1"]}}),
        anybody(Condition={"StringEquals": {"kms:CallerAccount": "123456789012"}}),
        anybody(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:123456789012:*"}}),
        anybody(Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::bucket"}}),
        anybody(Condition={"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1/"}}),
        anybody(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
        anybody(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
        {"Effect": "Deny", "Action": "s3:*", "Principal": "*", "Resource": "*"},
    ],
)
def test_named_callers_pass(statement: Inputs) -> None:
    assert verdict(OPEN, BUCKET_POLICY, document(statement)).passed


def test_whoever_reaches_a_search_domain_may_talk_to_it_but_not_manage_it() -> None:
    for type_ in (SEARCH, "aws:opensearch/domainPolicy:DomainPolicy"):
        talk = document(allow(["es:ESHttpGet", "es:ESHttpPut"], Principal="*"), key=RESOURCE[type_])
        manage = document(allow(["es:ESHttpGet", "es:*"], Principal="*"), key=RESOURCE[type_])
        assert verdict(OPEN, type_, talk).passed
        assert verdict(OPEN, type_, manage).violations


TLS_ONLY: Inputs = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
TRANSIT = "encryption-in-transit"


@pytest.mark.parametrize(
    "statement",
    [
        TLS_ONLY,
        {**TLS_ONLY, "Principal": {"AWS": "*"}},
        {**TLS_ONLY, "Condition": {"Bool": {"aws:SecureTransport": False}}},
        {**TLS_ONLY, "Action": ["s3:*"]},
    ],
)
def test_a_bucket_policy_that_refuses_http_passes(statement: Inputs) -> None:
    assert verdict(TRANSIT, BUCKET_POLICY, document(allow(), statement)).passed


@pytest.mark.parametrize(
    "statement",
    [
        allow(),
        {**TLS_ONLY, "Effect": "Allow"},
        {**TLS_ONLY, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {**TLS_ONLY, "Action": "s3:GetObject"},
        {**TLS_ONLY, "Resource": "arn:aws:s3:::b"},
        {**TLS_ONLY, "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {**TLS_ONLY, "Condition": {**ACCOUNT, "Bool": {"aws:SecureTransport": "false"}}},
    ],
)
def test_a_bucket_policy_that_takes_http_is_a_violation(statement: Inputs) -> None:
    (message,) = verdict(TRANSIT, BUCKET_POLICY, document(statement)).violations
    assert "does not refuse requests without TLS; add a statement that denies s3:*" in message


def test_a_bucket_policy_that_is_not_known_yet_is_undecided() -> None:
    assert verdict(TRANSIT, BUCKET_POLICY, {"policy": UNKNOWN}).undecided


@pytest.mark.parametrize("rule", [LEAST, OPEN])
def test_other_types_are_left_alone(rule: str) -> None:
    assert verdict(rule, "aws:ec2/vpc:Vpc", document(allow("*", Principal="*"))).passed
