"""Ways to break a resource that no table of needs describes, by the policy that has to see it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from policies import exemptions, mesh
from policies.deletion import PROTECTED
from policies.documents import IDENTITY, RESOURCE
from policies.taggable import taggable_types
from policies.tagging import REQUIRED
from tests.harness import Registration
from tests.policies.mutated import GONE, Change, Mutation, found, places

RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
PERMISSION = "aws:lambda/permission:Permission"
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
PLUGIN = "kubernetes:configuration.konghq.com/v1:KongPlugin"
CLUSTER_PLUGIN = "kubernetes:configuration.konghq.com/v1:KongClusterPlugin"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
NAMESPACE = "kubernetes:core/v1:Namespace"

Wanted = Callable[[Registration], bool]


@dataclass(frozen=True)
class Claim:
    """One way to break every resource of a type, or those that are meant."""

    policy: str
    type: str
    changes: Mapping[str, object] = field(default_factory=dict[str, object])
    """Values by path as policies write it; a function is given what there is.

    None at all: the resource is away, or unprotected.
    """
    meant: Wanted = lambda _: True
    unprotected: bool = False
    without: tuple[str, ...] = ()
    """Names of resources that are away too."""
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    """Of the policy, beside production's."""

    def mutations(self, resources: Sequence[Registration]) -> Iterator[Mutation]:
        """Give one mutation for each resource, and for each item where a path names a list."""
        for resource in resources:
            if resource.type != self.type or not self.meant(resource):
                continue
            if not self.changes:
                away = Mutation(self.policy, resource, unprotected=self.unprotected)
                yield replace(away, without=self.without, settings=self.settings)
                continue
            ways = [
                [
                    (place, cast("Change", value)(found(resource.inputs, place)))
                    if callable(value)
                    else (place, value)
                    for place in places(resource.inputs, path)
                ]
                for path, value in self.changes.items()
            ]
            if all(ways):
                rest = [way[0] for way in ways[1:]]
                for first in ways[0]:
                    broken = Mutation(self.policy, resource, (first, *rest))
                    yield replace(broken, without=self.without, settings=self.settings)


Document = dict[str, list[dict[str, object]]]


def saying(parts: Mapping[str, object]) -> Change:
    """Return the change of a document's first statement that allows; None takes a part away."""

    def change(document: object) -> object:
        whole = cast("Document", json.loads(cast("str", document)))
        first = next(each for each in whole["Statement"] if each["Effect"] == "Allow")
        for key, part in parts.items():
            first.pop(key, None)
            if part is not None:
                first[key] = part
        return json.dumps(whole)

    return change


def without(sid: str) -> Change:
    def change(document: object) -> object:
        whole = cast("Document", json.loads(cast("str", document)))
        whole["Statement"] = [each for each in whole["Statement"] if each.get("Sid") != sid]
        return json.dumps(whole)

    return change


def allows(path: str) -> Wanted:
    """Mean resources whose document allows anything (some only deny)."""
    return lambda resource: '"Allow"' in str(resource.inputs.get(path))


OPEN: Sequence[Mapping[str, object]] = (
    {"Principal": "*", "Condition": None},
    {"Principal": {"AWS": "*"}, "Condition": None},
    {"Principal": None, "NotPrincipal": {"AWS": "1"}, "Condition": None},
    # a condition that tells nothing of who is calling
    {"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
)
"""Statements that let in anybody."""

LAVISH: Sequence[Mapping[str, object]] = (
    {"Action": "*"},
    {"Action": ["s3:GetObject", "*"]},
    {"Action": None, "NotAction": ["iam:*"]},
)
WHOLE_SERVICE: Mapping[str, object] = {"Action": ["s3:*"], "Resource": "*", "Condition": None}


def _documents() -> Iterator[Claim]:
    identity = {type_: path for type_, path in IDENTITY.items() if "[]" not in path}
    for type_, path in [*identity.items(), *RESOURCE.items()]:
        for parts in LAVISH:
            yield Claim("no-wildcard-iam", type_, {path: saying(parts)}, allows(path))
    for type_, path in identity.items():
        yield Claim("no-wildcard-iam", type_, {path: saying(WHOLE_SERVICE)}, allows(path))
    for type_, path in RESOURCE.items():
        for parts in OPEN:
            yield Claim("no-public-access-policy", type_, {path: saying(parts)}, allows(path))
    bucket = "aws:s3/bucketPolicy:BucketPolicy"
    yield Claim("encryption-in-transit", bucket, {"policy": without("TlsOnly")})


def _doors() -> Iterator[Claim]:
    policy = "no-public-data-port"
    redis = {"ipProtocol": "tcp", "fromPort": 6379, "toPort": 6379, "cidrIpv4": "0.0.0.0/0"}
    for change in (
        redis,
        {**redis, "cidrIpv4": "0.0.0.0/1"},
        {**redis, "cidrIpv4": GONE, "cidrIpv6": "::/0"},
        {**redis, "fromPort": 1, "toPort": 65535},
        {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"},
    ):
        yield Claim(policy, RULE, change)
    kafka = [{"protocol": "tcp", "fromPort": 9096, "toPort": 9098, "cidrBlocks": ["0.0.0.0/0"]}]
    for type_ in ("securityGroup:SecurityGroup", "defaultSecurityGroup:DefaultSecurityGroup"):
        yield Claim(policy, f"aws:ec2/{type_}", {"ingress": kafka})
    public = {"vpcConfig.endpointPublicAccess": True}
    for cidrs in (GONE, [], ["0.0.0.0/0"], ["10.0.0.0/8", "0.0.0.0/1"], ["::/0"]):
        change = {**public, "vpcConfig.publicAccessCidrs": cidrs}
        yield Claim("eks-endpoint-allow-list", "aws:eks/cluster:Cluster", change)


def _tags() -> Iterator[Claim]:
    for type_ in taggable_types():
        for tag in REQUIRED:
            yield Claim("required-tags", type_, {f"tags.{tag}": GONE})
        yield Claim("required-tags", type_, {"tags.owner": " "})


def kind(plugin: str) -> Wanted:
    return lambda resource: resource.inputs.get("plugin") == plugin


def through_the_gateway(route: Registration) -> bool:
    parents = cast("list[dict[str, str]]", found(route.inputs, ("spec", "parentRefs")))
    return any(parent.get("kind", "Gateway") == "Gateway" for parent in parents)


def _gateway() -> Iterator[Claim]:
    own, everywhere = PLUGIN, CLUSTER_PLUGIN
    for origins in (GONE, ["*"], [".*"], ["https://a.example.com", "null"]):
        change = {"config.credentials": True, "config.origins": origins}
        yield Claim("cors-origins-named", own, change, kind("cors"))
    bare: Mapping[str, object] = {"metadata.annotations": GONE}
    policy = "route-authenticated"
    yield Claim(policy, own, meant=kind("jwt"))
    yield Claim(policy, own, {"plugin": "acl"}, kind("jwt"))
    yield Claim(policy, ROUTE, bare, through_the_gateway)
    policy, headers = "route-security-headers", kind("response-transformer")
    yield Claim(policy, everywhere, meant=headers)
    for scope in (own, everywhere):
        yield Claim(policy, scope, {"config.add.headers": GONE}, headers)
        yield Claim(policy, scope, {"config.add.headers": ["X-Frame-Options:DENY"]}, headers)
    policy, last = "route-rate-limited", ("gateway-rate-limiting",)
    yield Claim(policy, ROUTE, bare, through_the_gateway, without=last)
    for scope in (own, everywhere):
        limited = _limit_of_a_route if scope == everywhere else kind("rate-limiting")
        yield Claim(policy, scope, {"plugin": "acl"}, limited, without=last)


def _limit_of_a_route(plugin: Registration) -> bool:
    return kind("rate-limiting")(plugin) and plugin.name != "gateway-rate-limiting"


def _in_the_mesh(namespace: Registration) -> bool:
    return found(namespace.inputs, ("metadata", "name")) not in mesh.OUTSIDE


def _of_ours(budget: Registration) -> bool:
    """Mean budgets of workloads, not of what an operator makes by itself."""
    return budget.name.endswith("-poddisruptionbudget")


def _others() -> Iterator[Claim]:
    for type_ in PROTECTED:
        yield Claim("deletion-protection", type_, unprotected=True)
    for days in (GONE, 0, 1, 9999):
        logs = "aws:cloudwatch/logGroup:LogGroup"
        yield Claim("log-retention", logs, {"retentionInDays": days})
    for principal in ("apigateway.amazonaws.com", "*"):
        change = {"principal": principal, "sourceArn": GONE, "sourceAccount": GONE}
        yield Claim("lambda-callers-named", PERMISSION, change)
    for annotations in (GONE, {}, {"linkerd.io/inject": "disabled"}):
        change = {"metadata.annotations": annotations}
        yield Claim("namespace-in-mesh", NAMESPACE, change, _in_the_mesh)
    policy = "disruption-budget"
    yield Claim(policy, BUDGET, meant=_of_ours)
    for path, value in (
        ("spec.selector.matchLabels", {"app.kubernetes.io/name": "other"}),
        ("metadata.namespace", "other"),
    ):
        yield Claim(policy, BUDGET, {path: value}, _of_ours)


CLAIMS: tuple[Claim, ...] = (*_documents(), *_doors(), *_tags(), *_gateway(), *_others())

NOTHING_TO_BREAK: Mapping[str, tuple[str, ...]] = {
    exemptions.NAME: (),  # is about the pack's configuration, not about resources
    "lambda-batches-safe": ("aws:lambda/eventSourceMapping:EventSourceMapping",),
    "lambda-failures-kept": ("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",),
    "lambda-url-authenticated": ("aws:lambda/functionUrl:FunctionUrl",),
    "cdn-encrypted": ("aws:cloudfront/distribution:Distribution",),
    "no-static-credentials": ("aws:iam/accessKey:AccessKey", "aws:iam/userPolicy:UserPolicy"),
}
"""Policies without a mutation, and the types of which production has no resource."""
