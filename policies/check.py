"""Runs the pack on the resources of a file, without an engine: the same server answers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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

_MANDATORY = {each: wire == analyzer_pb2.MANDATORY for each, wire in _WIRE.items()}

_UNDECIDED = "can't run policy "
_CAUSE = " during preview: "
"""How the server words what it can't decide, as Pulumi's own does."""

_NO_CONTEXT = cast("ServicerContext", None)


class FailOn(str, Enum):
    """What fails a check, beside violations of mandatory policies."""

    MANDATORY = "mandatory"
    """Nothing else."""
    ADVISORY = "advisory"
    """Advisory policies, as if they were mandatory."""
    UNDECIDED = "undecided"
    """What could not be decided, too."""


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
    """Whether the policy is; of what is exempted, it is no longer."""
    urn: str
    """Empty: it is about the stack."""
    message: str

    def fails(self, fail_on: Collection[FailOn]) -> bool:
        """Tell whether it fails a check."""
        matters = self.mandatory or FailOn.ADVISORY in fail_on
        open_ = self.kind is Kind.UNDECIDED and FailOn.UNDECIDED in fail_on
        return matters and (open_ or self.kind is Kind.VIOLATION)


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

    def failures(self, fail_on: Collection[FailOn] = ()) -> list[Finding]:
        """Return the findings that fail the check."""
        return [finding for finding in self.findings if finding.fails(fail_on)]


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
        findings += _findings(response, resource.urn, by_name, configured)
    findings += _findings(analyzer.AnalyzeStack(stack, _NO_CONTEXT), "", by_name, configured)
    asked = [p for p in policies if level(p, configured) is not EnforcementLevel.DISABLED]
    return Outcome(findings, len(resources), asked)


def _findings(
    response: analyzer_pb2.AnalyzeResponse,
    about: str,
    by_name: Mapping[str, Policy],
    configured: Configuration,
) -> Iterator[Finding]:
    for told in response.diagnostics:
        policy = by_name[told.policyName]
        kind, message = Kind.VIOLATION, told.message.partition("\n")[2]
        mandatory = told.enforcementLevel == analyzer_pb2.MANDATORY
        if told.message.startswith(_UNDECIDED):
            kind, cause = Kind.UNDECIDED, told.message.partition(_CAUSE)[2]
            known = cause.replace(" can't be known during preview", " is not in the file")
            message = f"{told.policyName}: can't be decided: {known}"
            mandatory = _MANDATORY[level(policy, configured)]
        if f" {MARK} " in message:
            kind, mandatory = Kind.EXEMPTED, False
        yield Finding(policy, kind, mandatory, told.urn or about, message)


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
