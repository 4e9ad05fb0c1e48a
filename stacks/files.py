"""Stack files: which there are, what is in them, and on which line."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from components._base.errors import InvalidInput, Problem, nearest

DIRECTORY = Path(__file__).resolve().parent

FILE_KEYS = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""What Pulumi itself knows at the top of a stack file.

https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ (2026-11)
"""

LARGEST = 2**63 - 1
"""The largest whole number that Pulumi's own YAML reader keeps whole."""


def stack_names(directory: Path = DIRECTORY) -> list[str]:
    """Return the stacks that have a file."""
    files = directory.glob("Pulumi.*.yaml")
    return sorted(p.name.removeprefix("Pulumi.").removesuffix(".yaml") for p in files)


def stack_path(stack: str, directory: Path = DIRECTORY) -> Path:
    """Return the file of `stack`.

    :raises InvalidInput: when there is none, naming those that exist.
    """
    names = stack_names(directory)
    if stack not in names:
        hint = nearest(stack, names) if names else f"no Pulumi.NAME.yaml in {directory}"
        if hint.startswith("did you"):
            hint += f" (stacks: {', '.join(names)})"
        raise InvalidInput(f"stack '{stack}'", [Problem("", f"there is no such stack; {hint}")])
    return directory / f"Pulumi.{stack}.yaml"


@dataclass(frozen=True)
class StackFile:
    """A parsed stack file."""

    path: Path
    content: Mapping[str, object]
    root: yaml.Node | None
    """The same with line numbers."""

    @property
    def config(self) -> Mapping[str, object]:
        """The configuration by full key, e.g. `platform:network`."""
        return cast("Mapping[str, object]", self.content.get("config") or {})

    def problems(self) -> list[Problem]:
        """Return what is wrong outside the configuration."""
        unknown = [key for key in self.content if key not in FILE_KEYS]
        found = [Problem(str(k), f"unknown key; {nearest(str(k), FILE_KEYS)}") for k in unknown]
        return [self._placed(problem, self.root) for problem in found]

    def placed(self, problem: Problem) -> Problem:
        """Return a problem of the configuration with its file and line."""
        config = _step(self.root, "config")
        return self._placed(problem, config[1] if config else None)

    def _placed(self, problem: Problem, node: yaml.Node | None) -> Problem:
        line, rest = 0, problem.path
        while (step := _step(node, rest)) is not None:
            line, node, rest = step
        where = f"{_shown(self.path)}:{line}" if line else _shown(self.path)
        return Problem(f"{where}: {problem.path}", problem.reason)


Pair = tuple[yaml.Node, yaml.Node]


def _step(node: yaml.Node | None, path: str) -> tuple[int, yaml.Node, str] | None:
    """Go one key or index down `path`; return its line, its value and what is left of the path."""
    children: list[tuple[str, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        children = [(str(k.value), k, v) for k, v in cast("list[Pair]", node.value)]
    elif isinstance(node, yaml.SequenceNode):
        items = enumerate(cast("list[yaml.Node]", node.value))
        children = [(f"[{index}]", item, item) for index, item in items]
    found = [c for c in children if path == c[0] or path.startswith((f"{c[0]}.", f"{c[0]}["))]
    if not path or not found:
        return None
    name, at, value = max(found, key=lambda child: len(child[0]))  # keys may hold dots
    return at.start_mark.line + 1, value, path[len(name) :].removeprefix(".")


def read_stack(path: Path) -> StackFile:
    """Parse a stack file.

    :raises InvalidInput: when it can't be read, or is no mapping with a mapping `config`.
    """
    try:
        root, content = _parse(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise _unreadable(path, *_explained(error)) from None
    except UnicodeDecodeError:
        raise _unreadable(path, 0, "is not UTF-8 text") from None
    except (RecursionError, ValueError):
        raise _unreadable(path, 0, "is nested too deep, or refers to itself") from None
    except OSError as error:
        raise _unreadable(path, 0, f"can't be read: {error.strerror}") from None
    if content is not None and not isinstance(content, dict):
        raise _unreadable(path, 1, "must be a mapping with the key 'config'")
    found = cast("dict[str, object]", content or {})
    if not isinstance(found.get("config") or {}, dict):
        raise _unreadable(path, 0, "config: must be a mapping of keys such as 'platform:network'")
    return StackFile(path, found, root)


def read_stack_file(path: Path) -> Mapping[str, object]:
    """Return the content of a stack file.

    :raises InvalidInput: when it can't be read, or is no mapping with a mapping `config`.
    """
    return read_stack(path).content


def _parse(text: str) -> tuple[yaml.Node | None, object]:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        content = cast("object", loader.construct_document(root)) if root else None
    finally:
        loader.dispose()
    json.dumps(content, default=str)  # raises when an anchor holds an alias of itself
    return root, content


class _Loader(yaml.SafeLoader):
    """Refuses what Pulumi's own YAML reader refuses or reads otherwise."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """Refuse what is no JSON, and name the line of what can't be read."""
        kind = node.tag.rsplit(":", 1)[-1]
        if kind == "timestamp":
            raise _at(node, f"{node.value} is read as a date; put it in quotes")
        try:
            value = cast("object", super().construct_object(node, deep))
        except (AttributeError, KeyError, ValueError):  # PyYAML's, from e.g. `!!bool maybe`
            raise _at(node, f"no valid {kind}") from None
        if isinstance(value, bytes | set):
            raise _at(node, f"a {kind} has no meaning here")
        if isinstance(value, int) and abs(value) > LARGEST:
            raise _at(node, "too large a number")
        return value

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        """Refuse a key that is given twice: PyYAML takes the last, Pulumi none."""
        seen: dict[str, int] = {}
        for key, _ in cast("list[Pair]", node.value):
            if not isinstance(key, yaml.ScalarNode) or key.tag.endswith(":merge"):
                continue
            name = cast("str", key.value)
            if name in seen:
                raise _at(key, f"{name} is given twice, first on line {seen[name]}")
            seen[name] = key.start_mark.line + 1
        return cast("dict[Hashable, object]", super().construct_mapping(node, deep))


def _at(node: yaml.Node, message: str) -> yaml.MarkedYAMLError:
    return yaml.constructor.ConstructorError(problem=message, problem_mark=node.start_mark)


def _explained(error: yaml.YAMLError) -> tuple[int, str]:
    """Return the line and what is wrong there."""
    if isinstance(error, yaml.MarkedYAMLError):
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return line, f"is not valid YAML: {error.problem or error.context}"
    if isinstance(error, yaml.reader.ReaderError):
        return 0, f"is not valid YAML: {error.reason}"
    return 0, f"is not valid YAML: {error}"


def _unreadable(path: Path, line: int, reason: str) -> InvalidInput:
    where = f"{_shown(path)}:{line}" if line else _shown(path)
    return InvalidInput(path.name, [Problem(where, reason)])


def _shown(path: Path) -> str:
    """Return the path as a person in the current folder would write it."""
    path = path.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
