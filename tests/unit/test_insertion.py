"""An entry more in a stack file: nothing else of its text changes."""

import difflib

import pytest
import yaml

from components._base.errors import InvalidInput
from stacks.files import DIRECTORY
from stacks.insertion import inserted
from stacks.loading import stack_names

SERVICE = {
    "image": "1.0.0",
    "replicas": {"min": 1, "max": 3},
    "public": {"paths": ["/billing"], "scopes": ["billing/read", "billing/write"]},
}


def add(text: str, *path: str, key: str = "new", value: object = None) -> str:
    return inserted(text, path, key, {} if value is None else value, "Pulumi.dev.yaml")


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: {b: 1}\n", "a", "a: {b: 1, new: 2}\n"),
        ("a: {b: 1} # why\n", "a", "a: {b: 1, new: 2} # why\n"),
        ("a: {}\n", "a", "a: {new: 2}\n"),
        ("a:\n  b: 1", "a", "a:\n  b: 1\n  new: 2\n"),
        ("a:\r\n  b: 1\r\nc: 2\r\n", "a", "a:\r\n  b: 1\r\n  new: 2\r\nc: 2\r\n"),
        ("a: 1\n", "b.c", "a: 1\nb: {c: {new: 2}}\n"),
        ("a:\n  b: 1\n", "a.c", "a:\n  b: 1\n  c: {new: 2}\n"),
    ],
)
def test_it_is_the_last_entry_in_the_layout_of_the_others(text: str, path: str, expected: str):
    assert add(text, *path.split("."), value=2) == expected


@pytest.mark.parametrize(
    "last",
    [
        "1 # one",
        "\n    # of it\n    x: 1\n    # more",
        "|\n    text\n    more",
        "\n  - 1\n  - {x: 1}",
        '"a # b"',
        "{x: 1,\n      y: 2}",
    ],
)
def test_it_comes_after_all_that_belongs_to_the_last_one(last: str):
    text = f"a:\n  b: {last}\n"
    rest = "# of c\nc: 2\n"
    assert add(text + rest, "a", value=2) == f"{text}  new: 2\n{rest}"


def test_what_is_long_goes_over_lines():
    line = "a:\n  {" + ", ".join(f"name-{n}: {{}}" for n in range(7)) + "}\n"
    assert add(line, "a", key="another-one").endswith("-6: {},\n   another-one: {}}\n")
    assert add("s:\n  one: {}\n", "s", key="billing", value=SERVICE) == (
        "s:\n  one: {}\n"
        "  billing:\n"
        "    image: 1.0.0\n"
        "    replicas: {min: 1, max: 3}\n"
        "    public: {paths: [/billing], scopes: [billing/read, billing/write]}\n"
    )


@pytest.mark.parametrize("stack", stack_names())
def test_the_stack_files_keep_every_line(stack: str):
    text = (DIRECTORY / f"Pulumi.{stack}.yaml").read_text()
    made = add(text, "config", "platform:services", key="nobody-has-this", value=SERVICE)
    made = add(made, "config", "platform:registry", "repositories", key="nobody-has-this")
    lost = [line for line in difflib.ndiff(text.splitlines(), made.splitlines()) if line[0] == "-"]
    assert len(lost) <= 1, "the line of the flow mapping, with a comma more"
    content = yaml.safe_load(made)["config"]
    assert content["platform:services"]["nobody-has-this"] == SERVICE
    assert content["platform:registry"]["repositories"]["nobody-has-this"] == {}


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("a: {new: 1}\n", ["a"], "a.new: is there already"),
        ("a: 1\n", ["a"], "a: must be a mapping"),
        ("a: [1]\n", ["a", "b"], "a.b: must be a mapping"),
        ("a: &x {b: 1}\nc: *x\n", ["a"], "can't be added here"),
    ],
)
def test_what_can_not_be_done_is_told(text: str, path: list[str], said: str):
    with pytest.raises(InvalidInput, match=said):
        add(text, *path)
