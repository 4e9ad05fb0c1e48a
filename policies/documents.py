"""Policy documents of IAM, parsed: what each statement says, not how it is spelt.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pulumi_policy.proxy import UnknownValueError

from policies.rule import Verdict, Violation
from policies.subject import Subject, entries, item, items

IDENTITY: Mapping[str, str] = {
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:iam/policy:Policy": "policy",
    "aws:iam/role:Role": "inlinePolicies[].policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
}
"""Where each type keeps the documents that say what its bearer may do."""

RESOURCE: Mapping[str, str] = {
    "aws:backup/vaultPolicy:VaultPolicy": "policy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
    "aws:ecr/registryPolicy:RegistryPolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:kms/key:Key": "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:msk/clusterPolicy:ClusterPolicy": "policy",
    "aws:opensearch/domain:Domain": "accessPolicies",
    "aws:opensearch/domainPolicy:DomainPolicy": "accessPolicies",
    "aws:s3/bucket:Bucket": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
}
"""Where each type keeps the document that says who may do what with it."""


@dataclass(frozen=True)
class Statement:
    """One statement. Lists of one may be written without brackets in JSON; here all are lists."""

    allows: bool
    actions: Sequence[str]
    """Lower case, as IAM knows no case in them."""
    not_actions: Sequence[str]
    resources: Sequence[str]
    """`*` where the statement says what it is not about."""
    principals: Sequence[str]
    """Of AWS accounts, users and roles; `*` is anybody."""
    services: Sequence[str]
    federated: Sequence[str]
    """Identity providers."""
    excepting: bool
    """It names the resources that it is not about."""
    conditions: Mapping[str, Mapping[str, Sequence[str]]]
    """By operator and key, both in lower case."""
    label: str
    """How messages call it: its Sid, or its place."""

    def compared(self, operators: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
        """Give the keys that one of some operators (in lower case) compares, with the values."""
        for operator, keys in self.conditions.items():
            if operator.removeprefix("forallvalues:").removeprefix("foranyvalue:") in operators:
                yield from keys.items()


def statements(subject: Subject, path: str) -> Iterator[Statement | Verdict]:
    """Give the statements of the documents at `path`; a wrong document is a violation.

    Documents may be JSON or a mapping. One that is not known yet gives the error itself, as a part
    that is not known keeps the whole from being sent as text.
    """
    for value in subject.each(path):
        document = value.content
        if document is None or isinstance(document, UnknownValueError):
            if document is not None:
                yield document
            continue
        try:
            parsed = cast("object", json.loads(document)) if isinstance(document, str) else document
        except ValueError:
            yield Violation(f"has a {value.path} that is no JSON", "write the document as JSON")
            continue
        try:
            yield from [_statement(raw, i) for i, raw in enumerate(_listed(parsed, "Statement"))]
        except UnknownValueError as error:
            yield error


def _statement(raw: object, index: int) -> Statement:
    principal = item(raw, "Principal")
    anybody = principal == "*" or item(raw, "NotPrincipal") is not None
    return Statement(
        allows=item(raw, "Effect") == "Allow",
        actions=[action.lower() for action in _texts(raw, "Action")],
        not_actions=[action.lower() for action in _texts(raw, "NotAction")],
        resources=["*"] if item(raw, "NotResource") is not None else _texts(raw, "Resource"),
        principals=["*"] if anybody else _texts(principal, "AWS"),
        services=_texts(principal, "Service"),
        federated=_texts(principal, "Federated"),
        excepting=item(raw, "NotResource") is not None,
        conditions={
            operator.lower(): {key.lower(): _texts(keys, key) for key, _ in entries(keys)}
            for operator, keys in entries(item(raw, "Condition"))
        },
        label=str(item(raw, "Sid") or f"number {index + 1}"),
    )


def _texts(holder: object, key: str) -> Sequence[str]:
    return [
        str(each).lower() if isinstance(each, bool) else str(each) for each in _listed(holder, key)
    ]


def _listed(holder: object, key: str) -> Sequence[object]:
    """Return what stands at a key as a list, raising whatever part of it is unknown."""
    content = item(holder, key)
    if content is None:
        return ()
    many = isinstance(content, Sequence) and not isinstance(content, str)
    listed = list(items(cast("object", content))) if many else [cast("object", content)]
    for each in listed:
        if isinstance(each, UnknownValueError):
            raise each
    return listed
