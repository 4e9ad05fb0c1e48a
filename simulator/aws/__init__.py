"""Models of the AWS resource types: a module per service, each with a table `MODELS`.

Where a module names no source for what can't be changed in place, it is the AWS API itself:
no Modify or Update call takes the property.
"""

import importlib
import pkgutil
from collections.abc import Mapping

from simulator.cloud.model import Model


def models() -> Mapping[str, Model]:
    """Return the models of every service module by type token."""
    merged: dict[str, Model] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        service = importlib.import_module(f"{__name__}.{module.name}")
        table: Mapping[str, Model] = service.MODELS
        clash = merged.keys() & table.keys()
        if clash:
            raise ValueError(f"{module.name}: modelled twice: {', '.join(sorted(clash))}")
        merged.update(table)
    return merged
