"""All that the simulated cloud knows: the models and provider functions of every package."""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import cast

import simulator.aws
from simulator import kubernetes, random_
from simulator.cloud.model import NAMED, Json, Model, Request
from simulator.cloud.schema import resource_schema

Invoke = Callable[[Request], Json]
"""A provider function: its arguments are the request's inputs."""


@functools.cache
def models() -> Mapping[str, Model]:
    """Return every model by type token."""
    return cast("Mapping[str, Model]", _merged("MODELS"))


@functools.cache
def model_of(type_: str) -> Model:
    """Return the model of one type; what has none behaves as the SDK's annotations say."""
    own = models().get(type_)
    if own is None and type_.startswith("kubernetes:"):
        return kubernetes.object_model(type_)
    if own is None:
        schema = resource_schema(type_)
        named = schema and "name" in schema.inputs and "name" not in schema.required
        return Model(autoname=NAMED) if named else Model()
    return own


@functools.cache
def invokes() -> Mapping[str, Invoke]:
    """Return every provider function by token."""
    return cast("Mapping[str, Invoke]", _merged("INVOKES"))


def _merged(attribute: str) -> dict[str, object]:
    merged: dict[str, object] = {}
    services = sorted(m.name for m in pkgutil.iter_modules(simulator.aws.__path__))
    modules = [importlib.import_module(f"simulator.aws.{name}") for name in services]
    for module in [*modules, kubernetes, random_]:
        table: Mapping[str, object] = getattr(module, attribute, {})
        twice = merged.keys() & table.keys()
        if twice:
            raise ValueError(f"{module.__name__}: modelled twice: {', '.join(sorted(twice))}")
        merged.update(table)
    return merged
