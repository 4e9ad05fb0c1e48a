"""The sections of a stack file, and where they come from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args

from pydantic import BaseModel

from stacks.settings import Settings

GENERAL = "index.md"
"""The page of what is no section but a value or two."""


@dataclass(frozen=True)
class Section:
    """A key under `platform:`."""

    key: str
    """E.g. `dnsZones`."""
    page: str
    """Its page in docs/reference/configuration/, with the anchor if it shares that page."""
    package: str
    """The package of components/ whose settings it holds, or nothing."""


@cache
def sections() -> Sequence[Section]:
    """Return the sections in the order of `Settings`, which goes from the ground up."""
    return [
        _section(field.alias or name, field.annotation)
        for name, field in Settings.model_fields.items()
        if name != "region"  # the provider's own key, `aws:region`
    ]


def _section(key: str, annotation: object) -> Section:
    model = next(_models(annotation), None)
    if model is None:
        return Section(key, f"{GENERAL}#{key.lower()}", "")
    origins = [base.__module__.split(".") for base in model.__mro__]
    packages = [origin[1] for origin in origins if origin[0] == "components"]
    package = packages[0] if packages and packages[0] != "_base" else ""
    return Section(key, f"{key}.md", package)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """Give the models inside `Model | None`, `tuple[Model, ...]` or `dict[str, Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
