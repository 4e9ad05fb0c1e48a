"""What a component can't do without is asked for before anything is made."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import ParamSpec, cast

from components._base.errors import InvalidInput, Problem

P = ParamSpec("P")


def all_given(construct: Callable[P, None]) -> Callable[P, None]:
    """Make an `__init__(self, name, args, opts)` refuse `args` that lack what their type requires.

    Type checkers say so too; without one, it would be a `KeyError` halfway.

    :raises InvalidInput: on the call, with every input that is missing.
    """
    signature = inspect.signature(construct)
    declared = cast("type[Mapping[str, object]]", signature.parameters["args"].annotation)
    required = cast("frozenset[str]", getattr(declared, "__required_keys__"))  # noqa: B009 - a TypedDict's

    @functools.wraps(construct)
    def checked(*given: P.args, **named: P.kwargs) -> None:
        bound = signature.bind(*given, **named).arguments
        args = cast("Mapping[str, object]", bound["args"])
        missing = sorted(key for key in required if args.get(key) is None)
        if missing:
            owner = f"{type(bound['self']).__name__} {bound['name']!r}"
            raise InvalidInput(owner, [Problem(key, "is needed") for key in missing])
        construct(*given, **named)

    return checked
