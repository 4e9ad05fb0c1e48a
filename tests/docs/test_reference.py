"""docs/reference/ is what components and the schema of stack files say, and leaves nothing out."""

import functools
import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import cast

import pytest
import yaml
from pulumi.provider.experimental.util import camel_case

from components._package.public import PUBLIC
from scripts.docs.analysis import python_name
from scripts.docs.example import OTHERS
from scripts.docs.guides import ROOT
from scripts.docs.markdown import cell, code, prose, slug
from scripts.docs.pages import REFERENCE, pages
from scripts.docs.schema import Definitions, Schema, default_of
from scripts.docs.sections import sections
from stacks import load_stack
from stacks.schema import stack_file_schema

made = functools.cache(pages)

SHAPES: list[tuple[Schema, str]] = [
    ({"type": "integer", "minimum": 2, "maximum": 3}, "whole number, 2 to 3"),
    ({"type": "number", "exclusiveMinimum": 0}, "number, above 0"),
    ({"type": "integer", "minimum": 1, "multipleOf": 4}, "whole number, at least 1, in steps of 4"),
    ({"type": "string", "minLength": 1}, "text, at least 1 character"),
    ({"type": "string", "minLength": 3, "maxLength": 9}, "text, 3 to 9 characters"),
    ({"type": "string", "pattern": "^Z|Y$"}, "text, as `^Z|Y$`"),
    ({"type": "string", "format": "ipv4network"}, "text, a range as `10.0.0.0/16`"),
    ({"enum": ["a", "b"]}, "one of `a`, `b`"),
    (
        {"type": "array", "items": {"type": "string"}, "maxItems": 2},
        "list of text, at most 2 entries",
    ),
    ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, "true or false"),
    ({"anyOf": [{"type": "boolean"}, {"type": "string"}]}, "true or false or text"),
    (
        {"type": "object", "additionalProperties": {"type": "integer"}},
        "mapping of names to whole number",
    ),
]


def test_the_pages_are_up_to_date():
    there = {str(p.relative_to(REFERENCE)): p.read_text() for p in REFERENCE.rglob("*.md")}
    stale = [path for path, text in made().items() if there.get(path) != text]
    assert not stale, "run: python -m scripts.docs"
    assert there.keys() == made().keys(), "run: python -m scripts.docs"


def test_every_public_component_has_inputs_and_outputs():
    headings = {line.lstrip("# ") for text in made().values() for line in text.splitlines()}
    for component in PUBLIC:
        assert f"Inputs of {component.__name__}" in headings
        assert f"Outputs of {component.__name__}" in headings


def test_names_are_those_of_python():
    for component in PUBLIC:
        args = cast("type", inspect.get_annotations(component.__init__)["args"])
        for name in inspect.get_annotations(args):
            assert python_name(camel_case(name)) == name


def rows() -> Iterator[tuple[str, list[str]]]:
    """Each row of each table with the page it is on."""
    for path, text in made().items():
        for line in text.splitlines():
            if line.startswith("| `"):
                yield path, [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_nothing_is_left_unsaid():
    unsaid = [f"{path} {cells[0]}" for path, cells in rows() if not cells[-1]]
    assert len(list(rows())) > 1000
    assert unsaid == []


def test_what_a_key_is_comes_before_what_it_is_by_default():
    assert [
        f"{path} {cells[0]}" for path, cells in rows() if cells[-1].startswith("Default:")
    ] == []


def test_every_key_of_a_stack_file_is_on_its_section_s_page():
    schema = cast("Mapping[str, Mapping[str, Schema]]", stack_file_schema())
    config = schema["properties"]["config"]
    keys, definitions = cast("Mapping[str, Schema]", config["properties"]), schema["$defs"]
    assert {f"platform:{s.key}" for s in sections()} == keys.keys() - {"aws:region"}
    for section in sections():
        text = made()[f"configuration/{section.page.split('#')[0]}"]
        waiting, seen = [str(keys[f"platform:{section.key}"])], set[str]()
        while waiting:
            for name in set(re.findall(r"#/\$defs/(\w+)", waiting.pop())) - seen:
                seen.add(name)
                waiting.append(str(definitions[name]))
                for key in cast("Schema", definitions[name].get("properties", {})):
                    assert f"| `{key}` |" in text, (section.key, name, key)


@pytest.mark.parametrize(("schema", "words"), SHAPES)
def test_what_a_value_may_be_is_said_in_words(schema: Schema, words: str):
    assert Definitions({}).words(schema) == words


def test_defaults_are_spelled_as_in_a_stack_file():
    assert default_of({"default": True}, required=False) == "`true`"
    assert default_of({"default": "perZone"}, required=False) == "`perZone`"
    assert default_of({"default": None}, required=False) == ""
    assert default_of({"default": {"a": 1}}, required=False) == ""
    assert default_of({}, required=True) == "**required**"


def test_examples_of_what_no_stack_file_has_are_valid(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    # The exemption's last day will have gone by; it is an example of how to write one.
    monkeypatch.setattr("stacks.exemptions.today", lambda: date(2026, 12, 1))
    content = yaml.safe_load((ROOT / "stacks" / "Pulumi.local.yaml").read_text())
    others = yaml.safe_load(OTHERS.read_text())
    assert not others["config"].keys() & content["config"].keys()
    content["config"] |= others["config"]
    (tmp_path / "Pulumi.test.yaml").write_text(yaml.safe_dump(content))
    settings = load_stack("test", tmp_path)
    assert settings.memcached
    assert settings.dns_zones
    assert settings.allow_replacement
    assert settings.exemptions


def test_prose_of_a_docstring():
    assert prose("One\n    two.\n\n    https://a.example/b (2026-11), `http://NAME.svc`") == (
        "One two.\n\n<https://a.example/b> (2026-11), `http://NAME.svc`"
    )
    assert cell("a\n\nb | c") == "a<br>b \\| c"
    assert code("a `b`") == "`` a `b` ``"
    assert slug("services.NAME.`uses`") == "servicesnameuses"
    assert slug("What [the runtime](x.md) costs: 28 %") == "what-the-runtime-costs-28-"


def test_types_are_called_as_in_python():
    classes = "\n".join(p.read_text() for p in (ROOT / "components").rglob("*args.py"))
    called = {heading for _, heading in headings() if heading[-4:] == "Args"}
    assert len(called) > 80
    assert {name for name in called if f"class {name}(" not in classes} == set()
    assert not re.findall(r"\[`\w+`\]\(#\)", "".join(made().values()))


def headings() -> Iterator[tuple[str, str]]:
    for path, text in made().items():
        for line in text.splitlines():
            if line.startswith("### "):
                yield path, line.removeprefix("### ")
