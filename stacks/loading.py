"""Reads and checks the configuration of a stack: from its file, or from the running program."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import yaml
from pulumi.runtime import config as runtime_config
from pydantic import ValidationError

from components._base.errors import InvalidInput, Problem, nearest
from components._base.spec import describe
from stacks.settings import Settings

DIRECTORY = Path(__file__).resolve().parent
NAMESPACE = "platform"
REGION = "aws:region"

FILE_KEYS = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""What Pulumi itself allows at the top of a stack file."""

OTHER_NAMESPACES = ("aws", "fastapi-platform", "kubernetes", "pulumi", "random")

SECRET_KEY = re.compile(r"(password|passwd|secret|token|api_?key|private_?key)$", re.IGNORECASE)
SECRET_VALUE = re.compile(
    r"(AKIA|ASIA)[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|gh[pousr]_\w{36,}|xox[abprs]-\w+"
)


def stack_names(directory: Path = DIRECTORY) -> list[str]:
    """Return the stacks that have a file."""
    return sorted(p.name.split(".")[1] for p in directory.glob("Pulumi.*.yaml"))


def stack_path(stack: str, directory: Path = DIRECTORY) -> Path:
    """Return the file of `stack`.

    :raises InvalidInput: when there is none, naming those that exist.
    """
    if stack not in stack_names(directory):
        hint = nearest(stack, stack_names(directory))
        raise InvalidInput(f"stack '{stack}'", [Problem("", f"there is no such stack; {hint}")])
    return directory / f"Pulumi.{stack}.yaml"


def load_stack(stack: str, directory: Path = DIRECTORY) -> Settings:
    """Read and check one stack file.

    :raises InvalidInput: with every problem, each with its line.
    """
    path = stack_path(stack, directory)
    content = read_stack_file(path)
    config = cast("Mapping[str, object]", content.get("config") or {})
    try:
        return load_settings(config, str(path.name))
    except InvalidInput as error:
        lines = _Lines(path)
        placed = [Problem(f"{lines.of(p.path)}{p.path}", p.reason) for p in error.problems]
        raise InvalidInput(str(path), placed) from None


def read_stack_file(path: Path) -> Mapping[str, object]:
    """Parse a stack file.

    :raises InvalidInput: when it is no YAML mapping, or has keys that Pulumi does not know.
    """
    try:
        content = cast("object", yaml.safe_load(path.read_text()))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        what = getattr(error, "problem", None) or str(error)
        raise InvalidInput(str(path), [Problem(where, f"is not valid YAML: {what}")]) from None
    if not isinstance(content, dict) or not isinstance(content.get("config", {}), dict):
        raise InvalidInput(str(path), [Problem("", "must be a mapping with the key 'config'")])
    found = cast("Mapping[str, object]", content)
    unknown = [str(key) for key in found if key not in FILE_KEYS]
    if unknown:
        problems = [Problem(k, f"unknown key; {nearest(k, FILE_KEYS)}") for k in unknown]
        raise InvalidInput(str(path), problems)
    return found


def current_settings() -> Settings:
    """Return the settings of the running program, from Pulumi's configuration.

    :raises InvalidInput: with every problem.
    """
    given = {**runtime_config.get_config_env(), **runtime_config.CONFIG.get()}
    return load_settings({key: _decoded(value) for key, value in given.items()}, "configuration")


def load_settings(config: Mapping[str, object], source: str) -> Settings:
    """Check configuration: full keys (`platform:network`) to values.

    :param source: who is speaking in the error, e.g. the file's name.
    :raises InvalidInput: with every problem at once.
    """
    problems = [*_foreign_keys(config), *_plain_secrets(config)]
    own = {
        key.partition(":")[2]: _revealed(value)
        for key, value in config.items()
        if str(key).startswith(f"{NAMESPACE}:")
    }
    if "region" in own:
        own.pop("region")
        problems.append(Problem("platform:region", f"unknown key; did you mean '{REGION}'?"))
    if REGION in config:
        own["region"] = config[REGION]
    try:
        settings = Settings.model_validate(own, by_alias=True, by_name=False)
    except ValidationError as error:
        problems += [_qualified(p) for p in describe(error, Settings, by_alias=True)]
        raise InvalidInput(source, problems) from None
    if problems:
        raise InvalidInput(source, problems)
    return settings


def _qualified(problem: Problem) -> Problem:
    if problem.path == "region":
        return Problem(REGION, problem.reason)
    return Problem(f"{NAMESPACE}:{problem.path}", problem.reason)


def _foreign_keys(config: Mapping[str, object]) -> Iterator[Problem]:
    for key in config:
        namespace, colon, name = str(key).partition(":")
        if not colon:
            yield Problem(str(key), f"has no namespace; did you mean '{NAMESPACE}:{key}'?")
        elif namespace not in (NAMESPACE, *OTHER_NAMESPACES):
            hint = nearest(namespace, (NAMESPACE, *OTHER_NAMESPACES))
            yield Problem(str(key), f"unknown namespace '{namespace}' of '{name}'; {hint}")


def _plain_secrets(config: Mapping[str, object]) -> Iterator[Problem]:
    for path, value in _leaves(config, ""):
        key = re.split(r"[.:]", path)[-1]
        looks_secret = SECRET_KEY.search(key) or SECRET_VALUE.search(value)
        if looks_secret and value:
            root = re.split(r"[.\[]", path)[0]
            way = f"--path '{path}'" if path != root else f"'{path}'"
            yield Problem(
                path, f"looks like a secret in plain text; use: pulumi config set --secret {way}"
            )


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value)
        if set(items) == {"secure"}:
            return
        for key, item in items.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _leaves(item, f"{path}[{index}]")


def _revealed(value: object) -> object:
    """Replace `secure:` values, which only Pulumi can decrypt, by a stand-in string."""
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value)
        if set(items) == {"secure"}:
            return "secret"
        return {key: _revealed(item) for key, item in items.items()}
    if isinstance(value, list):
        return [_revealed(item) for item in cast("list[object]", value)]
    return value


def _decoded(value: object) -> object:
    """Undo how Pulumi hands structured configuration to programs: as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return cast("object", json.loads(value))
    except ValueError:
        return value


class _Lines:
    """Finds the line of a configuration path in a stack file."""

    def __init__(self, path: Path) -> None:
        self._root = yaml.compose(path.read_text())

    def of(self, path: str) -> str:
        """Return `line 12: `, or nothing when the path has no place in the file."""
        node = self._child(self._root, "config")
        namespace, _, rest = path.partition(":")
        first, *others = re.findall(r"[^.\[\]]+|\[\d+\]", rest)[:20] or [""]
        node = self._child(node, f"{namespace}:{first}") or node
        for part in others:
            node = self._child(node, part) or node
        return f"line {node.start_mark.line + 1}: " if node else ""

    def _child(self, node: yaml.Node | None, key: str) -> yaml.Node | None:
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                if name.value == key:
                    return _at_key(name, value)
        if isinstance(node, yaml.SequenceNode) and key.startswith("["):
            items = node.value
            index = int(key[1:-1])
            return items[index] if index < len(items) else None
        return None


def _at_key(name: yaml.Node, value: yaml.Node) -> yaml.Node:
    """Return `value` as if it began where its key does."""
    value.start_mark = name.start_mark
    return value
