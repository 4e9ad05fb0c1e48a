"""What a component can't do without is asked for at once, and by name."""

import inspect
from collections.abc import Callable
from typing import NotRequired, TypedDict, cast

import pulumi
import pytest

from components._base.errors import InvalidInput
from components._base.required import all_given
from components._package.public import PUBLIC
from components.cache import Cache


class ThingArgs(TypedDict):
    one: str
    two: str
    more: NotRequired[str]


class Thing:
    @all_given
    def __init__(self, name: str, args: ThingArgs) -> None:
        self.made = (name, dict(args))


def test_all_that_is_missing_is_told_at_once():
    with pytest.raises(InvalidInput) as error:
        Thing("it", cast("ThingArgs", {"more": "x", "two": None}))
    assert str(error.value) == "Thing 'it': 2 problems\n  one: is needed\n  two: is needed"


def test_what_is_all_there_is_made():
    assert Thing("it", args={"one": "1", "two": "2"}).made == ("it", {"one": "1", "two": "2"})


def test_a_component_says_what_it_lacks():
    with pytest.raises(InvalidInput, match=r"^Cache 'main': 1 problem\n  subnet_ids: is needed$"):
        Cache("main", cast("dict[str, object]", {"vpc_id": "vpc-1"}))  # pyright: ignore[reportArgumentType] - wrong on purpose


@pytest.mark.parametrize("component", PUBLIC, ids=lambda component: component.__name__)
def test_every_component_asks_for_what_its_type_requires(component: type[pulumi.ComponentResource]):
    construct = inspect.unwrap(cast("Callable[..., None]", component.__init__))
    assert construct is not component.__init__
    assert construct.__qualname__ == f"{component.__name__}.__init__"
