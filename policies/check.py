"""Runs the pack on the resources of a file, without an engine: the same server answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import cast

from google.protobuf import json_format
from grpc import ServicerContext
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, Policy

from policies.environments import Configuration, level
from policies.exemptions import MARK
from policies.server import Analyzer
from policies.states import Resource

_WIRE = {
    EnforcementLevel.ADVISORY: analyzer_pb2.ADVISORY,
    EnforcementLevel.DISABLED: analyzer_pb2.DISABLED,
    EnforcementLevel.MANDATORY: analyzer_pb2.MANDATORY,
    EnforcementLevel.REMEDIATE: analyzer_pb2.MANDATORY,  # nothing is corrected here, only told
}

_UNDECIDED = "can't run policy "
_CAUSE = " during preview: "
"""How the server words what it can't decide, as Pulumi's own does."""

_NO_CONTEXT = cast("ServicerContext", None)


class Kind(str, Enum):
    """What was found."""

    VIOLATION = "violation"
    EXEMPTED = "exempted"
    UNDECIDED = "undecided"
    """The file does not tell all that the policy asks: a secret, or what is not known yet."""


@dataclass(frozen=True)
class Finding:
    """What one policy says of one resource, or of the stack."""

    policy: Policy
    kind: Kind
    mandatory: bool
    urn: str
    """Empty: it is about the stack."""
    message: str


@dataclass(frozen=True)
class Outcome:
    """The result of a check."""

    findings: Sequence[Finding]
    resources: int
    policies: Sequence[Policy]
    """Those that were asked: all but the disabled ones."""

    def of(self, kind: Kind) -> list[Finding]:
        """Return the findings of a kind."""
        return [finding for finding in self.findings if finding.kind is kind]

    def failures(self, *, advisory: bool = False) -> list[Finding]:
        """Return the violations that fail the check.

        :param advisory: those of advisory policies too.
        """
        return [f for f in self.of(Kind.VIOLATION) if f.mandatory or advisory]


def check(
    name: str, policies: Sequence[Policy], resources: Sequence[Resource], configured: Configuration
) -> Outcome:
    """Ask every policy of a pack about every resource, and about all of them together."""
    analyzer = Analyzer(name, policies)
    analyzer.Configure(_configuring(policies, configured), _NO_CONTEXT)
    providers = {r.urn: _provider(r) for r in resources if r.type.startswith("pulumi:providers:")}
    by_name = {policy.name: policy for policy in policies}
    findings: list[Finding] = []
    stack = analyzer_pb2.AnalyzeStackRequest()
    for resource in resources:
        request = analyzer_pb2.AnalyzeRequest()
        member = stack.resources.add(parent=resource.parent, dependencies=resource.dependencies)
        for each in (request, member):
            each.type, each.urn, each.name = resource.type, resource.urn, resource.name
            each.properties.CopyFrom(resource.inputs)
            each.options.protect = resource.protect
            each.options.parent = resource.parent
            if resource.provider in providers:
                each.provider.CopyFrom(providers[resource.provider])
        for key, urns in resource.property_dependencies.items():
            member.propertyDependencies[key].urns.extend(urns)
        response = analyzer.Analyze(request, _NO_CONTEXT)
        findings += _findings(response, resource.urn, by_name)
    findings += _findings(analyzer.AnalyzeStack(stack, _NO_CONTEXT), "", by_name)
    asked = [p for p in policies if level(p, configured) is not EnforcementLevel.DISABLED]
    return Outcome(findings, len(resources), asked)


def _findings(
    response: analyzer_pb2.AnalyzeResponse, about: str, by_name: Mapping[str, Policy]
) -> Iterator[Finding]:
    for told in response.diagnostics:
        kind, message = Kind.VIOLATION, told.message.partition("\n")[2]
        if told.message.startswith(_UNDECIDED):
            kind, cause = Kind.UNDECIDED, told.message.partition(_CAUSE)[2]
            known = cause.replace(" can't be known during preview", " is not in the file")
            message = f"{told.policyName}: can't be decided: {known}"
        elif f" {MARK} " in message:
            kind = Kind.EXEMPTED
        mandatory = told.enforcementLevel == analyzer_pb2.MANDATORY
        yield Finding(by_name[told.policyName], kind, mandatory, told.urn or about, message)


def _configuring(
    policies: Sequence[Policy], configured: Configuration
) -> analyzer_pb2.ConfigureAnalyzerRequest:
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    for policy in policies:
        chosen = request.policyConfig[policy.name]
        chosen.enforcementLevel = _WIRE[level(policy, configured)]
        settings = configured.get(policy.name)
        if isinstance(settings, dict):
            own = dict(cast("Mapping[str, object]", settings))
            own.pop("enforcementLevel", None)
            json_format.ParseDict(own, chosen.properties)
    return request


def _provider(resource: Resource) -> analyzer_pb2.AnalyzerProviderResource:
    return analyzer_pb2.AnalyzerProviderResource(
        type=resource.type, urn=resource.urn, name=resource.name, properties=resource.inputs
    )
