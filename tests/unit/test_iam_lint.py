"""The policy linter finds what it is for."""

import json

import pytest

from tests.iam_lint import lint

KEY = "arn:aws:kms:eu-west-1:123456789012:key/a1b2"
GROUP = "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:cache"
ROOT = "arn:aws:iam::123456789012:root"
USER = "arn:aws:elasticache:eu-west-1:123456789012:user:cache"


def document(**statement: object) -> str:
    body = {"Sid": "It", "Effect": "Allow", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [body]})


@pytest.mark.parametrize(
    "policy",
    [
        document(Action=["elasticache:Connect"], Resource=[GROUP, USER]),
        document(Action="kms:Decrypt", Resource=KEY),
        document(Action="ec2:DescribeSubnets", Resource="*"),
        document(Action="kms:Decrypt", Resource="*", Principal={"AWS": ROOT}),
        document(Action="sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"}),
    ],
)
def test_what_is_right_passes(policy: str):
    assert lint(policy) == []


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (document(Action="kms:Decrypt", Resource="*"), "RESOURCE_STAR: ['kms:Decrypt']"),
        (document(Action="kms:*", Resource=KEY), "WILDCARD_ACTION: It: kms:*"),
        (document(Action="kms:Decript", Resource=KEY), "UNKNOWN_ACTION: "),
        (document(NotAction="kms:Decrypt", Resource=KEY), "NEGATION: It: NotAction"),
        (document(Action="kms:Decrypt", Resource=GROUP), "RESOURCE_MISMATCH: "),
        (
            document(Action="sts:*", Principal={"Service": "ec2.amazonaws.com"}),
            "WILDCARD_ACTION: It: sts:*",
        ),
    ],
)
def test_what_is_wrong_is_found(policy: str, expected: str):
    assert any(problem.startswith(expected) for problem in lint(policy)), lint(policy)


def test_what_the_caller_answers_for_is_left_out():
    policy = document(Action="kms:Decrypt", Resource="*")
    assert lint(policy, allowed=["RESOURCE_STAR"]) == []
