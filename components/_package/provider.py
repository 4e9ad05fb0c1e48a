"""The provider that makes the components for the engine."""

import re
from collections.abc import Mapping
from typing import cast

import pulumi
from pulumi.provider import ConstructResult
from pulumi.provider.experimental.analyzer import ComponentDefinition, TypeDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError
from typing_extensions import override

from components._base.errors import InvalidInput
from components._package.inputs import python_inputs
from components._package.public import NAME, PUBLIC, VERSION
from components._package.schema import documented


class PackageProvider(ComponentProvider):
    """Hosts the public components.

    A wrong input ends in one message, which names it as the schema does.
    """

    def __init__(self) -> None:
        super().__init__(list(PUBLIC), NAME, version=VERSION)
        self.documented = documented(self.schema or "", self.analyzer)
        self.schema = self.documented

    @property
    def definitions(self) -> Mapping[str, ComponentDefinition]:
        """The components as the schema has them, by name."""
        return self._component_defs

    @property
    def types(self) -> Mapping[str, TypeDefinition]:
        """The types of their inputs and outputs, by name."""
        return self._type_defs

    @override
    def map_inputs(
        self, inputs: pulumi.Inputs, component_def: ComponentDefinition
    ) -> pulumi.Inputs:
        """Return the `args` of a component."""
        return python_inputs(cast("Mapping[str, object]", inputs), component_def, self.types)

    @override
    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make a component.

        :raises pulumi.InputPropertiesError: with every problem of its inputs.
        """
        try:
            made = super().construct(name, resource_type, inputs, options)
        except InvalidInput as error:  # its names are the schema's already
            raise _refusal(f"{error.owner} {name!r}", error, {}) from None
        except ComponentInitError as error:
            if not isinstance(error.inner, InvalidInput):
                raise
            raise _refusal(error.inner.owner, error.inner, self._names()) from None
        return ConstructResult(made.urn, {k: self._told(v) for k, v in made.state.items()})

    def _told(self, value: object) -> object:
        """Return an output that tells of inputs found wrong only when others were known."""

        def refuse(error: Exception) -> pulumi.Output[object]:
            if isinstance(error, InvalidInput):
                raise _refusal(error.owner, error, self._names()) from None
            raise error

        if isinstance(value, pulumi.Output):
            return cast("pulumi.Output[object]", value).recover(refuse)
        return value

    def _names(self) -> dict[str, str]:
        """Return the schema's names by Python's."""
        mappings = [component.inputs_mapping for component in self.definitions.values()]
        mappings += [type_.properties_mapping for type_ in self.types.values()]
        return {python: name for mapping in mappings for name, python in mapping.items()}


def _refusal(
    owner: str, error: InvalidInput, names: Mapping[str, str]
) -> pulumi.InputPropertiesError:
    """Return what the engine prints without a traceback, which an error of ours would bring."""

    def schema_name(text: str) -> str:
        return re.sub(r"\b[a-z0-9]+(_[a-z0-9]+)+\b", lambda word: names.get(word[0], word[0]), text)

    problems = [(schema_name(p.path), schema_name(p.reason)) for p in error.problems]
    whole = [reason for path, reason in problems if not path]
    return pulumi.InputPropertiesError(
        f"{owner} is refused{': ' if whole else ''}{'; '.join(whole)}",
        [{"property_path": path, "reason": reason} for path, reason in problems if path],
    )
