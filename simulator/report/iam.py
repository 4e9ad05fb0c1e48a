"""Who may do what on which resource, as the stack's own policies say it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from simulator.cloud.model import Json
from simulator.report.graph import Graph
from simulator.report.model import Report, Resource
from simulator.report.references import References
from simulator.report.values import at, document, mapping, sequence, texts


@dataclass(frozen=True)
class Grant:
    """`who` may (or, by a deny, may not) do `actions` on `resources`."""

    components: tuple[str, ...]
    who: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    denied: bool = False
    """Whether the statement denies, to whoever it names, what others may allow."""
    sources: tuple[str, ...] = ()
    """Logical names of the resources that say so."""

    @property
    def broad(self) -> bool:
        """Tell whether an allow names neither a resource nor a condition."""
        return not self.denied and "*" in self.resources and not self.conditions


def grants(report: Report, graph: Graph) -> tuple[Grant, ...]:
    """Return the statements of the stack's policies: of pods and roles first, denials last.

    Those that say the same of several resources are one: eight keys have one administrator.
    """
    merged: dict[object, Grant] = {}
    for grant in _Reader(report, graph, References.of(report)).read():
        same = (grant.who, grant.actions, grant.conditions, grant.denied)
        first = merged.get(same)
        merged[same] = grant if first is None else _both(first, grant)
    return tuple(sorted(merged.values(), key=_rank))


def _rank(grant: Grant) -> int:
    if grant.denied:
        return 3
    first = grant.who[0] if grant.who else ""
    return 0 if first.startswith("pods") else 1 if " as " in first or ":role/" in first else 2


def _both(first: Grant, second: Grant) -> Grant:
    return replace(
        first,
        components=tuple(dict.fromkeys(first.components + second.components)),
        resources=tuple(dict.fromkeys(first.resources + second.resources)),
        sources=tuple(dict.fromkeys(first.sources + second.sources)),
    )


@dataclass(frozen=True)
class _Reader:
    report: Report
    graph: Graph
    references: References
    holders: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """By a role's URN."""

    def read(self) -> Iterator[Grant]:
        for resource in self.report.cloud_resources:
            if resource.type == "aws:iam/role:Role":
                self.holders[resource.urn] = self._holders(resource)
        for resource in self.report.cloud_resources:
            yield from self._of(resource)

    def _of(self, resource: Resource) -> Iterator[Grant]:
        inputs = resource.inputs
        match resource.type:
            case "aws:iam/rolePolicy:RolePolicy":
                who = self._role(inputs.get("role"))
                yield from self._statements(resource, inputs.get("policy"), who)
            case "aws:iam/role:Role":
                for policy in sequence(inputs.get("inlinePolicies")):
                    who = self._role(next(iter(resource.handles), ""))
                    yield from self._statements(resource, at(policy, "policy"), who)
            case "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
                yield self._attachment(resource)
            case "aws:eks/accessPolicyAssociation:AccessPolicyAssociation":
                yield self._access(resource)
            case type_ if not type_.startswith("aws:iam/"):
                # buckets, queues, topics, keys, vaults: whatever has a policy with principals
                for key in ("policy", "accessPolicies", "resourcePolicy"):
                    yield from self._statements(resource, inputs.get(key), None)
            case _:
                pass

    def _holders(self, role: Resource) -> tuple[str, ...]:
        """Return who may take a role: pods, AWS services, other roles."""
        pods = tuple(self._pods(role))
        if pods:
            return pods
        trust = document(role.inputs.get("assumeRolePolicy"))
        statements = [mapping(item) for item in sequence(trust.get("Statement"))]
        return tuple(dict.fromkeys(who for s in statements for who in self._principals(s)))

    def _pods(self, role: Resource) -> Iterator[str]:
        for resource in self.report.cloud_resources:
            inputs = resource.inputs
            if resource.type == "aws:eks/podIdentityAssociation:PodIdentityAssociation":
                if self.references.resource(inputs.get("roleArn")) is role:
                    yield f"pods of {inputs.get('namespace')}/{inputs.get('serviceAccount')}"
            elif resource.type == "aws:eks/addon:Addon":
                for pod in sequence(inputs.get("podIdentityAssociations")):
                    if self.references.resource(at(pod, "roleArn")) is role:
                        account = at(pod, "serviceAccount")
                        yield f"pods of {account} (add-on {inputs.get('addonName')})"

    def _role(self, handle: object) -> tuple[str, ...]:
        role = self.references.resource(handle)
        if role is None:
            return (f"role {handle}",)
        return tuple(f"{who} as {role.name}" for who in self.holders.get(role.urn, ("nobody",)))

    def _principals(self, statement: Json) -> Iterator[str]:
        principal = statement.get("Principal")
        if principal == "*":
            yield "anybody"
        for kind, values in mapping(principal).items():
            for value in texts(values):
                yield self._principal(kind, value)

    def _principal(self, kind: str, value: str) -> str:
        if value == "*":
            return "anybody"
        if kind == "Service":
            return value.removesuffix(".amazonaws.com") + " (AWS service)"
        if value.endswith(":root"):
            return "whom IAM allows in this account"
        return self.references.named(value)

    def _statements(
        self, resource: Resource, policy: object, who: tuple[str, ...] | None
    ) -> Iterator[Grant]:
        """Yield a policy's statements; without `who`, of those whom its principals name."""
        for item in sequence(document(policy).get("Statement")):
            statement = mapping(item)
            yield Grant(
                components=(self.graph.owner(resource.urn),),
                who=tuple(self._principals(statement)) if who is None else who,
                actions=texts(statement.get("Action")) or _all_but(statement.get("NotAction")),
                resources=self._targets(resource, statement, own=who is None),
                conditions=tuple(self._conditions(statement)),
                denied=statement.get("Effect") == "Deny",
                sources=(resource.name,),
            )

    def _targets(self, resource: Resource, statement: Json, *, own: bool) -> tuple[str, ...]:
        named = tuple(self.references.named(text) for text in texts(statement.get("Resource")))
        # in a policy of a key or a queue, `*` is that key or queue
        return (f"${{{resource.name}}}",) if own and named in ((), ("*",)) else named

    def _conditions(self, statement: Json) -> Iterator[str]:
        for operator, keys in mapping(statement.get("Condition")).items():
            for key, values in mapping(keys).items():
                shown = " or ".join(self.references.named(text) for text in texts(values))
                yield f"{self.references.named(key)} {_words(operator)} {shown}"

    def _attachment(self, resource: Resource) -> Grant:
        arn = str(resource.inputs.get("policyArn"))
        of_aws = arn.startswith("arn:aws:iam::aws:")
        return Grant(
            components=(self.graph.owner(resource.urn),),
            who=self._role(resource.inputs.get("role")),
            actions=(f"managed policy {arn.rsplit('/', 1)[-1]}",),
            resources=("as AWS defines it",) if of_aws else (self.references.named(arn),),
            sources=(resource.name,),
        )

    def _access(self, resource: Resource) -> Grant:
        inputs = resource.inputs
        namespaces = texts(at(inputs, "accessScope", "namespaces"))
        return Grant(
            components=(self.graph.owner(resource.urn),),
            who=(self.references.named(str(inputs.get("principalArn"))),),
            actions=(f"Kubernetes: {str(inputs.get('policyArn')).rsplit('/', 1)[-1]}",),
            resources=tuple(f"namespace {n}" for n in namespaces) or ("the whole cluster",),
            sources=(resource.name,),
        )


def _all_but(actions: object) -> tuple[str, ...]:
    return tuple(f"all but {action}" for action in texts(actions))


_OPERATORS = {
    "ArnEquals": "=",
    "ArnLike": "matches",
    "Bool": "=",
    "NumericLessThan": "<",
    "StringEquals": "=",
    "StringLike": "matches",
    "StringNotEquals": "is not",
}


def _words(operator: str) -> str:
    """Return a condition operator in words: `StringNotLike` as `string not like`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", operator).lower()
    return _OPERATORS.get(operator, words)
