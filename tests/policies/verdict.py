"""Runs one policy on one resource exactly as the policy server does, without an engine."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from google.protobuf import json_format, struct_pb2
from grpc import ServicerContext
from pulumi import Archive
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import (
    EnforcementLevel,
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from policies.environments import Configuration, level
from policies.pack import POLICIES
from policies.server import Analyzer
from tests.harness import Registration

UNKNOWN = UNKNOWN_STRING_VALUE
"""A value that a preview can't know yet."""

Inputs = dict[str, object]
Step = str | int

ARCHIVE = {"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7"}
"""https://github.com/pulumi/pulumi/blob/master/sdk/python/lib/pulumi/runtime/rpc.py (2026-11)"""

LEVELS = {
    EnforcementLevel.ADVISORY: analyzer_pb2.ADVISORY,
    EnforcementLevel.DISABLED: analyzer_pb2.DISABLED,
    EnforcementLevel.MANDATORY: analyzer_pb2.MANDATORY,
    EnforcementLevel.REMEDIATE: analyzer_pb2.REMEDIATE,
}

BY_NAME = {policy.name: policy for policy in POLICIES}


@dataclass(frozen=True)
class Verdict:
    """What a policy said of a resource."""

    violations: tuple[str, ...]
    undecided: str = ""
    """The note that the policy server makes of an unknown value, or empty."""

    @property
    def passed(self) -> bool:
        return not self.violations and not self.undecided


def verdict(
    policy_name: str,
    type_: str,
    inputs: Mapping[str, object],
    *,
    provider: Inputs | None = None,
    config: Mapping[str, object] | None = None,
    protect: bool = False,
) -> Verdict:
    policy = BY_NAME[policy_name]
    assert isinstance(policy, ResourceValidationPolicy)
    args = ResourceValidationArgs(
        type_,
        unknown_checking_proxy(copy.deepcopy(dict(inputs))),
        f"urn:pulumi:test::project::{type_}::it",
        "it",
        PolicyResourceOptions(protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), []),
        PolicyProviderResource(
            "pulumi:providers:aws", unknown_checking_proxy(provider or {}), "urn", "aws"
        ),
        config,
    )
    violations: list[str] = []

    def report(message: str, _urn: str | None = None) -> None:
        violations.append(message)

    try:
        policy.validate(args, report)
    except UnknownValueError as error:
        return Verdict(tuple(violations), error.message)
    return Verdict(tuple(violations))


def stack_verdict(
    policy_name: str,
    *resources: tuple[str, str, Inputs],
    config: Mapping[str, object] | None = None,
    refers: Mapping[str, Mapping[str, str]] | None = None,
) -> Verdict:
    """Say what a policy says of resources, each given as type, name and inputs, together.

    :param refers: by the name of a resource, of which others its properties are made.
    """
    policy = BY_NAME[policy_name]
    assert isinstance(policy, StackValidationPolicy)
    options = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
    stack = [
        PolicyResource(
            type_,
            unknown_checking_proxy(copy.deepcopy(inputs)),
            f"urn:pulumi:test::project::{type_}::{name}",
            name,
            options,
            None,
            None,
            [],
            {},
        )
        for type_, name, inputs in resources
    ]
    named = {each.name: each for each in stack}
    for name, properties in (refers or {}).items():
        named[name].property_dependencies = {
            key: [named[other]] for key, other in properties.items()
        }
    violations: list[str] = []

    def report(message: str, urn: str | None = None) -> None:
        assert urn in {each.urn for each in stack}
        violations.append(message)

    try:
        policy.validate(StackValidationArgs(stack, config), report)
    except UnknownValueError as error:
        return Verdict(tuple(violations), error.message)
    return Verdict(tuple(violations))


def _sent(inputs: Mapping[str, object]) -> Inputs:
    """Return inputs as the engine sends them: of files, what they are."""
    return {key: ARCHIVE if isinstance(value, Archive) else value for key, value in inputs.items()}


def complaints(
    resources: Sequence[Registration], configured: Configuration | None = None
) -> list[str]:
    """Say what the pack, configured, refuses of what a program registered, or can't decide."""
    analyzer = Analyzer("pack", POLICIES)
    context = cast("ServicerContext", None)
    analyzer.Configure(_configuring(configured or {}), context)
    found: list[str] = []
    whole = analyzer_pb2.AnalyzeStackRequest()
    for resource in resources:
        request = analyzer_pb2.AnalyzeRequest(
            type=resource.type,
            urn=resource.urn,
            name=resource.name,
            properties=json_format.ParseDict(_sent(resource.inputs), struct_pb2.Struct()),
        )
        request.options.protect = resource.protect
        member = whole.resources.add(
            type=resource.type,
            urn=resource.urn,
            name=resource.name,
            properties=request.properties,
        )
        for key, urns in resource.property_dependencies.items():
            member.propertyDependencies[key].urns.extend(sorted(urns))
        found += _heard(analyzer.Analyze(request, context), resource.name)
    return found + _heard(analyzer.AnalyzeStack(whole, context), "stack")


def _heard(response: analyzer_pb2.AnalyzeResponse, about: str) -> list[str]:
    return [
        f"{told.message} ({about})"
        for told in response.diagnostics
        if told.enforcementLevel == analyzer_pb2.MANDATORY or "can't run" in told.message
    ]


def _configuring(configured: Configuration) -> analyzer_pb2.ConfigureAnalyzerRequest:
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    for policy in POLICIES:
        chosen = request.policyConfig[policy.name]
        chosen.enforcementLevel = LEVELS[level(policy, configured)]
        settings = configured.get(policy.name)
        if isinstance(settings, dict):
            settings = cast("dict[str, object]", settings)
            own = {key: value for key, value in settings.items() if key != "enforcementLevel"}
            json_format.ParseDict(own, chosen.properties)
    return request


def places(inputs: object, *before: Step) -> Iterator[tuple[tuple[Step, ...], object]]:
    """Give the way to every part of `inputs`, at any depth, and the part."""
    if isinstance(inputs, dict):
        parts = list(cast("dict[Step, object]", inputs).items())
    elif isinstance(inputs, list):
        parts = list(enumerate(cast("list[object]", inputs)))
    else:
        return
    for step, part in parts:
        yield (*before, step), part
        yield from places(part, *before, step)


def replaced(inputs: Inputs, place: tuple[Step, ...], value: object) -> Inputs:
    """Return a copy with another value at one place; None takes it away."""
    result = copy.deepcopy(inputs)
    holder = cast("dict[Step, object]", result)
    for step in place[:-1]:
        holder = cast("dict[Step, object]", holder[step])
    if value is None:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return result
