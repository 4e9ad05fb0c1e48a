"""AWS Identity and Access Management: global, so its ARNs have no region."""

import json
import re
from collections.abc import Iterable

from simulator.cloud.model import ApiCall, AutoName, Json, Model, Request, Seconds

PROPAGATION = "IAM is eventually consistent; the provider waits for the role to be seen"

CREATED = "2026-01-01T00:00:00Z"

ROLE_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

CHARACTERS = {
    "aws:iam/policy:Policy": ("policy", 6144),
    "aws:iam/role:Role": ("assumeRolePolicy", 2048),
    "aws:iam/rolePolicy:RolePolicy": ("policy", 10240),
}
"""How long policies may be, not counting white space. For inline policies it is the sum of a
role's, and each is a part of that.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11)
"""


def _arn(request: Request, kind: str) -> str:
    path = request.text("path", "/")
    return request.arn("iam", f"{kind}{path}{request.id}", region=False)


def _role_outputs(request: Request) -> Json:
    return {
        "arn": _arn(request, "role"),
        "uniqueId": "AROA" + request.token(17, "unique", ROLE_ALPHABET),
        "createDate": CREATED,
    }


def malformed(request: Request, key: str) -> Iterable[str]:
    """Tell what is wrong with a policy document, in IAM's words; other services have them too."""
    text = request.inputs.get(key)
    if not isinstance(text, str):
        return
    try:
        document = json.loads(text)
    except ValueError:
        yield f"{key}: MalformedPolicyDocument: is not JSON"
        return
    if not isinstance(document, dict) or "Statement" not in document:
        yield f"{key}: MalformedPolicyDocument: has no Statement"


def _refuse_policy(request: Request) -> Iterable[str]:
    key, limit = CHARACTERS[request.type]
    yield from malformed(request, key)
    size = len("".join(request.text(key).split()))
    if size > limit:
        yield f"{key}: LimitExceeded: has {size} characters, at most {limit} allowed"


def _refuse_attachment(request: Request) -> Iterable[str]:
    arn = request.inputs.get("policyArn")
    if isinstance(arn, str) and not re.fullmatch(
        r"arn:aws[a-z-]*:iam::(aws|\d{12}):policy/.+", arn
    ):
        yield f"policyArn: {arn!r} is not the ARN of a policy"


def _refuse_issuer(request: Request) -> Iterable[str]:
    url = request.inputs.get("url")
    if isinstance(url, str) and not url.startswith("https://"):
        yield f"url: {url!r} is not valid: must start with https://"


MODELS = {
    "aws:iam/role:Role": Model(
        outputs=_role_outputs,
        replaces=frozenset({"name", "namePrefix", "path"}),
        autoname=AutoName(limit=64),
        seconds=Seconds(8, 1, 2, PROPAGATION),
        api=ApiCall(
            "iam",
            "CreateRole",
            (("name", "RoleName"), ("assumeRolePolicy", "AssumeRolePolicyDocument")),
        ),
        refuses=_refuse_policy,
    ),
    "aws:iam/policy:Policy": Model(
        identity=lambda r: r.arn(
            "iam", f"policy{r.text('path', '/')}{r.text('name')}", region=False
        ),
        outputs=lambda r: {"arn": r.id, "policyId": "ANPA" + r.token(17, "", ROLE_ALPHABET)},
        replaces=frozenset({"name", "namePrefix", "path", "description"}),
        autoname=AutoName(limit=128),
        seconds=Seconds(2, 2, 1, PROPAGATION),
        api=ApiCall("iam", "CreatePolicy", (("name", "PolicyName"), ("policy", "PolicyDocument"))),
        refuses=_refuse_policy,
    ),
    "aws:iam/rolePolicy:RolePolicy": Model(
        identity=lambda r: f"{r.text('role')}:{r.text('name')}",
        replaces=frozenset({"name", "namePrefix", "role"}),
        autoname=AutoName(limit=128),
        seconds=Seconds(1, 1, 1, PROPAGATION),
        api=ApiCall(
            "iam",
            "PutRolePolicy",
            (("name", "PolicyName"), ("role", "RoleName"), ("policy", "PolicyDocument")),
        ),
        refuses=_refuse_policy,
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Model(
        identity=lambda r: f"{r.text('role')}/{r.text('policyArn')}",
        replaces=frozenset({"role", "policyArn"}),
        seconds=Seconds(1, 1, 1, PROPAGATION),
        api=ApiCall("iam", "AttachRolePolicy", (("role", "RoleName"),)),
        refuses=_refuse_attachment,
    ),
    "aws:iam/instanceProfile:InstanceProfile": Model(
        outputs=lambda r: {
            "arn": _arn(r, "instance-profile"),
            "uniqueId": "AIPA" + r.token(17, "unique", ROLE_ALPHABET),
            "createDate": CREATED,
        },
        replaces=frozenset({"name", "namePrefix", "path"}),
        autoname=AutoName(limit=128),
        seconds=Seconds(8, 2, 2, PROPAGATION),
        api=ApiCall("iam", "CreateInstanceProfile", (("name", "InstanceProfileName"),)),
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Model(
        identity=lambda r: r.arn(
            "iam", f"oidc-provider/{r.text('url').removeprefix('https://')}", region=False
        ),
        outputs=lambda r: {"arn": r.id},
        replaces=frozenset({"url"}),
        api=ApiCall("iam", "CreateOpenIDConnectProvider"),
        refuses=_refuse_issuer,
    ),
}
