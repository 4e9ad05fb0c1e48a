"""Generated configurations: each is valid or one clear error, and never another exception."""

import copy
from collections.abc import Callable, Mapping
from typing import cast

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components._base.errors import InvalidInput
from stacks import load_settings, load_stack
from stacks.files import DIRECTORY, read_stack_file

STACKS = [
    read_stack_file(DIRECTORY / f"Pulumi.{stack}.yaml")["config"] for stack in ("prod", "local")
]

quick = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,  # the same examples in every run: a test that fails, fails again
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["10.0.0.0/8", "1.1.1.1/33", "eu-west-1a", "perZone", "t4g.large", "role/x"])
)
KEYS = st.text(max_size=12) | st.integers() | st.booleans() | st.none()
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def outcome(load: Callable[[], object]) -> str:
    """Return `valid`, or the error: any other exception fails the test."""
    try:
        load()
    except InvalidInput as error:
        return f"invalid: {error}" if error.problems else "no problem at all"
    return "valid"


Place = tuple[dict[str, object], str]


def places(config: object) -> list[Place]:
    """Return every key of the configuration, at any depth, with the mapping that holds it."""
    if not isinstance(config, dict):
        return []
    items = cast("dict[str, object]", config)
    return [
        *((items, key) for key in items),
        *(place for value in items.values() for place in places(value)),
    ]


@st.composite
def mutated(draw: st.DrawFn) -> Mapping[str, object]:
    """Take a good configuration, and drop, rename, retype, wrap, copy or swap some of its keys."""
    config = cast("dict[str, object]", copy.deepcopy(draw(st.sampled_from(STACKS))))
    for _ in range(draw(st.integers(1, 3))):
        found = places(config)
        if not found:
            break
        holder, key = draw(st.sampled_from(found))
        value = holder[key]
        change = draw(
            st.sampled_from(["drop", "rename", "retype", "list", "text", "misplace", "name"])
        )
        if change in ("drop", "rename"):
            del holder[key]
        if change == "rename":
            holder[draw(st.text(max_size=3)) + str(key)[1:]] = value
        if change == "retype":
            holder[key] = draw(JSON)
        if change == "name":  # of a topic, table, scope, service or host that is another's, or none
            other, name = draw(st.sampled_from(found))
            holder[key] = draw(st.sampled_from([name, other[name]]))
        if change == "list":
            holder[key] = [value]
        if change == "text":
            holder[key] = str(value)
        if change == "misplace":
            other, _ = draw(st.sampled_from(found))
            other[key] = copy.deepcopy(value)
    return config


@quick
@given(config=mutated())
def test_a_good_configuration_with_mistakes(config: Mapping[str, object]):
    assert outcome(lambda: load_settings(config, "test")).startswith(("valid", "invalid: "))


@quick
@given(config=st.dictionaries(KEYS, JSON, max_size=4))
def test_a_random_mapping_is_never_valid(config: Mapping[str, object]):
    assert outcome(lambda: load_settings(config, "test")).startswith("invalid: ")


@quick
@given(
    text=st.text(max_size=80)
    | JSON.map(lambda value: yaml.safe_dump({"config": value}))
    | mutated().map(lambda value: yaml.safe_dump({"config": value}))
)
def test_any_file(tmp_path_factory: pytest.TempPathFactory, text: str):
    folder = tmp_path_factory.getbasetemp() / "random"
    folder.mkdir(exist_ok=True)
    (folder / "Pulumi.test.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")
    assert outcome(lambda: load_stack("test", folder)).startswith(("valid", "invalid: "))


@pytest.mark.parametrize("config", STACKS, ids=["prod", "local"])
def test_the_mutations_start_from_something_valid(config: Mapping[str, object]):
    assert outcome(lambda: load_settings(config, "test")) == "valid"
