"""Adds an entry to a stack file's text: layout and comments of all else stay as they are.

A parser that writes the whole file anew would lose the layout of it. So the place is found by the
parser's own marks, the text is put in there, and the result is parsed again: it must be the file
with this entry and no other difference.
"""

import json
from collections.abc import Mapping, Sequence
from typing import cast

import yaml

from components._base.errors import InvalidInput, Problem

WIDTH = 100
"""Columns of a line, where layout is ours to choose."""

INDENT = 2


def inserted(text: str, path: Sequence[str], key: str, value: object, source: str) -> str:
    """Return `text` with `key: value` as the last entry of the mapping at `path`.

    What of the path is missing is made.

    :param source: name of the file, for the error.
    :raises InvalidInput: there is such an entry, the path leads to no mapping, or the file is
        written in a way that is not understood here, such as with anchors.
    """
    where = ".".join((*path, key))
    node, rest = _walk(yaml.compose(text, Loader=yaml.SafeLoader), path)
    if not isinstance(node, yaml.MappingNode):
        raise InvalidInput(source, [Problem(".".join(path), "must be a mapping")])
    if rest:
        key, value = rest[0], _nested([*rest[1:], key], value)
    entries = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    if any(found.value == key for found, _ in entries):
        raise InvalidInput(source, [Problem(where, "is there already")])
    result = (_into_flow if node.flow_style else _into_block)(text, node, key, value)
    wanted = _with(yaml.safe_load(text), [*path[: len(path) - len(rest)], key], value)
    if _parsed(result) != wanted:
        raise InvalidInput(source, [Problem(where, "can't be added here; add it by hand")])
    return result


def _walk(node: yaml.Node | None, path: Sequence[str]) -> tuple[yaml.Node | None, Sequence[str]]:
    """Go down `path` as far as it exists; return where that is, and what is left of it."""
    for number, name in enumerate(path):
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", getattr(node, "value", None) or [])
        if not isinstance(node, yaml.MappingNode):
            return None, path[number:]
        found = [value for key, value in pairs if key.value == name]
        if not found:
            return node, path[number:]
        node = found[0]
    return node, ()


def _nested(path: Sequence[str], value: object) -> object:
    for name in reversed(path):
        value = {name: value}
    return value


def _with(content: object, path: Sequence[str], value: object) -> object:
    """Return parsed content with one entry more, and no two parts of it the same by an anchor."""
    made = cast("dict[str, object]", json.loads(json.dumps(content, default=str)))
    target = made
    for name in path[:-1]:
        target = cast("dict[str, object]", target[name])
    target[path[-1]] = value
    return made


def _parsed(text: str) -> object:
    try:
        return cast("object", json.loads(json.dumps(yaml.safe_load(text), default=str)))
    except (yaml.YAMLError, ValueError):
        return None


def _into_flow(text: str, node: yaml.MappingNode, key: str, value: object) -> str:
    """Add to `{a: 1}`: on its line if there is room, else on one below."""
    entry = f"{key}: {_flow(value)}"
    entries = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    if not entries:
        at = text.index("{", node.start_mark.index) + 1
        return text[:at] + entry + text[at:]
    mark = entries[-1][1].end_mark
    end = text.find("\n", mark.index)
    line = mark.column + len(text[mark.index : end if end >= 0 else len(text)])
    between = f",\n{' ' * entries[0][0].start_mark.column}"
    separator = ", " if line + len(entry) + 2 <= WIDTH else between
    return text[: mark.index] + separator + entry + text[mark.index :]


def _into_block(text: str, node: yaml.MappingNode, key: str, value: object) -> str:
    """Add lines after the last one of a mapping, and after comments that belong to it."""
    entries = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    column = entries[0][0].start_mark.column
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.removesuffix(newline).split(newline)
    at = _last_line(node) + 1
    while at < len(lines) and _comment_column(lines[at]) > column:
        at += 1
    lines[at:at] = _block(key, value, column)
    return newline.join(lines) + newline


def _comment_column(line: str) -> int:
    """Return where a line's comment begins, if it has nothing else."""
    stripped = line.lstrip()
    return len(line) - len(stripped) if stripped.startswith("#") else -1


def _last_line(node: yaml.Node) -> int:
    """Return the number of the last line that a node has, from 0."""
    children = cast("list[yaml.Node | tuple[yaml.Node, yaml.Node]]", node.value)
    if isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style and children:
        last = children[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    end = node.end_mark  # a block of text ends where the next line begins
    return end.line - 1 if end.column == 0 and end.line > node.start_mark.line else end.line


def _block(key: str, value: object, column: int) -> list[str]:
    """Return the lines of an entry: on one line if there is room for it."""
    indent = " " * column
    line = f"{indent}{key}: {_flow(value)}"
    if not isinstance(value, dict) or not value or len(line) <= WIDTH:
        return [line]
    children = cast("Mapping[str, object]", value).items()
    nested = [each for name, child in children for each in _block(name, child, column + INDENT)]
    return [f"{indent}{key}:", *nested]


def _flow(value: object) -> str:
    """Return a value as YAML writes it on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10**9)
    return text.removesuffix("...\n").strip()
