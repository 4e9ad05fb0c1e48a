"""Serves policies to the engine as Pulumi's own server does, at a fraction of its cost.

It answers the same, to the word (`tests/policies/test_server.py`), but reads each resource through
one view that all policies share (`policies/properties.py`). Any other pack can use the policies
with `pulumi_policy.PolicyPack`: nothing in them knows of this server.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar, cast

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyProviderResource,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import (
    _NotApplicableError,  # pyright: ignore[reportPrivateUsage] - what `not_applicable()` raises
    _PolicyAnalyzerServicer,  # pyright: ignore[reportPrivateUsage] - there is no public server
)
from pulumi_policy.proxy import UnknownValueError
from typing_extensions import override

from policies import exemptions
from policies.exemptions import Exemptions
from policies.properties import Properties
from policies.rule import PolicyOfTypes

VERSION = "0.0.1"
"""What SDKs of every language say; the engine takes the version of PulumiPolicy.yaml."""

LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes, as in the SDK: a stack policy gets the whole stack in one message."""

PolicyT = TypeVar("PolicyT", bound=Policy)
Ask = Callable[[ReportViolation], object]


class Analyzer(_PolicyAnalyzerServicer):
    """Answers the engine's calls for one pack, whose policies are not asynchronous."""

    def __init__(self, name: str, policies: Sequence[Policy]) -> None:
        super().__init__(name, VERSION, list(policies), EnforcementLevel.MANDATORY)
        self._name = name
        self._policies = policies
        self._stack_tags: dict[str, str] = {}
        self._exemptions = Exemptions()
        self._of_type: dict[str, list[tuple[ResourceValidationPolicy, EnforcementLevel]]] = {}

    @override
    def Configure(
        self, request: analyzer_pb2.ConfigureAnalyzerRequest, _context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """Note how policies are configured, and what is exempt from them."""
        answer = super().Configure(request, _context)
        self._of_type.clear()
        entries = (self._get_policy_config(exemptions.NAME) or {}).get(exemptions.SETTING)
        self._exemptions = Exemptions(entries, [policy.name for policy in self._policies])
        return answer

    @override
    def ConfigureStack(
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest, _context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        """Note what the engine says of the stack."""
        self._stack_tags = dict(request.tags)
        return super().ConfigureStack(request, _context)

    @override
    def Remediate(
        self, request: analyzer_pb2.AnalyzeRequest, _context: grpc.ServicerContext
    ) -> analyzer_pb2.RemediateResponse:
        """Decode the resource only if a policy is to correct it; the engine asks for each one."""
        levels = (self._get_enforcement_level(policy) for policy in self._policies)
        if EnforcementLevel.REMEDIATE in levels:
            return cast("analyzer_pb2.RemediateResponse", super().Remediate(request, _context))
        return analyzer_pb2.RemediateResponse()

    @override
    def Analyze(
        self, request: analyzer_pb2.AnalyzeRequest, _context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        """Run every resource policy on one resource."""
        response = analyzer_pb2.AnalyzeResponse()
        properties = Properties(request.properties)
        options = self._get_resource_options(request)
        provider = _provider(request)
        for policy, level in self._asked(request.type):
            if not policy.has_validation():
                reason = "Policy does not implement validate"
                response.not_applicable.add(policy_name=policy.name, reason=reason)
                continue
            args = ResourceValidationArgs(
                request.type,
                properties,
                request.urn,
                request.name,
                options,
                provider,
                self._get_policy_config(policy.name),
                self._stack_tags,
            )
            ask = cast("Ask", partial(policy.validate, args))
            self._run(response, policy, level, ask, request.urn)
        return response

    @override
    def AnalyzeStack(
        self, request: analyzer_pb2.AnalyzeStackRequest, _context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        """Run every stack policy on all resources together."""
        response = analyzer_pb2.AnalyzeResponse()
        enabled = list(self._enabled(StackValidationPolicy))
        resources = self._linked(request.resources) if enabled else []
        for policy, level in enabled:
            config = self._get_policy_config(policy.name)
            args = StackValidationArgs(resources, config, self._stack_tags)
            self._run(response, policy, level, cast("Ask", partial(policy.validate, args)))
            if policy.name == exemptions.NAME:
                note = self._reporter(response, policy, EnforcementLevel.ADVISORY)
                for unused in self._exemptions.unused():
                    about = f"the exemption of {unused.resource} from {unused.policy}"
                    note(f"{exemptions.NAME}: {about} covers nothing; take it away.", None)
        return response

    def _asked(self, type_: str) -> list[tuple[ResourceValidationPolicy, EnforcementLevel]]:
        """Return the policies of single resources that may have something to say of a type."""
        if type_ not in self._of_type:
            self._of_type[type_] = [
                (policy, level)
                for policy, level in self._enabled(ResourceValidationPolicy)
                if not isinstance(policy, PolicyOfTypes) or type_ in policy.types
            ]
        return self._of_type[type_]

    def _enabled(self, kind: type[PolicyT]) -> list[tuple[PolicyT, EnforcementLevel]]:
        """Return the policies of a kind and what their violations are worth."""
        found: list[tuple[PolicyT, EnforcementLevel]] = []
        for policy in self._policies:
            level = self._get_enforcement_level(policy)
            if not isinstance(policy, kind) or level is EnforcementLevel.DISABLED:
                continue
            if level is EnforcementLevel.REMEDIATE:  # what still violates could not be corrected
                level = EnforcementLevel.MANDATORY
            found.append((policy, level))
        return found

    def _run(
        self,
        response: analyzer_pb2.AnalyzeResponse,
        policy: Policy,
        level: EnforcementLevel,
        ask: Ask,
        about: str = "",
    ) -> None:
        """Ask one policy, and note what it says.

        :param about: URN of the resource, if it is about one.
        """
        violation = self._reporter(response, policy, level)
        exempted = self._reporter(response, policy, EnforcementLevel.ADVISORY)

        def report(message: str, urn: str | None = None) -> None:
            exemption = self._exemptions.covering(policy.name, urn or about)
            if exemption:
                exempted(f"{message} {exemption}", urn)
            else:
                violation(message, urn)

        try:
            ask(report)
        except UnknownValueError as error:
            exemption = self._exemptions.covering(policy.name, about)
            response.diagnostics.add(
                policyName=policy.name,
                policyPackName=self._name,
                policyPackVersion=VERSION,
                message=(
                    f"can't run policy '{policy.name}' from policy pack '{self._name}@v{VERSION}' "
                    f"during preview: {error.message}{f' {exemption}' if exemption else ''}"
                ),
                description=policy.description,
                enforcementLevel=analyzer_pb2.ADVISORY,
            )
        except _NotApplicableError as error:
            response.not_applicable.add(policy_name=policy.name, reason=error.reason or "")

    def _reporter(
        self, response: analyzer_pb2.AnalyzeResponse, policy: Policy, level: EnforcementLevel
    ) -> ReportViolation:
        return self._create_report_violation(
            response, policy.name, policy.description, level, policy.severity
        )

    def _linked(self, sent: Sequence[analyzer_pb2.AnalyzerResource]) -> list[PolicyResource]:
        """Return the resources of a stack, each knowing its parent and its dependencies."""
        linked = {r.urn: self._resource(r) for r in sent}
        for each in sent:
            resource = linked[each.urn]
            resource.parent = linked.get(each.parent)
            resource.dependencies = [linked[urn] for urn in each.dependencies if urn in linked]
            resource.property_dependencies = {
                key: [linked[urn] for urn in found.urns if urn in linked]
                for key, found in each.propertyDependencies.items()
            }
        return list(linked.values())

    def _resource(self, sent: analyzer_pb2.AnalyzerResource) -> PolicyResource:
        options = self._get_resource_options(sent)
        properties = Properties(sent.properties)
        provider = _provider(sent)
        return PolicyResource(
            sent.type, properties, sent.urn, sent.name, options, provider, None, [], {}
        )


def _provider(
    sent: analyzer_pb2.AnalyzeRequest | analyzer_pb2.AnalyzerResource,
) -> PolicyProviderResource | None:
    if not sent.HasField("provider"):
        return None
    provider = sent.provider
    return PolicyProviderResource(
        provider.type, Properties(provider.properties), provider.urn, provider.name
    )


def serve(name: str, policies: Sequence[Policy]) -> None:
    """Serve a pack until the engine, which reads our port from standard output, ends us."""
    server = grpc.server(
        ThreadPoolExecutor(max_workers=4),
        options=[("grpc.max_receive_message_length", LARGEST_MESSAGE)],
    )
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(name, policies), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:  # so the engine ends us
        server.stop(None)
